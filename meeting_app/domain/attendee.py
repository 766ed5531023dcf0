"""People in one meeting: their role, their reply, their presence."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, UniqueConstraint

from meeting_app.domain.wording import typed
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

LONGEST_REASON = 500


class Role(StrEnum):
    CHAIR = "chair"  # Chủ trì
    SECRETARY = "secretary"  # Thư ký
    MEMBER = "member"  # Đại biểu
    GUEST = "guest"  # Khách mời


ROLE_LABEL = {
    Role.CHAIR: N_("Chair"),
    Role.SECRETARY: N_("Secretary"),
    Role.MEMBER: N_("Attendee"),
    Role.GUEST: N_("Guest"),
}


class Reply(StrEnum):
    NONE = "none"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Attendee(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("meeting_id", "account_id"),)

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    role: Role = Field(default=Role.MEMBER, sa_type=stored_words(Role))
    reply: Reply = Field(default=Reply.NONE, sa_type=stored_words(Reply))
    reply_reason: str = Field(default="", max_length=LONGEST_REASON)
    replied_at: datetime | None = None
    checked_in_at: datetime | None = None
    absence_reason: str = Field(default="", max_length=LONGEST_REASON)

    @property
    def present(self) -> bool:
        return self.checked_in_at is not None

    @property
    def why_absent(self) -> str:
        """What the secretary wrote, else what the person answered when declining."""
        return self.absence_reason or (self.reply_reason if self.reply is Reply.DECLINED else "")


class ReasonMissing(MeetingError):
    message = N_("Please give the reason.")


class ReasonTooLong(MeetingError):
    message = N_("The reason may have at most {length} characters.")


class NotYetOpen(MeetingError):
    message = N_("Checking in opens {minutes} minutes before the meeting starts.")


class AlreadyClosed(MeetingError):
    message = N_("The meeting has ended.")


def clean_reason(reason: str) -> str:
    cleaned = typed(reason).strip()
    if not cleaned:
        raise ReasonMissing
    if len(cleaned) > LONGEST_REASON:
        raise ReasonTooLong(length=LONGEST_REASON)
    return cleaned
