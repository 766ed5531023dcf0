"""Pages of a PDF as images and text, by pdfium.

pdfium serves one thread at a time: every function takes the same lock. It is fast but written in
C++: a file of unknown origin must have passed `inspection` first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import pypdfium2
from pypdfium2 import raw

from meeting_app.domain.upload import BrokenPdf
from meeting_app.pdf.canvas import Canvas

LONGEST_TEXT = 100_000  # characters of one page

_pdfium = Lock()


def page_count(path: Path) -> int:
    with opened(path) as document:
        return len(document)


def page_image(path: Path, page: int, width_px: int) -> bytes:
    """One page (0-based) as a JPEG of this width, of less for a page of absurd size."""
    with opened(path) as document, page_of(document, page) as drawn:
        [(_width, image)] = Canvas().jpegs(drawn, [width_px])
        return image


def page_text(path: Path, page: int) -> str:
    """The text of one page (0-based) in reading order, empty for a scan."""
    with opened(path) as document, page_of(document, page) as drawn:
        text_page = drawn.get_textpage()
        try:
            count = min(text_page.count_chars(), LONGEST_TEXT)
            return str(text_page.get_text_range(0, count)) if count > 0 else ""
        finally:
            text_page.close()


@contextmanager
def opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    with _pdfium:
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            raise BrokenPdf from error
        try:
            if document.get_formtype() != raw.FORMTYPE_NONE:
                document.init_forms()  # signatures and seals are form fields: without it pages come without them
            yield document
        finally:
            document.close()


@contextmanager
def page_of(document: pypdfium2.PdfDocument, page: int) -> Iterator[pypdfium2.PdfPage]:
    try:
        found = document[page]
    except (IndexError, pypdfium2.PdfiumError) as error:
        raise BrokenPdf from error
    try:
        yield found
    finally:
        found.close()
