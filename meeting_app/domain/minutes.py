"""The minutes (biên bản): sections the secretary writes, then three signatures in their order."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_, _

LONGEST_SECTION = 50_000


class MinutesState(StrEnum):
    NOTES = "notes"  # what the desk writes while the meeting runs; the draft takes it over
    DRAFT = "draft"
    AWAITING_SECRETARY = "awaiting_secretary"
    AWAITING_CHAIR = "awaiting_chair"
    AWAITING_SEAL = "awaiting_seal"
    ISSUED = "issued"


STATE_LABEL = {
    MinutesState.NOTES: N_("Notes of the running meeting"),
    MinutesState.DRAFT: N_("Being written"),
    MinutesState.AWAITING_SECRETARY: N_("Waiting for the secretary's signature"),
    MinutesState.AWAITING_CHAIR: N_("Waiting for the chair's signature"),
    MinutesState.AWAITING_SEAL: N_("Waiting for the agency's seal"),
    MinutesState.ISSUED: N_("Signed and issued"),
}


class Minutes(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", unique=True)
    state: MinutesState = Field(default=MinutesState.DRAFT, sa_type=stored_words(MinutesState))
    number_id: int | None = Field(default=None, foreign_key="document_number.id")
    sha256: str = Field(default="", max_length=64)  # the newest file: rendered, then each signature
    places: str = ""  # JSON of the signature places
    drafted_at: datetime
    finalised_at: datetime | None = None
    issued_at: datetime | None = None
    profile: str = Field(default="", max_length=5)  # the least of its signatures'; empty: none yet
    holds_until: datetime | None = None  # its archive timestamp's chain ends; None: not archived yet
    refusal_reason: str = Field(default="", max_length=500)  # why the chair gave the minutes back

    @property
    def being_written(self) -> bool:
        return self.state in (MinutesState.NOTES, MinutesState.DRAFT)

    @property
    def label(self) -> str:
        """The state in the reader's language."""
        return _(STATE_LABEL[self.state])


class MinutesSection(SQLModel, table=True):
    """One text the secretary edits; `revision` counts saves, so that no tab overwrites another unseen."""

    __tablename__ = "minutes_section"

    id: int | None = Field(default=None, primary_key=True)
    minutes_id: int = Field(foreign_key="minutes.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id")  # none: opening or closing
    position: int
    heading: str = Field(max_length=400)
    text: str = ""
    revision: int = 1


class MinutesRevision(SQLModel, table=True):
    """Every text ever saved, also the one that lost a race: nothing typed is lost."""

    __tablename__ = "minutes_revision"
    id: int | None = Field(default=None, primary_key=True)
    section_id: int = Field(foreign_key="minutes_section.id", index=True)
    revision: int
    text: str
    account_id: int = Field(foreign_key="account.id")
    saved_at: datetime


class Conclusion(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id")
    text: str = Field(max_length=4000)
    recorded_by: int = Field(foreign_key="account.id")
    recorded_at: datetime
    removed_at: datetime | None = None


class ConclusionEmpty(MeetingError):
    message = N_("Write the conclusion first.")


class ConclusionTooLong(MeetingError):
    message = N_("A conclusion may have at most {length} characters.")


class TextTooLong(MeetingError):
    message = N_("A section may have at most {length} characters.")


class NotBeingWritten(MeetingError):
    message = N_("The minutes are no longer being written: “{state}”.")


class OutOfOrder(MeetingError):
    message = N_("It is not your turn to sign. {state}.")


class MeetingNotClosed(MeetingError):
    message = N_("The minutes are written once the meeting is closed.")


class ChangedMeanwhile(MeetingError):
    """Another tab saved first; both texts are kept, and the newer one comes with the error."""

    message = N_("This section was changed in another window. Both texts are kept.")
