"""The child process of `inspection`: limits itself, reads one file, answers one line of JSON.

Arguments: path, most pages, bytes of memory, seconds of CPU.
"""

import json
import sys
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pypdfium2
from pypdfium2 import raw

from meeting_app.domain.upload import (
    BrokenPdf,
    ClassifiedDocument,
    EncryptedPdf,
    Mark,
    TakesTooLong,
    TooManyPages,
    UploadRefused,
    mark_in,
    mark_named,
)
from meeting_app.pdf.child import limit
from meeting_app.pdf.marks import mark_on

LONGEST_TITLE = 200
LONGEST_SAMPLE = 2_000
_LARGEST_ANSWER = 8_000_000  # bytes
_LONGEST_PROPERTY = 10_000  # characters looked at


def main() -> None:
    path, pages, memory, cpu_seconds = sys.argv[1:]
    limit(memory=int(memory), cpu_seconds=int(cpu_seconds), written=_LARGEST_ANSWER)
    try:
        answer = read(Path(path), int(pages))
    except UploadRefused as refused:
        answer = {"refusal": type(refused).__name__, "values": refused.values}
    except (MemoryError, RecursionError):
        answer = {"refusal": TakesTooLong.__name__, "values": {}}
    except Exception:  # noqa: BLE001 — whatever a hostile file makes a reader raise, it cannot be read
        answer = {"refusal": BrokenPdf.__name__, "values": {}}
    sys.stdout.write(json.dumps(answer))


def read(path: Path, most_pages: int) -> dict[str, Any]:
    """The answer for an accepted file. Raises UploadRefused."""
    document = _opened(path)
    count = len(document)
    if count > most_pages:
        raise TooManyPages(pages=count, limit=most_pages)
    if count == 0:
        raise BrokenPdf
    # Not at the top: this is half of the child's start, and a file that nobody can open needs none of it.
    from pypdf import PdfReader  # noqa: PLC0415

    from meeting_app.pdf.active_content import attached_names, ensure_inert, properties  # noqa: PLC0415

    reader = PdfReader(path)
    ensure_inert(reader)
    titled = document.get_metadata_dict()["Title"][: LONGEST_TITLE * 2]
    sizes, sample = _pages(document)
    _ensure_unmarked(_mark_among(properties(reader)))
    return {
        "pages": count,
        "title": _shown(titled)[:LONGEST_TITLE],
        "text_sample": _shown(sample)[:LONGEST_SAMPLE],
        "page_sizes": sizes,
        "attachments": [_shown(name) for name in attached_names(reader)],
    }


def _opened(path: Path) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        wants_password = raw.FPDF_GetLastError() in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        raise (EncryptedPdf if wants_password else BrokenPdf) from error
    if raw.FPDF_GetSecurityHandlerRevision(document) != -1:
        raise EncryptedPdf  # opens without a password, yet could not be signed or stamped
    return document


def _pages(document: pypdfium2.PdfDocument) -> tuple[list[tuple[float, float]], str]:
    """Sizes of all pages and the beginning of the text; every page is read for marks."""
    sizes, sample = [], ""
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError as error:
            raise BrokenPdf from error
        width, height = page.get_size()
        sizes.append((round(width, 2), round(height, 2)))
        text_page = page.get_textpage()
        text, mark = mark_on(text_page)
        _ensure_unmarked(mark)
        if len(sample) < LONGEST_SAMPLE:
            sample += text[:LONGEST_SAMPLE] + "\n"
        text_page.close()
        page.close()
    return sizes, sample


def _shown(text: str) -> str:
    """Composed, without control and direction characters: safe in any list on a screen."""
    signs = normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(sign for sign in signs if sign.isprintable() or sign == "\n").strip()


def _mark_among(values: list[str]) -> Mark | None:
    for value in values:
        if mark := mark_named(value[:_LONGEST_PROPERTY]) or mark_in(value[:_LONGEST_PROPERTY]):
            return mark
    return None


def _ensure_unmarked(mark: Mark | None) -> None:
    if mark:
        raise ClassifiedDocument(mark=mark.value)
