"""Everybody can count again; each lie is found."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.ballot import OpenBallot, SecretBallot
from meeting_app.domain.event import Kind, MeetingEvent
from meeting_app.domain.motion import Motion
from meeting_app.domain.voting import MotionKind
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import ballot as ballots
from meeting_app.services import vote
from meeting_app.services.recount import recount
from tests.voting import come, elector, opened, receipt

Body = dict[str, Any]


@pytest.fixture(params=[False, True], ids=["open", "secret"])
def voted(request: pytest.FixtureRequest, ports: Ports, cast, lan: Actor, running_meeting: int) -> int:
    """Two agree, one does not."""
    people = [cast.actors[name] for name in ("hung", "minh", "hoa")]
    come(ports, running_meeting, *people)
    motion_id = opened(ports, lan, running_meeting, secret=request.param)
    for number, (who, choice) in enumerate(zip(people, ("agree", "agree", "disagree"), strict=True)):
        said = {"choice": choice, "receipt": receipt(number) if request.param else ""}
        ballots.cast(ports, who, running_meeting, motion_id, elector(ports, motion_id, who), **said)
    vote.close(ports, lan, running_meeting, motion_id)
    return motion_id


def test_what_was_counted_is_counted_again(ports, voted, running_meeting):
    [found] = recount(ports, running_meeting)
    assert found.agrees
    assert (found.result["agree"], found.result["disagree"], found.result["carried"]) == (2, 1, True)


def test_an_opening_that_was_taken_back_counts_for_nothing(ports, lan, hung, minh, hoa, running_meeting):
    come(ports, running_meeting, hung, minh, hoa)
    motion_id = opened(ports, lan, running_meeting, kind=MotionKind.CHOICE, options="Một\nHai")
    vote.cancel(ports, lan, running_meeting, motion_id)
    assert recount(ports, running_meeting) == []
    vote.open_vote(ports, lan, running_meeting, motion_id)
    ballots.cast(ports, minh, running_meeting, motion_id, elector(ports, motion_id, minh), options=(2,))
    vote.close(ports, lan, running_meeting, motion_id)
    assert [each.agrees for each in recount(ports, running_meeting)] == [True]


def change_closing(body: Body, act: Callable[[list[Body]], object]) -> None:
    if "closed" in body:
        act(body["closed"]["ballots"])


def turn_a_ballot(body: Body) -> None:
    change_closing(body, lambda published: published[0].update(choice="other"))


def drop_a_ballot(body: Body) -> None:
    change_closing(body, lambda published: published.pop())


def add_a_ballot(body: Body) -> None:
    change_closing(body, lambda published: published.append({**published[0], "receipt": receipt(99)}))


def repeat_a_ballot(body: Body) -> None:
    change_closing(body, lambda published: published.append(dict(published[0])))


def spoil_a_ballot(body: Body) -> None:
    change_closing(body, lambda published: published[0].update(choice=None, options=[7]))


def publish_another_result(body: Body) -> None:
    if "closed" in body:
        body["closed"]["result"]["carried"] = False


def lower_the_bar(body: Body) -> None:
    if "opened" in body:
        body["opened"]["motion"].update(numerator=9, denominator=10)


def add_electors(body: Body) -> None:
    if "opened" in body:
        body["opened"]["electors"] += [{"id": 900 + n, "attendee_id": 900, "holder_id": 900} for n in range(3)]


def take_electors(body: Body) -> None:
    if "opened" in body:
        body["opened"]["electors"].pop()


def forget_the_opening(body: Body) -> None:
    if "opened" in body:
        body["other"] = body.pop("opened")


def open_without_enough(body: Body) -> None:
    if "opened" in body:
        body["opened"]["quorum_need"] = 4


def let_one_vote_twice(body: Body) -> None:
    if body.get("electors") and body["electors"][0]["voted"]:
        body["electors"] = [*body["electors"], body["electors"][0]]


LIES = (
    turn_a_ballot,
    drop_a_ballot,
    add_a_ballot,
    repeat_a_ballot,
    spoil_a_ballot,
    publish_another_result,
    lower_the_bar,
    add_electors,
    take_electors,
    open_without_enough,
    forget_the_opening,
    let_one_vote_twice,
)


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_in_the_log_is_found(ports, voted, running_meeting, lie):
    with ports.database.writing() as session:
        query = select(MeetingEvent).where(MeetingEvent.meeting_id == running_meeting)
        for event in session.exec(query).all():
            if event.kind in (Kind.BALLOTS, Kind.ELECTORS):
                body = deepcopy(event.body)
                lie(body)
                event.body = body
    [found] = recount(ports, running_meeting)
    assert found.complaints


def test_another_result_in_the_rows_is_found(ports, voted, running_meeting):
    with ports.database.writing() as session:
        motion = session.get_one(Motion, voted)
        motion.result = {**(motion.result or {}), "agree": 3}
    [found] = recount(ports, running_meeting)
    assert len(found.complaints) == 1


def test_another_list_in_the_rows_is_found(ports, voted, running_meeting):
    """The figures are the same, but not what the voter finds."""
    with ports.database.writing() as session:
        table = SecretBallot if session.get_one(Motion, voted).secret else OpenBallot
        for ballot in session.exec(select(table)).all():
            ballot.comment = "Không phải ý tôi"
            break
    [found] = recount(ports, running_meeting)
    assert len(found.complaints) == 1


def test_other_words_under_a_result_are_found(ports, voted, running_meeting):
    with ports.database.writing() as session:
        session.get_one(Motion, voted).title = "Thông qua điều khác"
    [found] = recount(ports, running_meeting)
    assert len(found.complaints) == 1


def test_a_result_without_a_log_is_found(ports, voted, running_meeting):
    with ports.database.writing() as session:
        query = select(MeetingEvent).where(MeetingEvent.kind == Kind.BALLOTS)
        for event in session.exec(query).all():
            session.delete(event)
    assert [each.agrees for each in recount(ports, running_meeting)] == [False]


def test_no_meeting_no_recount(ports):
    with pytest.raises(NotFound):
        recount(ports, 10_000)
