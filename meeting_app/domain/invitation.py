"""The invitation (giấy mời): drafted, signed by the leader, sealed, and delivered to each attendee."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, UniqueConstraint

from meeting_app.domain.paper import PaperKind
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_


class InvitationState(StrEnum):
    AWAITING_LEADER = "awaiting_leader"
    AWAITING_SEAL = "awaiting_seal"
    ISSUED = "issued"
    REFUSED = "refused"  # the leader gave it back with a reason


class Invitation(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", unique=True)
    number_id: int = Field(foreign_key="document_number.id")
    leader_id: int = Field(foreign_key="account.id", index=True)
    state: InvitationState = Field(default=InvitationState.AWAITING_LEADER, sa_type=stored_words(InvitationState))
    sha256: str = Field(max_length=64)  # the newest file: rendered, signed, sealed
    places: str  # JSON of the signature places in the rendered paper
    authority: str = Field(default="", max_length=400)  # the lines printed above the leader's name
    drafted_at: datetime
    signed_at: datetime | None = None
    issued_at: datetime | None = None
    profile: str = Field(default="", max_length=5)  # the least of its signatures'; empty: none yet
    holds_until: datetime | None = None  # its archive timestamp's chain ends; None: not archived yet
    refusal_reason: str = Field(default="", max_length=500)

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.authority.splitlines())


@dataclass(frozen=True, slots=True)
class IssuedPaper:
    """A paper, signed and sealed, on its way to the attendees."""

    kind: PaperKind
    number: str
    sha256: str

    @property
    def file_name(self) -> str:
        return paper_file_name(self.kind, self.number)


class Delivery(SQLModel, table=True):
    """One paper to one attendee: the time from issue to receipt is measured (S0.2)."""

    __table_args__ = (UniqueConstraint("attendee_id", "paper"),)

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    attendee_id: int = Field(foreign_key="attendee.id", index=True)
    paper: str = Field(max_length=20)  # "invitation" or "minutes"
    issued_at: datetime
    delivered_at: datetime | None = None
    opened_at: datetime | None = None


def paper_file_name(kind: PaperKind, number: str) -> str:
    """Under which name people find the file: "giay-moi-15-GM-UBND.pdf"."""
    return f"{_FILE_NAMES[kind]}-{number.replace('/', '-')}.pdf"


_FILE_NAMES = {PaperKind.INVITATION: "giay-moi", PaperKind.MINUTES: "bien-ban"}


class AlreadyDrafted(MeetingError):
    message = N_("The invitation has already been drafted.")


class NotAwaitingLeader(MeetingError):
    message = N_("This invitation is not waiting for the leader's signature.")


class NotAwaitingSeal(MeetingError):
    message = N_("This invitation is not waiting for the agency's seal.")


class InvitationPending(MeetingError):
    message = N_("The invitation is waiting for a signature. Take it back first, then change the meeting.")
