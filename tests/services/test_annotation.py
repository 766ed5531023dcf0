"""Annotations: each change kept once, nobody else's eyes, shared only on purpose."""

from itertools import count

import pytest
from sqlmodel import select

from meeting_app.domain import annotation as rules
from meeting_app.domain.annotation import Annotation
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.event import Channel, Kind, MeetingEvent
from meeting_app.errors import NotFound
from meeting_app.services import annotation, annotation_rows
from meeting_app.services import document as documents
from meeting_app.services.annotation import Act, Change
from tests.conftest import hand_out
from tests.laying import version_of

_numbers = count(1)
STROKE = {"width": 12, "points": [100, 100, 128, 200, 200, 255]}


class Page:
    """One person's pen on one version."""

    def __init__(self, ports, actor, document_id: int, version_id: int | None = None) -> None:
        self.ports, self.actor, self.document_id = ports, actor, document_id
        self.version_id = version_id or version_of(ports, document_id)

    def does(self, act: Act, client_id: str, **values) -> str | None:
        """Do one change; why it was refused, if it was."""
        change = Change(act, client_id, values)
        (outcome,) = annotation.keep(self.ports, self.actor, self.document_id, self.version_id, [change])
        return outcome.refused

    def draws(self, client_id: str = "", **values) -> str:
        client_id = client_id or f"stroke-{next(_numbers):08d}"
        values = {"page": 0, "kind": "ink", "colour": "blue", "body": STROKE} | values
        assert self.does(Act.WRITE, client_id, **values) is None
        return client_id

    def notes(self, text: str, page: int = 0) -> str:
        return self.draws(kind="note", page=page, body={"x": 5, "y": 5, "text": text})

    def book(self, after: int = 0):
        return annotation_rows.notebook(self.ports, self.actor, self.document_id, self.version_id, after)

    @property
    def own(self) -> list[str]:
        return [each.id for each in self.book().own]

    @property
    def seen(self) -> list[str]:
        """The texts that others share with me."""
        return [each.body.get("text", "") for each in self.book().shared]


def attendee_of(ports, meeting_id: int, actor) -> int:
    with ports.database.reading() as session:
        query = select(Attendee.id).where(Attendee.meeting_id == meeting_id, Attendee.account_id == actor.account_id)
        return session.exec(query).one()


def news(ports, meeting_id: int) -> list[tuple[Channel, int | None]]:
    with ports.database.reading() as session:
        query = select(MeetingEvent).where(MeetingEvent.meeting_id == meeting_id, MeetingEvent.kind == Kind.ANNOTATIONS)
        events = session.exec(query.order_by(MeetingEvent.version)).all()
    assert all(set(event.body) == {"document_id"} for event in events)
    return [(event.channel, event.account_id) for event in events]


@pytest.fixture
def report(ports, lan, running_meeting) -> int:
    return hand_out(ports, lan, running_meeting, for_guests=True)


@pytest.fixture
def internal(ports, lan, running_meeting) -> int:
    return hand_out(ports, lan, running_meeting, for_guests=False)


def test_what_is_written_is_there_again(ports, minh, report):
    page = Page(ports, minh, report)
    page.draws("stroke-a", page=3, colour="red")
    (kept,) = page.book().own
    assert (kept.id, kept.page, kept.colour, kept.body) == ("stroke-a", 3, "red", STROKE)
    assert (kept.everyone, kept.people, kept.maker) == (False, (), "")


def test_the_same_id_is_one_annotation_however_often_it_comes(ports, minh, report):
    page = Page(ports, minh, report)
    page.draws("stroke-a", colour="red")
    page.draws("stroke-a", colour="green")
    (kept,) = page.book().own
    assert kept.colour == "red"
    page.does(Act.REMOVE, "stroke-a")
    page.draws("stroke-a")
    assert page.own == []


def test_an_id_of_somebody_else_is_not_theirs_and_no_obstacle(ports, minh, hoa, report):
    Page(ports, minh, report).draws("stroke-a", colour="red")
    other = Page(ports, hoa, report)
    for act in (Act.CHANGE, Act.REMOVE, Act.RESTORE, Act.SHARE):
        assert other.does(act, "stroke-a", colour="green", everyone=True) == str(NotFound())
    other.draws("stroke-a", colour="green")
    assert Page(ports, minh, report).book().own[0].colour == "red"


