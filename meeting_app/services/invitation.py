"""The invitation: drafted with its number, signed by the leader, sealed by the clerk, delivered to all."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from meeting_app.domain import invitation as rules
from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_sees
from meeting_app.domain.attendee import Attendee, Role, clean_reason
from meeting_app.domain.event import Kind
from meeting_app.domain.invitation import Invitation, InvitationState, IssuedPaper, paper_file_name
from meeting_app.domain.job import JobKind
from meeting_app.domain.key import Secret
from meeting_app.domain.meeting import Meeting, MeetingState, ensure_state
from meeting_app.domain.organisation import Unit
from meeting_app.domain.paper import PaperKind
from meeting_app.domain.register import DocumentNumber
from meeting_app.domain.signature import Field, FileVerdict, Place
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.pdf.invitation import render_invitation
from meeting_app.ports import Ports
from meeting_app.services import authority as authorities
from meeting_app.services import credential as credentials
from meeting_app.services import event as events
from meeting_app.services import invitation_paper, register, signing
from meeting_app.services import paper as papers
from meeting_app.services.paper import Signed, StoredFile
from meeting_app.services.pending_signature import PendingView
from meeting_app.services.people import persons
from meeting_app.services.signing import Pen, Route, Turn
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing

PAPER = PaperKind.INVITATION.value
_SIGNED = (InvitationState.AWAITING_SEAL, InvitationState.ISSUED)


@dataclass(frozen=True, slots=True)
class InvitationView:
    """Where the invitation stands, and what the asker may do with it now."""

    state: InvitationState
    number: str
    sha256: str
    pages: int
    leader_id: int
    leader: str
    authority: str  # by which the leader signs, as printed: "KT. CHỦ TỊCH – PHÓ CHỦ TỊCH"
    obstacle: str  # why the leader cannot sign now, while the paper waits for it; empty: can
    may_sign: bool
    may_seal: bool
    signed_by_asker: bool
    drafted_at: datetime
    signed_at: datetime | None
    issued_at: datetime | None
    profile: str  # of the signatures so far; "B-B" and "B-T" lack what the worker will add
    holds_until: datetime | None  # unless renewed; None: not archived yet
    refusal_reason: str
    mark: Place | None  # where the asker's signature or seal will be seen


@dataclass(frozen=True, slots=True)
class LeaderView:
    """Somebody who may sign this invitation today."""

    account_id: int
    name: str
    authority: str
    chairs: bool


def draft(ports: Ports, actor: Actor, meeting_id: int, leader_id: int | None = None) -> None:
    """Reserve the number, write the paper, and put it before the leader (the chair when none is named)."""
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_desk(standing)
        meeting = standing.meeting
        ensure_state(meeting, MeetingState.DRAFT)
        row = _row(work.session, meeting_id)
        if row is not None and row.state is not InvitationState.REFUSED:
            raise rules.AlreadyDrafted
        unit = work.session.get_one(Unit, meeting.unit_id)
        leader_id = leader_id or _chair(work.session, meeting_id).account_id
        leader = papers.signer(work.session, leader_id, unit, work.now, PaperKind.INVITATION)
        seal = credentials.of_seal(work.session, unit, work.now)
        number = _number(work, meeting, row)
        route = (credentials.step(Field.LEADER, leader.credential), credentials.step(Field.SEAL, seal))
        paper = render_invitation(invitation_paper.compose(work.session, meeting, unit, leader, number), route)
        sha256, places = papers.keep(ports, paper)
        if row is None:
            row = Invitation(
                meeting_id=meeting_id,
                number_id=key(number.id),
                leader_id=leader_id,
                sha256=sha256,
                places=places,
                drafted_at=work.now,
            )
        row.state, row.leader_id, row.sha256, row.places = (
            InvitationState.AWAITING_LEADER,
            leader_id,
            sha256,
            places,
        )
        row.authority = "\n".join(leader.lines)
        row.drafted_at, row.signed_at, row.refusal_reason = work.now, None, ""
        row.profile, row.holds_until = "", None
        work.session.add(row)
        work.record("invitation.draft", meeting_id, number=number.text, sha256=sha256, authority=row.authority)


def withdraw(ports: Ports, actor: Actor, meeting_id: int) -> None:
    """Take the draft back to change the meeting; its number stays reserved for the next draft."""
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_desk(standing)
        row = _required(work.session, meeting_id)
        if row.state is InvitationState.ISSUED:
            raise rules.NotAwaitingLeader
        row.state = InvitationState.REFUSED
        work.record("invitation.withdraw", meeting_id)


def refuse(ports: Ports, actor: Actor, meeting_id: int, reason: str) -> None:
    """The leader gives the draft back with a reason."""
    cleaned = clean_reason(reason)
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        row = _for_leader(work.session, standing)
        row.state, row.refusal_reason = InvitationState.REFUSED, cleaned
        work.record("invitation.refuse", meeting_id, reason=cleaned)


def sign(
    ports: Ports, actor: Actor, meeting_id: int, *, pin: str, strokes: str, code: str = "", unchecked: bool = False
) -> FileVerdict | PendingView:
    """The leader's certifying signature, with the stroke as its picture (L17)."""
    return signing.sign(ports, actor, meeting_id, ROUTE, Pen(Secret(pin, code), strokes, unchecked))


