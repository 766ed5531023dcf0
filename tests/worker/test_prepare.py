"""Documents are prepared in turns, by real worker processes that may be killed, told to stop, or be two."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import psutil
import pytest
from pypdf import PdfWriter

from meeting_app.domain.access import Actor
from meeting_app.domain.document import DocumentState, outline_name, page_name, text_name
from meeting_app.domain.job import JobKind
from meeting_app.domain.page_file import names_of_page, signatures_name
from meeting_app.domain.signature import FileVerdict, Verdict
from meeting_app.errors import StorageFull
from meeting_app.ports import Ports
from meeting_app.services import document as documents
from meeting_app.services import document_origin
from meeting_app.services import event as events
from meeting_app.services import invitation as invitations
from meeting_app.services import job as jobs
from meeting_app.worker import prepare
from meeting_app.worker.loop import work_once
from tests.cast import SettableClock
from tests.commands.house import ROOT, environment, wait_until
from tests.pdf import hostile, office_files
from tests.services.papers import STROKES

DOCUMENTS = Path(__file__).parents[1] / "documents"
PATIENCE_SECONDS = 120  # pages are drawn by a child that lets everybody else go first
PLAN = DOCUMENTS / "ke-hoach-libreoffice-200-trang.pdf"
REPORT = DOCUMENTS / "bao-cao-chromium.pdf"

pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)


@pytest.fixture
def clock() -> SettableClock:
    """Begins now: the worker processes of these tests look for what is due by the real time."""
    return SettableClock(datetime.now(UTC))


@pytest.fixture
def upload(ports: Ports, lan: Actor, running_meeting: int) -> Callable[[Path], int]:
    return lambda path: documents.upload(ports, lan, running_meeting, path, file_name=path.name)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Of 100 pages: two or three seconds of work."""
    writer = PdfWriter()
    writer.append(PLAN, pages=(0, 100))
    (tmp_path / "ke-hoach.pdf").write_bytes(hostile.written(writer))
    return tmp_path / "ke-hoach.pdf"


@pytest.fixture
def start_worker(
    database_address: str, tmp_path: Path, clock, ports: Ports
) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "meeting_app", "worker"],
                cwd=ROOT,
                env=environment(tmp_path, DATABASE_URL=database_address),
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        return started[-1]

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait(30)


def progress(ports: Ports, lan: Actor, document_id: int) -> tuple[DocumentState, int]:
    view = documents.view(ports, lan, document_id)[1]
    return view.state, view.prepared_pages


def sha_of(ports: Ports, lan: Actor, document_id: int) -> str:
    return documents.original(ports, lan, document_id).sha256


def ensure_whole(ports: Ports, lan: Actor, document_id: int) -> None:
    """Everything lies there, whole, and nothing else."""
    stored = documents.original(ports, lan, document_id)
    pages = documents.view(ports, lan, document_id)[1].pages
    names = {name for page in range(pages) for name in names_of_page(page)} | {outline_name()}
    folder = ports.files.derived_path(stored.sha256, outline_name()).parent
    assert {path.name for path in folder.iterdir()} == names
    for page in range(pages):
        content = ports.files.derived_path(stored.sha256, page_name(page, 800)).read_bytes()
        assert (content[:2], content[-2:]) == (b"\xff\xd8", b"\xff\xd9")


def test_a_document_is_ready_when_everything_was_made(ports: Ports, lan: Actor, upload):
    document_id = upload(REPORT)
    assert work_once(ports) == 1
    assert work_once(ports) == 0
    assert progress(ports, lan, document_id) == (DocumentState.READY, 2)
    ensure_whole(ports, lan, document_id)
    assert documents.original(ports, lan, document_id).path.read_bytes() == REPORT.read_bytes()


def test_the_same_file_in_another_place_is_not_drawn_again(ports: Ports, lan: Actor, upload):
    first = upload(REPORT)
    work_once(ports)
    path = ports.files.derived_path(sha_of(ports, lan, first), page_name(0, 800))
    before = path.stat().st_mtime_ns
    second = upload(REPORT)
    work_once(ports)
    assert progress(ports, lan, second) == (DocumentState.READY, 2)
    assert path.stat().st_mtime_ns == before


def test_a_long_document_lets_a_short_one_go_first(ports: Ports, lan: Actor, upload):
    long, short = upload(PLAN), upload(REPORT)
    assert work_once(ports) == 2
    state, pages = progress(ports, lan, long)
    assert state is DocumentState.PREPARING
    assert 1 <= pages < 200  # its first page can be read already
    assert progress(ports, lan, short)[0] is DocumentState.READY
    while work_once(ports):
        pass
    assert progress(ports, lan, long) == (DocumentState.READY, 200)
    ensure_whole(ports, lan, long)


