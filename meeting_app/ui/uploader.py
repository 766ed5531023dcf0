"""Where documents are handed in: they go straight to their own route, never through the page's memory."""

from collections.abc import Mapping

from meeting_app.i18n import N_, current_language
from meeting_app.ui import component

_TEXTS = {
    "choose": N_("Choose files"),
    "drop": N_("PDF, Word, Excel or PowerPoint; or drop them here"),
    "sending": N_("Sending {name}…"),
    "checking": N_("Checking {name}…"),
    "taken": N_("{name} was taken in; its pages are being prepared."),
}
_uploader = component.load("uploader", "components/uploader/uploader.js")


def uploader(meeting_id: int, *, item_id: int | None, for_guests: bool, key: str) -> bool:
    """True in the run after files were taken in under this item (None: the whole meeting)."""
    asked = {**({"item": str(item_id)} if item_id else {}), **({"for_guests": "1"} if for_guests else {})}
    return _sent(f"/upload/{meeting_id}", key, asked)


def replacing(document_id: int, version: int, *, key: str) -> bool:
    """True in the run after a new version was put in the place of the one of this number."""
    return _sent(f"/upload/version/{document_id}", key, {"instead_of": str(version)}, several=False)


def handing_in(item_id: int, *, key: str, document_id: int | None = None) -> bool:
    """True in the run after documents were handed in for an item, or the next version of one of them."""
    asked = {"document": str(document_id)} if document_id is not None else {}
    return _sent(f"/upload/item/{item_id}", key, asked, several=document_id is None)


def keeping(folder_id: int, *, key: str) -> bool:
    """True in the run after files were put into one of the reader's own folders."""
    return _sent(f"/upload/folder/{folder_id}", key, {})


def _sent(address: str, key: str, asked: Mapping[str, str], *, several: bool = True) -> bool:
    result = _uploader(
        key=key,
        data={
            "texts": component.texts(_TEXTS),
            "language": current_language(),
            "address": address,
            "asked": dict(asked),
            "several": several,
        },
        on_uploaded_change=_noted,
    )
    return bool(result.get("uploaded"))


def _noted() -> None:
    """Streamlit wants to be told which events there are; the run that follows is all that is needed."""
