"""Pages of a PDF as images and text, by pdfium.

pdfium serves one thread at a time: every function takes the same lock. It is fast but written in
C++: a file of unknown origin must have passed `inspection` first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from threading import Lock

import pypdfium2
from pypdfium2 import raw

from meeting_app.domain.upload import BrokenPdf

JPEG_QUALITY = 82
MOST_PIXELS = 16_000_000  # 64 MB while drawing, whatever size the page claims to have
LONGEST_SIDE = 20_000  # pixels; JPEG ends at 65,500
LONGEST_TEXT = 100_000  # characters of one page

_pdfium = Lock()


def page_count(path: Path) -> int:
    with _opened(path) as document:
        return len(document)


def page_image(path: Path, page: int, width_px: int) -> bytes:
    """One page (0-based) as a JPEG of this width, of less for a page of absurd size."""
    with _opened(path) as document, _page(document, page) as opened:
        bitmap = opened.render(scale=_scale(opened.get_size(), width_px))
        try:
            image = BytesIO()
            bitmap.to_pil().convert("RGB").save(image, "JPEG", quality=JPEG_QUALITY)
        finally:
            bitmap.close()
        return image.getvalue()


def page_text(path: Path, page: int) -> str:
    """The text of one page (0-based) in reading order, empty for a scan."""
    with _opened(path) as document, _page(document, page) as opened:
        text_page = opened.get_textpage()
        try:
            count = min(text_page.count_chars(), LONGEST_TEXT)
            return str(text_page.get_text_range(0, count)) if count > 0 else ""
        finally:
            text_page.close()


@contextmanager
def _opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
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
def _page(document: pypdfium2.PdfDocument, page: int) -> Iterator[pypdfium2.PdfPage]:
    try:
        opened = document[page]
    except (IndexError, pypdfium2.PdfiumError) as error:
        raise BrokenPdf from error
    try:
        yield opened
    finally:
        opened.close()


def _scale(size: tuple[float, float], width_px: int) -> float:
    """Pixels per point."""
    width, height = (max(side, 1) for side in size)
    within_pixels = (MOST_PIXELS / (width * height)) ** 0.5
    return float(min(width_px / width, within_pixels, LONGEST_SIDE / max(width, height)))
