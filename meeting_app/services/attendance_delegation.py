"""Who goes to a meeting for whom: chosen by the invited person or by the desk for them, changed, withdrawn."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, SQLModel, col, select

from meeting_app.domain import attendance_delegation as rules
from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_enters, ensure_sees
from meeting_app.domain.account import Account
from meeting_app.domain.attendance_delegation import AttendanceDelegation
from meeting_app.domain.attendee import Attendee, Reply, Role, clean_reason
from meeting_app.domain.event import Channel, Kind, MeetingEvent
from meeting_app.domain.invitation import Delivery, Invitation, InvitationState, IssuedPaper
from meeting_app.domain.meeting import MeetingState, ensure_state
from meeting_app.domain.paper import PaperKind
from meeting_app.domain.register import DocumentNumber
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import event as events
from meeting_app.services import paper as papers
from meeting_app.services import people
from meeting_app.services.people import Person
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing

_OPEN = (MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)


@dataclass(frozen=True, slots=True)
class DelegationView:
    """One line of the paper trail; names as they are today."""

    id: int
    giver_id: int  # account ids
    giver: str
    delegate_id: int
    delegate: str
    with_vote: bool
    reason: str
    given_at: datetime
    given_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str


def choose(
    ports: Ports,
    actor: Actor,
    meeting_id: int,
    account_id: int,
    *,
    reason: str,
    with_vote: bool = False,
    attendee_id: int | None = None,
) -> int:
    """Send somebody in one's place, or by the desk in another's; whoever was chosen before is withdrawn.

    `reason` says why, and the paper it rests on. The delegate becomes an attendee who reads what members read.
    """
    reason = clean_reason(reason)
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        giver = _giver(work, standing, attendee_id)
        ensure_state(standing.meeting, *_OPEN)
        rules.ensure_may_send(giver, _name(work, giver.account_id), represents=_represents(work, giver))
        if account_id == giver.account_id:
            raise rules.NotOneself
        gone = _take_back(work, giver) if giver.delegate_id is not None else []
        delegate, added = _delegate(work, standing, giver, account_id)
        giver.delegate_id, giver.delegate_votes = delegate.id, with_vote and giver.votes
        work.session.add(
            AttendanceDelegation(
                meeting_id=meeting_id,
                giver_id=giver.account_id,
                delegate_id=account_id,
                with_vote=giver.delegate_votes,
                reason=reason,
                added=added,
                given_at=work.now,
                given_by=actor.account_id,
            )
        )
        if giver.account_id == actor.account_id:
            giver.reply, giver.reply_reason, giver.replied_at = Reply.DECLINED, reason, work.now
        if added:
            _hand_papers(work, standing, delegate)
        detail = {"delegate": account_id, "with_vote": giver.delegate_votes, "reason": reason}
        work.record("attendee.delegate", meeting_id, attendee=giver.id, **detail)
        return _announce(work, standing, [giver, delegate], [each for each in gone if each != delegate.id])


def withdraw(ports: Ports, actor: Actor, meeting_id: int, attendee_id: int | None = None) -> int:
    """Nobody goes in this person's place any more. Who was added for that goes as well, unless they did something."""
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        giver = _giver(work, standing, attendee_id)
        ensure_state(standing.meeting, *_OPEN)
        if giver.delegate_id is None:
            raise rules.NoDelegate(name=_name(work, giver.account_id))
        gone = _take_back(work, giver)
        if giver.account_id == actor.account_id:
            giver.reply, giver.reply_reason, giver.replied_at = Reply.NONE, "", work.now
        work.record("attendee.withdraw_delegate", meeting_id, attendee=giver.id)
        return _announce(work, standing, [giver], gone)


