"""What waits for me: every paper to sign, seal, answer or write, soonest meeting first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Right
from meeting_app.domain.attendee import Attendee, Reply, Role
from meeting_app.domain.document import Document
from meeting_app.domain.invitation import Delivery, Invitation, InvitationState
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.minutes import Minutes, MinutesState
from meeting_app.domain.sealing import DocumentSeal
from meeting_app.domain.version import Version
from meeting_app.ports import Ports
from meeting_app.services.document_rows import newest_approved
from meeting_app.services.unit_of_work import key

_AHEAD = (MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)


class Errand(StrEnum):
    SIGN_INVITATION = "sign_invitation"
    SEAL_INVITATION = "seal_invitation"
    REPLY = "reply"
    PREPARE = "prepare"
    WRITE_MINUTES = "write_minutes"
    SIGN_MINUTES = "sign_minutes"
    SEAL_MINUTES = "seal_minutes"
    SEAL_DOCUMENTS = "seal_documents"
    READ_MINUTES = "read_minutes"


@dataclass(frozen=True, slots=True)
class Waiting:
    errand: Errand
    meeting_id: int
    title: str
    starts_at: datetime
    reason: str = ""  # why a paper came back


def for_actor(ports: Ports, actor: Actor) -> list[Waiting]:
    with ports.database.reading() as session:
        found = [*_as_leader(session, actor), *_as_attendee(session, actor), *_as_clerk(session, actor)]
    return sorted(found, key=lambda each: each.starts_at)


def _as_leader(session: Session, actor: Actor) -> list[Waiting]:
    rows = session.exec(
        select(Meeting)
        .join(Invitation, col(Invitation.meeting_id) == Meeting.id)
        .where(Invitation.leader_id == actor.account_id, Invitation.state == InvitationState.AWAITING_LEADER)
    ).all()
    return [_waiting(Errand.SIGN_INVITATION, meeting) for meeting in rows]


def _as_clerk(session: Session, actor: Actor) -> list[Waiting]:
    if Right.SEAL not in actor.rights:
        return []
    invitations = session.exec(
        select(Meeting)
        .join(Invitation, col(Invitation.meeting_id) == Meeting.id)
        .where(Invitation.state == InvitationState.AWAITING_SEAL, Meeting.unit_id == actor.unit_id)
    ).all()
    minutes = session.exec(
        select(Meeting)
        .join(Minutes, col(Minutes.meeting_id) == Meeting.id)
        .where(Minutes.state == MinutesState.AWAITING_SEAL, Meeting.unit_id == actor.unit_id)
    ).all()
    return [
        *(_waiting(Errand.SEAL_INVITATION, meeting) for meeting in invitations),
        *(_waiting(Errand.SEAL_MINUTES, meeting) for meeting in minutes),
        *(_waiting(Errand.SEAL_DOCUMENTS, meeting) for meeting in _with_open_documents(session, actor)),
    ]


def _with_open_documents(session: Session, actor: Actor) -> Sequence[Meeting]:
    """Meetings ahead or in session that people are invited to with documents nobody has sealed yet."""
    unsealed = (
        select(Document.meeting_id)
        .join(Version, col(Version.document_id) == Document.id)
        .outerjoin(DocumentSeal, col(DocumentSeal.version_id) == Version.id)
        .where(newest_approved(), col(Document.removed_at).is_(None), col(DocumentSeal.id).is_(None))
    )
    return session.exec(
        select(Meeting)
        .join(Invitation, col(Invitation.meeting_id) == Meeting.id)
        .where(Invitation.state == InvitationState.ISSUED, Meeting.unit_id == actor.unit_id)
        .where(col(Meeting.state).in_(_AHEAD), col(Meeting.id).in_(unsealed))
    ).all()


def _as_attendee(session: Session, actor: Actor) -> list[Waiting]:
    rows = session.exec(
        select(Attendee, Meeting, Invitation, Minutes)
        .join(Meeting, col(Meeting.id) == Attendee.meeting_id)
        .outerjoin(Invitation, col(Invitation.meeting_id) == Meeting.id)
        .outerjoin(Minutes, col(Minutes.meeting_id) == Meeting.id)
        .where(Attendee.account_id == actor.account_id, Meeting.state != MeetingState.CANCELLED)
    ).all()
    unread = session.exec(
        select(Delivery.attendee_id)
        .join(Attendee, col(Attendee.id) == Delivery.attendee_id)
        .where(Attendee.account_id == actor.account_id, Delivery.paper == "minutes", col(Delivery.opened_at).is_(None))
    ).all()
    found: list[Waiting] = []
    for attendee, meeting, invitation, minutes in rows:
        errand = _errand(attendee, meeting, minutes, unread=attendee.id in unread)
        if errand is Errand.PREPARE and _pending(invitation):
            continue
        if errand is not None:
            found.append(_waiting(errand, meeting, _given_back(errand, invitation, minutes)))
    return found


def _pending(invitation: Invitation | None) -> bool:
    return invitation is not None and invitation.state is not InvitationState.REFUSED


def _given_back(errand: Errand, invitation: Invitation | None, minutes: Minutes | None) -> str:
    """Why the paper came back to the secretary, if it did."""
    if errand is Errand.PREPARE and invitation is not None:
        return invitation.refusal_reason
    if errand is Errand.WRITE_MINUTES and minutes is not None:
        return minutes.refusal_reason
    return ""


def _errand(attendee: Attendee, meeting: Meeting, minutes: Minutes | None, *, unread: bool) -> Errand | None:
    """The one thing this person should do for this meeting now."""
    state = minutes.state if minutes else None
    writes = attendee.role is Role.SECRETARY
    if meeting.state is MeetingState.DRAFT:
        return Errand.PREPARE if writes else None
    if meeting.state is MeetingState.CONVENED and attendee.reply is Reply.NONE:
        return Errand.REPLY if attendee.role in (Role.MEMBER, Role.GUEST) else None
    if meeting.state is MeetingState.CLOSED and writes and (minutes is None or minutes.being_written):
        return Errand.WRITE_MINUTES
    if (state, attendee.role) in _SIGNERS:
        return Errand.SIGN_MINUTES
    if unread:
        return Errand.READ_MINUTES
    return None


_SIGNERS = {(MinutesState.AWAITING_SECRETARY, Role.SECRETARY), (MinutesState.AWAITING_CHAIR, Role.CHAIR)}


def _waiting(errand: Errand, meeting: Meeting, reason: str = "") -> Waiting:
    return Waiting(errand, key(meeting.id), meeting.title, meeting.starts_at, reason)
