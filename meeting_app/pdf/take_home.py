"""A copy of a paper with what was written on it as real annotations; the original is only read.

The annotations are appended (ISO 32000-2, 7.5.6): the bytes before them are the original's, so that a
signature in it still says what was signed. The file may be hostile: a child process does the work.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from meeting_app.domain.annotation import AnnotationKind, Colour
from meeting_app.domain.upload import BrokenPdf, TakesTooLong
from meeting_app.pdf.child import DEATHS_OF_LIMITS, Meter, answered

_CHILD = "meeting_app.pdf.take_home_child"
WALL_SECONDS = 120.0
CPU_SECONDS = 100
MEMORY = 1_500_000_000  # bytes of address space
GROWTH = 200_000_000  # bytes the annotations may add


@dataclass(frozen=True, slots=True)
class Written:
    """One annotation as the copy shows it; places are those of `domain.annotation`."""

    page: int
    kind: AnnotationKind
    colour: Colour
    body: dict[str, Any]
    maker: str
    at: datetime


@contextmanager
def annotated(original: Path, written: Sequence[Written], meter: Meter | None = None) -> Iterator[Path]:
    """The copy, gone after the block. Raises BrokenPdf or TakesTooLong."""
    with tempfile.TemporaryDirectory(prefix="take-home-") as folder:
        copy = Path(folder) / "copy.pdf"
        question = json.dumps([asdict(each) | {"at": each.at.isoformat()} for each in written]).encode()
        bounds = (MEMORY, CPU_SECONDS, original.stat().st_size + GROWTH)
        try:
            code, _answer = answered(
                _CHILD, original.resolve(), copy, *bounds, wall_seconds=WALL_SECONDS, question=question, meter=meter
            )
        except TimeoutError as error:
            raise TakesTooLong from error
        if code in DEATHS_OF_LIMITS:
            raise TakesTooLong
        if code != 0 or not copy.exists():
            raise BrokenPdf
        yield copy
