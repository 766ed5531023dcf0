"""Where a file is brought to have its signatures checked: it goes to its own route and is not kept."""

import json
from dataclasses import dataclass

from meeting_app.domain.signature import FileVerdict
from meeting_app.i18n import N_, current_language
from meeting_app.ui import component

_TEXTS = {
    "choose": N_("Choose a PDF file"),
    "drop": N_("or drop it here"),
    "checking": N_("Checking {name}…"),
}
_verifier = component.load("verifier", "components/verifier/verifier.js")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file by its name, and what the check says of it; None while it is being checked."""

    file_name: str
    verdict: FileVerdict | None


def verifier(*, key: str) -> Checked | None:
    """What has just begun to be checked or was checked, once, in the run that follows."""
    data = {"texts": component.texts(_TEXTS), "language": current_language()}
    result = _verifier(key=key, data=data, on_verified_change=_noted)
    raw = result.get("verified")
    if not isinstance(raw, str):
        return None
    try:
        content = json.loads(raw)
        verdict = FileVerdict.from_json(content["verdict"]) if content["verdict"] else None
        return Checked(str(content["name"]), verdict)
    except (ValueError, KeyError, TypeError):  # made up in the browser: there is nothing to show
        return None


def _noted() -> None:
    """Streamlit wants to be told which events there are; the run that follows is all that is needed."""
