"""The child process that draws pages: `python -I -c … ROOT PDF FIRST MEMORY CPU_SECONDS`.

A PDF is hostile until drawn: this process limits itself, writes no file and may die. For each page, from
FIRST on, it says a line of JSON on standard output, [[name, size], …], and then those files' bytes.
"""

import json
import os
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from pypdfium2 import PdfDocument

from meeting_app.domain.page_file import PAGE_WIDTHS, THUMBNAIL_WIDTH, outline_name, page_name, text_name
from meeting_app.pdf.canvas import Canvas
from meeting_app.pdf.outline import outline
from meeting_app.pdf.pages import opened, page_of
from meeting_app.pdf.text_layer import text_layer

_POLITENESS = 10  # whoever waits before a screen comes first


def main() -> None:
    path, first, memory, cpu_seconds = sys.argv[2:]
    _limit(int(memory), int(cpu_seconds))
    canvas = Canvas()
    with opened(Path(path)) as document:
        for page in range(int(first), len(document)):
            files = list(_files(document, page, canvas))
            if page == 0:
                files.append((outline_name(), _json(outline(document))))
            _say(files)


def _limit(memory: int, cpu_seconds: int) -> None:
    os.nice(_POLITENESS)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _files(document: PdfDocument, page: int, canvas: Canvas) -> Iterator[tuple[str, bytes]]:
    with page_of(document, page) as opened_page:
        for width, image in canvas.jpegs(opened_page, (*PAGE_WIDTHS, THUMBNAIL_WIDTH)):
            yield page_name(page, width), image
        yield text_name(page), _json(asdict(text_layer(opened_page)))


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _say(files: list[tuple[str, bytes]]) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps([[name, len(content)] for name, content in files]).encode() + b"\n")
    for _name, content in files:
        out.write(content)
    out.flush()
