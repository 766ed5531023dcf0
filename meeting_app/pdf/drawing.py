"""All that is made of a PDF's pages, drawn by a child process (draw_child.py) with hard limits."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from meeting_app.domain.page_file import names_of_page, outline_name

LARGEST_FILE = 32_000_000  # bytes: the largest picture is 16 million pixels
_LONGEST_LINE = 10_000
_ROOT = Path(__file__).parents[2]
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from meeting_app.pdf.draw_child import main; main()"

PageFiles = dict[str, bytes]  # by the names of domain/page_file.py


@dataclass(frozen=True, slots=True)
class DrawingLimits:
    memory: int = 2_000_000_000  # bytes of address space
    cpu_seconds: int = 600
    wall_seconds: float = 900


class DrawingFailed(Exception):
    """The child died, or said something it cannot have meant."""


@contextmanager
def drawing(
    path: Path, first: int = 0, limits: DrawingLimits | None = None
) -> Iterator[Iterator[tuple[int, PageFiles]]]:
    """The pages from `first` on as they are drawn, one after the other; leaving the block ends the child.

    They end before the last page when the child dies; raises DrawingFailed for what is no answer.
    """
    limits = limits or DrawingLimits()
    bounds = [str(first), str(limits.memory), str(limits.cpu_seconds)]
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", _CHILD, str(_ROOT), str(path.resolve()), *bounds],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )
    timer = threading.Timer(limits.wall_seconds, child.kill)
    timer.start()
    assert child.stdout is not None  # noqa: S101 — asked for
    try:
        yield _pages(child.stdout, first)
    finally:
        timer.cancel()
        child.kill()
        child.wait()
        child.stdout.close()


def _pages(answers: IO[bytes], first: int) -> Iterator[tuple[int, PageFiles]]:
    page = first
    while line := answers.readline(_LONGEST_LINE):
        if not line.endswith(b"\n"):
            return
        files = {}
        for name, size in _announced(line, page):
            content = answers.read(size)
            if len(content) < size:
                return  # it died in the middle of a page
            files[name] = content
        yield page, files
        page += 1


def _announced(line: bytes, page: int) -> list[tuple[str, int]]:
    """What the child is about to say; a hostile file may have taken it over."""
    expected = {*names_of_page(page), *([outline_name()] if page == 0 else [])}
    try:
        announced = [(str(name), int(size)) for name, size in json.loads(line)]
    except (ValueError, TypeError) as error:
        raise DrawingFailed from error
    if {name for name, _size in announced} != expected or not all(0 < size <= LARGEST_FILE for _, size in announced):
        raise DrawingFailed
    return announced