def test_documents_that_come_together_all_show_their_first_page_soon(ports: Ports, lan: Actor, upload, tmp_path):
    long = []
    for number in range(4):
        writer = PdfWriter(clone_from=PLAN)
        writer.add_metadata({"/Title": f"Kế hoạch {number}"})
        (tmp_path / f"{number}.pdf").write_bytes(hostile.written(writer))
        long.append(upload(tmp_path / f"{number}.pdf"))
    work_once(ports)
    assert [progress(ports, lan, document_id)[1] for document_id in long[:-1]] == [1, 1, 1]
    assert progress(ports, lan, long[-1])[1] >= 1
    before = [progress(ports, lan, document_id)[1] for document_id in long]
    work_once(ports)
    assert all(progress(ports, lan, each)[1] > pages for each, pages in zip(long, before, strict=True))


def test_alone_a_long_document_is_made_in_long_turns_and_told_twice_a_second(
    ports: Ports, lan: Actor, upload, running_meeting: int
):
    document_id = upload(PLAN)
    before = events.version_of(ports, running_meeting)
    began, turns = perf_counter(), 0
    while work_once(ports):
        turns += 1
    assert turns <= (perf_counter() - began) / prepare.LONGEST_TURN_SECONDS + 1
    told = [event.body["documents"][0]["prepared"] for event in events.after(ports, running_meeting, before)]
    assert told[0] == 1
    assert told[-1] == 200
    assert told == sorted(set(told))
    assert len(told) <= 3 + (perf_counter() - began) / prepare.TURN_SECONDS + turns
    assert progress(ports, lan, document_id)[0] is DocumentState.READY


def test_a_killed_worker_leaves_whole_pages_and_the_next_goes_on(ports: Ports, lan: Actor, upload, start_worker, plan):
    document_id = upload(plan)
    for least in (1, 20):
        worker = start_worker()
        wait_until(lambda least=least: progress(ports, lan, document_id)[1] >= least, worker, PATIENCE_SECONDS)
        [child] = [each for each in psutil.Process(worker.pid).children() if each.is_running()]
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait(30)
        child.wait(30)  # nobody listens any more: it ends
        assert progress(ports, lan, document_id)[0] is DocumentState.PREPARING
    made = ports.files.derived_path(sha_of(ports, lan, document_id), text_name(0))
    before = made.stat().st_mtime_ns
    worker = start_worker()
    wait_until(lambda: progress(ports, lan, document_id)[0] is DocumentState.READY, worker, PATIENCE_SECONDS)
    assert made.stat().st_mtime_ns == before
    ensure_whole(ports, lan, document_id)


def test_a_child_that_is_killed_costs_a_try_and_no_page(ports: Ports, lan: Actor, upload, start_worker, plan):
    document_id = upload(plan)
    worker = start_worker()
    wait_until(lambda: progress(ports, lan, document_id)[1] >= 1, worker, PATIENCE_SECONDS)
    for child in psutil.Process(worker.pid).children():
        child.kill()
    wait_until(lambda: progress(ports, lan, document_id)[0] is DocumentState.READY, worker, PATIENCE_SECONDS)
    ensure_whole(ports, lan, document_id)


def test_two_workers_make_one_document(ports: Ports, lan: Actor, upload, start_worker, plan):
    document_id, other = upload(plan), upload(REPORT)
    workers = [start_worker(), start_worker()]
    for each in (document_id, other):
        wait_until(lambda each=each: progress(ports, lan, each)[0] is DocumentState.READY, workers[0], PATIENCE_SECONDS)
        ensure_whole(ports, lan, each)
    for worker in workers:
        worker.terminate()
        assert worker.wait(30) == 0
    assert jobs.due(ports) == []


def test_a_worker_told_to_stop_leaves_the_rest_for_the_next(ports: Ports, lan: Actor, upload, start_worker, plan):
    document_id = upload(plan)
    worker = start_worker()
    wait_until(lambda: progress(ports, lan, document_id)[1] >= 1, worker, PATIENCE_SECONDS)
    worker.terminate()
    assert worker.wait(30) == 0
    wait_until(lambda: progress(ports, lan, document_id)[0] is DocumentState.READY, start_worker(), PATIENCE_SECONDS)
    ensure_whole(ports, lan, document_id)


def test_a_full_disk_is_waited_out(ports: Ports, lan: Actor, upload, clock, monkeypatch):
    document_id = upload(REPORT)
    keep = type(ports.files).put_derived

    def full(files, sha256, name, content):
        if name == page_name(1, 2000):
            raise StorageFull
        keep(files, sha256, name, content)

    with monkeypatch.context() as disk:
        disk.setattr(type(ports.files), "put_derived", full)
        work_once(ports)
    assert progress(ports, lan, document_id) == (DocumentState.PREPARING, 1)
    clock.advance(seconds=5)
    work_once(ports)
    assert progress(ports, lan, document_id) == (DocumentState.READY, 2)
    ensure_whole(ports, lan, document_id)


