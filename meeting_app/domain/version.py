"""Versions of a document: the original bytes by their hash, their page images, and whether they were approved."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from meeting_app.domain.document import DocumentState
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_


class Approval(StrEnum):
    SUBMITTED = "submitted"  # waits for the chair or the secretary
    APPROVED = "approved"
    REFUSED = "refused"  # with a reason; shown to nobody but the desk and whoever brought it


APPROVAL_LABEL = {
    Approval.SUBMITTED: N_("waits for approval"),
    Approval.APPROVED: N_("approved"),
    Approval.REFUSED: N_("refused"),
}


class Version(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    number: int  # 1, 2, 3 … of its document
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64, index=True)
    size: int  # bytes
    pages: int
    state: DocumentState = Field(default=DocumentState.PREPARING, sa_type=stored_words(DocumentState))
    prepared_pages: int = 0
    uploaded_by: int = Field(foreign_key="account.id")
    uploaded_at: datetime
    approval: Approval = Field(default=Approval.APPROVED, sa_type=stored_words(Approval))
    decided_by: int | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = None
    reason: str = Field(default="", max_length=500)  # why it was refused


class VersionSource(SQLModel, table=True):
    """The office file that a version was made of, as it was brought."""

    __tablename__ = "version_source"

    version_id: int = Field(primary_key=True, foreign_key="version.id")
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    size: int  # bytes


class SameFile(MeetingError):
    message = N_("This is the very file that lies there already, so there is nothing to replace.")


class ReplacedMeanwhile(MeetingError):
    message = N_("Somebody has just put a new version of “{title}” in place. Please look at it before you replace it.")


class DecidedMeanwhile(MeetingError):
    message = N_("{name} has just decided about “{title}”.")


class NotDecided(MeetingError):
    message = N_("Nothing was decided about this document yet.")


class ReasonMissing(MeetingError):
    message = N_("Please say why the document is refused, so that it can be mended.")