def test_removed_and_restored(ports, minh, report):
    page = Page(ports, minh, report)
    page.draws("stroke-a")
    for _ in range(2):
        assert page.does(Act.REMOVE, "stroke-a") is None
        assert page.own == []
    for _ in range(2):
        assert page.does(Act.RESTORE, "stroke-a") is None
        assert page.own == ["stroke-a"]


def test_another_tablet_asks_for_what_came_after(ports, minh, report):
    page = Page(ports, minh, report)
    first, second = page.draws(), page.draws()
    held = page.book().changes
    page.does(Act.REMOVE, first)
    page.does(Act.CHANGE, second, colour="black")
    third = page.draws()
    late = page.book(after=held)
    assert [(each.id, each.removed) for each in late.own] == [(first, True), (second, False), (third, False)]
    assert page.book(after=late.changes).own == []


def test_one_bad_change_does_not_keep_the_others_back(ports, minh, report):
    page = Page(ports, minh, report)
    written = {"page": 0, "kind": "ink", "colour": "blue", "body": STROKE}
    outcomes = annotation.keep(
        ports,
        minh,
        report,
        page.version_id,
        [
            Change(Act.WRITE, "stroke-1", written),
            Change(Act.WRITE, "stroke-2", written | {"page": 9}),
            Change(Act.WRITE, "stroke-3", written | {"colour": "chartreuse"}),
            Change(Act.WRITE, "stroke-4", written | {"body": {"points": [1] * 3}}),
            Change(Act.REMOVE, "stroke-5", {}),
            Change(Act.WRITE, "bad id", written),
            Change(Act.WRITE, "stroke-7", written),
        ],
    )
    assert [each.refused is None for each in outcomes] == [True, False, False, False, False, False, True]
    assert page.own == ["stroke-1", "stroke-7"]


@pytest.mark.parametrize("name", ["hung", "lan", "hoa", "quang"])
def test_a_private_note_is_seen_by_nobody_else_not_even_the_desk(ports, cast, minh, report, running_meeting, name):
    page = Page(ports, minh, report)
    page.notes("Chỉ mình tôi")
    other = Page(ports, cast.actors[name], report)
    assert other.book().own == other.book().shared == []
    assert annotation_rows.mentions(ports, cast.actors[name], running_meeting) == []
    assert news(ports, running_meeting) == []


