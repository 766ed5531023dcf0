"""`python -m meeting_app prepare`: what the worker would make of files, and what a reader would be told."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TextIO

from asn1crypto import x509 as asn1_x509

from meeting_app.domain.signature import VERDICT_LABEL, FileVerdict
from meeting_app.domain.upload import MEGABYTE, Limits, UploadRefused
from meeting_app.i18n import N_, _, speaking
from meeting_app.pdf.child import Meter
from meeting_app.pdf.drawing import DrawingLimits
from meeting_app.pdf.preparation import examined, make
from meeting_app.signing.trust import read_roots
from meeting_app.signing.verify_child import verify_in_child

_PREPARED, _REFUSED = N_("prepared"), N_("refused")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    file: str
    prepared: bool
    sentence: str
    seconds: float
    peak_mb: float  # resident memory of the largest child
    pages: int = 0


def run(
    files: Sequence[Path], trust: Sequence[Path], limits: Limits, *, as_json: bool, out: TextIO | None = None
) -> int:
    """Prepare each file and forget what was made; a line for each. Returns 0 if all were prepared, else 1."""
    stream = out or sys.stdout
    with speaking("vi"):
        try:
            roots = read_roots(trust)
        except (OSError, ValueError):
            stream.write(_("A file of trusted certificates cannot be read.") + "\n")
            return 1
        refused = 0
        for path in files:
            outcome = outcome_of(path, roots, limits)
            refused += not outcome.prepared
            stream.write((json.dumps(asdict(outcome), ensure_ascii=False) if as_json else _line(outcome)) + "\n")
            stream.flush()
    return 1 if refused else 0


def outcome_of(
    path: Path, roots: Sequence[asn1_x509.Certificate], limits: Limits, drawing: DrawingLimits | None = None
) -> Outcome:
    """Prepare a file and forget what was made."""
    meter, began, pages, prepared = Meter(), perf_counter(), 0, False
    judge = _Judge(partial(verify_in_child, trust=roots, meter=meter))
    try:
        with examined(path, path.name, limits, meter) as (pdf, inspected):
            pages = inspected.pages
            for _done in make(pdf, lambda _name, _content: None, judge, limits=drawing, meter=meter):
                pass
        prepared, sentence = True, " ".join(_said(pages, judge.verdict))
    except UploadRefused as refused:
        sentence = str(refused)
    except OSError:
        sentence = _("The file cannot be opened.")
    return Outcome(
        file=str(path),
        prepared=prepared,
        sentence=sentence,
        seconds=round(perf_counter() - began, 3),
        peak_mb=round(meter.peak_bytes / MEGABYTE, 1),
        pages=pages,
    )


class _Judge:
    """Judges, and remembers the verdict."""

    def __init__(self, judge: Callable[[Path], FileVerdict]) -> None:
        self._judge = judge
        self.verdict: FileVerdict | None = None

    def __call__(self, path: Path) -> FileVerdict:
        self.verdict = self._judge(path)
        return self.verdict


def _said(pages: int, verdict: FileVerdict | None) -> Iterator[str]:
    yield _("Ready to be read: {pages} pages.", pages=pages)
    if verdict is not None:
        yield _("Signatures in the file: {verdict}.", verdict=_(VERDICT_LABEL[verdict.verdict]))


def _line(outcome: Outcome) -> str:
    name = "".join(letter if letter.isprintable() else "�" for letter in outcome.file)
    seconds, peak = f"{outcome.seconds:.1f}".replace(".", ","), round(outcome.peak_mb)
    state = _(_PREPARED if outcome.prepared else _REFUSED)
    return _(
        "{file}: {state}, {seconds} s, {peak} MB. {sentence}",
        file=name, state=state, seconds=seconds, peak=peak, sentence=outcome.sentence,
    )  # fmt: skip
