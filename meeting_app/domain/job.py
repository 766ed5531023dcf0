"""Work for the worker process: what is due, tried again later when it failed."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, SQLModel

from meeting_app.domain.words import stored_words

TRIES = 5


class JobKind(StrEnum):
    PREPARE_DOCUMENT = "prepare_document"  # subject: document id
    COLLECT_SIGNATURE = "collect_signature"  # subject: pending signature id
    ARCHIVE_INVITATION = "archive_invitation"  # subject: invitation id
    ARCHIVE_MINUTES = "archive_minutes"  # subject: minutes id


# These wait for the outside world and never give up.
PATIENT = frozenset({JobKind.COLLECT_SIGNATURE, JobKind.ARCHIVE_INVITATION, JobKind.ARCHIVE_MINUTES})
_LONGEST_WAIT = timedelta(minutes=10)


class Job(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    kind: JobKind = Field(sa_type=stored_words(JobKind))
    subject_id: int
    due_at: datetime = Field(index=True)
    tries: int = 0
    done_at: datetime | None = Field(default=None, index=True)
    failure: str = Field(default="", max_length=500)

    def fail(self, reason: str, now: datetime) -> None:
        """Try again after 2, 4, 8 … seconds; after the last try it is done with, the reason kept."""
        self.tries += 1
        self.failure = reason[:500]
        if self.tries >= TRIES and self.kind not in PATIENT:
            self.done_at = now
        else:
            self.due_at = now + min(timedelta(seconds=2 ** min(self.tries, 20)), _LONGEST_WAIT)

    def finish(self, again_at: datetime | None, now: datetime) -> None:
        """Done, or due again at a later time."""
        self.tries, self.failure = 0, ""
        if again_at is None:
            self.done_at = now
        else:
            self.due_at = again_at