@pytest.mark.parametrize("name", ["nam", "vinh", "thu"])
def test_for_strangers_nothing_is_there(ports, cast, report, running_meeting, name):
    stranger = Page(ports, cast.actors[name], report)
    for act in (
        stranger.book,
        lambda: stranger.does(Act.WRITE, "stroke-1", page=0, kind="ink", colour="blue", body=STROKE),
        lambda: annotation_rows.readers(ports, stranger.actor, report),
        lambda: Page(ports, stranger.actor, 9999, 1).book(),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_guest_writes_on_what_is_theirs_only(ports, quang, report, internal):
    Page(ports, quang, report).draws()
    with pytest.raises(NotFound):
        Page(ports, quang, internal).draws()


def test_a_version_of_another_document_is_no_way_in(ports, quang, report, internal):
    for document_id, version_id in ((report, version_of(ports, internal)), (report, 9999)):
        with pytest.raises(NotFound):
            Page(ports, quang, document_id, version_id).book()


def test_shared_with_chosen_people_and_nobody_else(ports, running_meeting, minh, hoa, dung, report):
    page = Page(ports, minh, report)
    note = page.notes("Cho chị Hoa")
    page.notes("Riêng")
    assert page.does(Act.SHARE, note, people=[attendee_of(ports, running_meeting, hoa)]) is None
    assert Page(ports, hoa, report).seen == ["Cho chị Hoa"]
    assert Page(ports, hoa, report).book().shared[0].maker == "Lê Quang Minh"
    assert Page(ports, dung, report).seen == []
    assert news(ports, running_meeting) == [(Channel.PERSON, hoa.account_id)]
    (kept, _other) = page.book().own
    assert kept.people == (attendee_of(ports, running_meeting, hoa),)


def test_shared_with_all_and_taken_back(ports, running_meeting, minh, hoa, quang, report):
    page = Page(ports, minh, report)
    note = page.notes("Cho mọi người")
    page.does(Act.SHARE, note, everyone=True)
    for actor in (hoa, quang):
        assert Page(ports, actor, report).seen == ["Cho mọi người"]
    page.does(Act.SHARE, note)
    for actor in (hoa, quang):
        assert Page(ports, actor, report).seen == []
    assert news(ports, running_meeting) == [(Channel.EVERYONE, None)] * 2


def test_whoever_sees_it_looks_again_when_it_changes_or_goes(ports, running_meeting, minh, hoa, report):
    page = Page(ports, minh, report)
    note = page.notes("Bản nháp")
    page.does(Act.SHARE, note, people=[attendee_of(ports, running_meeting, hoa)])
    page.does(Act.CHANGE, note, body={"x": 5, "y": 5, "text": "Bản cuối"})
    assert Page(ports, hoa, report).seen == ["Bản cuối"]
    page.does(Act.REMOVE, note)
    assert Page(ports, hoa, report).seen == []
    page.does(Act.RESTORE, note)
    page.does(Act.SHARE, note)
    assert Page(ports, hoa, report).seen == []
    assert news(ports, running_meeting) == [(Channel.PERSON, hoa.account_id)] * 5


def test_shared_with_nobody_who_may_not_read_the_document(ports, running_meeting, minh, quang, internal):
    page = Page(ports, minh, internal)
    note = page.notes("Nội bộ")
    assert page.does(Act.SHARE, note, people=[attendee_of(ports, running_meeting, quang)]) == str(NotFound())
    page.does(Act.SHARE, note, everyone=True)
    assert news(ports, running_meeting) == [(Channel.MEMBERS, None)]


def test_who_can_be_chosen_is_who_may_read(ports, minh, report, internal):
    def names(document_id):
        return [each["name"] for each in annotation_rows.readers(ports, minh, document_id)]

    assert "Vũ Đình Quang" in names(report)
    assert "Vũ Đình Quang" not in names(internal)
    assert "Lê Quang Minh" not in names(report)
    assert names(report)[0] == "Nguyễn Văn Hùng"


def test_the_withdrawn_document_takes_no_more_and_shows_no_more(ports, running_meeting, lan, minh, hoa, report):
    page = Page(ports, minh, report)
    note = page.notes("Cho mọi người")
    page.does(Act.SHARE, note, everyone=True)
    other = Page(ports, hoa, report)
    documents.remove(ports, lan, report)
    for act in (page.draws, page.book, other.book):
        with pytest.raises(NotFound):
            act()
    assert annotation_rows.mentions(ports, minh, running_meeting) == []


def test_the_list_of_a_meeting_names_the_page_and_counts_ink(ports, running_meeting, minh, report, internal):
    first, second = Page(ports, minh, report), Page(ports, minh, internal)
    first.draws(page=2)
    first.draws(page=2)
    first.notes("Hỏi số liệu", page=4)
    second.draws(kind="highlight", page=1, body={"areas": [[1, 1, 5, 5]], "text": "dự toán"})
    removed = second.notes("Bỏ")
    second.does(Act.REMOVE, removed)
    lines = annotation_rows.mentions(ports, minh, running_meeting)
    assert [(line.document_id, line.page, line.kind, line.text, line.strokes) for line in lines] == [
        (report, 2, "ink", "", 2),
        (report, 4, "note", "Hỏi số liệu", 0),
        (internal, 1, "highlight", "dự toán", 0),
    ]
    assert all(line.newest for line in lines)


def test_one_person_cannot_fill_the_house(ports, minh, hoa, report, monkeypatch):
    monkeypatch.setattr(rules, "MOST_ANNOTATIONS", 3)
    page = Page(ports, minh, report)
    for _ in range(3):
        page.draws()
    assert page.does(Act.WRITE, "stroke-4", page=0, kind="ink", colour="blue", body=STROKE) == str(
        rules.TooManyAnnotations()
    )
    page.does(Act.REMOVE, page.own[0])
    assert len(page.own) == 2
    Page(ports, hoa, report).draws()


def test_removing_is_possible_when_there_is_no_room_left(ports, minh, report, monkeypatch):
    page = Page(ports, minh, report)
    note = page.notes("Dài")
    monkeypatch.setattr(rules, "MOST_BYTES", 1)
    assert page.does(Act.CHANGE, note, body={"x": 5, "y": 5, "text": "Dài hơn"}) == str(rules.TooManyAnnotations())
    assert page.does(Act.REMOVE, note) is None


def test_ten_thousand_strokes_are_kept_and_read(ports, minh, report):
    page = Page(ports, minh, report)
    written = {"page": 0, "kind": "ink", "colour": "blue", "body": STROKE}
    for start in range(0, 10_000, 200):
        changes = [Change(Act.WRITE, f"stroke-{number:06d}", written) for number in range(start, start + 200)]
        outcomes = annotation.keep(ports, minh, report, page.version_id, changes)
        assert not any(each.refused for each in outcomes)
    assert len(page.book().own) == 10_000


def test_two_tablets_of_one_person_number_their_changes_apart(ports, minh, report):
    from threading import Barrier, Thread

    page, gate = Page(ports, minh, report), Barrier(8)

    def draw() -> None:
        gate.wait()
        for _ in range(5):
            page.draws()

    threads = [Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ports.database.reading() as session:
        numbers = session.exec(select(Annotation.change).where(Annotation.account_id == minh.account_id)).all()
    assert sorted(numbers) == list(range(1, 41))


@pytest.fixture
def two_versions(ports, lan, running_meeting, tmp_path):
    """A function: replace a paper of these pages by one of others; the ids of document and both versions."""
    from meeting_app.services import version as versions
    from meeting_app.worker.loop import work_once
    from tests.pdf.hostile import plain

    def made(write_between=lambda _document_id: None) -> tuple[int, int, int]:
        first, second = tmp_path / "một.pdf", tmp_path / "hai.pdf"
        first.write_bytes(pages_of(plain, "Mở đầu", "Số liệu", "Kết luận"))
        second.write_bytes(pages_of(plain, "Mở đầu", "Tóm tắt mới", "Kết luận"))
        document_id = documents.upload(ports, lan, running_meeting, first, file_name="một.pdf", for_guests=True)
        while work_once(ports):
            pass
        old = version_of(ports, document_id)
        write_between(document_id)
        new = versions.replace(ports, lan, document_id, second, file_name="hai.pdf")
        while work_once(ports):
            pass
        return document_id, old, new

    return made


def pages_of(plain, *texts: str) -> bytes:
    from io import BytesIO

    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for text in texts:
        writer.append(PdfReader(BytesIO(plain(text))))
    content = BytesIO()
    writer.write(content)
    return content.getvalue()


def test_what_was_written_goes_along_to_the_pages_that_are_found_again(ports, running_meeting, minh, hoa, two_versions):
    def write(document_id: int) -> None:
        page = Page(ports, minh, document_id)
        page.draws("stroke-first", page=0)
        page.draws("stroke-second", page=1)
        page.does(Act.SHARE, page.notes("Cho chị Hoa", page=2), people=[attendee_of(ports, running_meeting, hoa)])
        page.does(Act.REMOVE, page.notes("Bỏ", page=2))

    document_id, old, new = two_versions(write)
    page = Page(ports, minh, document_id, new)
    assert [(each.page, each.kind) for each in page.book().own] == [(0, "ink"), (2, "note")]
    assert Page(ports, hoa, document_id, new).seen == ["Cho chị Hoa"]
    assert len(Page(ports, minh, document_id, old).own) == 3
    lines = annotation_rows.mentions(ports, minh, running_meeting)
    assert [(line.page, line.newest) for line in lines] == [(0, True), (2, True), (1, False)]


def test_carried_once_and_what_was_removed_there_does_not_come_back(ports, minh, two_versions):
    from meeting_app.services.annotation_carry import carry

    document_id, _old, new = two_versions(lambda document_id: Page(ports, minh, document_id).draws("stroke-a"))
    page = Page(ports, minh, document_id, new)
    (copy,) = page.own
    page.does(Act.REMOVE, copy)
    carry(ports, new)
    assert page.own == []


def test_written_late_on_the_old_version_it_comes_along_too(ports, minh, two_versions):
    document_id, old, new = two_versions()
    Page(ports, minh, document_id, old).draws("stroke-late", page=2)
    assert [each.page for each in Page(ports, minh, document_id, new).book().own] == [2]
