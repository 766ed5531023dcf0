"""Registering a meeting and taking it through its life."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from meeting_app.domain import meeting as rules
from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_sees
from meeting_app.domain.account import Account, Right
from meeting_app.domain.agenda import AgendaItem, ItemState
from meeting_app.domain.attendee import Attendee, Role, votes_by
from meeting_app.domain.calendar import hour, moment_in_words
from meeting_app.domain.document import Document
from meeting_app.domain.event import Kind
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.organisation import Venue
from meeting_app.domain.wording import typed
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import event as events
from meeting_app.services import floor_rows, presenter, vote
from meeting_app.services import seat as seats
from meeting_app.services.document_telling import telling
from meeting_app.services.invitation import ensure_none_pending
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing


@dataclass(frozen=True, slots=True)
class Registration:
    """What the secretary's form says; times are aware. People are account ids."""

    title: str
    venue_id: int
    starts_at: datetime
    ends_at: datetime
    chair_id: int | None
    secretary_id: int | None
    member_ids: tuple[int, ...] = ()
    guest_ids: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class MeetingView:
    """One meeting as lists and heads of pages show it."""

    id: int
    title: str
    note: str
    venue_id: int
    venue: str
    starts_at: datetime
    ends_at: datetime
    state: MeetingState
    role: Role | None  # of the asker
    runs_desk: bool
    seals: bool
    attendee_id: int | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def when(self) -> str:
        return moment_in_words(self.starts_at)


@dataclass(frozen=True, slots=True)
class VenueView:
    id: int
    name: str
    seats: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody invited who is expected elsewhere at that time; where is nobody else's business."""

    account_id: int
    name: str
    when: str  # the hour at which the other meeting begins


def register(ports: Ports, actor: Actor, registration: Registration) -> int:
    """Put a new meeting down as a draft; raises the sentence of the first thing that is wrong."""
    if Right.REGISTER not in actor.rights:
        raise NotAllowed
    with changing(ports, actor) as work:
        meeting = Meeting(
            unit_id=actor.unit_id,
            venue_id=registration.venue_id,
            title="",
            starts_at=registration.starts_at,
            ends_at=registration.ends_at,
            created_by=actor.account_id,
            created_at=work.now,
        )
        _fill(work, meeting, registration)
        work.session.add(meeting)
        work.session.flush()
        seats.furnish(work, meeting)
        _set_people(work, meeting, registration)
        work.emit(meeting, Kind.MEETING, events.meeting_body(work.session, meeting))
        work.record("meeting.register", key(meeting.id), title=meeting.title)
        return key(meeting.id)


def change(ports: Ports, actor: Actor, meeting_id: int, registration: Registration) -> None:
    """Change a draft; once invitations are out the paper binds."""
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_desk(standing)
        rules.ensure_state(standing.meeting, MeetingState.DRAFT)
        ensure_none_pending(work, standing.meeting)
        before = standing.meeting.venue_id
        _fill(work, standing.meeting, registration)
        if standing.meeting.venue_id != before:
            seats.furnish(work, standing.meeting)
        _set_people(work, standing.meeting, registration)
        work.emit(standing.meeting, Kind.MEETING, events.meeting_body(work.session, standing.meeting))
        work.record("meeting.change", meeting_id, title=standing.meeting.title)


def open_session(ports: Ports, actor: Actor, meeting_id: int) -> int:
    """Khai mạc: the meeting is in session from now."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id, MeetingState.CONVENED)
        with telling(work, standing.meeting, col(Document.item_id).is_(None)):  # those released at the opening
            standing.meeting.state, standing.meeting.opened_at = MeetingState.RUNNING, work.now
            _announce(work, standing, "meeting.open")
        return work.version


def pause(ports: Ports, actor: Actor, meeting_id: int) -> int:
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id, MeetingState.RUNNING)
        vote.end(work, standing.meeting)
        standing.meeting.state, standing.meeting.paused_at = MeetingState.PAUSED, work.now
        return _announce(work, standing, "meeting.pause")


def resume(ports: Ports, actor: Actor, meeting_id: int) -> int:
    """Go on; neither the current item's clock nor the speaker's counts the pause."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id, MeetingState.PAUSED)
        meeting = standing.meeting
        paused_at, meeting.paused_at = meeting.paused_at, None
        meeting.state = MeetingState.RUNNING
        current = work.session.exec(
            select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, AgendaItem.state == ItemState.CURRENT)
        ).one_or_none()
        if current is not None and current.started_at is not None and paused_at is not None:
            current.paused_seconds += (work.now - max(paused_at, current.started_at)).total_seconds()
            work.emit(meeting, Kind.ITEMS, {"items": [events.item_body(current)]})
        if paused_at is not None:
            floor_rows.count_out_pause(work, meeting, paused_at)
        return _announce(work, standing, "meeting.resume")


