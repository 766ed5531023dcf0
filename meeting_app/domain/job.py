"""Work for the worker process: what is due, tried again later when it failed."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, SQLModel

from meeting_app.domain.words import stored_words


class JobKind(StrEnum):
    PREPARE_DOCUMENT = "prepare_document"  # subject: id of a version
    INDEX_DOCUMENT = "index_document"  # subject: id of a version that was prepared before there was a search
    COLLECT_SIGNATURE = "collect_signature"  # subject: pending signature id
    ARCHIVE_INVITATION = "archive_invitation"  # subject: invitation id
    ARCHIVE_MINUTES = "archive_minutes"  # subject: minutes id
    ARCHIVE_DOCUMENT = "archive_document"  # subject: document seal id
    SEND_MAIL = "send_mail"  # subject: outgoing mail id
    CLOSE_MOTION = "close_motion"  # subject: motion id; due when its time is up


_OUTSIDE_WORLD = (2, 4, 8, 16, 32, 64, 128, 256, 600)
# Seconds to wait after the first, second … failure; the try after the last of them is the last.
# A mail server may be down for hours (RFC 5321, 4.5.4.1); after a day an invitation is given up.
WAITS: dict[JobKind, tuple[int, ...]] = {
    JobKind.PREPARE_DOCUMENT: (2, 4, 8, 16),
    JobKind.INDEX_DOCUMENT: (2, 4, 8, 16),
    JobKind.COLLECT_SIGNATURE: _OUTSIDE_WORLD,
    JobKind.ARCHIVE_INVITATION: _OUTSIDE_WORLD,
    JobKind.ARCHIVE_MINUTES: _OUTSIDE_WORLD,
    JobKind.ARCHIVE_DOCUMENT: _OUTSIDE_WORLD,
    JobKind.CLOSE_MOTION: (1, 2, 4, 8, 16),
    JobKind.SEND_MAIL: (10, 30, 120, 600, 1800, 3600, 7200, *(4 * 3600,) * 5),
}
# These never give up: the last wait is repeated.
PATIENT = frozenset(
    {
        JobKind.COLLECT_SIGNATURE,
        JobKind.ARCHIVE_INVITATION,
        JobKind.ARCHIVE_MINUTES,
        JobKind.ARCHIVE_DOCUMENT,
        JobKind.CLOSE_MOTION,
    }
)


class Job(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    kind: JobKind = Field(sa_type=stored_words(JobKind))
    subject_id: int
    due_at: datetime = Field(index=True)
    tries: int = 0
    done_at: datetime | None = Field(default=None, index=True)
    failure: str = Field(default="", max_length=500)

    def fail(self, reason: str, now: datetime) -> None:
        """Try again after the kind's next wait; after the last try it is done with, the reason kept."""
        waits = WAITS[self.kind]
        self.tries += 1
        self.failure = reason[:500]
        if self.tries > len(waits) and self.kind not in PATIENT:
            self.done_at = now
        else:
            self.due_at = now + timedelta(seconds=waits[min(self.tries, len(waits)) - 1])

    def finish(self, again_at: datetime | None, now: datetime) -> None:
        """Done, or due again at a later time."""
        self.tries, self.failure = 0, ""
        if again_at is None:
            self.done_at = now
        else:
            self.due_at = again_at