def test_what_cannot_be_drawn_is_given_up_with_a_word(ports: Ports, lan: Actor, upload, clock, monkeypatch):
    document_id = upload(REPORT)
    ports.files.path(sha_of(ports, lan, document_id)).chmod(0o600)
    ports.files.path(sha_of(ports, lan, document_id)).write_bytes(hostile.truncated())  # the disk failed
    for _ in range(6):
        work_once(ports)
        clock.advance(minutes=1)
    assert progress(ports, lan, document_id)[0] is DocumentState.FAILED
    assert jobs.due(ports) == []


def test_the_signatures_of_a_file_are_judged_and_the_verdict_kept(
    ports: Ports, lan: Actor, hung: Actor, draft_meeting: int, enrolled: str, tmp_path: Path
):
    invitations.draft(ports, lan, draft_meeting)
    invitations.sign(ports, hung, draft_meeting, pin=enrolled, strokes=STROKES)
    paper = invitations.file(ports, lan, draft_meeting).path
    document_id = documents.upload(ports, lan, draft_meeting, paper, file_name="giay-moi.pdf")
    while work_once(ports):
        pass
    assert progress(ports, lan, document_id)[0] is DocumentState.READY
    kept = ports.files.derived_path(sha_of(ports, lan, document_id), signatures_name()).read_text()
    verdict = FileVerdict.from_json(kept)
    assert verdict.verdict is Verdict.UNCONFIRMED  # the agency has not sealed yet (L1)
    assert [(facts.signer, facts.verdict) for facts in verdict.signatures] == [("Nguyễn Văn Hùng", Verdict.VALID)]


def test_a_document_taken_away_is_not_prepared(ports: Ports, lan: Actor, upload):
    document_id = upload(REPORT)
    sha256 = sha_of(ports, lan, document_id)
    documents.remove(ports, lan, document_id)
    work_once(ports)
    assert not ports.files.derived_path(sha256, outline_name()).exists()
    assert jobs.due(ports) == []
    assert prepare.prepare(ports, document_id) is None
    assert not jobs.others_wait(ports, JobKind.PREPARE_DOCUMENT, document_id)


def test_what_a_document_brought_along_is_told_to_its_readers(
    ports: Ports, lan: Actor, hung: Actor, draft_meeting: int, enrolled: str, tmp_path: Path
):
    invitations.draft(ports, lan, draft_meeting)
    invitations.sign(ports, hung, draft_meeting, pin=enrolled, strokes=STROKES)
    paper = invitations.file(ports, lan, draft_meeting).path
    (tmp_path / "ke-hoach.docx").write_bytes(office_files.docx("Kế hoạch"))
    for path, name in ((paper, "giay-moi.pdf"), (tmp_path / "ke-hoach.docx", "Kế hoạch [1].docx"), (REPORT, "a.pdf")):
        documents.upload(ports, lan, draft_meeting, path, file_name=name)
    while work_once(ports):
        pass
    views = documents.documents(ports, lan, draft_meeting)
    signed, written, plain = (document_origin.of(ports, views)[view.id] for view in views)
    assert signed.verdict is not None
    assert [facts.signer for facts in signed.verdict.signatures] == ["Nguyễn Văn Hùng"]
    assert (written.file_name, written.verdict) == ("Kế hoạch [1].docx", None)
    assert plain == document_origin.Origin()
    only_looked_at = [replace(view, keeps=False) for view in views]
    assert {each.file_name for each in document_origin.of(ports, only_looked_at).values()} == {""}


def test_progress_never_goes_back_when_two_report_it(ports: Ports, lan: Actor, upload):
    document_id = upload(PLAN)
    version_id = documents.view(ports, lan, document_id)[1].version_id
    for pages, seen in ((30, 30), (12, 30), (200, 200), (80, 200)):
        documents.report_prepared(ports, version_id, pages)
        assert progress(ports, lan, document_id)[1] == seen
    documents.report_prepared(ports, version_id, 0, failed=True)
    assert progress(ports, lan, document_id) == (DocumentState.READY, 200)


@pytest.mark.parametrize("lost", ["index", "carry"])
def test_what_follows_the_pages_is_not_lost_with_the_worker(
    ports: Ports, lan: Actor, upload, clock, monkeypatch, lost: str
):
    """A document is ready only when it can be found and what was written before lies on it."""
    document_id = upload(REPORT)
    module = prepare.search if lost == "index" else prepare.annotation_carry

    def killed(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as death:
        death.setattr(module, lost, killed)
        work_once(ports)
    assert progress(ports, lan, document_id)[0] is DocumentState.PREPARING
    clock.advance(seconds=5)
    work_once(ports)
    assert progress(ports, lan, document_id)[0] is DocumentState.READY
    assert [hit.document_id for hit in prepare.search.find(ports, lan, "chuyển đổi số")] == [document_id]
