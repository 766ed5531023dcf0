"""Who may do what: the rules every route, command and page asks first.

A meeting is known to its attendees once it is convened, to its chair and secretary from the start, to
the people who register meetings of its unit, to the unit's clerk, who seals and issues its papers, and
to whoever is to sign its invitation.
To everybody else it does not exist (`NotFound`). The desk (chair, secretary) runs it; guests read
only what is released to them and never act on the agenda.

A document of a meeting lies before the desk from the start. Everybody else of the meeting reads it once
one of its versions is approved (a refused or waiting one is seen by the desk and by who brought it), once
it is released (with the invitation, at its item, or by hand, and a release can be taken back), and if it is
meant for them: for everyone, for members, for persons by name, or for the desk alone. The clerk, who seals
it, and whoever registers or signs only, do not read it. Who may not have its file is shown its pages with
their own name across them. Withdrawn, it is gone for all. To whoever may not read a document it does not exist.
What lies in a personal folder is its owner's alone.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from meeting_app.domain.account import Right
from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.document import Audience, Document, Release
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
    act: str = ""  # what that command asks for
    arrived_at: datetime | None = None  # when the live room received it; its turn comes later

    def having(self, right: Right, unit_id: int) -> bool:
        return right in self.rights and unit_id == self.unit_id

    def commanding(self, command_id: str, act: str, arrived_at: datetime | None = None) -> "Actor":
        return replace(self, command_id=command_id, act=act, arrived_at=arrived_at)


@dataclass(frozen=True, slots=True)
class Wall:
    """A hall screen that shows a meeting: nobody, who hears what the hall may read and may do nothing."""

    screen_id: int
    meeting_id: int
    name: str

    @property
    def channels(self) -> frozenset[Channel]:
        return frozenset({Channel.EVERYONE, Channel.SCREEN})


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


def ensure_shows_check_in_code(who: Standing | Wall, meeting_id: int) -> None:
    """The code to check in with hangs where everybody passes: on the desk's screen and on the meeting's walls."""
    if isinstance(who, Wall):
        if who.meeting_id != meeting_id:
            raise NotFound
        return
    ensure_desk(who)


def is_released(document: Document, meeting: Meeting, item: AgendaItem | None) -> bool:
    """Whether the moment has come at which this document reaches those it is meant for."""
    match document.release:
        case Release.ON_ISSUE:
            return True  # before, nobody but the desk knows of the meeting
        case Release.AT_ITEM:
            # A step back in the agenda takes the document back as well.
            return (item.started_at if item is not None else meeting.opened_at) is not None
        case Release.BY_HAND:
            return document.released_at is not None


def may_read(
    standing: Standing, document: Document, item: AgendaItem | None = None, named: Collection[int] = ()
) -> bool:
    """Whether this person reads a document that was approved; `item` is its own, `named` are account ids."""
    if not standing.sees_meeting or document.meeting_id != standing.meeting.id or document.removed_at is not None:
        return False
    if standing.runs_desk:
        return True
    if standing.attendee is None or standing.only_signs or not is_released(document, standing.meeting, item):
        return False
    return {
        Audience.EVERYONE: True,
        Audience.MEMBERS: not standing.is_guest,
        Audience.NAMED: standing.actor.account_id in named,
        Audience.DESK: False,
    }[document.audience]


def ensure_reads(
    standing: Standing, document: Document, item: AgendaItem | None = None, named: Collection[int] = ()
) -> None:
    if not may_read(standing, document, item, named):
        raise NotFound


def may_keep(standing: Standing, document: Document) -> bool:
    """Whether somebody who reads a document may have its file; everybody else only looks at its pages."""
    return document.may_download or standing.runs_desk


def is_open(document: Document) -> bool:
    """Whether its pages may stay in browsers: everybody who reads it could have kept the file from the first day.

    Pages of all others are asked for anew each time they are shown, so that a lost right is lost at once.
    """
    unrestricted = document.audience in (Audience.EVERYONE, Audience.MEMBERS)
    return unrestricted and document.may_download and document.release is Release.ON_ISSUE


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who hears of a document in the event log: a channel, and persons besides. Nobody, when there is no channel."""

    channel: Channel | None = None
    people: frozenset[int] = frozenset()  # account ids


def hearing(document: Document, meeting: Meeting, item: AgendaItem | None, named: Collection[int]) -> Hearing:
    """The same rule as `may_read`, for frames that are written once for many."""
    if document.removed_at is not None:
        return Hearing()
    if document.audience is Audience.DESK or not is_released(document, meeting, item):
        return Hearing(Channel.DESK)
    match document.audience:
        case Audience.EVERYONE:
            return Hearing(Channel.EVERYONE)
        case Audience.MEMBERS:
            return Hearing(Channel.MEMBERS)
        case Audience.NAMED:
            return Hearing(Channel.DESK, frozenset(named))
