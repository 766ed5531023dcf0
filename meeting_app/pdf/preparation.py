"""What is done with every document before tablets show it; the worker and the command do the same.

`examined` refuses what may not come in, before anything is kept, and turns office files into PDFs. `make` draws the
pages and judges the signatures that a file brings along. Both leave the file's own bytes as they are.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from meeting_app.domain.page_file import signatures_name
from meeting_app.domain.signature import FileVerdict, Unreadable, VerificationTookTooLong
from meeting_app.domain.upload import Inspection, Limits
from meeting_app.pdf.child import Meter
from meeting_app.pdf.drawing import DrawingLimits, drawing
from meeting_app.pdf.inspection import ensure_size, inspect
from meeting_app.pdf.office import as_pdf, office_ending


@contextmanager
def examined(
    path: Path, file_name: str, limits: Limits | None = None, meter: Meter | None = None
) -> Iterator[tuple[Path, Inspection]]:
    """The PDF that a file is, or becomes for the length of the block, and what it contains; raises an UploadRefused."""
    limits = limits or Limits()
    ending = office_ending(path, file_name)
    if ending is None:
        yield path, inspect(path, limits, meter)
        return
    ensure_size(path, limits)
    with TemporaryDirectory() as folder:
        pdf = as_pdf(path, ending, Path(folder), meter=meter)
        yield pdf, inspect(pdf, limits, meter)


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
