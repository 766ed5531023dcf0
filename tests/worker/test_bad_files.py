"""Whatever a file holds, it ends prepared or in a clear sentence, and nobody else waits for it."""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import psutil
import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.document import DocumentState
from meeting_app.domain.upload import (
    ActiveContent,
    BrokenPdf,
    EncryptedPdf,
    Limits,
    NotAPdf,
    TakesTooLong,
    TooManyPages,
    UploadRefused,
)
from meeting_app.pdf.drawing import DrawingLimits
from meeting_app.ports import Ports
from meeting_app.services import document as documents
from meeting_app.worker.command import Outcome, outcome_of
from meeting_app.worker.loop import work_once
from tests.pdf import hostile
from tests.pdf.bad import BAD
from tests.pdf.bad.damage import DOCUMENTS

# Tighter than for people, so that the tests end: what needs longer is refused here as it is there.
LIMITS = Limits(cpu_seconds=2, wall_seconds=25)
DRAWING = DrawingLimits(page_seconds=1, wall_seconds=60)
LONGEST = 60.0  # seconds for one file, on a machine that does other things too
SENTENCES = {str(refusal()) for refusal in (ActiveContent, BrokenPdf, EncryptedPdf, NotAPdf, TakesTooLong)}

MUST_BE_REFUSED: dict[str, type[UploadRefused]] = {
    "cut plan 50 %": BrokenPdf,
    "a pattern of the smallest steps": TakesTooLong,
    "a bomb in the properties": TakesTooLong,
    "a form that shows itself": TakesTooLong,
    "AES-256 with password ''": EncryptedPdf,
    "RC4-40 with password 'mat-khau'": EncryptedPdf,
    "a program first": NotAPdf,
    "a web page first": NotAPdf,
    "a script first": NotAPdf,
    "an archive only": NotAPdf,
    "text that says PDF": BrokenPdf,
    "random bytes behind a head": BrokenPdf,
}
MUST_BE_PREPARED = [
    "an empty page",
    "letters of the system",
    "turned by 90",
    "turned by -90",
    "fifty pages of one word",
    "objects in a stream",
    "a page of 0 0 14400 14400",
    "a truetype of noise",
    "DCTDecode of garbage",
    "JPXDecode of garbage",
    "JBIG2Decode of garbage",
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """Each file through its own children, two files at a time."""
    folder = tmp_path_factory.mktemp("bad")

    def outcome(number: int, name: str) -> Outcome:
        path = folder / f"{number}.pdf"
        path.write_bytes(BAD[name]())
        before = path.read_bytes()
        result = outcome_of(path, (), LIMITS, DRAWING)
        assert path.read_bytes() == before
        path.unlink()
        return result

    with ThreadPoolExecutor(2) as two:
        return dict(zip(BAD, two.map(outcome, range(len(BAD)), BAD), strict=True))


def test_there_are_more_than_three_hundred_different_files():
    assert len(BAD) >= 300
    assert len({make() for make in BAD.values()}) >= 300


def test_each_ends_prepared_or_in_a_clear_sentence(outcomes: dict[str, Outcome]):
    unclear = {
        name: outcome
        for name, outcome in outcomes.items()
        if not (outcome.pages > 0 if outcome.prepared else _is_clear(outcome.sentence))
    }
    assert unclear == {}
    assert min(Counter(outcome.prepared for outcome in outcomes.values()).values()) > 50


def _is_clear(sentence: str) -> bool:
    return sentence in SENTENCES or sentence == str(TooManyPages(pages=100_000, limit=LIMITS.pages))


def test_none_takes_longer_or_more_memory_than_allowed(outcomes: dict[str, Outcome]):
    assert {name: each.seconds for name, each in outcomes.items() if each.seconds > LONGEST} == {}
    assert {name: each.peak_mb for name, each in outcomes.items() if each.peak_mb > 2_000} == {}


@pytest.mark.parametrize("name", MUST_BE_REFUSED)
def test_these_are_refused_with_their_reason(name: str, outcomes: dict[str, Outcome]):
    assert outcomes[name].sentence == str(MUST_BE_REFUSED[name]())


@pytest.mark.parametrize("name", MUST_BE_PREPARED)
def test_what_is_only_odd_is_prepared(name: str, outcomes: dict[str, Outcome]):
    assert outcomes[name].prepared, outcomes[name]


def test_no_child_is_left_behind(outcomes: dict[str, Outcome]):
    assert outcomes
    left = [child for child in psutil.Process().children() if "draw_child" in " ".join(child.cmdline())]
    assert left == []


# --- everybody else -----------------------------------------------------------------------------


@pytest.fixture
def burdened(tmp_path: Path) -> Iterator[None]:
    """Two files that burn a core each for as long as they are allowed to, again and again."""
    over = threading.Event()
    path = tmp_path / "bomb.pdf"
    path.write_bytes(BAD["a pattern of the smallest steps"]())

    def burn() -> None:
        while not over.is_set():
            outcome_of(path, (), Limits(), DrawingLimits(page_seconds=2))

    with ThreadPoolExecutor(2) as two:
        burning: list[Future[None]] = [two.submit(burn) for _ in range(2)]
        yield
        over.set()
        for each in burning:
            each.result()


@pytest.mark.alone
@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_nobody_else_is_slowed(burdened: None, ports: Ports, lan: Actor, minh: Actor, running_meeting: int):
    """With a hostile file on each core, a document is taken in, prepared and read as ever."""
    began = perf_counter()
    document_id = documents.upload(
        ports, lan, running_meeting, DOCUMENTS / "bao-cao-chromium.pdf", file_name="bao-cao.pdf"
    )
    while work_once(ports):
        pass
    prepared_after = perf_counter() - began
    assert documents.view(ports, lan, document_id)[1].state is DocumentState.READY
    waits = []
    for _ in range(200):
        began = perf_counter()
        assert documents.page(ports, minh, document_id, 0, 800).path.read_bytes().startswith(b"\xff\xd8")
        waits.append(perf_counter() - began)
    assert prepared_after < 15
    assert sorted(waits)[190] < 0.1


def test_the_children_let_others_go_first(tmp_path: Path):
    """They are niced, and their groups end with whoever started them."""
    (tmp_path / "a.pdf").write_bytes(hostile.flate_bomb())
    seen: list[int] = []

    def look() -> None:
        deadline = perf_counter() + 20
        while perf_counter() < deadline and not any(nice > os.nice(0) for nice in seen):
            seen.extend(child.nice() for child in psutil.Process().children())

    watcher = threading.Thread(target=look)
    watcher.start()
    outcome_of(tmp_path / "a.pdf", (), Limits(cpu_seconds=2), DRAWING)
    watcher.join()
    assert max(seen) >= os.nice(0) + 10
