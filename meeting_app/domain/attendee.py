"""People in one meeting: their role, their reply, their presence."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
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


class Whereabouts(StrEnum):
    ROOM = "room"
    ONLINE = "online"


class CheckInWay(StrEnum):
    TOUCH = "touch"  # on one's own tablet
    CODE = "code"  # the QR code on the wall
    DESK = "desk"  # by the secretary's hand


class Attendee(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("meeting_id", "account_id"),
        Index("ix_attendee_meeting_id_seat_id", "meeting_id", "seat_id", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    role: Role = Field(default=Role.MEMBER, sa_type=stored_words(Role))
    reply: Reply = Field(default=Reply.NONE, sa_type=stored_words(Reply))
    reply_reason: str = Field(default="", max_length=LONGEST_REASON)
    replied_at: datetime | None = None
    votes: bool = True  # is entitled to; guests never are
    checked_in_at: datetime | None = None  # the first arrival
    checked_in_by: CheckInWay | None = Field(default=None, sa_type=stored_words(CheckInWay))
    place: Whereabouts | None = Field(default=None, sa_type=stored_words(Whereabouts))
    left_at: datetime | None = None  # went before the end
    absence_reason: str = Field(default="", max_length=LONGEST_REASON)
    seat_id: int | None = Field(default=None, foreign_key="seat.id")
    stands_for_id: int | None = Field(default=None, foreign_key="attendee.id")  # whose delegate this person only is
    delegate_id: int | None = Field(default=None, foreign_key="attendee.id")  # who acts for this person
    delegate_votes: bool = False  # the vote goes along

    @property
    def present(self) -> bool:
        return self.checked_in_at is not None and self.left_at is None

    def came_late(self, opened_at: datetime | None) -> bool:
        """Whether the meeting was open already when this person arrived."""
        return self.checked_in_at is not None and opened_at is not None and self.checked_in_at > opened_at

    def took_part(self, opened_at: datetime | None) -> bool:
        """Whether this person was there at any time of the session: who left before it was opened was not."""
        if self.checked_in_at is None:
            return False
        return self.left_at is None or opened_at is None or self.left_at > opened_at

    @property
    def why_absent(self) -> str:
        """What the secretary wrote, else what the person answered when declining."""
        return self.absence_reason or (self.reply_reason if self.reply is Reply.DECLINED else "")


def votes_by(role: Role) -> bool:
    """Whether somebody of this role is entitled to vote unless the desk says otherwise."""
    return role in (Role.CHAIR, Role.MEMBER)


class ReasonMissing(MeetingError):
    message = N_("Please give the reason.")


class ReasonTooLong(MeetingError):
    message = N_("The reason may have at most {length} characters.")


class NotYetOpen(MeetingError):
    message = N_("Checking in opens {minutes} minutes before the meeting starts.")


class AlreadyClosed(MeetingError):
    message = N_("The meeting has ended.")


class NotPresent(MeetingError):
    message = N_("{name} has not been marked present.")


class TookPart(MeetingError):
    message = N_("{name} has voted or spoken in this meeting, and so was here. Note that they left instead.")


class TimeWrong(MeetingError):
    message = N_("This time does not lie between the opening of the doors and now.")


class Represented(MeetingError):
    message = N_("{delegate} attends this meeting for {name}. Withdraw the delegation first.")


def clean_reason(reason: str) -> str:
    cleaned = typed(reason).strip()
    if not cleaned:
        raise ReasonMissing
    if len(cleaned) > LONGEST_REASON:
        raise ReasonTooLong(length=LONGEST_REASON)
    return cleaned
