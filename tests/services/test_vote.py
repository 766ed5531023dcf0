"""A motion before the meeting: from the call to the result."""

import pytest

from meeting_app.domain import ballot as ballot_rules
from meeting_app.domain import motion as rules
from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import Represented
from meeting_app.domain.motion import MotionState
from meeting_app.domain.voting import Base, MotionKind, TieRule
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import attendance_delegation as delegations
from meeting_app.services import attendee as attendees
from meeting_app.services import ballot as ballots
from meeting_app.services import command, snapshot, vote
from meeting_app.services import job as jobs
from meeting_app.services import meeting as meetings
from meeting_app.services import motion as motions
from meeting_app.worker.loop import work_once
from tests.voting import approved, come, elector, motion_row, opened, receipt


@pytest.fixture
def seated(ports: Ports, hung: Actor, minh: Actor, hoa: Actor, running_meeting: int) -> int:
    """Three of the four who may vote are here: a quorum of two thirds."""
    come(ports, running_meeting, hung, minh, hoa)
    return running_meeting


def cast_as(ports: Ports, meeting_id: int, motion_id: int, who: Actor, choice: str, **more) -> int:
    return ballots.cast(ports, who, meeting_id, motion_id, elector(ports, motion_id, who), choice=choice, **more)


def test_the_whole_way_of_an_open_vote(ports, lan, hung, minh, hoa, seated):
    motion_id = approved(ports, lan, seated)
    vote.call(ports, lan, seated, motion_id)
    vote.set_ready(ports, minh, seated, motion_id, ready=True)
    assert len(snapshot.take(ports, lan, seated)[1]["ready"]) == 1
    vote.open_vote(ports, lan, seated, motion_id)
    for who, choice in ((hung, "agree"), (minh, "agree"), (hoa, "other")):
        cast_as(ports, seated, motion_id, who, choice)
    vote.close(ports, lan, seated, motion_id)
    state = snapshot.take(ports, minh, seated)[1]
    [body] = state["motions"]
    assert body["state"] == "closed"
    assert (body["result"]["agree"], body["result"]["other"], body["result"]["need"]) == (2, 1, 2)
    assert body["result"]["carried"]
    assert state["electors"] == state["ready"] == []


def test_what_was_voted_is_known_to_nobody_before_the_closing(ports, lan, minh, seated):
    motion_id = opened(ports, lan, seated)
    cast_as(ports, seated, motion_id, minh, "other", comment="Cần xem lại số liệu quý III")
    state = snapshot.take(ports, lan, seated)[1]
    assert "quý III" not in str(state)
    mine = elector(ports, motion_id, minh)
    assert {each["id"]: each["voted"] for each in state["electors"]}[mine]
    assert sum(each["voted"] for each in state["electors"]) == 1


def test_a_ballot_counts_once(ports, lan, minh, seated):
    motion_id = opened(ports, lan, seated)
    cast_as(ports, seated, motion_id, minh, "agree")
    with pytest.raises(ballot_rules.AlreadyVoted):
        cast_as(ports, seated, motion_id, minh, "disagree")
    vote.close(ports, lan, seated, motion_id)
    assert motion_row(ports, motion_id).result["agree"] == 1


def test_the_same_command_again_is_the_same_ballot(ports, lan, minh, seated):
    motion_id = opened(ports, lan, seated)
    arguments = {"motion_id": motion_id, "elector_id": elector(ports, motion_id, minh), "choice": "agree"}
    first = command.perform(ports, minh, seated, "same-id-1", "ballot.cast", arguments)
    assert command.perform(ports, minh, seated, "same-id-1", "ballot.cast", {**arguments, "choice": "other"}) == first


def test_who_comes_later_has_no_vote_and_who_leaves_keeps_it(ports, lan, hung, minh, hoa, dung, seated):
    motion_id = opened(ports, lan, seated)
    come(ports, seated, dung)
    attendees.leave(ports, minh, seated)
    with pytest.raises(Exception, match="No row"):
        elector(ports, motion_id, dung)
    cast_as(ports, seated, motion_id, minh, "agree")


def test_nobody_casts_the_vote_of_another(ports, lan, minh, hoa, quang, nam, seated):
    motion_id = opened(ports, lan, seated)
    mine = elector(ports, motion_id, minh)
    for who in (hoa, quang, lan):
        with pytest.raises(rules.NotVoting):
            ballots.cast(ports, who, seated, motion_id, mine, choice="agree")
    with pytest.raises(NotFound):
        ballots.cast(ports, nam, seated, motion_id, mine, choice="agree")
    with pytest.raises(NotFound):
        ballots.cast(ports, minh, seated, motion_id, 10_000, choice="agree")


