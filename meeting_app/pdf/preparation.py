"""What is done with every document before tablets show it; the worker and the command do the same.

`examine` refuses what may not come in, before anything is kept. `make` draws the pages and judges
the signatures that a file brings along. Both leave the file's own bytes as they are.
"""

from collections.abc import Callable, Generator
from pathlib import Path

from meeting_app.domain.page_file import signatures_name
from meeting_app.domain.signature import FileVerdict, Unreadable, VerificationTookTooLong
from meeting_app.pdf.child import Meter
from meeting_app.pdf.drawing import DrawingLimits, drawing
from meeting_app.pdf.inspection import inspect as examine

__all__ = ["examine", "make"]


def make(
    path: Path,
    keep: Callable[[str, bytes], None],
    judge: Callable[[Path], FileVerdict],
    *,
    first: int = 0,
    limits: DrawingLimits | None = None,
    meter: Meter | None = None,
) -> Generator[int]:
    """Hand what is made of an examined file to `keep`, by the names of domain/page_file.py; yields the pages done.

    Begins with page `first`, where an earlier try ended. Raises BrokenPdf or TakesTooLong.
    """
    with drawing(path, first, limits, meter) as drawn:
        for page, files in enumerate(drawn.files, start=first):
            for name, content in files.items():
                keep(name, content)
            yield page + 1
        signatures = drawn.signatures
    if signatures:
        keep(signatures_name(), _judged(path, judge))


def _judged(path: Path, judge: Callable[[Path], FileVerdict]) -> bytes:
    """The verdict as JSON; none where nobody could tell."""
    try:
        return judge(path).to_json().encode()
    except (Unreadable, VerificationTookTooLong):
        return b"{}"
