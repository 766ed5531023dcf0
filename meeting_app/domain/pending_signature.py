"""A signature that its holder was asked to confirm on the phone; it outlives every process."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_


class PendingState(StrEnum):
    WAITING = "waiting"  # for the phone
    DONE = "done"
    REFUSED = "refused"  # on the phone
    EXPIRED = "expired"  # not confirmed in time
    OVERTAKEN = "overtaken"  # the paper was changed or signed otherwise meanwhile
    WITHDRAWN = "withdrawn"  # by the signer, in the app


class PendingSignature(SQLModel, table=True):
    __tablename__ = "pending_signature"

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    paper: str = Field(max_length=20)  # "invitation" or "minutes"
    seal: bool
    account_id: int = Field(foreign_key="account.id", index=True)
    address: str = Field(default="", max_length=60)  # where the signer acted from
    credential_id: int = Field(foreign_key="credential.id")
    base_sha256: str = Field(max_length=64)  # the paper when it was asked for
    prepared_sha256: str = Field(max_length=64)  # the paper with its gap
    prepared: str  # PreparedSignature as JSON
    ticket: str  # under which the place of the key answers
    value: bytes = b""  # what it answered, kept before anything else is done with it
    state: PendingState = Field(default=PendingState.WAITING, sa_type=stored_words(PendingState))
    asked_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


class SignaturePending(MeetingError):
    message = N_("Your signature of this paper already waits for your confirmation on the phone.")