def trail(ports: Ports, actor: Actor, meeting_id: int) -> list[DelegationView]:
    """Every delegation of the meeting, oldest first, for the desk; for others those they gave or received."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_sees(standing)
        query = select(AttendanceDelegation).where(AttendanceDelegation.meeting_id == meeting_id)
        rows = list(session.exec(query.order_by(col(AttendanceDelegation.id))).all())
        if not (standing.runs_desk or standing.seals):
            rows = [each for each in rows if actor.account_id in (each.giver_id, each.delegate_id)]
        ids = {each for row in rows for each in (row.giver_id, row.delegate_id, row.given_by, row.withdrawn_by or 0)}
        found = session.exec(select(Account).where(col(Account.id).in_(ids))).all()
    names = {account.id: account.full_name for account in found}
    return [
        DelegationView(
            id=key(row.id),
            giver_id=row.giver_id,
            giver=names[row.giver_id],
            delegate_id=row.delegate_id,
            delegate=names[row.delegate_id],
            with_vote=row.with_vote,
            reason=row.reason,
            given_at=row.given_at,
            given_by=names[row.given_by],
            withdrawn_at=row.withdrawn_at,
            withdrawn_by=names[row.withdrawn_by] if row.withdrawn_by else "",
        )
        for row in rows
    ]


def candidates(ports: Ports, actor: Actor, meeting_id: int, attendee_id: int | None = None) -> list[Person]:
    """Whom one may send, highest post first: people of the giver's unit; for the desk everybody."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        giver = _found(session, standing, attendee_id)
        unit_id = session.get_one(Account, giver.account_id).unit_id
        query = select(Attendee).where(Attendee.meeting_id == meeting_id)
        barred = {
            each.account_id
            for each in session.exec(query).all()
            if each.role in (Role.CHAIR, Role.GUEST) or each.id == giver.id or each.delegate_id is not None
        }
    found = people.everybody(ports) if standing.runs_desk else people.of_unit(ports, unit_id)
    return [each for each in found if each.account_id not in barred]


def _giver(work: Work, standing: Standing, attendee_id: int | None) -> Attendee:
    return _found(work.session, standing, attendee_id)


def _found(session: Session, standing: Standing, attendee_id: int | None) -> Attendee:
    """Oneself when nobody is named; only the desk may mean others."""
    ensure_sees(standing)
    mine = standing.attendee
    if attendee_id is None or (mine is not None and attendee_id == mine.id):
        ensure_enters(standing)
        if mine is None:
            raise NotFound
        return mine
    ensure_desk(standing)
    other = session.get(Attendee, attendee_id)
    if other is None or other.meeting_id != standing.meeting.id:
        raise NotFound
    return other


def _delegate(work: Work, standing: Standing, giver: Attendee, account_id: int) -> tuple[Attendee, bool]:
    """The delegate as an attendee, and whether they are one for this alone."""
    meeting_id = giver.meeting_id
    account = work.session.get(Account, account_id)
    row = work.session.exec(
        select(Attendee).where(Attendee.meeting_id == meeting_id, Attendee.account_id == account_id)
    ).one_or_none()
    if account is None or account.locked_at is not None:
        raise NotFound
    if not (row or standing.runs_desk or account.unit_id == _account(work, giver.account_id).unit_id):
        raise NotFound
    if row is None:
        row = Attendee(meeting_id=meeting_id, account_id=account_id, votes=False, stands_for_id=giver.id)
        work.session.add(row)
        work.session.flush()
        return row, True
    added = _came_as_delegate(work, row)
    rules.ensure_may_stand_in(row, account.full_name, represents=_represents(work, row), added=added)
    if added:
        row.role, row.stands_for_id = Role.MEMBER, giver.id
    return row, added


