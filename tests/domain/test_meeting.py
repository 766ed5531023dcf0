from datetime import UTC, datetime, timedelta

import pytest

from meeting_app.domain import meeting
from meeting_app.domain.meeting import (
    LONGEST_DAYS,
    LONGEST_TITLE,
    STATE_LABEL,
    EndsBeforeStart,
    LastsTooLong,
    Meeting,
    MeetingState,
    NotInState,
    NotRunning,
    TitleMissing,
    TitleTooLong,
)

EIGHT = datetime(2026, 11, 23, 1, tzinfo=UTC)


def meeting_in(state: MeetingState) -> Meeting:
    return Meeting(
        unit_id=1,
        venue_id=1,
        title="Họp",
        starts_at=EIGHT,
        ends_at=EIGHT + timedelta(hours=1),
        state=state,
        created_by=1,
        created_at=EIGHT,
    )


def test_a_title_is_one_line_of_words():
    assert meeting.clean_title("  Họp \n giao   ban ") == "Họp giao ban"


@pytest.mark.parametrize("title", ["", "  ", "\n\t"])
def test_a_meeting_without_title_is_refused(title: str):
    with pytest.raises(TitleMissing):
        meeting.clean_title(title)


def test_a_title_may_be_long_but_not_too_long():
    assert len(meeting.clean_title("x" * LONGEST_TITLE)) == LONGEST_TITLE
    with pytest.raises(TitleTooLong, match=str(LONGEST_TITLE)):
        meeting.clean_title("x" * (LONGEST_TITLE + 1))


@pytest.mark.parametrize("lasts", [timedelta(0), timedelta(minutes=-1)])
def test_a_meeting_ends_after_it_starts(lasts: timedelta):
    with pytest.raises(EndsBeforeStart):
        meeting.ensure_times(EIGHT, EIGHT + lasts)


def test_a_meeting_lasts_days_but_not_weeks():
    meeting.ensure_times(EIGHT, EIGHT + timedelta(days=LONGEST_DAYS) - timedelta(minutes=1))
    with pytest.raises(LastsTooLong):
        meeting.ensure_times(EIGHT, EIGHT + timedelta(days=LONGEST_DAYS))


@pytest.mark.parametrize("state", MeetingState)
def test_a_refused_step_names_the_state_in_the_readers_words(state: MeetingState):
    others = [each for each in MeetingState if each is not state]
    meeting.ensure_state(meeting_in(state), state)
    with pytest.raises(NotInState) as refused:
        meeting.ensure_state(meeting_in(state), *others)
    assert "{" not in str(refused.value)
    assert STATE_LABEL[state] not in str(refused.value)  # translated


@pytest.mark.parametrize("state", [each for each in MeetingState if each is not MeetingState.RUNNING])
def test_only_a_meeting_in_session_is_run(state: MeetingState):
    meeting.ensure_running(meeting_in(MeetingState.RUNNING))
    with pytest.raises(NotRunning):
        meeting.ensure_running(meeting_in(state))