@pytest.mark.parametrize(
    ("ballot", "refusal"),
    [
        ({"choice": "maybe"}, ballot_rules.BallotUnclear),
        ({}, ballot_rules.BallotUnclear),
        ({"choice": "agree", "options": (1,)}, ballot_rules.BallotUnclear),
        ({"choice": "agree", "comment": "nhưng"}, ballot_rules.CommentOutOfPlace),
        ({"choice": "other", "comment": "a" * 1001}, ballot_rules.CommentTooLong),
    ],
)
def test_an_unclear_ballot_is_refused_and_may_be_cast_anew(ports, lan, minh, seated, ballot, refusal):
    motion_id = opened(ports, lan, seated)
    mine = elector(ports, motion_id, minh)
    with pytest.raises(refusal):
        ballots.cast(ports, minh, seated, motion_id, mine, **ballot)
    cast_as(ports, seated, motion_id, minh, "agree")


def test_without_a_quorum_only_the_chair_opens_and_says_why(ports, lan, hung, minh, running_meeting):
    come(ports, running_meeting, hung, minh)
    motion_id = approved(ports, lan, running_meeting)
    with pytest.raises(rules.NoQuorum):
        vote.open_vote(ports, hung, running_meeting, motion_id)
    with pytest.raises(rules.OnlyChairOverrules):
        vote.open_vote(ports, lan, running_meeting, motion_id, "Việc gấp")
    vote.open_vote(ports, hung, running_meeting, motion_id, "Việc gấp, đã xin ý kiến")
    [body] = snapshot.take(ports, minh, running_meeting)[1]["motions"]
    assert body["quorum"] == {"present": 2, "need": 3, "all": 4, "overruled": "Việc gấp, đã xin ý kiến"}


def test_a_reason_is_forgotten_where_there_is_a_quorum(ports, lan, seated):
    motion_id = approved(ports, lan, seated)
    vote.open_vote(ports, lan, seated, motion_id, "Không cần")
    assert motion_row(ports, motion_id).overruled == ""


def test_nobody_here_nobody_votes(ports, hung, lan, running_meeting):
    motion_id = approved(ports, lan, running_meeting)
    with pytest.raises(rules.NobodyVotes):
        vote.open_vote(ports, hung, running_meeting, motion_id, "Cứ mở")


def test_an_opening_is_taken_back_while_nobody_has_voted(ports, lan, minh, seated):
    motion_id = opened(ports, lan, seated)
    vote.cancel(ports, lan, seated, motion_id)
    assert motion_row(ports, motion_id).state is MotionState.APPROVED
    assert snapshot.take(ports, minh, seated)[1]["electors"] == []
    vote.open_vote(ports, lan, seated, motion_id)
    cast_as(ports, seated, motion_id, minh, "agree")
    with pytest.raises(rules.ThereAreBallots):
        vote.cancel(ports, lan, seated, motion_id)


def test_a_vote_is_closed_once_and_takes_nothing_afterwards(ports, lan, minh, seated):
    motion_id = opened(ports, lan, seated)
    vote.close(ports, lan, seated, motion_id)
    with pytest.raises(rules.MotionNotInState):
        vote.close(ports, lan, seated, motion_id)
    with pytest.raises(ballot_rules.VotingClosed):
        cast_as(ports, seated, motion_id, minh, "agree")


def test_time_runs_out_by_itself(ports, clock, lan, minh, seated):
    motion_id = opened(ports, lan, seated, seconds=60)
    clock.advance(seconds=30)
    vote.extend(ports, lan, seated, motion_id, 30)
    clock.advance(seconds=59)
    work_once(ports)
    assert motion_row(ports, motion_id).state is MotionState.OPEN
    clock.advance(seconds=1)
    with pytest.raises(ballot_rules.TimeIsUp):
        cast_as(ports, seated, motion_id, minh, "agree")
    work_once(ports)
    assert motion_row(ports, motion_id).state is MotionState.OPEN  # what came in time may still wait for its turn
    clock.advance(seconds=3)
    work_once(ports)
    assert motion_row(ports, motion_id).state is MotionState.CLOSED
    assert not [each for each in jobs.due(ports) if each.kind == "close_motion"]


def test_added_time_is_taken_back_until_the_earlier_end_has_passed(ports, clock, lan, seated):
    motion_id = opened(ports, lan, seated, seconds=60)
    ends = motion_row(ports, motion_id).closes_at
    with pytest.raises(rules.NoTimeWasAdded):
        vote.shorten(ports, lan, seated, motion_id, 30)
    vote.extend(ports, lan, seated, motion_id, 30)
    for seconds in (31, None):  # never behind the time that was settled with the motion
        with pytest.raises(rules.NoTimeWasAdded):
            vote.shorten(ports, lan, seated, motion_id, seconds)
    vote.shorten(ports, lan, seated, motion_id, 30)
    assert motion_row(ports, motion_id).closes_at == ends
    vote.extend(ports, lan, seated, motion_id, 30)
    clock.advance(seconds=60)
    with pytest.raises(rules.EarlierEndHasPassed):
        vote.shorten(ports, lan, seated, motion_id, 30)
    work_once(ports)
    assert motion_row(ports, motion_id).state is MotionState.OPEN
    clock.advance(seconds=33)
    work_once(ports)
    assert motion_row(ports, motion_id).state is MotionState.CLOSED


