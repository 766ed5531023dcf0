"""Documents of a meeting: the original bytes by their hash, and how far their page images are."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from meeting_app.domain.page_file import PAGE_WIDTHS, THUMBNAIL_WIDTH, outline_name, page_name, text_name
from meeting_app.domain.words import stored_words

__all__ = [
    "PAGE_WIDTHS",
    "THUMBNAIL_WIDTH",
    "Document",
    "DocumentState",
    "outline_name",
    "page_name",
    "text_name",
]


class DocumentState(StrEnum):
    PREPARING = "preparing"  # page images are being made
    READY = "ready"
    FAILED = "failed"  # the original can be downloaded, pages cannot be shown


class Document(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id", index=True)
    title: str = Field(max_length=200)
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64, index=True)
    size: int  # bytes
    pages: int
    for_guests: bool = False
    state: DocumentState = Field(default=DocumentState.PREPARING, sa_type=stored_words(DocumentState))
    prepared_pages: int = 0
    uploaded_by: int = Field(foreign_key="account.id")
    uploaded_at: datetime
    removed_at: datetime | None = None
