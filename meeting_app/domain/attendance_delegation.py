"""Delegation of attendance: who goes to a meeting for whom, by whose word, and until when that held."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from meeting_app.domain.attendee import LONGEST_REASON


class AttendanceDelegation(SQLModel, table=True):
    """One line of the paper trail; it names accounts, because a delegate may leave the list of attendees again."""

    __tablename__ = "attendance_delegation"

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    giver_id: int = Field(foreign_key="account.id")  # the invited person
    delegate_id: int = Field(foreign_key="account.id")  # who goes instead
    with_vote: bool
    reason: str = Field(max_length=LONGEST_REASON)  # and the paper it rests on
    added: bool  # the delegate was not invited before
    given_at: datetime
    given_by: int = Field(foreign_key="account.id")  # the giver, or the desk for them
    withdrawn_at: datetime | None = None
    withdrawn_by: int | None = Field(default=None, foreign_key="account.id")
