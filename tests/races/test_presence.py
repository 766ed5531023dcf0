"""Two hundred people come through the door while the desk works: no "done" is lost, every other has its reason."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.attendance_delegation import AttendanceDelegation
from meeting_app.domain.attendee import Attendee, Role, Whereabouts
from meeting_app.domain.check_in_code import CheckInSecret
from meeting_app.domain.event import Kind, MeetingEvent
from meeting_app.domain.meeting import Meeting
from meeting_app.errors import MeetingError
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import attendance_delegation as delegations
from meeting_app.services import attendee as attendees
from meeting_app.services import check_in_code as codes
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services import seat as seats
from meeting_app.services import snapshot
from meeting_app.services.unit_of_work import key
from tests.cast import Cast, SettableClock

MANY = 200


def crowd(ports: Ports, meeting_id: int, size: int) -> list[Actor]:
    with ports.database.writing() as session:
        unit_id = session.get_one(Meeting, meeting_id).unit_id
        accounts = [
            Account(username=f"c{n}", full_name=f"Đại biểu {n}", email="", password_hash="", unit_id=unit_id)
            for n in range(size)
        ]
        session.add_all(accounts)
        session.flush()
        session.add_all(Attendee(meeting_id=meeting_id, account_id=key(each.id), role=Role.MEMBER) for each in accounts)
        return [Actor(key(each.id), each.full_name, unit_id) for each in accounts]


def at_once(acts: list[Callable[[], object]], workers: int = 32) -> list[object]:
    """Each act's answer, or the kind of its refusal; all begin together, as many at a time as there are workers."""
    start = Barrier(workers)

    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        except MeetingError as error:
            return type(error)

    with ThreadPoolExecutor(workers, initializer=start.wait) as pool:
        return list(pool.map(run, acts))


def test_two_hundred_check_ins_against_agenda_changes_are_all_in_the_log(
    ports: Ports, lan: Actor, running_meeting: int, agenda: list[int]
):
    people = crowd(ports, running_meeting, MANY)
    token = codes.address(ports, running_meeting, ports.clock.now()).rpartition("/")[2]
    before = events.version_of(ports, running_meeting)

    def come(number: int, who: Actor) -> Callable[[], object]:
        if number % 3 == 0:
            return lambda: codes.check_in(ports, who, running_meeting, token)
        place = (Whereabouts.ROOM, Whereabouts.ONLINE)[number % 2]
        return lambda: attendees.check_in(ports, who, running_meeting, place=place)

    acts = [come(number, who) for number, who in enumerate(people)]
    changes = [
        lambda n=n: agendas.insert(ports, lan, running_meeting, f"Việc {n}", minutes=5, position=1) for n in range(40)
    ]
    mixed = [act for pair in zip(acts[::5], changes, strict=False) for act in pair]
    rest = [act for number, act in enumerate(acts) if number % 5]
    answers = at_once([*mixed, *rest])
    assert all(isinstance(each, int) for each in answers)
    versions = {each for each in answers if isinstance(each, int)}
    with ports.database.reading() as session:
        query = select(MeetingEvent).where(MeetingEvent.meeting_id == running_meeting, MeetingEvent.version > before)
        log = {each.version: each for each in session.exec(query).all()}
    came = [each for each in log.values() if each.kind is Kind.ATTENDEES]
    assert len(came) == MANY
    assert {each.actor_id for each in came} == {each.account_id for each in people}
    assert sorted(log) == list(range(before + 1, events.version_of(ports, running_meeting) + 1))
    assert {each.version for each in came} <= versions
    present = [each for each in attendees.attendees(ports, lan, running_meeting) if each.present]
    assert len(present) == MANY
    assert len(agendas.items(ports, lan, running_meeting)) == 3 + 40


def test_against_the_closing_every_check_in_is_in_the_log_or_was_told_why_not(
    ports: Ports, lan: Actor, running_meeting: int
):
    people = crowd(ports, running_meeting, 60)
    acts: list[Callable[[], object]] = [
        lambda who=who: attendees.check_in(ports, who, running_meeting) for who in people
    ]
    acts.insert(30, lambda: meetings.close(ports, lan, running_meeting))
    answers = at_once(acts)
    del answers[30]
    done = {who.account_id for who, answer in zip(people, answers, strict=True) if isinstance(answer, int)}
    present = {each.account_id for each in attendees.attendees(ports, lan, running_meeting) if each.present}
    assert present == done
    assert {each for each in answers if not isinstance(each, int)} <= {attendees.rules.AlreadyClosed}


def test_one_seat_is_never_given_twice(ports: Ports, lan: Actor, hung: Actor, running_meeting: int):
    crowd(ports, running_meeting, 30)
    state = snapshot.take(ports, lan, running_meeting)[1]
    people = [each["id"] for each in state["attendees"]]
    places = [each["id"] for each in state["seats"]][:6]
    acts: list[Callable[[], object]] = [
        lambda n=n, each=each: seats.place(ports, (lan, hung)[n % 2], running_meeting, each, places[n % 6])
        for n, each in enumerate(people)
    ]
    acts += [lambda who=who: seats.arrange(ports, who, running_meeting) for who in (lan, hung)]
    answers = at_once(acts)
    assert all(isinstance(each, int) for each in answers)
    taken = [each.seat_id for each in attendees.attendees(ports, lan, running_meeting) if each.seat_id]
    assert len(taken) == len(set(taken))


def test_two_who_choose_the_same_delegate_at_once_get_one(
    ports: Ports, minh: Actor, hoa: Actor, dung: Actor, thu: Actor, lan: Actor, convened_meeting: int
):
    for _ in range(10):
        answers = at_once(
            [
                lambda who=who: delegations.choose(ports, who, convened_meeting, thu.account_id, reason="Bận")
                for who in (minh, hoa, dung)
            ],
            3,
        )
        assert sum(isinstance(each, int) for each in answers) == 1
        standing = [each for each in delegations.trail(ports, lan, convened_meeting) if each.withdrawn_at is None]
        assert len(standing) == 1
        [giver] = [who for who in (minh, hoa, dung) if who.account_id == standing[0].giver_id]
        withdrawn = at_once([lambda giver=giver: delegations.withdraw(ports, giver, convened_meeting)] * 2, 2)
        assert sum(isinstance(each, int) for each in withdrawn) == 1
    with ports.database.reading() as session:
        assert {each.withdrawn_at is None for each in session.exec(select(AttendanceDelegation)).all()} == {False}


def test_walls_that_ask_for_the_first_code_at_once_show_the_same(ports: Ports, running_meeting: int):
    answers = at_once([lambda: codes.address(ports, running_meeting, ports.clock.now())] * 16, 16)
    assert len(set(answers)) == 1
    with ports.database.reading() as session:
        assert len(session.exec(select(CheckInSecret)).all()) == 1


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_a_plan_laid_while_people_are_seated_waits_its_turn(
    ports: Ports, lan: Actor, vinh: Actor, cast: Cast, convened_meeting: int, clock: SettableClock
):
    hall = cast.venues["hoi_truong"]
    acts: list[Callable[[], object]] = []
    for number in range(12):
        acts.append(lambda n=number: seats.lay(ports, vinh, hall, rules_plan(n)))
        acts.append(lambda: seats.arrange(ports, lan, convened_meeting))
    answers = at_once(acts, 8)
    assert all(isinstance(each, int) for each in answers)


def rules_plan(number: int) -> seats.Plan:
    return seats.Plan(3 + number % 3, 2, 6 + number % 2)