def test_a_limit_that_was_added_goes_again(ports, clock, lan, hung, minh, seated):
    motion_id = opened(ports, lan, seated)
    with pytest.raises(rules.NoTimeWasAdded):
        vote.shorten(ports, lan, seated, motion_id, None)
    vote.extend(ports, hung, seated, motion_id, 30)
    with pytest.raises(NotAllowed):
        vote.shorten(ports, minh, seated, motion_id, None)
    vote.shorten(ports, lan, seated, motion_id, None)
    clock.advance(seconds=31)
    work_once(ports)
    row = motion_row(ports, motion_id)
    assert (row.state, row.closes_at) == (MotionState.OPEN, None)
    vote.extend(ports, lan, seated, motion_id, 30)
    clock.advance(seconds=33)
    work_once(ports)
    assert motion_row(ports, motion_id).state is MotionState.CLOSED


def test_a_vote_that_is_opened_anew_while_the_worker_looks_is_closed_in_time(ports, clock, lan, seated):
    motion_id = opened(ports, lan, seated, seconds=60)
    clock.advance(seconds=63)
    [job] = jobs.due(ports)
    vote.cancel(ports, lan, seated, motion_id)
    assert vote.close_due(ports, motion_id) is None
    vote.open_vote(ports, lan, seated, motion_id)
    jobs.finish(ports, job)
    clock.advance(seconds=63)
    work_once(ports)
    assert motion_row(ports, motion_id).state is MotionState.CLOSED


def test_a_vote_closed_by_hand_is_not_closed_again_by_the_clock(ports, clock, lan, seated):
    motion_id = opened(ports, lan, seated, seconds=60)
    vote.close(ports, lan, seated, motion_id)
    closed_at = motion_row(ports, motion_id).closed_at
    clock.advance(seconds=64)
    assert vote.close_due(ports, motion_id) is None
    assert motion_row(ports, motion_id).closed_at == closed_at


def test_one_motion_at_a_time(ports, lan, seated):
    opened(ports, lan, seated)
    other = approved(ports, lan, seated, title="Việc khác")
    for act in (vote.call, vote.open_vote):
        with pytest.raises(rules.AnotherMotionGoing):
            act(ports, lan, seated, other)


def test_a_meeting_neither_rests_nor_ends_during_a_vote(ports, lan, seated):
    motion_id = opened(ports, lan, seated)
    for act in (meetings.pause, meetings.close):
        with pytest.raises(rules.MotionStillOpen):
            act(ports, lan, seated)
    vote.close(ports, lan, seated, motion_id)
    meetings.close(ports, lan, seated)


def test_a_call_rests_with_the_meeting(ports, lan, minh, seated):
    motion_id = approved(ports, lan, seated)
    vote.call(ports, lan, seated, motion_id)
    vote.set_ready(ports, minh, seated, motion_id, ready=True)
    meetings.pause(ports, lan, seated)
    assert motion_row(ports, motion_id).state is MotionState.APPROVED
    assert snapshot.take(ports, lan, seated)[1]["ready"] == []


def test_only_who_would_vote_is_ready(ports, lan, minh, dung, quang, seated):
    motion_id = approved(ports, lan, seated)
    vote.call(ports, lan, seated, motion_id)
    for who in (dung, quang, lan):
        with pytest.raises(rules.NotVoting):
            vote.set_ready(ports, who, seated, motion_id, ready=True)
    vote.set_ready(ports, minh, seated, motion_id, ready=True)
    vote.set_ready(ports, minh, seated, motion_id, ready=True)
    vote.set_ready(ports, minh, seated, motion_id, ready=False)
    assert snapshot.take(ports, lan, seated)[1]["ready"] == []


@pytest.mark.parametrize("act", [vote.call, vote.open_vote, vote.close, vote.cancel, vote.repeat])
def test_members_and_guests_run_no_vote(ports, lan, minh, quang, seated, act):
    motion_id = approved(ports, lan, seated)
    for who in (minh, quang):
        with pytest.raises(NotAllowed):
            act(ports, who, seated, motion_id)


