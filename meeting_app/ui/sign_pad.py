"""The pad a person signs or seals a paper with."""

from dataclasses import asdict, dataclass

from meeting_app.domain.key import KeyPlace
from meeting_app.domain.signature import FileVerdict, Place
from meeting_app.i18n import N_, current_language
from meeting_app.ui import component

_TEXTS = {
    "paper": N_("The paper as it will be"),
    "page": N_("Page {n} of {m}"),
    "page_lost": N_("This page could not be shown. Please reload."),
    "mark": N_("Your signature"),
    "seal_mark": N_("The agency's seal"),
    "as": N_("As:"),
    "pad": N_("Your signature"),
    "pad_hint": N_("Sign here with your finger or the pen"),
    "undo": N_("Undo stroke"),
    "clear": N_("Clear"),
    "pin": N_("PIN of your key"),
    "code": N_("One-time code"),
    "insist": N_("Sign all the same"),
    "sign": N_("Sign"),
    "seal": N_("Seal and issue"),
    "working": N_("Signing…"),
    "stroke_missing": N_("Please sign in the box first."),
    "pin_missing": N_("Please enter the PIN of your key."),
    "unknown": N_(
        "The server did not answer. The paper may have been signed: "
        "please reload the page and look before you sign again."
    ),
    "signed": N_("You have signed"),
    "sealed": N_("Sealed and issued"),
    "signature": N_("Signature"),
}
_pad = component.load("sign_pad", "components/sign_pad/sign_pad.js")


@dataclass(frozen=True, slots=True)
class SignedEvent:
    """Somebody has just signed."""

    verdict: FileVerdict


def sign_pad(
    kind: str,
    meeting_id: int,
    *,
    seal: bool = False,
    key: str | None = None,
    sentence: str = "",
    post: str = "",
    name: str = "",
    pages: int = 0,
    sha256: str = "",
    mark: Place | None = None,
    place: KeyPlace = KeyPlace.FILE,
) -> SignedEvent | None:
    """The pad and the PIN for "invitation" or "minutes"; with `seal` the PIN alone, for the agency's seal.

    The pad signs by itself, through its own route, and shows the verdict; the event comes once, in the
    run that follows. With `pages` the paper itself stands beside it, and `mark` is where the picture
    will be; `sha256` names its newest file, so that no old page image is shown.
    """
    result = _pad(
        key=key or f"sign_pad_{kind}_{meeting_id}",
        data={
            "texts": component.texts(_TEXTS),
            "language": current_language(),
            "kind": kind,
            "meeting_id": meeting_id,
            "sentence": sentence,
            "post": post,
            "name": name,
            "pages": pages,
            "version": sha256[:16],
            "mark": asdict(mark) if mark else None,
            "needs_stroke": not seal,
            "needs_pin": place is not KeyPlace.PHONE,
        },
        on_signed_change=_noted,
    )
    raw = result.get("signed")
    if not isinstance(raw, str):
        return None
    try:
        return SignedEvent(FileVerdict.from_json(raw))
    except (ValueError, KeyError, TypeError):  # made up in the browser: the page asks the rows anyway
        return None


def _noted() -> None:
    """Streamlit wants to be told which events there are; the run that follows is all that is needed."""
