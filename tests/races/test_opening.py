"""Who is frozen at the opening of a vote, whatever happens at that moment: what the log says came before it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlmodel import select

from meeting_app.domain.ballot import BallotCast
from meeting_app.domain.event import Kind
from meeting_app.domain.motion import MotionState
from meeting_app.errors import MeetingError
from meeting_app.services import attendance_delegation as delegations
from meeting_app.services import attendee as attendees
from meeting_app.services import ballot as ballots
from meeting_app.services import event as events
from meeting_app.services import vote
from meeting_app.services.recount import recount
from tests.voting import approved, come, elector, motion_row

ROUNDS = 4


@pytest.fixture
def motion(ports, lan, hung, running_meeting):
    come(ports, running_meeting, hung)
    return approved(ports, lan, running_meeting, proxies=True, seconds=60)


def at_once(*acts):
    """All together; what each returns, or its refusal."""
    together = Barrier(len(acts))

    def do(act):
        together.wait()
        try:
            return act()
        except MeetingError as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))


def frozen(ports, meeting_id):
    """Who votes by the log, and who was here by the log when it said so."""
    here, chosen = {}, None
    for event in events.after(ports, meeting_id, 0, 10_000):
        if event.kind is Kind.ATTENDEES and chosen is None:
            for gone in event.body.get("gone", []):
                here.pop(gone, None)
            here |= {each["id"]: each for each in event.body["attendees"]}
        if event.kind is Kind.BALLOTS and "opened" in event.body:
            chosen = {(each["attendee_id"], each["holder_id"]) for each in event.body["opened"]["electors"]}
    return chosen, here


def present(body):
    return body["checked_in_at"] is not None and body["left_at"] is None


def expected(here):
    found = set()
    for body in here.values():
        if not body["votes"] or body["role"] == "guest" or body["stands_for"] is not None:
            continue
        delegate = here.get(body["delegate_id"]) if body["delegate_votes"] else None
        if present(body):
            found.add((body["id"], body["id"]))
        elif delegate is not None and present(delegate):
            found.add((body["id"], delegate["id"]))
    return found


def test_arrivals_and_departures_at_the_opening(ports, lan, hung, minh, hoa, dung, running_meeting, motion):
    come(ports, running_meeting, minh, hoa)
    at_once(
        lambda: vote.open_vote(ports, hung, running_meeting, motion, "Việc gấp"),
        lambda: attendees.check_in(ports, dung, running_meeting),
        lambda: attendees.leave(ports, minh, running_meeting),
        lambda: attendees.leave(ports, hoa, running_meeting),
    )
    chosen, here = frozen(ports, running_meeting)
    assert chosen == expected(here)
    assert motion_row(ports, motion).electors == len(chosen)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_delegation_given_or_taken_back_at_the_opening(
    ports, lan, hung, dung, hoa, vinh, thu, running_meeting, motion, _round
):
    delegations.choose(ports, dung, running_meeting, vinh.account_id, reason="Ốm", with_vote=True)
    delegations.choose(ports, hoa, running_meeting, thu.account_id, reason="Ốm", with_vote=False)
    come(ports, running_meeting, vinh, thu)
    at_once(
        lambda: vote.open_vote(ports, hung, running_meeting, motion, "Việc gấp"),
        lambda: delegations.withdraw(ports, dung, running_meeting),
        lambda: delegations.choose(ports, hoa, running_meeting, thu.account_id, reason="Ốm", with_vote=True),
    )
    chosen, here = frozen(ports, running_meeting)
    assert chosen == expected(here)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_opening_taken_back_against_the_first_ballot(ports, lan, hung, running_meeting, motion, _round):
    vote.open_vote(ports, hung, running_meeting, motion, "Việc gấp")
    mine = elector(ports, motion, hung)
    cancelled, cast = at_once(
        lambda: vote.cancel(ports, lan, running_meeting, motion),
        lambda: ballots.cast(ports, hung, running_meeting, motion, mine, choice="agree"),
    )
    assert isinstance(cancelled, MeetingError) != isinstance(cast, MeetingError)
    with ports.database.reading() as session:
        assert len(session.exec(select(BallotCast)).all()) == isinstance(cast, int)
    assert motion_row(ports, motion).state is (MotionState.OPEN if isinstance(cast, int) else MotionState.APPROVED)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_the_last_second_by_hand_and_by_the_clock(ports, clock, lan, hung, minh, hoa, running_meeting, motion, _round):
    """Two ballots that came in time, one of them from two tablets, the desk and the worker, when all is counted."""
    come(ports, running_meeting, minh, hoa)
    vote.open_vote(ports, hung, running_meeting, motion)
    mine, hers = elector(ports, motion, minh), elector(ports, motion, hoa)
    in_time = clock.advance(seconds=59)
    minh, hoa = replace(minh, arrived_at=in_time), replace(hoa, arrived_at=in_time)
    clock.advance(seconds=3)
    *_, first, second, other = at_once(
        lambda: clock.advance(seconds=1),
        lambda: vote.close_due(ports, motion),
        lambda: vote.close(ports, lan, running_meeting, motion),
        lambda: ballots.cast(ports, minh, running_meeting, motion, mine, choice="agree"),
        lambda: ballots.cast(ports, minh, running_meeting, motion, mine, choice="disagree"),
        lambda: ballots.cast(ports, hoa, running_meeting, motion, hers, choice="agree"),
    )
    vote.close_due(ports, motion)
    result = motion_row(ports, motion).result
    assert not (isinstance(first, int) and isinstance(second, int))
    assert result["agree"] == sum(isinstance(each, int) for each in (first, other))
    assert result["disagree"] == isinstance(second, int)
    assert [each.agrees for each in recount(ports, running_meeting)] == [True]