def seal(
    ports: Ports, actor: Actor, meeting_id: int, *, pin: str, code: str = "", unchecked: bool = False
) -> FileVerdict | PendingView:
    """The agency's seal by the clerk; from this commit on every attendee has the invitation."""
    return signing.sign(ports, actor, meeting_id, ROUTE, Pen(Secret(pin, code), None, unchecked))


def view(ports: Ports, actor: Actor, meeting_id: int) -> InvitationView | None:
    """None while there is no invitation the actor may know of."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_sees(standing)
        row = _row(session, meeting_id)
        if row is None or not _may_read(standing, row):
            return None
        number = session.get_one(DocumentNumber, row.number_id)
        leader = persons(session, [row.leader_id], row.drafted_at)[row.leader_id]
        obstacle = _obstacle(session, row, standing.meeting, ports.clock.now())
    may_sign = row.state is InvitationState.AWAITING_LEADER and row.leader_id == actor.account_id
    may_seal = row.state is InvitationState.AWAITING_SEAL and standing.seals
    mine = Field.LEADER if may_sign else Field.SEAL if may_seal else None
    return InvitationView(
        state=row.state,
        number=number.text,
        sha256=row.sha256,
        pages=papers.pages(ports, row.sha256),
        leader_id=row.leader_id,
        leader=leader.name,
        authority=" – ".join(row.lines),
        obstacle=obstacle,
        may_sign=may_sign,
        may_seal=may_seal,
        signed_by_asker=row.state in _SIGNED and row.leader_id == actor.account_id,
        drafted_at=row.drafted_at,
        signed_at=row.signed_at,
        issued_at=row.issued_at,
        profile=row.profile,
        holds_until=row.holds_until,
        refusal_reason=row.refusal_reason,
        mark=papers.places_of(row)[mine] if mine else None,
    )


def leaders(ports: Ports, actor: Actor, meeting_id: int) -> list[LeaderView]:
    """Who may sign the invitation today, highest post first, for the desk."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_desk(standing)
        unit = session.get_one(Unit, standing.meeting.unit_id)
        chair = _chair(session, meeting_id).account_id
        found = authorities.all_who_sign(session, unit, PaperKind.INVITATION, ports.clock.now())
    return [
        LeaderView(key(account.id), account.full_name, authority.text, account.id == chair)
        for account, authority in found
    ]


def file(ports: Ports, actor: Actor, meeting_id: int) -> StoredFile:
    """The newest file; opening it as an attendee is noted (S0.2)."""
    row, standing, number = _readable(ports, actor, meeting_id)
    papers.mark_opened(ports, meeting_id, standing.attendee.id if standing.attendee else None, PAPER)
    return StoredFile(ports.files.path(row.sha256), paper_file_name(PaperKind.INVITATION, number), row.sha256)


def page(ports: Ports, actor: Actor, meeting_id: int, number: int, width: int) -> bytes:
    """One page as JPEG (0 first); raises NotFound beyond the last."""
    row, standing, _ = _readable(ports, actor, meeting_id)
    if not 0 <= number < papers.pages(ports, row.sha256):
        raise NotFound
    papers.mark_opened(ports, meeting_id, standing.attendee.id if standing.attendee else None, PAPER)
    return papers.page(ports, row.sha256, number, width)


def verdict(ports: Ports, actor: Actor, meeting_id: int) -> FileVerdict:
    row, _, _ = _readable(ports, actor, meeting_id)
    return ports.signatures.verify(ports.files.read(row.sha256))


