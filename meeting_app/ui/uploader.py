"""Where documents are handed in: they go straight to their own route, never through the page's memory."""

from meeting_app.i18n import N_, current_language
from meeting_app.ui import component

_TEXTS = {
    "choose": N_("Choose PDF files"),
    "drop": N_("or drop them here"),
    "sending": N_("Sending {name}…"),
    "checking": N_("Checking {name}…"),
    "taken": N_("{name} was taken in; its pages are being prepared."),
}
_uploader = component.load("uploader", "components/uploader/uploader.js")


def uploader(meeting_id: int, *, item_id: int | None, for_guests: bool, key: str) -> bool:
    """True in the run after files were taken in under this item (None: the whole meeting)."""
    result = _uploader(
        key=key,
        data={
            "texts": component.texts(_TEXTS),
            "language": current_language(),
            "meeting_id": meeting_id,
            "item_id": item_id,
            "for_guests": for_guests,
        },
        on_uploaded_change=_noted,
    )
    return bool(result.get("uploaded"))


def _noted() -> None:
    """Streamlit wants to be told which events there are; the run that follows is all that is needed."""
