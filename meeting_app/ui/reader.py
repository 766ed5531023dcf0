"""A document or a paper to read, on as much of the screen as one likes."""

from collections.abc import Mapping
from typing import Any

from meeting_app.domain.access import Actor
from meeting_app.domain.document import PAGE_WIDTHS
from meeting_app.i18n import current_language
from meeting_app.services import reading
from meeting_app.services.document import DocumentView
from meeting_app.ui import component
from meeting_app.ui.links import PageAddresses
from meeting_app.ui.reading import READING_TEXTS

_reader = component.load("reader", "components/reader/reader.js")


def document_reader(actor: Actor, meeting_id: int | None, view: DocumentView, *, page: int | None) -> None:
    """Read a document at a page (0 first), or where it was left; later pages come with a later run."""
    _mount(actor, f"document_{view.id}", {"document": reading.body(view), "meeting": meeting_id, "page": page})


def paper_reader(actor: Actor, addresses: PageAddresses, *, title: str, pages: int, key: str) -> None:
    """Read one of our own papers."""
    paper = {"key": key, "title": title, "pages": pages, "before": addresses.before, "after": addresses.after}
    _mount(actor, key, {"paper": paper, "page": None})


def _mount(actor: Actor, key: str, content: Mapping[str, Any]) -> None:
    shared = {
        "texts": component.texts(READING_TEXTS),
        "language": current_language(),
        "widths": PAGE_WIDTHS,
        "account": actor.account_id,
    }
    _reader(key=key, data={**shared, **content})
