"""Personal folders: what somebody keeps for themselves, of no meeting and for nobody else's eyes."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

LONGEST_FOLDER_NAME = 120


class Folder(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="account.id", index=True)
    parent_id: int | None = Field(default=None, foreign_key="folder.id", index=True)
    name: str = Field(max_length=LONGEST_FOLDER_NAME)
    made_at: datetime
    removed_at: datetime | None = None


class FolderNameMissing(MeetingError):
    message = N_("The folder needs a name.")


class FolderNotEmpty(MeetingError):
    message = N_("Something still lies in “{name}”. Please take it out first.")
