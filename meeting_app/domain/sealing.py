"""Sealing the documents of a meeting: one act of the clerk over many files, each sealed once (L9)."""

from datetime import datetime, timedelta

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

CHUNK = 25  # documents signed by one call of the key, stored by one transaction
CHUNK_BYTES = 100_000_000  # of their originals; one larger document is a chunk of its own
BEAT = timedelta(seconds=5)  # how often an act under way shows that it lives
ARCHIVED_AFTER = timedelta(hours=1)  # what a seal has of time and proofs holds for years: others come first
ARCHIVED_APART = timedelta(seconds=5)
SILENT = timedelta(seconds=60)  # after which an act that does not is taken for dead


class SealBatch(SQLModel, table=True):
    """One act: who seals how many documents of a meeting, and how it ended."""

    __tablename__ = "seal_batch"
    # The database itself lets only one act at a time run in a meeting.
    __table_args__ = (
        Index(
            "ix_seal_batch_running",
            "meeting_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    total: int  # documents it began with
    started_at: datetime
    beat_at: datetime  # when its process last showed that it lives
    cancelled_at: datetime | None = None  # somebody asked it to stop
    ended_at: datetime | None = None
    failure: str = Field(default="", max_length=500)  # why all of it stopped; a sentence

    def runs(self, now: datetime) -> bool:
        return self.ended_at is None and now - self.beat_at < SILENT

    def is_lost(self, now: datetime) -> bool:
        """Its process died; whoever comes next may take over."""
        return self.ended_at is None and not self.runs(now)


class DocumentSeal(SQLModel, table=True):
    """What came of a version of a document: its sealed copy, or why there is none. The original is never changed."""

    __tablename__ = "document_seal"

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="version.id", unique=True)  # none is sealed twice
    batch_id: int = Field(foreign_key="seal_batch.id", index=True)
    decided_at: datetime
    sealed_at: datetime | None = None  # as it is printed on the first page; None: it could not be sealed
    sealed_sha256: str = Field(default="", max_length=64)
    profile: str = Field(default="", max_length=5)  # of the seal's signature
    holds_until: datetime | None = None  # its archive timestamp's chain ends; None: not archived yet
    failure: str = Field(default="", max_length=500)  # a sentence


class FileMissing(MeetingError):
    message = N_("The file of this document is not in the store any more. Please upload it again.")


class InvitationNotIssued(MeetingError):
    message = N_("The documents can be sealed once the invitation is issued: its number is printed on each of them.")


class NothingToSeal(MeetingError):
    message = N_("No document of this meeting waits for the seal.")


class SealingRuns(MeetingError):
    message = N_("{name} is sealing the documents of this meeting just now. Please wait until that is finished.")


class TimestampsMissing(MeetingError):
    """A seal is made once: without a timestamp it could never be proven."""

    message = N_(
        "No timestamp authority answers, so no further document was sealed. What is sealed is kept; "
        "please go on when the authority answers again."
    )


class KeyAsksEachTime(MeetingError):
    message = N_(
        "This key asks its holder on the phone for each signature; many documents cannot be sealed with it in one act."
    )