def ensure_none_pending(work: Work, meeting: Meeting) -> None:
    """While an invitation waits for a signature, what it says must not change under the signer's hand."""
    row = _row(work.session, key(meeting.id))
    if row is not None and row.state in (InvitationState.AWAITING_LEADER, InvitationState.AWAITING_SEAL):
        raise rules.InvitationPending


def _turn(session: Session, standing: Standing, seals: bool, now: datetime) -> Turn:  # noqa: FBT001 — see Route
    row = _for_clerk(session, standing) if seals else _for_leader(session, standing)
    unit = session.get_one(Unit, standing.meeting.unit_id)
    if seals:
        return Turn(row, row.drafted_at, Field.SEAL, (), credentials.of_seal(session, unit, now), unit)
    leader = papers.signer(session, row.leader_id, unit, now, PaperKind.INVITATION)
    papers.ensure_printed(leader, row.lines)
    return Turn(row, row.drafted_at, Field.LEADER, (Field.SEAL,), leader.credential, unit)


def _conclude(work: Work, standing: Standing, turn: Turn, signed: Signed) -> None:
    row, meeting = turn.row, standing.meeting
    assert isinstance(row, Invitation)  # noqa: S101 — of our own turn
    if turn.field is Field.LEADER:
        row.state, row.signed_at = InvitationState.AWAITING_SEAL, work.now
        verdict = signed.verdict.signatures[-1].verdict
        work.record("invitation.sign", meeting.id, sha256=signed.sha256, verdict=verdict.value)
        return
    row.state, row.issued_at = InvitationState.ISSUED, work.now
    number = work.session.get_one(DocumentNumber, row.number_id)
    number.issued_at = work.now
    meeting.state = MeetingState.CONVENED
    papers.deliver(work, meeting, IssuedPaper(PaperKind.INVITATION, number.text, signed.sha256))
    work.emit(meeting, Kind.MEETING, events.meeting_body(work.session, meeting))
    work.record("invitation.issue", meeting.id, sha256=signed.sha256, verdict=signed.verdict.verdict.value)


ROUTE = Route(PAPER, JobKind.ARCHIVE_INVITATION, _turn, _conclude)


def _number(work: Work, meeting: Meeting, row: Invitation | None) -> DocumentNumber:
    if row is not None:
        return work.session.get_one(DocumentNumber, row.number_id)
    return register.reserve(work, meeting, "GM", meeting.title)


def _chair(session: Session, meeting_id: int) -> Attendee:
    return session.exec(select(Attendee).where(Attendee.meeting_id == meeting_id, Attendee.role == Role.CHAIR)).one()


def _row(session: Session, meeting_id: int) -> Invitation | None:
    return session.exec(select(Invitation).where(Invitation.meeting_id == meeting_id)).one_or_none()


def _obstacle(session: Session, row: Invitation, meeting: Meeting, now: datetime) -> str:
    """What has changed since the paper was put before its leader: post, authority or key."""
    if row.state is not InvitationState.AWAITING_LEADER:
        return ""
    unit = session.get_one(Unit, meeting.unit_id)
    try:
        papers.ensure_printed(papers.signer(session, row.leader_id, unit, now, PaperKind.INVITATION), row.lines)
    except MeetingError as error:
        return str(error)
    return ""


def _required(session: Session, meeting_id: int) -> Invitation:
    row = _row(session, meeting_id)
    if row is None:
        raise NotFound
    return row


def _may_read(standing: Standing, row: Invitation) -> bool:
    if row.state is InvitationState.ISSUED:
        return standing.sees_meeting
    return standing.runs_desk or standing.seals or row.leader_id == standing.actor.account_id


def _readable(ports: Ports, actor: Actor, meeting_id: int) -> tuple[Invitation, Standing, str]:
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        row = _required(session, meeting_id)
        if not _may_read(standing, row):
            raise NotFound
        return row, standing, session.get_one(DocumentNumber, row.number_id).text


def _for_leader(session: Session, standing: Standing) -> Invitation:
    row = _required(session, key(standing.meeting.id))
    if not _may_read(standing, row):
        raise NotFound
    if row.leader_id != standing.actor.account_id:
        raise NotAllowed
    if row.state is not InvitationState.AWAITING_LEADER:
        raise rules.NotAwaitingLeader
    return row


def _for_clerk(session: Session, standing: Standing) -> Invitation:
    row = _required(session, key(standing.meeting.id))
    if not _may_read(standing, row):
        raise NotFound
    if not standing.seals:
        raise NotAllowed
    if row.state is not InvitationState.AWAITING_SEAL:
        raise rules.NotAwaitingSeal
    return row
