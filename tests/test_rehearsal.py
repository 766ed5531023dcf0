"""The demo's meetings are planned at times as offices plan them."""

from datetime import datetime, timedelta

import pytest

from meeting_app.domain.calendar import VIETNAM, local
from meeting_app.rehearsal import next_round_time, working_morning

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
