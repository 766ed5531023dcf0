"""Many hands at the same instant: one result, a clear refusal for the others, and nothing lost (W3)."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.agenda import AnotherItemCurrent, ItemNotCurrent, ItemNotWaiting, ItemState
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.meeting import Meeting, NotInState, VenueTaken
from meeting_app.errors import MeetingError
from meeting_app.ports import Ports
from meeting_app.services import account as accounts
from meeting_app.services import agenda as agendas
from meeting_app.services import attendee as attendees
from meeting_app.services import audit, snapshot
from meeting_app.services import conclusion as conclusions
from meeting_app.services import document as documents
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services.meeting import Registration
from meeting_app.services.unit_of_work import key
from tests.cast import PASSWORD, RecordedWakeUps
from tests.conftest import hand_out
from tests.services.listening import told

Act = Callable[[], object]


def at_once(acts: Sequence[Act]) -> list[object]:
    """Let all start together; a refusal is an answer, anything else that is raised is a failure."""
    start = Barrier(len(acts))

    def perform(act: Act) -> object:
        start.wait()
        try:
            return act()
        except MeetingError as refused:
            return type(refused)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(perform, acts))


def ensure_whole(ports: Ports, meeting_id: int) -> None:
    """Versions without gaps, and a chain that holds."""
    versions = [event.version for event in events.after(ports, meeting_id, 0, limit=10_000)]
    assert versions == list(range(1, events.version_of(ports, meeting_id) + 1))
    assert audit.check(ports)[1] is None


def test_two_at_the_desk_advance_the_agenda_and_one_does(
    ports: Ports, hung: Actor, lan: Actor, running_meeting: int, agenda: list[int]
):
    item = agenda[0]
    for _ in range(20):
        for act, late in ((agendas.start, ItemNotWaiting), (agendas.finish, ItemNotCurrent)):
            before = events.version_of(ports, running_meeting)
            answers = at_once(
                [
                    lambda act=act: act(ports, hung, running_meeting, item),
                    lambda act=act: act(ports, lan, running_meeting, item),
                ]
            )
            assert sorted(answers, key=str) == sorted([before + 1, late], key=str)
        agendas.undo(ports, lan, running_meeting, item)
        agendas.undo(ports, lan, running_meeting, item)
    ensure_whole(ports, running_meeting)


def test_two_items_started_at_once_make_one_current(
    ports: Ports, hung: Actor, lan: Actor, running_meeting: int, agenda: list[int]
):
    for _ in range(20):
        answers = at_once(
            [
                lambda: agendas.start(ports, hung, running_meeting, agenda[0]),
                lambda: agendas.start(ports, lan, running_meeting, agenda[1]),
            ]
        )
        assert answers.count(AnotherItemCurrent) == 1
        [current] = [item for item in agendas.items(ports, lan, running_meeting) if item.state is ItemState.CURRENT]
        agendas.undo(ports, lan, running_meeting, current.id)
    ensure_whole(ports, running_meeting)


def test_the_meeting_is_opened_once(ports: Ports, hung: Actor, lan: Actor, convened_meeting: int):
    answers = at_once([lambda who=who: meetings.open_session(ports, who, convened_meeting) for who in (hung, lan) * 4])
    assert answers.count(NotInState) == 7
    ensure_whole(ports, convened_meeting)


def crowd(session: Session, meeting: Meeting, size: int) -> list[Actor]:
    """More members for this meeting."""
    accounts = [
        Account(username=f"dai-bieu-{n}", full_name=f"Đại biểu {n}", password_hash="", unit_id=meeting.unit_id)
        for n in range(size)
    ]
    session.add_all(accounts)
    session.flush()
    session.add_all(
        Attendee(meeting_id=key(meeting.id), account_id=key(each.id), role=Role.MEMBER) for each in accounts
    )
    return [Actor(key(each.id), each.full_name, each.unit_id) for each in accounts]


def test_thirty_check_ins_and_a_changing_agenda_lose_nothing(
    ports: Ports, lan: Actor, running_meeting: int, agenda: list[int], wake_ups: RecordedWakeUps
):
    with ports.database.writing() as session:
        people = crowd(session, session.get_one(Meeting, running_meeting), 30)
    before = events.version_of(ports, running_meeting)
    wake_ups.rung.clear()

    def walk_through() -> None:
        for item in agenda:
            agendas.start(ports, lan, running_meeting, item)
            agendas.finish(ports, lan, running_meeting, item)

    def write() -> None:
        for number in range(6):
            conclusions.record(ports, lan, running_meeting, f"Kết luận {number}")

    check_ins = [lambda who=who: attendees.check_in(ports, who, running_meeting) for who in people]
    versions = at_once([*check_ins, walk_through, write])[:30]
    assert len(set(versions)) == 30
    log = events.after(ports, running_meeting, before)
    assert len(log) == 30 + 6 + 6
    assert len(wake_ups.rung) == len(log)
    names = {each.name for each in attendees.attendees(ports, lan, running_meeting) if each.checked_in_at}
    assert names == {f"Đại biểu {n}" for n in range(30)}
    assert {item.state for item in agendas.items(ports, lan, running_meeting)} == {ItemState.FINISHED}
    assert len(snapshot.take(ports, lan, running_meeting)[1]["conclusions"]) == 6
    ensure_whole(ports, running_meeting)


def test_a_room_is_booked_once(ports: Ports, lan: Actor, registration: Registration):
    for week in range(5):
        later = timedelta(weeks=week)
        moved = replace(registration, starts_at=registration.starts_at + later, ends_at=registration.ends_at + later)
        answers = at_once([lambda moved=moved: meetings.register(ports, lan, moved) for _ in range(4)])
        assert answers.count(VenueTaken) == 3
    with ports.database.reading() as session:
        assert len(session.exec(select(Meeting)).all()) == 5


def test_different_meetings_do_not_stand_in_each_others_way(ports: Ports, lan: Actor, registration: Registration):
    """Everything at once, on rows that depend on each other in every direction: no deadlock, no loss."""

    def hold(week: int) -> int:
        later = timedelta(weeks=week)
        moved = replace(registration, starts_at=registration.starts_at + later, ends_at=registration.ends_at + later)
        meeting_id = meetings.register(ports, lan, moved)
        for number in range(4):
            agendas.insert(ports, lan, meeting_id, f"Nội dung {number}")
        meetings.change(ports, lan, meeting_id, replace(moved, note="Đổi"))
        accounts.sign_in(ports, "lan", PASSWORD, address=f"198.51.100.{week}")
        return meeting_id

    found = at_once([lambda week=week: hold(week) for week in range(8)])
    for meeting_id in found:
        assert isinstance(meeting_id, int)
        ensure_whole(ports, meeting_id)


@pytest.mark.parametrize("count", [8])
def test_moves_at_the_same_time_leave_every_item_in_one_place(
    ports: Ports, hung: Actor, lan: Actor, draft_meeting: int, agenda: list[int], count: int
):
    at_once(
        [
            lambda n=n: agendas.move(ports, (hung, lan)[n % 2], draft_meeting, agenda[n % 3], n % 3 + 1)
            for n in range(count)
        ]
    )
    found = agendas.items(ports, lan, draft_meeting)
    assert [item.position for item in found] == [1, 2, 3]
    assert sorted(item.id for item in found) == agenda
    ensure_whole(ports, draft_meeting)


def test_a_document_moved_while_it_is_taken_away_does_not_come_back(
    ports: Ports, hung: Actor, lan: Actor, running_meeting: int, agenda: list[int]
):
    for _ in range(10):
        document_id = hand_out(ports, lan, running_meeting, for_guests=True)
        listener, state = snapshot.take(ports, lan, running_meeting)
        at_once(
            [
                lambda row=document_id: documents.remove(ports, lan, row),
                lambda row=document_id: documents.place(ports, hung, row, agenda[0]),
            ]
        )
        log = events.after(ports, running_meeting, state["version"])
        assert told(state, listener, log)["documents"] == []
        assert snapshot.take(ports, lan, running_meeting)[1]["documents"] == []