def test_a_repeated_vote_is_a_new_round_with_its_own_electors(ports, lan, minh, dung, seated):
    motion_id = opened(ports, lan, seated)
    vote.close(ports, lan, seated, motion_id)
    come(ports, seated, dung)
    vote.repeat(ports, lan, seated, motion_id)
    again = motions.motions(ports, lan, seated)[-1]
    assert (again.round, again.repeat_of, again.state) == (2, motion_id, MotionState.APPROVED)
    with pytest.raises(rules.MotionNotInState):
        vote.repeat(ports, lan, seated, motion_id)
    with pytest.raises(rules.AnotherRoundStands):
        motions.unapprove(ports, lan, seated, again.id)
    vote.open_vote(ports, lan, seated, again.id)
    assert motion_row(ports, again.id).electors == 4


def test_the_chair_decides_a_tie(ports, lan, hung, minh, hoa, dung, seated):
    come(ports, seated, dung)
    motion_id = opened(ports, lan, seated, tie=TieRule.CHAIR)
    for who, choice in ((hung, "agree"), (minh, "agree"), (hoa, "disagree"), (dung, "disagree")):
        cast_as(ports, seated, motion_id, who, choice)
    vote.close(ports, lan, seated, motion_id)
    result = motion_row(ports, motion_id).result
    assert result["tie"]
    assert result["carried"]


def test_a_majority_of_the_cast_is_known_only_at_the_end(ports, lan, minh, seated):
    motion_id = opened(ports, lan, seated, base=Base.CAST)
    assert motion_row(ports, motion_id).need is None
    cast_as(ports, seated, motion_id, minh, "agree")
    vote.close(ports, lan, seated, motion_id)
    assert motion_row(ports, motion_id).result["need"] == 1


def test_options_are_elected(ports, lan, hung, minh, hoa, seated):
    fields = {"kind": MotionKind.CHOICE, "options": "Ông A\nBà B\nÔng C", "max_choices": 2, "winners": 1}
    motion_id = opened(ports, lan, seated, **fields)
    for who, options in ((hung, (1, 2)), (minh, (2,)), (hoa, ())):
        ballots.cast(ports, who, seated, motion_id, elector(ports, motion_id, who), options=options)
    vote.close(ports, lan, seated, motion_id)
    result = motion_row(ports, motion_id).result
    assert [(each["count"], each["carried"]) for each in result["options"]] == [(1, False), (2, True), (0, False)]


@pytest.fixture
def delegated(ports: Ports, cast, dung: Actor, seated: int) -> Actor:
    """Dũng is away; Vinh, of no part in the meeting, attends and votes for him."""
    vinh = cast.actors["vinh"]
    delegations.choose(ports, dung, seated, vinh.account_id, reason="Đi công tác", with_vote=True)
    come(ports, seated, vinh)
    return vinh


def test_a_delegated_vote_counts_once_and_only_where_it_is_allowed(ports, lan, dung, delegated, seated):
    without = opened(ports, lan, seated)
    with pytest.raises(Exception, match="No row"):
        elector(ports, without, dung)
    vote.close(ports, lan, seated, without)
    motion_id = opened(ports, lan, seated, proxies=True)
    assert motion_row(ports, motion_id).electors == 4
    his = elector(ports, motion_id, dung)
    ballots.cast(ports, delegated, seated, motion_id, his, choice="agree")
    with pytest.raises(ballot_rules.AlreadyVoted):
        ballots.cast(ports, delegated, seated, motion_id, his, choice="agree")


def test_who_voted_for_another_finds_the_receipt_as_a_guest_too(ports, lan, dung, quang, delegated, seated):
    """The vote was given before the delegation ended, and counts: who is frozen at the opening casts it."""
    motion_id = opened(ports, lan, seated, proxies=True, secret=True)
    his = elector(ports, motion_id, dung)
    delegations.withdraw(ports, dung, seated)
    ballots.cast(ports, delegated, seated, motion_id, his, choice="agree", receipt=receipt(7))
    vote.close(ports, lan, seated, motion_id)
    assert [each["receipt"] for each in motions.published(ports, delegated, motion_id)["ballots"]] == [receipt(7)]
    with pytest.raises(NotFound):
        motions.published(ports, quang, motion_id)


def test_who_comes_in_person_votes_in_person(ports, lan, dung, delegated, seated):
    with pytest.raises(Represented):
        come(ports, seated, dung)
    delegations.withdraw(ports, dung, seated)
    come(ports, seated, dung)
    motion_id = opened(ports, lan, seated, proxies=True)
    his = elector(ports, motion_id, dung)
    with pytest.raises((rules.NotVoting, NotFound)):
        ballots.cast(ports, delegated, seated, motion_id, his, choice="agree")
    ballots.cast(ports, dung, seated, motion_id, his, choice="agree")
