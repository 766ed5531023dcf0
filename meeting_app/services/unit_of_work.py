"""One use case, one transaction: rows, events and audit entries commit together, then the rooms are woken."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor, Standing, ensure_enters
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.audit import AuditEntry, AuditHead, hash_of
from meeting_app.domain.event import Channel, CommandIdTaken, CommandReceipt, Kind, MeetingEvent, is_same_command
from meeting_app.domain.invitation import Invitation, InvitationState
from meeting_app.domain.meeting import Meeting
from meeting_app.errors import NotFound
from meeting_app.plain import Plain
from meeting_app.ports import Ports

_HEAD = select(AuditHead.sequence, AuditHead.hash).where(AuditHead.id == 1).with_for_update()
_MOVE_HEAD = (
    update(AuditHead).where(col(AuditHead.id) == 1).values(sequence=bindparam("last"), hash=bindparam("its_hash"))
)
_LOCKED = select(Meeting).where(Meeting.id == bindparam("meeting_id")).with_for_update()
_SEATED = select(Attendee).where(
    Attendee.meeting_id == bindparam("meeting_id"), Attendee.account_id == bindparam("account_id")
)
_NEXT_VERSION = (
    update(Meeting)
    .where(col(Meeting.id) == bindparam("meeting_id"))
    .values(version=Meeting.version + 1)
    .returning(col(Meeting.version))
)
_DONE = select(CommandReceipt.meeting_id, CommandReceipt.act, CommandReceipt.version).where(
    CommandReceipt.account_id == bindparam("account_id"), CommandReceipt.command_id == bindparam("command_id")
)


class Repeated(Exception):
    """This client-made command id was done already, at `version`; nothing is done again."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


@dataclass
class Work:
    """The open transaction of one use case."""

    ports: Ports
    session: Session
    actor: Actor | None
    now: datetime
    version: int = 0  # of the last event emitted
    meetings: set[int] = field(default_factory=set)  # whose rooms to wake
    entries: list[AuditEntry] = field(default_factory=list)
    receipt: CommandReceipt | None = None

    def standing(self, meeting_id: int) -> Standing:
        """What the actor is in this meeting, whose row is locked until the end; NotFound without one.

        Locking first makes any two acts on one meeting take turns, so each sees the other's result. A command of the
        live room is for those whom the room lets in, and is done once.
        """
        if self.actor is None:
            raise NotFound
        meeting = self.session.exec(_LOCKED, params={"meeting_id": meeting_id}).one_or_none()
        if meeting is None:
            raise NotFound
        standing = _standing(self.session, self.actor, meeting)
        if self.actor.command_id is not None:
            ensure_enters(standing)
            self._ensure_new_command(self.actor, self.actor.command_id, meeting)
        return standing

    def emit(
        self,
        meeting: Meeting,
        kind: Kind,
        body: dict[str, Any],
        channel: Channel = Channel.EVERYONE,
        account_id: int | None = None,
    ) -> int:
        """Append an event under the next version of the meeting and return that version.

        `account_id` is the only one to hear an event of the channel PERSON.
        """
        plain = Plain.within(self.session)
        # The row lock of this update is what makes versions gapless and commit in their order.
        version: int
        [(version,)] = plain.rows(_NEXT_VERSION, meeting_id=meeting.id)
        set_committed_value(meeting, "version", version)  # what the database holds, without asking it again
        actor_id = self.actor.account_id if self.actor else None
        event = MeetingEvent(
            meeting_id=key(meeting.id),
            version=version,
            channel=channel,
            account_id=account_id,
            kind=kind,
            body=body,
            actor_id=actor_id,
            at=self.now,
        )
        plain.add([event])
        self.version = version
        self.meetings.add(event.meeting_id)
        return version

    def record(self, act: str, meeting_id: int | None = None, **detail: Any) -> None:
        """Note the act for the audit trail; it is chained in at commit."""
        actor = self.actor
        self.entries.append(
            AuditEntry(
                sequence=0,
                at=self.now,
                actor_id=actor.account_id if actor else None,
                actor_name=actor.full_name if actor else "",
                address=actor.address if actor else "",
                act=act,
                meeting_id=meeting_id,
                detail=detail,
                previous_hash="",
                hash="",
            )
        )

    def _ensure_new_command(self, actor: Actor, command_id: str, meeting: Meeting) -> None:
        done = Plain.within(self.session).rows(_DONE, account_id=actor.account_id, command_id=command_id)
        for meeting_id, act, version in done:
            if not is_same_command((meeting_id, act), (key(meeting.id), actor.act)):
                raise CommandIdTaken
            raise Repeated(version)
        self.version = meeting.version
        self.receipt = CommandReceipt(
            account_id=actor.account_id,
            command_id=command_id,
            meeting_id=key(meeting.id),
            act=actor.act,
            version=0,
            at=self.now,
        )


@contextmanager
def changing(ports: Ports, actor: Actor | None) -> Iterator[Work]:
    """Everything inside commits together or not at all; afterwards the rooms of changed meetings are woken."""
    with ports.database.writing() as session:
        work = Work(ports, session, actor, ports.clock.now())
        yield work
        if work.receipt is not None:
            work.receipt.version = work.version
            Plain.within(session).add([work.receipt])
        elif actor is not None and actor.command_id is not None:
            raise RuntimeError("a command of the room did not ask for its standing")
        _chain(session, work.entries)
    for meeting_id in work.meetings:
        ports.wake_ups.ring(meeting_id)


def reading_standing(session: Session, actor: Actor, meeting_id: int) -> Standing:
    """As `Work.standing`, without a lock, for reading."""
    meeting = session.get(Meeting, meeting_id)
    if meeting is None:
        raise NotFound
    return _standing(session, actor, meeting)


def key(row_id: int | None) -> int:
    """The primary key of a row that is stored."""
    if row_id is None:
        raise ValueError("this row has not been flushed yet")
    return row_id


def _standing(session: Session, actor: Actor, meeting: Meeting) -> Standing:
    who = {"meeting_id": meeting.id, "account_id": actor.account_id}
    standing = Standing(actor, meeting, session.exec(_SEATED, params=who).one_or_none())
    return standing if standing.sees_meeting else replace(standing, only_signs=_signs(session, actor, meeting))


def _signs(session: Session, actor: Actor, meeting: Meeting) -> bool:
    """Whether the invitation lies, or lay and was signed, before this person; one given back does not."""
    query = select(Invitation.id).where(
        Invitation.meeting_id == meeting.id,
        Invitation.leader_id == actor.account_id,
        Invitation.state != InvitationState.REFUSED,
    )
    return session.exec(query).first() is not None


def _chain(session: Session, entries: list[AuditEntry]) -> None:
    """Append to the hash chain; the head's row lock is taken last of all, so it never waits in a circle."""
    if not entries:
        return
    plain = Plain.within(session)
    [(sequence, previous)] = plain.rows(_HEAD)
    for number, entry in enumerate(entries, start=sequence + 1):
        entry.sequence, entry.previous_hash = number, previous
        entry.hash = previous = hash_of(entry)
    plain.add(entries)
    plain.rows(_MOVE_HEAD, last=entries[-1].sequence, its_hash=previous)