def close(ports: Ports, actor: Actor, meeting_id: int) -> int:
    """Bế mạc: a running item and a speaker's turn end with the meeting."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id, MeetingState.RUNNING, MeetingState.PAUSED)
        meeting = standing.meeting
        vote.end(work, meeting)
        for item in work.session.exec(
            select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, AgendaItem.state == ItemState.CURRENT)
        ).all():
            item.state, item.finished_at = ItemState.FINISHED, work.now
            work.emit(meeting, Kind.ITEMS, {"items": [events.item_body(item)]})
        presenter.end(work, meeting)
        floor_rows.end_turns(work, meeting)
        meeting.state, meeting.closed_at, meeting.paused_at = MeetingState.CLOSED, work.now, None
        return _announce(work, standing, "meeting.close")


def view(ports: Ports, actor: Actor, meeting_id: int) -> MeetingView:
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_sees(standing)
        return _view(session, standing)


def visible(ports: Ports, actor: Actor, since: datetime, until: datetime) -> list[MeetingView]:
    """Meetings that touch [since, until) and that the actor may know of, soonest first."""
    query = select(Meeting).where(Meeting.ends_at >= since, Meeting.starts_at < until)
    with ports.database.reading() as session:
        mine = {
            each.meeting_id: each
            for each in session.exec(select(Attendee).where(Attendee.account_id == actor.account_id)).all()
        }
        found = session.exec(query.order_by(col(Meeting.starts_at))).all()
        standings = [Standing(actor, meeting, mine.get(key(meeting.id))) for meeting in found]
        return [_view(session, standing) for standing in standings if standing.sees_meeting]


def venues(ports: Ports, actor: Actor) -> list[VenueView]:
    with ports.database.reading() as session:
        rows = session.exec(select(Venue).where(Venue.unit_id == actor.unit_id).order_by(Venue.name)).all()
    return [VenueView(key(row.id), row.name, row.seats) for row in rows]


def conflicts(
    ports: Ports, account_ids: list[int], starts_at: datetime, ends_at: datetime, besides: int | None = None
) -> list[Conflict]:
    """Invited people who are already expected elsewhere then; a warning, not a rule."""
    query = (
        select(Attendee, Account, Meeting)
        .join(Meeting, col(Meeting.id) == Attendee.meeting_id)
        .join(Account, col(Account.id) == Attendee.account_id)
        .where(col(Attendee.account_id).in_(account_ids), Meeting.starts_at < ends_at, Meeting.ends_at > starts_at)
        .where(Meeting.state != MeetingState.CANCELLED, Meeting.id != (besides or 0))
    )
    with ports.database.reading() as session:
        rows = session.exec(query).all()
    return [Conflict(key(who.id), who.full_name, hour(other.starts_at)) for _, who, other in rows]


def _fill(work: Work, meeting: Meeting, registration: Registration) -> None:
    meeting.title = rules.clean_title(registration.title)
    meeting.note = typed(registration.note).strip()[:2000]
    rules.ensure_times(registration.starts_at, registration.ends_at)
    meeting.starts_at, meeting.ends_at = registration.starts_at, registration.ends_at
    # Locking the venue makes two bookings of it take turns, so the second sees the first.
    venue = work.session.exec(
        select(Venue).where(Venue.id == registration.venue_id, Venue.unit_id == meeting.unit_id).with_for_update()
    ).one_or_none()
    if venue is None:
        raise NotFound
    meeting.venue_id = key(venue.id)
    _ensure_venue_free(work.session, venue, meeting)


def _ensure_venue_free(session: Session, venue: Venue, meeting: Meeting) -> None:
    with session.no_autoflush:
        other = session.exec(
            select(Meeting)
            .where(Meeting.venue_id == venue.id, col(Meeting.id).is_distinct_from(meeting.id))
            .where(Meeting.starts_at < meeting.ends_at, Meeting.ends_at > meeting.starts_at)
            .where(col(Meeting.state).not_in([MeetingState.CANCELLED, MeetingState.CLOSED, MeetingState.RECORDED]))
            .order_by(col(Meeting.starts_at))
        ).first()
    if other is not None:
        raise rules.VenueTaken(
            venue=venue.name, start=moment_in_words(other.starts_at), end=moment_in_words(other.ends_at)
        )


def _set_people(work: Work, meeting: Meeting, registration: Registration) -> None:
    roles = _roles(registration)
    existing = {
        each.account_id: each
        for each in work.session.exec(select(Attendee).where(Attendee.meeting_id == meeting.id)).all()
    }
    _ensure_may_be_invited(work.session, roles.keys() - existing.keys())
    for account_id in existing.keys() - roles.keys():
        work.session.delete(existing[account_id])
    for account_id, role in roles.items():
        attendee = existing.get(account_id)
        if attendee is None:
            attendee = Attendee(meeting_id=key(meeting.id), account_id=account_id, votes=votes_by(role))
            work.session.add(attendee)
        elif attendee.role is not role:
            attendee.votes = votes_by(role)
        attendee.role = role
    work.session.flush()
    attendees = list(work.session.exec(select(Attendee).where(Attendee.meeting_id == meeting.id)).all())
    bodies = events.attendee_bodies(work.session, meeting, attendees)
    gone = [each.id for account_id, each in existing.items() if account_id not in roles]
    work.emit(meeting, Kind.ATTENDEES, {"attendees": bodies, "gone": gone, "order": [body["id"] for body in bodies]})


def _ensure_may_be_invited(session: Session, account_ids: set[int]) -> None:
    open_accounts = select(Account.id).where(col(Account.id).in_(account_ids), col(Account.locked_at).is_(None))
    if set(session.exec(open_accounts).all()) != account_ids:
        raise NotFound


def _roles(registration: Registration) -> dict[int, Role]:
    if registration.chair_id is None:
        raise rules.ChairMissing
    if registration.secretary_id is None:
        raise rules.SecretaryMissing
    if registration.chair_id == registration.secretary_id:
        raise rules.ChairIsSecretary
    roles = dict.fromkeys(registration.guest_ids, Role.GUEST)
    roles |= dict.fromkeys(registration.member_ids, Role.MEMBER)
    roles |= {registration.chair_id: Role.CHAIR, registration.secretary_id: Role.SECRETARY}
    if Role.MEMBER not in roles.values():
        raise rules.NobodyInvited
    return roles


def _desk(work: Work, meeting_id: int, *states: MeetingState) -> Standing:
    standing = work.standing(meeting_id)
    ensure_desk(standing)
    rules.ensure_state(standing.meeting, *states)
    return standing


def _announce(work: Work, standing: Standing, act: str) -> int:
    version = work.emit(standing.meeting, Kind.MEETING, events.meeting_body(work.session, standing.meeting))
    work.record(act, key(standing.meeting.id))
    return version


def _view(session: Session, standing: Standing) -> MeetingView:
    meeting, attendee = standing.meeting, standing.attendee
    venue = session.get_one(Venue, meeting.venue_id)
    return MeetingView(
        id=key(meeting.id),
        title=meeting.title,
        note=meeting.note,
        venue_id=meeting.venue_id,
        venue=venue.name,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        state=meeting.state,
        role=attendee.role if attendee else None,
        runs_desk=standing.runs_desk,
        seals=standing.seals,
        attendee_id=attendee.id if attendee else None,
        opened_at=meeting.opened_at,
        closed_at=meeting.closed_at,
    )


SOON = timedelta(minutes=30)


def may_enter_now(meeting: MeetingView, now: datetime) -> bool:
    """The room's door opens half an hour before, and stays open while the meeting runs."""
    if meeting.state in (MeetingState.RUNNING, MeetingState.PAUSED):
        return True
    return meeting.state is MeetingState.CONVENED and now >= meeting.starts_at - SOON
