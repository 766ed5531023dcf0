"""Who may do what: the rules every route, command and page asks first.

A meeting is known to its attendees once it is convened, to its chair and secretary from the start, to
the people who register meetings of its unit, to the unit's clerk, who seals and issues its papers, and
to whoever is to sign its invitation.
To everybody else it does not exist (`NotFound`). The desk (chair, secretary) runs it; guests read
only what is released to them and never act on the agenda.
"""

from dataclasses import dataclass, replace

from meeting_app.domain.account import Right
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.document import Document
from meeting_app.domain.event import Channel
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.errors import NotAllowed, NotFound

DESK_ROLES = (Role.CHAIR, Role.SECRETARY)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is calling now, from where, and under which client-made command id."""

    account_id: int
    full_name: str
    unit_id: int
    rights: frozenset[Right] = frozenset()
    language: str = "vi"
    address: str = ""
    command_id: str | None = None

    def having(self, right: Right, unit_id: int) -> bool:
        return right in self.rights and unit_id == self.unit_id

    def commanding(self, command_id: str) -> "Actor":
        return replace(self, command_id=command_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """What one actor is in one meeting."""

    actor: Actor
    meeting: Meeting
    attendee: Attendee | None
    only_signs: bool = False  # is to sign the invitation, and would not know of the meeting otherwise

    @property
    def runs_desk(self) -> bool:
        """Chair or secretary of this meeting, or whoever registers meetings for its unit while it is prepared."""
        if self.attendee is not None and self.attendee.role in DESK_ROLES:
            return True
        return self.registers and self.meeting.state in (MeetingState.DRAFT, MeetingState.CONVENED)

    @property
    def registers(self) -> bool:
        return self.actor.having(Right.REGISTER, self.meeting.unit_id)

    @property
    def is_chair(self) -> bool:
        return self.attendee is not None and self.attendee.role is Role.CHAIR

    @property
    def is_secretary(self) -> bool:
        return self.attendee is not None and self.attendee.role is Role.SECRETARY

    @property
    def is_guest(self) -> bool:
        return self.attendee is None or self.attendee.role is Role.GUEST

    @property
    def seals(self) -> bool:
        return self.actor.having(Right.SEAL, self.meeting.unit_id)

    @property
    def sees_meeting(self) -> bool:
        if self.runs_desk or self.registers or self.seals or self.only_signs:
            return True
        return self.attendee is not None and self.meeting.state not in (
            MeetingState.DRAFT,
            MeetingState.CANCELLED,
        )

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels of the event log this person may listen to, besides the personal one."""
        if self.runs_desk:
            return frozenset({Channel.EVERYONE, Channel.MEMBERS, Channel.DESK})
        if self.is_guest:
            return frozenset({Channel.EVERYONE})
        return frozenset({Channel.EVERYONE, Channel.MEMBERS})


def ensure_sees(standing: Standing) -> None:
    if not standing.sees_meeting:
        raise NotFound


def ensure_desk(standing: Standing) -> None:
    ensure_sees(standing)
    if not standing.runs_desk:
        raise NotAllowed


def ensure_writes_minutes(standing: Standing) -> None:
    """Only this meeting's secretary and chair write and sign its minutes."""
    ensure_desk(standing)
    if not (standing.is_secretary or standing.is_chair):
        raise NotAllowed


def ensure_follows_deliveries(standing: Standing) -> None:
    """How a paper reached each attendee is for the desk, the clerk and whoever registers the unit's meetings."""
    ensure_sees(standing)
    if not (standing.runs_desk or standing.seals or standing.registers):
        raise NotAllowed


def ensure_enters(standing: Standing) -> None:
    """Into the live room go the people of the meeting, nobody else of the unit."""
    ensure_sees(standing)
    if standing.attendee is None or standing.only_signs:
        raise NotFound


def may_read(standing: Standing, document: Document) -> bool:
    """The desk reads what it prepares; members what is there; guests only what is released to them."""
    if not standing.sees_meeting or document.meeting_id != standing.meeting.id or document.removed_at is not None:
        return False
    if standing.runs_desk:
        return True
    present = standing.attendee is not None and not standing.only_signs
    return present and (document.for_guests or not standing.is_guest)


def ensure_reads(standing: Standing, document: Document) -> None:
    if not may_read(standing, document):
        raise NotFound
