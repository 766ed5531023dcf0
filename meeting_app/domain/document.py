"""Documents: a title, a place (an item of a meeting, or somebody's folder), and who may do what with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from meeting_app.domain.page_file import PAGE_WIDTHS, THUMBNAIL_WIDTH, outline_name, page_name, text_name
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError, NotAllowed
from meeting_app.i18n import N_

__all__ = [
    "AUDIENCE_LABEL",
    "PAGE_WIDTHS",
    "RELEASE_LABEL",
    "THUMBNAIL_WIDTH",
    "Audience",
    "Document",
    "DocumentReader",
    "DocumentState",
    "NobodyNamed",
    "Release",
    "Rights",
    "ViewOnly",
    "outline_name",
    "page_name",
    "text_name",
]


class DocumentState(StrEnum):
    """How far the pages of a version are."""

    PREPARING = "preparing"  # page images are being made
    READY = "ready"
    FAILED = "failed"  # the original can be downloaded, pages cannot be shown


class Audience(StrEnum):
    """For whom a document is meant, once it is approved and released."""

    EVERYONE = "everyone"  # guests too
    MEMBERS = "members"  # everyone but guests
    NAMED = "named"  # the persons named in DocumentReader, whatever their role, and the desk
    DESK = "desk"  # chair and secretary


class Release(StrEnum):
    """When an approved document reaches those it is meant for."""

    ON_ISSUE = "on_issue"  # with the invitation
    AT_ITEM = "at_item"  # when its item is begun; one of the whole meeting when the session is opened
    BY_HAND = "by_hand"  # when somebody at the desk says so


AUDIENCE_LABEL = {
    Audience.EVERYONE: N_("everybody of the meeting, guests too"),
    Audience.MEMBERS: N_("members, no guests"),
    Audience.NAMED: N_("persons by name"),
    Audience.DESK: N_("chair and secretary only"),
}
RELEASE_LABEL = {
    Release.ON_ISSUE: N_("with the invitation"),
    Release.AT_ITEM: N_("when its item begins"),
    Release.BY_HAND: N_("by hand"),
}


class Document(SQLModel, table=True):
    __table_args__ = (CheckConstraint("(meeting_id IS NULL) <> (folder_id IS NULL)", name="ck_document_place"),)

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    folder_id: int | None = Field(default=None, foreign_key="folder.id", index=True)  # somebody's own, in no meeting
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id", index=True)
    title: str = Field(max_length=200)
    audience: Audience = Field(default=Audience.MEMBERS, sa_type=stored_words(Audience))
    may_download: bool = True  # otherwise it is only looked at, each page with its reader's name across
    may_print: bool = True
    release: Release = Field(default=Release.ON_ISSUE, sa_type=stored_words(Release))
    released_at: datetime | None = None  # by hand
    uploaded_by: int = Field(foreign_key="account.id")  # who brought the first version
    uploaded_at: datetime
    removed_at: datetime | None = None

    @property
    def for_guests(self) -> bool:
        return self.audience is Audience.EVERYONE


@dataclass(frozen=True, slots=True)
class Rights:
    """Who may do what with a document, as the desk sets it."""

    audience: Audience = Audience.MEMBERS
    may_download: bool = True
    may_print: bool = True
    release: Release = Release.ON_ISSUE
    named: frozenset[int] = frozenset()  # account ids

    def __post_init__(self) -> None:
        if self.may_download:  # whoever has the file can print it
            object.__setattr__(self, "may_print", True)


class ViewOnly(NotAllowed):
    message = N_("This document may only be looked at on the screen; its file is not handed out.")


class NobodyNamed(MeetingError):
    message = N_("Please name at least one person of the meeting for whom the document is meant.")


class DocumentReader(SQLModel, table=True):
    """A person for whom a document with a named audience is meant."""

    __tablename__ = "document_reader"

    document_id: int = Field(foreign_key="document.id", primary_key=True)
    account_id: int = Field(foreign_key="account.id", primary_key=True)
