"""Where the clerk seals the documents of a meeting, and sees how far that is."""

from meeting_app.domain.access import Actor
from meeting_app.i18n import N_, current_language
from meeting_app.ports import Ports
from meeting_app.services import sealing_progress
from meeting_app.ui import component

_TEXTS = {
    "waiting": N_("{n} documents wait for the agency's seal"),
    "what": N_(
        "The agency's digital signature is put on each document, with the number of the invitation and the time, "
        "in the upper right corner of its first page. The uploaded file itself is kept unchanged."
    ),
    "seal": N_("Seal {n} documents"),
    "again": N_("Try {n} documents again"),
    "pin": N_("PIN of the agency's key"),
    "pin_missing": N_("Please enter the PIN of the agency's key."),
    "code": N_("One-time code"),
    "insist": N_("Sign all the same"),
    "working": N_("Checking the PIN…"),
    "unknown": N_(
        "The server did not answer. Sealing may have begun: this page shows it as soon as the server answers."
    ),
    "running": N_("Sealing the documents"),
    "count": N_("{done} of {total} documents"),
    "minutes": N_("about {n} minutes left"),
    "soon": N_("less than a minute left"),
    "leave": N_("Begun by {by}. You may leave this page; the sealing goes on."),
    "stop": N_("Stop"),
    "stopping": N_("Stopping…"),
    "stopped": N_("Stopped. {n} documents are sealed; the others can be sealed whenever you like."),
    "lost": N_("The last sealing was interrupted. What is sealed is kept; please seal the rest."),
    "sealed": N_("{n} of {m} documents are sealed"),
    "all": N_("Every document bears the agency's seal."),
    "refused": N_("{n} documents could not be sealed"),
    "refused_list": N_("Documents that could not be sealed"),
    "none": N_("No document yet."),
    "none_hint": N_("Documents that the secretary uploads wait here for the agency's seal."),
    "not_issued": N_("They can be sealed once the invitation is issued: its number is printed on each of them."),
}
_sealing = component.load("sealing", "components/sealing/sealing.js")


def sealing(ports: Ports, actor: Actor, meeting_id: int) -> bool:
    """True in the run after a sealing has ended."""
    view = sealing_progress.view(ports, actor, meeting_id)
    result = _sealing(
        key=f"sealing_{meeting_id}",
        data={
            "texts": component.texts(_TEXTS),
            "language": current_language(),
            "meeting_id": meeting_id,
            "view": sealing_progress.body_of(view),
        },
        on_ended_change=_noted,
    )
    return bool(result.get("ended"))


def _noted() -> None:
    """Streamlit wants to be told which events there are; the run that follows is all that is needed."""
