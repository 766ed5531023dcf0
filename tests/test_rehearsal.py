"""The demo's meetings are planned at times as offices plan them, and vote as meetings do."""

from datetime import datetime, timedelta

import pytest

from meeting_app.domain.calendar import VIETNAM, local
from meeting_app.domain.motion import MotionState
from meeting_app.ports import Ports
from meeting_app.rehearsal import PlayedClock, Rehearsal, next_round_time, working_morning
from meeting_app.services import motion as motions
from meeting_app.services.recount import recount
from tests.cast import Cast
from tests.voting import come

FRIDAY = datetime(2026, 11, 27, 15, 3, 7, tzinfo=VIETNAM)


@pytest.mark.parametrize("seconds", [0, 1, 113, 299, 300])
def test_a_meeting_begins_within_five_minutes_at_a_round_time(seconds: int):
    now = FRIDAY.replace(minute=0, second=0) + timedelta(seconds=seconds)
    start = next_round_time(now)
    assert timedelta() < start - now <= timedelta(minutes=5)
    assert (start.minute % 5, start.second) == (0, 0)


@pytest.mark.parametrize(
    ("days", "planned"), [(0, "Fri 27"), (1, "Mon 30"), (2, "Mon 30"), (3, "Mon 30"), (4, "Tue 01")]
)
def test_a_meeting_of_another_day_begins_in_the_morning_of_a_working_day(days: int, planned: str):
    start = working_morning(FRIDAY + timedelta(days=days))
    assert f"{local(start):%a %d %H:%M}" == f"{planned} 08:00"


@pytest.fixture
def play(ports: Ports, cast: Cast, running_meeting: int, agenda: list[int]) -> Rehearsal:
    """The demo's script on a running meeting of the tests, where those of the demo have checked in."""
    play = Rehearsal.of(ports, PlayedClock(ports.clock.now()), cast, None)
    play.meeting_id = running_meeting
    come(ports, running_meeting, *(cast.actors[name] for name in ("hung", "lan", "minh", "hoa", "quang")))
    return play


def test_the_meeting_that_runs_has_its_list_approved_with_a_secret_choice_at_its_end(play: Rehearsal):
    ids = play.approve_motions()
    listed = motions.motions(play.ports, play.cast.actors["quang"], play.meeting_id)
    assert [each.id for each in listed] == ids
    assert {each.state for each in listed} == {MotionState.APPROVED}
    assert [(each.secret, len(each.options)) for each in listed] == [(False, 0), (False, 0), (True, 3)]


def test_what_the_finished_meeting_voted_is_carried_and_counted_again_to_the_same(play: Rehearsal):
    play.vote()
    (counted,) = recount(play.ports, play.meeting_id)
    assert counted.agrees, counted.complaints
    assert (counted.result["agree"], counted.result["other"], counted.result["carried"]) == (2, 1, True)
