"""Documents: taken in whole or refused, shown page by page to whoever may read them."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.document import Document, DocumentState, page_name
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.job import Job, JobKind
from meeting_app.domain.meeting import Meeting, MeetingState, NotInState
from meeting_app.domain.upload import ClassifiedDocument, FileTooLarge, NotAPdf
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import document as documents
from meeting_app.services import event as events
from meeting_app.services import job as jobs
from meeting_app.services import meeting as meetings
from tests.cast import Cast, SettableClock
from tests.pdf import office_files
from tests.pdf.hostile import plain

MADE = Path(__file__).parents[1] / "documents"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "upload-7f3a"
    path.write_bytes((MADE / "bao-cao-qpdf-linearized.pdf").read_bytes())
    return path


def handed_out(ports: Ports, actor: Actor, meeting_id: int, path: Path, **how: object) -> int:
    return documents.upload(ports, actor, meeting_id, path, file_name="Báo cáo quý III.pdf", **how)


def version_id(ports: Ports, actor: Actor, document_id: int) -> int:
    return documents.view(ports, actor, document_id)[1].version_id


def test_an_office_file_is_shown_as_a_pdf_and_kept_as_it_was_brought(
    ports: Ports, lan: Actor, minh: Actor, quang: Actor, running_meeting: int, tmp_path: Path
):
    content = office_files.docx("Kế hoạch năm 2027")
    (tmp_path / "upload").write_bytes(content)
    document_id = documents.upload(ports, lan, running_meeting, tmp_path / "upload", file_name="Kế hoạch 2027.docx")
    view = documents.view(ports, minh, document_id)[1]
    assert (view.title, view.file_name, view.pages) == ("Kế hoạch 2027", "Kế hoạch 2027.pdf", 1)
    assert documents.original(ports, minh, document_id).path.read_bytes().startswith(b"%PDF-")
    brought = documents.source(ports, minh, document_id)
    assert (brought.file_name, brought.path.read_bytes()) == ("Kế hoạch 2027.docx", content)
    with pytest.raises(NotFound):
        documents.source(ports, quang, document_id)  # a guest may not know of it


def test_a_document_brought_as_a_pdf_has_no_other_source(ports: Ports, lan: Actor, running_meeting: int, report: Path):
    document_id = handed_out(ports, lan, running_meeting, report)
    with pytest.raises(NotFound):
        documents.source(ports, lan, document_id)


def test_a_document_is_kept_byte_for_byte(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int, agenda: list[int], report: Path
):
    document_id = handed_out(ports, lan, running_meeting, report, item_id=agenda[0])
    meeting_id, view = documents.view(ports, minh, document_id)
    assert (meeting_id, view.item_id) == (running_meeting, agenda[0])
    assert (view.title, view.file_name) == ("Báo cáo quý III", "Báo cáo quý III.pdf")
    assert (view.size, view.state, view.prepared_pages) == (report.stat().st_size, DocumentState.PREPARING, 0)
    assert view.pages > 0
    stored = documents.original(ports, minh, document_id)
    assert stored.path.read_bytes() == report.read_bytes()
    assert (stored.file_name, stored.sha256[:16]) == (view.file_name, view.sha)


def test_its_pages_are_a_job_for_the_worker(ports: Ports, lan: Actor, running_meeting: int, report: Path):
    document_id = handed_out(ports, lan, running_meeting, report)
    [job] = jobs.due(ports)
    assert (job.kind, job.subject_id) == (JobKind.PREPARE_DOCUMENT, version_id(ports, lan, document_id))
    assert documents.to_prepare(ports, job.subject_id) is not None
    jobs.finish(ports, job)
    assert jobs.due(ports) == []


def test_the_tablets_see_the_pages_grow(ports: Ports, lan: Actor, minh: Actor, running_meeting: int, report: Path):
    document_id = handed_out(ports, lan, running_meeting, report)
    pages = documents.view(ports, lan, document_id)[1].pages
    before = events.version_of(ports, running_meeting)
    documents.report_prepared(ports, version_id(ports, lan, document_id), 1)
    documents.report_prepared(ports, version_id(ports, lan, document_id), pages)
    told = events.after(ports, running_meeting, before)
    assert [(each.kind, each.channel, each.body["documents"][0]["prepared"]) for each in told] == [
        (Kind.DOCUMENTS, Channel.MEMBERS, 1),
        (Kind.DOCUMENTS, Channel.MEMBERS, pages),
    ]
    assert documents.view(ports, minh, document_id)[1].state is DocumentState.READY
    assert documents.to_prepare(ports, version_id(ports, lan, document_id)) is None


def test_a_document_whose_pages_cannot_be_drawn_can_still_be_downloaded(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int, report: Path
):
    document_id = handed_out(ports, lan, running_meeting, report)
    documents.report_prepared(ports, version_id(ports, lan, document_id), 0, failed=True)
    assert documents.view(ports, minh, document_id)[1].state is DocumentState.FAILED
    assert documents.original(ports, minh, document_id).path.exists()


def test_a_page_is_there_once_it_is_drawn(
    ports: Ports, lan: Actor, minh: Actor, quang: Actor, running_meeting: int, report: Path
):
    document_id = handed_out(ports, lan, running_meeting, report)
    sha256 = documents.original(ports, lan, document_id).sha256
    with pytest.raises(NotFound):
        documents.page(ports, minh, document_id, 0, 800)
    ports.files.put_derived(sha256, page_name(0, 800), b"jpeg")
    assert documents.page(ports, minh, document_id, 0, 800).path.read_bytes() == b"jpeg"
    for number, width in ((-1, 800), (10_000, 800), (0, 801), (0, 0)):
        with pytest.raises(NotFound):
            documents.page(ports, minh, document_id, number, width)
    with pytest.raises(NotFound):
        documents.page(ports, quang, document_id, 0, 800)


REFUSED: dict[str, tuple[type[MeetingError], bytes]] = {
    "no pdf": (NotAPdf, b"<html>xin ch\xc3\xa0o</html>"),
    "a state secret": (ClassifiedDocument, plain("TUYỆT MẬT\nBáo cáo")),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_refused_is_stored_nowhere(
    ports: Ports, lan: Actor, running_meeting: int, tmp_path: Path, case: str
):
    refusal, content = REFUSED[case]
    before = events.version_of(ports, running_meeting)
    (tmp_path / "upload").write_bytes(content)
    with pytest.raises(refusal):
        handed_out(ports, lan, running_meeting, tmp_path / "upload")
    assert documents.documents(ports, lan, running_meeting) == []
    assert events.version_of(ports, running_meeting) == before
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_a_file_beyond_the_limit_is_refused_by_its_size(ports: Ports, lan: Actor, running_meeting: int, report: Path):
    with pytest.raises(FileTooLarge, match="0 MB"):
        handed_out(replace(ports, upload_limit_mb=0), lan, running_meeting, report)


def test_only_the_desk_hands_out(ports: Ports, cast: Cast, running_meeting: int, report: Path):
    refusals = {"minh": NotAllowed, "quang": NotAllowed, "thu": NotAllowed, "vinh": NotFound, "nam": NotFound}
    for person, refusal in refusals.items():
        with pytest.raises(refusal):
            handed_out(ports, cast.actors[person], running_meeting, report)
    assert documents.documents(ports, cast.actors["lan"], running_meeting) == []


def test_only_the_desk_places_and_removes(
    ports: Ports, cast: Cast, running_meeting: int, agenda: list[int], report: Path
):
    document_id = handed_out(ports, cast.actors["lan"], running_meeting, report, for_guests=True)
    for person, refusal in {"minh": NotAllowed, "quang": NotAllowed, "nam": NotFound}.items():
        with pytest.raises(refusal):
            documents.place(ports, cast.actors[person], document_id, agenda[0])
        with pytest.raises(refusal):
            documents.remove(ports, cast.actors[person], document_id)
    assert documents.view(ports, cast.actors["minh"], document_id)[1].item_id is None


def test_guests_read_what_is_for_guests(ports: Ports, cast: Cast, running_meeting: int, report: Path):
    lan, quang, nam = (cast.actors[name] for name in ("lan", "quang", "nam"))
    inner = handed_out(ports, lan, running_meeting, report, title="Nội bộ")
    released = handed_out(ports, lan, running_meeting, report, title="Cho khách", for_guests=True)
    assert [each.title for each in documents.documents(ports, quang, running_meeting)] == ["Cho khách"]
    assert documents.view(ports, quang, released)[1].title == "Cho khách"
    for document_id, actor in ((inner, quang), (inner, nam), (released, nam)):
        for act in (documents.view, documents.original):
            with pytest.raises(NotFound):
                act(ports, actor, document_id)


def test_a_document_taken_away_is_gone_for_all_but_its_bytes_stay(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int, agenda: list[int], report: Path
):
    document_id = handed_out(ports, lan, running_meeting, report)
    stored, version = documents.original(ports, lan, document_id), version_id(ports, lan, document_id)
    documents.remove(ports, lan, document_id)
    assert stored.path.exists()
    assert documents.documents(ports, minh, running_meeting) == []
    for actor in (lan, minh):
        with pytest.raises(NotFound):
            documents.original(ports, actor, document_id)
    for act in (
        lambda: documents.remove(ports, lan, document_id),
        lambda: documents.place(ports, lan, document_id, agenda[0]),
    ):
        with pytest.raises(NotFound):
            act()
    before = events.version_of(ports, running_meeting)
    documents.report_prepared(ports, version, 1)
    assert events.version_of(ports, running_meeting) == before
    assert documents.to_prepare(ports, version) is None


def test_a_document_moves_to_another_item_and_outlives_it(
    ports: Ports, lan: Actor, draft_meeting: int, agenda: list[int], report: Path
):
    document_id = handed_out(ports, lan, draft_meeting, report, item_id=agenda[0])
    documents.place(ports, lan, document_id, agenda[1])
    assert documents.view(ports, lan, document_id)[1].item_id == agenda[1]
    agendas.remove(ports, lan, draft_meeting, agenda[1])
    assert documents.view(ports, lan, document_id)[1].item_id is None
    with pytest.raises(NotFound):
        documents.place(ports, lan, document_id, 10_000)


def test_nothing_is_handed_out_after_the_end(ports: Ports, lan: Actor, running_meeting: int, report: Path):
    meetings.close(ports, lan, running_meeting)
    with pytest.raises(NotInState):
        handed_out(ports, lan, running_meeting, report)
    with ports.database.reading() as session:
        assert session.get_one(Meeting, running_meeting).state is MeetingState.CLOSED
        assert session.exec(select(Document)).all() == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("<script>.pdf", "<script>.pdf"),
        ("a\x00b\r\nc\ud800.pdf", "ab c.pdf"),
        ("x" * 500 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_file_name_is_text_and_never_a_path(
    ports: Ports, lan: Actor, running_meeting: int, report: Path, given: str, kept: str
):
    document_id = documents.upload(ports, lan, running_meeting, report, file_name=given, title=" \ud800 ")
    stored = documents.original(ports, lan, document_id)
    assert stored.file_name == kept
    assert stored.path.name == stored.sha256


def test_a_job_that_fails_is_tried_again_later_and_then_given_up(
    ports: Ports, lan: Actor, running_meeting: int, report: Path, clock: SettableClock
):
    handed_out(ports, lan, running_meeting, report)
    waits = []
    for _ in range(4):
        [job] = jobs.due(ports)
        assert not jobs.fail(ports, job, "hết bộ nhớ")
        assert jobs.due(ports) == []
        waits.append(2 ** (job.tries + 1))
        clock.advance(seconds=waits[-1])
    assert waits == [2, 4, 8, 16]
    [job] = jobs.due(ports)
    assert jobs.fail(ports, job, "x" * 9_000)
    clock.advance(days=1)
    assert jobs.due(ports) == []
    with ports.database.reading() as session:
        assert session.get_one(Job, job.id).failure == "x" * 500
