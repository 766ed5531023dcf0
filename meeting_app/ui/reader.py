"""A document or a paper to read, on as much of the screen as one likes."""

from collections.abc import Mapping
from typing import Any

from meeting_app.domain.document import PAGE_WIDTHS, DocumentState
from meeting_app.i18n import current_language
from meeting_app.services.document import DocumentView
from meeting_app.ui import component
from meeting_app.ui.links import PageAddresses
from meeting_app.ui.reading import READING_TEXTS

_reader = component.load("reader", "components/reader/reader.js")


def document_reader(view: DocumentView, *, page: int | None) -> None:
    """Read a document at a page (0 first), or where it was left; later pages come with a later run."""
    document = {
        "id": view.id,
        "sha": view.sha,
        "title": view.title,
        "pages": view.pages,
        "prepared": view.prepared_pages,
        "state": DocumentState(view.state).value,
    }
    _mount(f"document_{view.id}", {"document": document, "page": page})


def paper_reader(addresses: PageAddresses, *, title: str, pages: int, key: str) -> None:
    """Read one of our own papers."""
    paper = {"key": key, "title": title, "pages": pages, "before": addresses.before, "after": addresses.after}
    _mount(key, {"paper": paper, "page": None})


def _mount(key: str, content: Mapping[str, Any]) -> None:
    shared = {"texts": component.texts(READING_TEXTS), "language": current_language(), "widths": PAGE_WIDTHS}
    _reader(key=key, data={**shared, **content})
