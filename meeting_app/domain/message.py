"""What the desk says to all or to one, and who needs help: words that pass, beside the meeting itself."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from meeting_app.domain.wording import typed
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

LONGEST_MESSAGE = 500
LONGEST_CALL = 200


class Message(SQLModel, table=True):
    """From the desk to one attendee, or to all when none is named."""

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    sender_id: int = Field(foreign_key="attendee.id")
    attendee_id: int | None = Field(default=None, foreign_key="attendee.id")
    text: str = Field(max_length=LONGEST_MESSAGE)
    sent_at: datetime
    recalled_at: datetime | None = None


class HelpCall(SQLModel, table=True):
    """Somebody needs help at their seat; it is open until it is answered or withdrawn."""

    __tablename__ = "help_call"
    __table_args__ = (
        Index(
            "one_open_call_each",
            "attendee_id",
            unique=True,
            sqlite_where=text("answered_at is null and withdrawn_at is null"),
            postgresql_where=text("answered_at is null and withdrawn_at is null"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    attendee_id: int = Field(foreign_key="attendee.id")
    text: str = Field(default="", max_length=LONGEST_CALL)
    raised_at: datetime
    answered_at: datetime | None = None
    answered_by: int | None = Field(default=None, foreign_key="account.id")
    withdrawn_at: datetime | None = None


class MessageEmpty(MeetingError):
    message = N_("Write the message first.")


class MessageTooLong(MeetingError):
    message = N_("A message may have at most {length} characters.")


class HelpAlreadyCalled(MeetingError):
    message = N_("The secretary already knows that you need help.")


class NobodyCallsForHelp(MeetingError):
    message = N_("This call for help is no longer open: someone else has just answered it, or it was withdrawn.")


class HelpNotAnswered(MeetingError):
    message = N_("This call for help was not answered yet.")


class CalledAgain(MeetingError):
    message = N_("The same person has called for help again since.")


def clean_message(words: str, longest: int = LONGEST_MESSAGE) -> str:
    """The text without blanks around it; empty is allowed here."""
    cleaned = typed(words).strip()
    if len(cleaned) > longest:
        raise MessageTooLong(length=longest)
    return cleaned