def _take_back(work: Work, giver: Attendee) -> list[int]:
    """End the delegation that stands; returns the ids of attendees who are gone with it."""
    row = work.session.exec(
        select(AttendanceDelegation).where(
            AttendanceDelegation.meeting_id == giver.meeting_id,
            AttendanceDelegation.giver_id == giver.account_id,
            col(AttendanceDelegation.withdrawn_at).is_(None),
        )
    ).one()
    assert work.actor is not None  # noqa: S101 — nobody else has a standing
    row.withdrawn_at, row.withdrawn_by = work.now, work.actor.account_id
    delegate = work.session.get_one(Attendee, giver.delegate_id)
    giver.delegate_id, giver.delegate_votes = None, False
    if not row.added:
        return []
    delegate.stands_for_id, delegate.seat_id = None, None
    work.session.flush()
    if _did_something(work, delegate):
        delegate.role = Role.GUEST  # remains in the list, and no longer reads what members read
        return []
    for delivery in work.session.exec(select(Delivery).where(Delivery.attendee_id == delegate.id)).all():
        work.session.delete(delivery)
    work.session.flush()
    work.session.delete(delegate)
    work.session.flush()
    return [key(delegate.id)]


def _did_something(work: Work, delegate: Attendee) -> bool:
    """Whether any row would lose its sense without this attendee, an unopened paper not counted."""
    if delegate.checked_in_at is not None or delegate.reply is not Reply.NONE:
        return True
    acted = select(MeetingEvent.version).where(
        MeetingEvent.meeting_id == delegate.meeting_id, MeetingEvent.actor_id == delegate.account_id
    )
    deliveries = work.session.exec(select(Delivery).where(Delivery.attendee_id == delegate.id)).all()
    if work.session.exec(acted).first() is not None or any(each.opened_at for each in deliveries):
        return True
    refer = [("attendee", delegate.id), *(("delivery", each.id) for each in deliveries)]
    return any(_referred(work.session, table, row_id, besides={"delivery"}) for table, row_id in refer)


def _referred(session: Session, target: str, row_id: int | None, *, besides: set[str]) -> bool:
    """Whether a row of any table refers to this one."""
    for table in SQLModel.metadata.sorted_tables:
        if table.name in besides:
            continue
        for foreign in table.foreign_keys:
            if foreign.column.table.name == target:
                query = select(foreign.parent).where(foreign.parent == row_id).limit(1)
                if session.execute(query).first() is not None:
                    return True
    return False


def _represents(work: Work, attendee: Attendee) -> bool:
    return work.session.exec(select(Attendee.id).where(Attendee.delegate_id == attendee.id)).first() is not None


def _came_as_delegate(work: Work, attendee: Attendee) -> bool:
    query = select(AttendanceDelegation.id).where(
        AttendanceDelegation.meeting_id == attendee.meeting_id,
        AttendanceDelegation.delegate_id == attendee.account_id,
        col(AttendanceDelegation.added).is_(True),
    )
    return work.session.exec(query).first() is not None


def _hand_papers(work: Work, standing: Standing, delegate: Attendee) -> None:
    """The invitation that everybody else has, where it was issued."""
    meeting_id = key(standing.meeting.id)
    row = work.session.exec(select(Invitation).where(Invitation.meeting_id == meeting_id)).one_or_none()
    had = select(Delivery.id).where(Delivery.attendee_id == delegate.id)
    if row is None or row.state is not InvitationState.ISSUED or work.session.exec(had).first() is not None:
        return
    number = work.session.get_one(DocumentNumber, row.number_id)
    papers.deliver(work, standing.meeting, IssuedPaper(PaperKind.INVITATION, number.text, row.sha256), delegate)


def _announce(work: Work, standing: Standing, answered: list[Attendee], gone: list[int]) -> int:
    """Everybody anew: a delegate takes their place by rank."""
    meeting = standing.meeting
    replies = {"replies": [events.reply_body(each) for each in answered], "gone": gone}
    work.emit(meeting, Kind.REPLIES, replies, Channel.DESK)
    bodies = events.attendee_bodies(work.session, meeting, events.attendees_of(work.session, meeting))
    order = [body["id"] for body in bodies]
    return work.emit(meeting, Kind.ATTENDEES, {"attendees": bodies, "gone": gone, "order": order})


def _name(work: Work, account_id: int) -> str:
    return _account(work, account_id).full_name


def _account(work: Work, account_id: int) -> Account:
    return work.session.get_one(Account, account_id)
