"""The minutes: nothing typed is lost, three signatures in their order, then everybody has them (W1)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlmodel import col, select

from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import ReasonMissing
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.meeting import MeetingState
from meeting_app.domain.minutes import (
    LONGEST_SECTION,
    ChangedMeanwhile,
    MeetingNotClosed,
    MinutesRevision,
    MinutesState,
    NotBeingWritten,
    OutOfOrder,
    TextTooLong,
)
from meeting_app.domain.signature import Field, Verdict, WrongPin
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import audit, delivery, minutes, minutes_section, register, snapshot
from meeting_app.services import conclusion as conclusions
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services.minutes_section import SectionView
from meeting_app.services.waiting import Errand
from tests.cast import Cast, SettableClock
from tests.keys import Office
from tests.pdf.reading import text_of
from tests.services.listening import told
from tests.services.papers import STROKES, Interrupted, errands


@pytest.fixture
def written(ports: Ports, lan: Actor, closed_meeting: int) -> int:
    """Lan has opened the minutes of a meeting that is over."""
    minutes.draft(ports, lan, closed_meeting)
    return closed_meeting


@pytest.fixture
def finalised(ports: Ports, lan: Actor, written: int, enrolled: str) -> int:
    """The paper lies before Lan, who signs first."""
    minutes.finalise(ports, lan, written)
    return written


def section(ports: Ports, actor: Actor, meeting_id: int, place: int = 0) -> SectionView:
    return minutes_section.sections(ports, actor, meeting_id)[place]


def save(ports: Ports, actor: Actor, seen: SectionView, text: str) -> int:
    return minutes_section.save(ports, actor, seen.id, base_revision=seen.revision, text=text)


def state(ports: Ports, actor: Actor, meeting_id: int) -> MinutesState | None:
    view = minutes.view(ports, actor, meeting_id)
    return view.state if view else None


def test_the_minutes_open_with_the_agenda_as_it_went(ports: Ports, lan: Actor, written: int, agenda: list[int]):
    found = minutes_section.sections(ports, lan, written)
    assert [each.item_id for each in found] == [None, *agenda, None]
    assert found[1].text == "Lê Quang Minh trình bày nội dung."
    assert found[2].text == found[3].text == "Nội dung này không được thảo luận tại phiên họp."
    assert {each.revision for each in found} == {1}
    minutes.draft(ports, lan, written)
    assert minutes_section.sections(ports, lan, written) == found


def test_minutes_are_opened_when_the_meeting_is_over(ports: Ports, lan: Actor, running_meeting: int):
    with pytest.raises(MeetingNotClosed):
        minutes.draft(ports, lan, running_meeting)
    with pytest.raises(NotFound):
        minutes_section.sections(ports, lan, running_meeting)


def test_what_is_typed_is_kept_as_it_was_typed(ports: Ports, lan: Actor, written: int):
    text = "Chủ toạ khai mạc.\n\n<b>Không</b> phải mã; {title} %s ' \" \\ 👩‍⚖️\tcột"
    assert save(ports, lan, section(ports, lan, written), text + "\x00\ud800\r\n") == 2
    kept = section(ports, lan, written)
    assert (kept.text, kept.revision) == (text + "\n", 2)


def test_saving_the_same_text_again_is_no_new_revision(ports: Ports, lan: Actor, written: int):
    before = section(ports, lan, written)
    save(ports, lan, before, "Một")
    assert save(ports, lan, before, "Một") == 2  # the answer was lost on the way and the tablet asks again


def test_two_windows_lose_neither_text(ports: Ports, lan: Actor, written: int, clock: SettableClock):
    seen = section(ports, lan, written)
    save(ports, lan, seen, "Cửa sổ thứ nhất")
    clock.advance(seconds=1)
    with pytest.raises(ChangedMeanwhile) as clash:
        save(ports, lan, seen, "Cửa sổ thứ hai")
    assert clash.value.values == {"text": "Cửa sổ thứ nhất", "revision": 2}
    assert section(ports, lan, written).text == "Cửa sổ thứ nhất"
    clock.advance(seconds=1)
    save(ports, lan, section(ports, lan, written), "Cả hai")
    with ports.database.reading() as session:
        kept = session.exec(select(MinutesRevision).order_by(col(MinutesRevision.id))).all()
    assert [each.text for each in kept] == ["Cửa sổ thứ nhất", "Cửa sổ thứ hai", "Cả hai"]


def test_ten_windows_saving_at_once_lose_nothing(ports: Ports, hung: Actor, lan: Actor, written: int):
    seen, start = section(ports, lan, written), Barrier(10)
    moving = replace(ports, clock=TickingClock(ports.clock))

    def type_and_save(number: int) -> object:
        start.wait()
        try:
            return save(moving, (hung, lan)[number % 2], seen, f"Bản {number}")
        except MeetingError as refused:
            return type(refused)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(type_and_save, range(10)))
    assert sorted(answers, key=str) == sorted([2, *[ChangedMeanwhile] * 9], key=str)
    with ports.database.reading() as session:
        assert {each.text for each in session.exec(select(MinutesRevision)).all()} == {f"Bản {n}" for n in range(10)}


class TickingClock:
    """A microsecond later each time it is asked."""

    def __init__(self, clock: SettableClock) -> None:
        self.clock = clock

    def now(self):
        return self.clock.advance(microseconds=1)


def test_a_section_has_an_end(ports: Ports, lan: Actor, written: int):
    seen = section(ports, lan, written)
    assert save(ports, lan, seen, "x" * LONGEST_SECTION) == 2
    with pytest.raises(TextTooLong):
        save(ports, lan, section(ports, lan, written), "x" * (LONGEST_SECTION + 1))


def test_only_secretary_and_chair_write(ports: Ports, cast: Cast, written: int):
    lan = cast.actors["lan"]
    seen = section(ports, lan, written)
    assert save(ports, cast.actors["hung"], seen, "Chủ toạ sửa") == 2
    for person, refusal in {"minh": NotAllowed, "quang": NotAllowed, "thu": NotAllowed, "nam": NotFound}.items():
        actor = cast.actors[person]
        for act in (
            lambda actor=actor: minutes_section.sections(ports, actor, written),
            lambda actor=actor: save(ports, actor, seen, "Của tôi"),
            lambda actor=actor: minutes.finalise(ports, actor, written),
            lambda actor=actor: minutes.draft(ports, actor, written),
            lambda actor=actor: minutes.reopen(ports, actor, written, "Sửa"),
        ):
            with pytest.raises(refusal):
                act()
    assert section(ports, lan, written).text == "Chủ toạ sửa"
    with pytest.raises(NotFound):
        minutes_section.save(ports, lan, 10_000, base_revision=1, text="")


def test_nobody_else_reads_what_is_being_written(ports: Ports, cast: Cast, finalised: int):
    for person in ("minh", "quang", "thu"):
        assert minutes.view(ports, cast.actors[person], finalised) is None
        for act in (minutes.file, minutes.verdict):
            with pytest.raises(NotFound):
                act(ports, cast.actors[person], finalised)
    with pytest.raises(NotFound):
        minutes.view(ports, cast.actors["nam"], finalised)


def test_minutes_are_signed_in_their_order_sealed_and_with_everybody(
    ports: Ports, cast: Cast, closed_meeting: int, enrolled: str, agenda: list[int], clock: SettableClock
):
    hung, lan, minh, thu = (cast.actors[name] for name in ("hung", "lan", "minh", "thu"))
    assert errands(ports, lan) == [Errand.WRITE_MINUTES]
    conclusions.record(ports, lan, closed_meeting, "Giao Phòng Kinh tế hoàn thiện.", agenda[0])
    conclusions.record(ports, lan, closed_meeting, "Phiên họp thành công.")
    minutes.draft(ports, lan, closed_meeting)
    save(ports, lan, section(ports, lan, closed_meeting, 1), "Đại biểu thảo luận sôi nổi.")
    listener, known = snapshot.take(ports, minh, closed_meeting)
    minutes.finalise(ports, lan, closed_meeting)
    paper = text_of(minutes.file(ports, lan, closed_meeting).path.read_bytes())
    for words in ("Giao Phòng Kinh tế hoàn thiện.", "Phiên họp thành công.", "Đại biểu thảo luận sôi nổi."):
        assert words in paper

    steps = [
        (lan, Errand.SIGN_MINUTES, Field.SECRETARY, MinutesState.AWAITING_CHAIR),
        (hung, Errand.SIGN_MINUTES, Field.CHAIR, MinutesState.AWAITING_SEAL),
    ]
    for signer, errand, field, following in steps:
        assert errands(ports, signer) == [errand]
        verdict = minutes.sign(ports, signer, closed_meeting, pin=enrolled, strokes=STROKES)
        assert verdict.signatures[-1].field == field
        assert {each.verdict for each in verdict.signatures} == {Verdict.VALID}
        assert state(ports, lan, closed_meeting) is following
        assert errands(ports, signer) == []
    assert errands(ports, thu) == [Errand.SEAL_MINUTES]
    issued_at = clock.advance(minutes=1)
    verdict = minutes.seal(ports, thu, closed_meeting, pin=enrolled)
    assert verdict.verdict is Verdict.VALID
    assert [each.signer for each in verdict.signatures] == [
        "Trần Thị Lan",
        "Nguyễn Văn Hùng",
        "Uỷ ban nhân dân phường An Hải",
    ]

    view = minutes.view(ports, minh, closed_meeting)
    assert (view.state, view.number, view.issued_at) == (MinutesState.ISSUED, "01/BB-UBND", issued_at)
    assert (view.may_write, view.may_sign, view.may_seal) == (False, False, False)
    assert meetings.view(ports, minh, closed_meeting).state is MeetingState.RECORDED
    assert errands(ports, minh) == [Errand.READ_MINUTES]
    assert minutes.file(ports, minh, closed_meeting).file_name == "bien-ban-01-BB-UBND.pdf"
    assert errands(ports, minh) == []
    assert len(delivery.of_paper(ports, lan, closed_meeting, "minutes")) == 6
    [entry] = register.book(ports, thu, issued_at.year)
    assert (entry.number, entry.issued_at) == ("01/BB-UBND", issued_at)
    log = events.after(ports, closed_meeting, known["version"])
    stages = [(each.body["state"], each.channel) for each in log if each.kind is Kind.MINUTES]
    assert stages == [
        ("awaiting_secretary", Channel.EVERYONE),
        ("awaiting_chair", Channel.EVERYONE),
        ("awaiting_seal", Channel.EVERYONE),
        ("issued", Channel.EVERYONE),
    ]
    assert told(known, listener, log) == snapshot.take(ports, minh, closed_meeting)[1]
    assert audit.check(ports)[1] is None


def test_nobody_signs_out_of_turn(ports: Ports, cast: Cast, finalised: int, enrolled: str):
    hung, lan, minh, thu, nam = (cast.actors[name] for name in ("hung", "lan", "minh", "thu", "nam"))

    def sign(actor: Actor) -> None:
        minutes.sign(ports, actor, finalised, pin=enrolled, strokes=STROKES)

    for actor, refusal in ((hung, OutOfOrder), (minh, NotFound), (thu, NotFound), (nam, NotFound)):
        with pytest.raises(refusal):
            sign(actor)
    for actor, refusal in ((thu, OutOfOrder), (lan, NotAllowed), (minh, NotFound), (nam, NotFound)):
        with pytest.raises(refusal):
            minutes.seal(ports, actor, finalised, pin=enrolled)
    with pytest.raises(WrongPin):
        minutes.sign(ports, lan, finalised, pin="000000", strokes=STROKES)
    assert state(ports, lan, finalised) is MinutesState.AWAITING_SECRETARY
    sign(lan)
    for actor in (lan, thu):
        with pytest.raises((OutOfOrder, NotFound)):
            sign(actor)
    assert [each.signer for each in minutes.verdict(ports, lan, finalised).signatures] == ["Trần Thị Lan"]


def test_what_is_before_the_signers_is_not_written_any_more(ports: Ports, lan: Actor, finalised: int):
    with pytest.raises(NotBeingWritten):
        save(ports, lan, section(ports, lan, finalised), "Thêm")
    with pytest.raises(NotBeingWritten):
        minutes.finalise(ports, lan, finalised)
    with pytest.raises(NotBeingWritten):
        conclusions.record(ports, lan, finalised, "Thêm")
    somebody = attendees.attendees(ports, lan, finalised)[-1].id
    with pytest.raises(NotBeingWritten):
        attendees.explain_absence(ports, lan, finalised, somebody, "Đi công tác")


def test_the_chair_gives_them_back_with_a_reason_and_they_keep_their_number(
    ports: Ports, hung: Actor, lan: Actor, finalised: int
):
    first = minutes.view(ports, lan, finalised)
    with pytest.raises(ReasonMissing):
        minutes.reopen(ports, hung, finalised, " ")
    minutes.reopen(ports, hung, finalised, "Ghi thiếu ý kiến")
    view = minutes.view(ports, lan, finalised)
    assert (view.state, view.refusal_reason, view.may_write) == (MinutesState.DRAFT, "Ghi thiếu ý kiến", True)
    assert errands(ports, lan) == [Errand.WRITE_MINUTES]
    save(ports, lan, section(ports, lan, finalised), "Đã bổ sung ý kiến.")
    minutes.finalise(ports, lan, finalised)
    again = minutes.view(ports, lan, finalised)
    assert (again.state, again.number, again.refusal_reason) == (MinutesState.AWAITING_SECRETARY, first.number, "")
    assert "Đã bổ sung ý kiến." in text_of(minutes.file(ports, lan, finalised).path.read_bytes())


def test_minutes_reopened_while_the_secretary_signs_stay_reopened(
    ports: Ports, hung: Actor, lan: Actor, finalised: int, enrolled: str, office: Office
):
    interrupted = replace(
        ports,
        signatures=Interrupted(office, lambda: minutes.reopen(ports, hung, finalised, "Khoan đã")),
    )
    with pytest.raises(OutOfOrder):
        minutes.sign(interrupted, lan, finalised, pin=enrolled, strokes=STROKES)
    assert state(ports, lan, finalised) is MinutesState.DRAFT


def test_presence_and_absence_are_printed(
    ports: Ports, lan: Actor, minh: Actor, hoa: Actor, running_meeting: int, enrolled: str
):
    attendees.decline(ports, hoa, running_meeting, "Đi công tác Hà Nội")
    attendees.check_in(ports, minh, running_meeting)
    meetings.close(ports, lan, running_meeting)
    minutes.draft(ports, lan, running_meeting)
    minutes.finalise(ports, lan, running_meeting)
    paper = " ".join(text_of(minutes.file(ports, lan, running_meeting).path.read_bytes()).split())
    assert "Lê Quang Minh" in paper
    assert "Đi công tác Hà Nội" in paper
