"""The child process of `take_home`: limits itself, reads one paper, writes its annotated copy.

Arguments: original, copy, bytes of memory, seconds of CPU, bytes that may be written. The annotations
come as JSON.
"""

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject

from meeting_app.pdf.child import OUT_OF_ROOM, limit
from meeting_app.pdf.increment import write_increment
from meeting_app.pdf.page_annotations import Keep, highlight, ink, note
from meeting_app.pdf.page_view import PageView

STROKES_TOGETHER = 200  # of one hand, colour and page in one annotation: ten thousand would slow every viewer


def main() -> int:
    original, copy, memory, cpu_seconds, written = sys.argv[1:]
    limit(memory=int(memory), cpu_seconds=int(cpu_seconds), written=int(written))
    try:
        write(Path(original), Path(copy), json.loads(sys.stdin.buffer.read()))
    except (MemoryError, RecursionError):
        return OUT_OF_ROOM
    except Exception:  # noqa: BLE001 — whatever a hostile file makes a reader raise, there is no copy of it
        return 1
    return 0


def write(original: Path, copy: Path, annotations: list[dict[str, Any]]) -> None:
    """The original's bytes and, appended, the annotations in the order of their pages."""
    with original.open("rb") as source:
        writer = PdfWriter(PdfReader(source), incremental=True)
        for number, on_page in groupby(sorted(annotations, key=lambda each: int(each["page"])), _page):
            if number >= len(writer.pages):
                continue
            view = PageView.of(writer.pages[number])
            for annotation in _drawn(view, list(on_page), writer._add_object):  # noqa: SLF001 — no public way
                writer.add_annotation(number, annotation)
        with copy.open("wb") as target:
            write_increment(source, writer, target)


def _page(annotation: dict[str, Any]) -> int:
    return int(annotation["page"])


def _drawn(view: PageView, annotations: list[dict[str, Any]], keep: Keep) -> list[DictionaryObject]:
    """Highlights lie below ink, notes above all; strokes of one hand and colour go together."""
    marks = [each for each in annotations if each["kind"] == "highlight"]
    notes = [each for each in annotations if each["kind"] == "note"]
    strokes = [each for each in annotations if each["kind"] == "ink"]
    strokes.sort(key=lambda each: (each["maker"], each["colour"]))
    together = []
    for _hand, group in groupby(strokes, key=lambda each: (each["maker"], each["colour"])):
        of_one = list(group)
        together += [of_one[start : start + STROKES_TOGETHER] for start in range(0, len(of_one), STROKES_TOGETHER)]
    bands = [[each] for each in marks if "points" in each["body"]]
    return [
        *(highlight(view, each, keep) for each in marks if "areas" in each["body"]),
        *(ink(view, each, keep, multiplied=True) for each in bands),
        *(ink(view, each, keep) for each in together),
        *(note(view, each, keep) for each in notes),
    ]
