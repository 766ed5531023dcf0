"""Page images, text and outline of a document, drawn by a child process and kept page by page."""

from meeting_app.domain.document import Document
from meeting_app.domain.page_file import names_of_page, outline_name
from meeting_app.pdf.drawing import DrawingFailed, drawing
from meeting_app.ports import Ports
from meeting_app.services import document as documents

_NOTICE = 5  # pages between two notices of progress; the first page is told at once


def prepare(ports: Ports, document_id: int) -> None:
    """Draw what is missing of a document's pages; raises DrawingFailed. Done already is done."""
    document = documents.to_prepare(ports, document_id)
    if document is None:
        return
    done = _drawn_before(ports, document)
    if done < document.pages:
        done = _draw(ports, document, done)
    if done < document.pages:
        raise DrawingFailed(f"page {done} of {document.pages}")
    documents.report_prepared(ports, document_id, document.pages)


def _drawn_before(ports: Ports, document: Document) -> int:
    """Pages whose files lie there from an earlier try, or from the same file in another meeting."""
    for page in range(document.pages):
        names = [*names_of_page(page), outline_name()]
        if not all(ports.files.derived_path(document.sha256, name).exists() for name in names):
            return page
    return document.pages


def _draw(ports: Ports, document: Document, first: int) -> int:
    done = first
    with drawing(ports.files.path(document.sha256), first) as pages:
        for page, files in pages:
            for name, content in files.items():
                ports.files.put_derived(document.sha256, name, content)
            done = page + 1
            if page == first or done % _NOTICE == 0:
                documents.report_prepared(ports, document.id or 0, min(done, document.pages - 1))
    return done
