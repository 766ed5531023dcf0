"""All that is made of a PDF's pages, drawn by a child process (draw_child.py) with hard limits."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from meeting_app.domain.page_file import names_of_page, outline_name
from meeting_app.domain.upload import BrokenPdf, TakesTooLong, UploadRefused
from meeting_app.pdf.child import DEATHS_OF_LIMITS, Child, Meter, started

LARGEST_FILE = 32_000_000  # bytes: the largest picture is 16 million pixels
_LONGEST_LINE = 10_000
_LAST_BREATH = 5.0  # seconds between the end of its output and its own
_CHILD = "meeting_app.pdf.draw_child"

PageFiles = dict[str, bytes]  # by the names of domain/page_file.py


@dataclass(frozen=True, slots=True)
class DrawingLimits:
    memory: int = 2_000_000_000  # bytes of address space
    cpu_seconds: int = 600
    page_seconds: int = 10  # of CPU, for one page in all its widths
    wall_seconds: float = 900


@dataclass(frozen=True, slots=True)
class Drawing:
    """A file being drawn; raises BrokenPdf or TakesTooLong when its child ends before it is done."""

    pages: int
    signatures: int
    files: Iterator[PageFiles]  # of one page after the other


@contextmanager
def drawing(
    path: Path, first: int = 0, limits: DrawingLimits | None = None, meter: Meter | None = None
) -> Iterator[Drawing]:
    """The pages from `first` on as they are drawn; leaving the block ends the child."""
    limits = limits or DrawingLimits()
    bounds = (first, limits.memory, limits.cpu_seconds, limits.page_seconds)
    with started(_CHILD, path.resolve(), *bounds, wall_seconds=limits.wall_seconds, meter=meter) as child:
        told = _announced(child, {"pages", "signatures"})
        yield Drawing(**told, files=_drawn(child, range(first, told["pages"])))


def _drawn(child: Child, pages: range) -> Iterator[PageFiles]:
    for page in pages:
        expected = {*names_of_page(page), *([outline_name()] if page == 0 else [])}
        announced = _announced(child, expected, LARGEST_FILE)
        files = {name: child.output.read(size) for name, size in announced.items()}
        if any(len(files[name]) < size for name, size in announced.items()):
            raise _ended_early(child)
        yield files


def _announced(child: Child, names: set[str], most: int = 1_000_000) -> dict[str, int]:
    """Numbers under exactly these names; a hostile file may have taken the child over."""
    line = child.output.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise _ended_early(child)
    try:
        told = {str(name): int(number) for name, number in json.loads(line).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise BrokenPdf from error
    if set(told) != names or not all(0 <= number <= most for number in told.values()):
        raise BrokenPdf
    return told


def _ended_early(child: Child) -> UploadRefused:
    """Why the child has nothing more to say."""
    code = child.wait(_LAST_BREATH)
    return TakesTooLong() if child.late or code in DEATHS_OF_LIMITS else BrokenPdf()
