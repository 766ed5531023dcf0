"""The meeting itself: its life from draft to archive, and the rules of each step."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from meeting_app.domain.wording import one_line
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_, _

LONGEST_TITLE = 300


class MeetingState(StrEnum):
    DRAFT = "draft"  # Dự thảo
    CONVENED = "convened"  # Đã mời: the invitation is issued
    RUNNING = "running"  # Đang họp
    PAUSED = "paused"  # Tạm dừng
    CLOSED = "closed"  # Đã kết thúc, minutes being made
    RECORDED = "recorded"  # Biên bản đã ký và phát hành
    CANCELLED = "cancelled"  # Đã huỷ


STATE_LABEL = {
    MeetingState.DRAFT: N_("Draft"),
    MeetingState.CONVENED: N_("Invited"),
    MeetingState.RUNNING: N_("In session"),
    MeetingState.PAUSED: N_("Paused"),
    MeetingState.CLOSED: N_("Closed"),
    MeetingState.RECORDED: N_("Minutes signed"),
    MeetingState.CANCELLED: N_("Cancelled"),
}


class Meeting(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    venue_id: int = Field(foreign_key="venue.id", index=True)
    title: str = Field(max_length=LONGEST_TITLE)
    note: str = Field(default="", max_length=2000)  # "Ghi chú" of the invitation
    starts_at: datetime = Field(index=True)
    ends_at: datetime
    state: MeetingState = Field(default=MeetingState.DRAFT, index=True, sa_type=stored_words(MeetingState))
    version: int = 0  # last number of the event log
    quorum_numerator: int = 2  # at least this part of all who may vote must be here before a motion opens
    quorum_denominator: int = 3
    opened_at: datetime | None = None
    paused_at: datetime | None = None
    closed_at: datetime | None = None
    created_by: int = Field(foreign_key="account.id")
    created_at: datetime


class TitleMissing(MeetingError):
    message = N_("The meeting needs a title.")


class TitleTooLong(MeetingError):
    message = N_("The title may have at most {length} characters.")


class EndsBeforeStart(MeetingError):
    message = N_("The end must come after the start.")


class LastsTooLong(MeetingError):
    message = N_("A meeting may last at most {days} days.")


class VenueTaken(MeetingError):
    message = N_("{venue} is already taken from {start} to {end}. Choose another room or time.")


class ChairMissing(MeetingError):
    message = N_("Choose who chairs the meeting.")


class SecretaryMissing(MeetingError):
    message = N_("Choose the secretary of the meeting.")


class ChairIsSecretary(MeetingError):
    message = N_("The chair and the secretary must be two people.")


class NobodyInvited(MeetingError):
    message = N_("Choose at least one attendee.")


class AgendaEmpty(MeetingError):
    message = N_("The agenda needs at least one item before invitations go out.")


class NotInState(MeetingError):
    message = N_("This cannot be done now: the meeting is “{state}”.")


class NotRunning(MeetingError):
    message = N_("The meeting is not in session.")


LONGEST_DAYS = 7


def clean_title(title: str) -> str:
    """The title on one line, or the sentence that says what is wrong with it."""
    cleaned = one_line(title)
    if not cleaned:
        raise TitleMissing
    if len(cleaned) > LONGEST_TITLE:
        raise TitleTooLong(length=LONGEST_TITLE)
    return cleaned


def ensure_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise EndsBeforeStart
    if (ends_at - starts_at).days >= LONGEST_DAYS:
        raise LastsTooLong(days=LONGEST_DAYS)


def ensure_state(meeting: Meeting, *allowed: MeetingState) -> None:
    if meeting.state not in allowed:
        raise NotInState(state=_(STATE_LABEL[meeting.state]))


def ensure_running(meeting: Meeting) -> None:
    if meeting.state is not MeetingState.RUNNING:
        raise NotRunning
