"""Many hands on the floor at the same instant: one speaker, every request once, a reason for who came too late."""

from collections import Counter

from sqlmodel import select

from meeting_app.domain import turn as turns
from meeting_app.domain.access import Actor
from meeting_app.domain.floor import AlreadyWaiting, NotWaiting
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.message import HelpAlreadyCalled, NobodyCallsForHelp
from meeting_app.ports import Ports
from tests.races.test_meeting import at_once, crowd, ensure_whole
from tests.services.floor_play import Floor


def seated(ports: Ports, meeting_id: int, people: int) -> list[Actor]:
    with ports.database.writing() as session:
        return crowd(session, session.exec(select(Meeting).where(Meeting.id == meeting_id)).one(), people)


def test_two_hundred_ask_at_once_and_nobody_is_lost(ports: Ports, lan: Actor, running_meeting: int):
    floor = Floor(ports, running_meeting, lan)
    people = seated(ports, running_meeting, 200)
    for start in range(0, 200, 50):  # fifty hands at a time; a database takes no more connections
        hands = people[start : start + 50]
        answers = at_once([lambda who=who: floor.act(who, "raise", kind="speech") for who in hands])
        assert all(isinstance(answer, int) for answer in answers)
    rows = floor.rows()
    assert len({row["attendee_id"] for row in rows}) == len(rows) == 200
    assert [row["position"] for row in rows] == sorted({row["position"] for row in rows})
    ensure_whole(ports, running_meeting)


def test_the_same_hand_raised_twenty_times_waits_once(ports: Ports, lan: Actor, minh: Actor, running_meeting: int):
    floor = Floor(ports, running_meeting, lan)
    answers = at_once([lambda n=n: floor.act(minh, "raise", kind="speech", subject=str(n % 2)) for n in range(20)])
    assert Counter(type(each) is int for each in answers)[True] >= 10
    assert {each for each in answers if not isinstance(each, int)} <= {AlreadyWaiting}
    assert len(floor.rows()) == 1
    ensure_whole(ports, running_meeting)


def test_two_desks_that_call_at_once_give_one_the_floor(
    ports: Ports, lan: Actor, hung: Actor, minh: Actor, hoa: Actor, running_meeting: int
):
    floor = Floor(ports, running_meeting, lan)
    first, second = floor.ask(minh), floor.ask(hoa)
    answers = at_once(
        [
            lambda: floor.act(lan, "grant", request_id=first, instead_of=0),
            lambda: floor.act(hung, "grant", request_id=second, instead_of=0),
            lambda: floor.act(hung, "next", instead_of=0),
            lambda: floor.act(lan, "next", instead_of=0),
        ]
    )
    assert sum(isinstance(each, int) for each in answers) == 1
    refusals = {turns.AnotherWasCalled, turns.AlreadySpeaking, NotWaiting}
    assert {each for each in answers if not isinstance(each, int)} <= refusals
    assert (len(floor.rows("speaking")), len(floor.rows("waiting"))) == (1, 1)
    ensure_whole(ports, running_meeting)


def test_an_end_a_withdrawal_and_a_call_at_once_leave_one_truth(
    ports: Ports, lan: Actor, hung: Actor, minh: Actor, hoa: Actor, running_meeting: int
):
    floor = Floor(ports, running_meeting, lan)
    for _ in range(5):
        request = floor.ask(minh)
        order = floor.ask(hoa, "order")
        floor.act(lan, "grant", request_id=request)
        at_once(
            [
                lambda request=request: floor.act(minh, "end", request_id=request),
                lambda order=order: floor.act(hung, "grant", request_id=order),
                lambda order=order: floor.act(hoa, "withdraw", request_id=order),
                lambda request=request: floor.act(lan, "pause", request_id=request),
                lambda request=request: floor.act(lan, "undo", request_id=request),
            ]
        )
        assert len(floor.rows("speaking")) <= 1
        for row in floor.rows():
            if row["state"] in ("speaking", "paused"):
                floor.act(lan, "end", request_id=row["id"])
            elif row["state"] == "waiting":
                floor.act(lan, "withdraw", request_id=row["id"])
    ensure_whole(ports, running_meeting)


def test_help_is_called_once_and_given_once(ports: Ports, lan: Actor, hung: Actor, minh: Actor, running_meeting: int):
    floor = Floor(ports, running_meeting, lan)
    called = at_once([lambda n=n: floor.act(minh, "help.call", text=str(n)) for n in range(10)])
    assert [each for each in called if isinstance(each, int)]
    assert {each for each in called if not isinstance(each, int)} == {HelpAlreadyCalled}
    [call] = floor.state()["help"]
    given = at_once([lambda who=who: floor.act(who, "help.answer", help_id=call["id"]) for who in (lan, hung) * 4])
    assert sorted(map(str, given))[1:] == [str(NobodyCallsForHelp)] * 7
    ensure_whole(ports, running_meeting)
