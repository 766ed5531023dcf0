"""Electors and ballots: who has a vote in a motion, who has cast it, and what was cast.

**What a secret ballot protects against.** Who voted (`BallotCast`) and what was voted (`SecretBallot`) are two
tables without a common key, time or order. The key of a secret ballot is its receipt, 26 random letters and
digits from the voter's own browser; nothing else that is stored (event, command receipt, audit, log) holds a
receipt or a choice before the motion is closed. While the vote runs the way rows lie on disk can betray the
order in which they came (cells of a SQLite page, `ctid` and `xmin` of PostgreSQL), so closing writes all of a
motion's secret ballots anew, in one transaction and in the order of their receipts. Whoever reads the rows, a
backup, the log or the published list afterwards cannot tell whose a ballot is. Each voter finds the own receipt
in the published list, and so knows that it was counted as it was cast.

**What it does not protect against.** An operator who watches memory, the network inside the machine, SQLite's
write-ahead file, PostgreSQL's write-ahead log or rows not yet vacuumed while votes are cast, or copies the database
then; a changed page in the voter's browser; a voter who shows the receipt; a number that tells by itself (all voted
alike, or only one voted); a comment written in one's own words.
"""

import re
from datetime import timedelta

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel, UniqueConstraint

from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.voting import Choice
from meeting_app.domain.wording import typed
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

LONGEST_COMMENT = 1000
RECEIPT_LENGTH = 26
LAST_BALLOTS = timedelta(seconds=3)  # from the end of a vote until it is counted: what came in time has its turn
_RECEIPT = re.compile(f"[A-Za-z0-9]{{{RECEIPT_LENGTH}}}")


class Elector(SQLModel, table=True):
    """A vote in one motion, frozen when it opened: whose it is, and who casts it."""

    __table_args__ = (UniqueConstraint("motion_id", "attendee_id"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    motion_id: int = Field(foreign_key="motion.id")
    attendee_id: int = Field(foreign_key="attendee.id")
    holder_id: int = Field(foreign_key="attendee.id")


class BallotCast(SQLModel, table=True):
    """That a vote was cast; what it was stands elsewhere."""

    __tablename__ = "ballot_cast"
    __table_args__ = ({"sqlite_with_rowid": False},)

    motion_id: int = Field(foreign_key="motion.id", primary_key=True)
    attendee_id: int = Field(foreign_key="attendee.id", primary_key=True)


class OpenBallot(SQLModel, table=True):
    """What was voted, by name; shown once the motion is closed."""

    __tablename__ = "open_ballot"

    elector_id: int = Field(foreign_key="elector.id", primary_key=True)
    choice: Choice | None = Field(default=None, sa_type=stored_words(Choice))
    options: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    comment: str = Field(default="", max_length=LONGEST_COMMENT)


class SecretBallot(SQLModel, table=True):
    """What was voted, by nobody: the receipt is known to the voter alone."""

    __tablename__ = "secret_ballot"
    # A row number would count the ballots in the order in which they came.
    __table_args__ = ({"sqlite_with_rowid": False},)

    motion_id: int = Field(foreign_key="motion.id", primary_key=True)
    receipt: str = Field(max_length=RECEIPT_LENGTH, primary_key=True)
    choice: Choice | None = Field(default=None, sa_type=stored_words(Choice))
    options: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    comment: str = Field(default="", max_length=LONGEST_COMMENT)


class VotingClosed(MeetingError):
    message = N_("The vote on “{title}” is over. This ballot was not counted.")


class VotingNotOpen(MeetingError):
    message = N_("“{title}” is not being voted on now.")


class TimeIsUp(MeetingError):
    message = N_("The time for voting on “{title}” is up. This ballot was not counted.")


class AlreadyVoted(MeetingError):
    message = N_("This vote has been cast already.")


class BallotUnclear(MeetingError):
    message = N_("This ballot does not say what the motion asks. Please choose again.")


class ReceiptUnusable(MeetingError):
    message = N_("This ballot could not be kept secret. Please vote again.")


class CommentTooLong(MeetingError):
    message = N_("A comment may have at most {length} characters.")


class CommentOutOfPlace(MeetingError):
    message = N_("A comment goes with “Another opinion” only.")


def is_entitled(attendee: Attendee) -> bool:
    """Whether this person has a vote of their own in the meeting, here or not."""
    return attendee.votes and attendee.role is not Role.GUEST and attendee.stands_for_id is None


def electors(attendees: list[Attendee], *, proxies: bool) -> list[tuple[Attendee, Attendee]]:
    """Whose votes count if a motion opens now, each with who casts it: oneself when present, else a delegate."""
    by_id = {each.id: each for each in attendees}
    found: list[tuple[Attendee, Attendee]] = []
    for attendee in filter(is_entitled, attendees):
        delegate = by_id.get(attendee.delegate_id) if proxies and attendee.delegate_votes else None
        if attendee.present:
            found.append((attendee, attendee))
        elif delegate is not None and delegate.present:
            found.append((attendee, delegate))
    return found


def clean_receipt(receipt: str) -> str:
    if not _RECEIPT.fullmatch(receipt):
        raise ReceiptUnusable
    return receipt


def clean_comment(comment: str, choice: Choice | None) -> str:
    cleaned = typed(comment).strip()
    if cleaned and choice is not Choice.OTHER:
        raise CommentOutOfPlace
    if len(cleaned) > LONGEST_COMMENT:
        raise CommentTooLong(length=LONGEST_COMMENT)
    return cleaned
