"""The child process of `drawing`: limits itself, draws one page after the other, writes no file.

Arguments: path, first page, bytes of memory, seconds of CPU in all and for one page. It says a line of JSON about
the file, {"pages": …, "signatures": …}; then for each page a line {name: size, …} and those files' bytes.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from math import ceil
from pathlib import Path

from pypdfium2 import PdfDocument, raw

from meeting_app.domain.page_file import PAGE_WIDTHS, THUMBNAIL_WIDTH, outline_name, page_name, text_name
from meeting_app.pdf.canvas import Canvas
from meeting_app.pdf.child import OUT_OF_ROOM, limit
from meeting_app.pdf.outline import outline
from meeting_app.pdf.pages import opened, page_of
from meeting_app.pdf.text_layer import text_layer


def main() -> int:
    path, first, memory, cpu_seconds, page_seconds = sys.argv[1:]
    limit(memory=int(memory), cpu_seconds=int(cpu_seconds))
    try:
        _draw(Path(path), int(first), int(page_seconds))
    except (MemoryError, RecursionError):
        return OUT_OF_ROOM
    return 0


def _draw(path: Path, first: int, page_seconds: int) -> None:
    canvas = Canvas()
    with opened(path) as document:
        _say({"pages": len(document), "signatures": max(0, raw.FPDF_GetSignatureCount(document))})
        for page in range(first, len(document)):
            _limit_page(page_seconds)
            files = list(_files(document, page, canvas))
            if page == 0:
                files.append((outline_name(), _json(outline(document))))
            _say({name: len(content) for name, content in files}, *(content for _name, content in files))


def _limit_page(seconds: int) -> None:
    """No page may keep the others waiting: at most so much CPU for the next one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (min(ceil(time.process_time()) + seconds, hard), hard))


def _files(document: PdfDocument, page: int, canvas: Canvas) -> Iterator[tuple[str, bytes]]:
    with page_of(document, page) as opened_page:
        for width, image in canvas.jpegs(opened_page, (*PAGE_WIDTHS, THUMBNAIL_WIDTH)):
            yield page_name(page, width), image
        yield text_name(page), _json(asdict(text_layer(opened_page)))


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _say(announced: dict[str, int], *contents: bytes) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(announced).encode() + b"\n")
    for content in contents:
        out.write(content)
    out.flush()
