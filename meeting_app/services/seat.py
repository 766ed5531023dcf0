"""Who sits where: the plan of the meeting's room, people placed by hand or by rank."""

from sqlmodel import Session, col, select

from meeting_app.domain import seat as rules
from meeting_app.domain.access import Actor, Standing, ensure_desk
from meeting_app.domain.account import Right
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.event import Kind
from meeting_app.domain.meeting import Meeting, MeetingState, ensure_state
from meeting_app.domain.organisation import Venue
from meeting_app.domain.seat import LONGEST_LABEL, Place, Plan, Seat
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import event as events
from meeting_app.services.event import Body
from meeting_app.services.unit_of_work import Work, changing, key

_SEATED = (MeetingState.DRAFT, MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)
_IN_SESSION = (MeetingState.RUNNING, MeetingState.PAUSED)


def seat_body(seat: Seat) -> Body:
    return {"id": seat.id, "label": seat.label, "x": seat.x, "y": seat.y}


def of_venue(session: Session, venue_id: int) -> list[Seat]:
    query = select(Seat).where(Seat.venue_id == venue_id)
    return list(session.exec(query.order_by(col(Seat.y), col(Seat.x))).all())


def place(ports: Ports, actor: Actor, meeting_id: int, attendee_id: int, seat_id: int | None) -> int:
    """Seat somebody, or (None) take their seat; who sits there already changes places with them."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        attendee = work.session.get(Attendee, attendee_id)
        if attendee is None or attendee.meeting_id != meeting_id:
            raise NotFound
        if seat_id is not None:
            seat = work.session.get(Seat, seat_id)
            if seat is None or seat.venue_id != standing.meeting.venue_id:
                raise NotFound
        if attendee.seat_id == seat_id:
            return standing.meeting.version
        query = select(Attendee).where(Attendee.meeting_id == meeting_id, Attendee.seat_id == seat_id)
        other = work.session.exec(query).one_or_none() if seat_id is not None else None
        _seat(work, [(attendee, seat_id), *([(other, attendee.seat_id)] if other else [])])
        work.record("attendee.seat", meeting_id, attendee=attendee_id, seat=seat_id)
        return _announce(work, standing, [attendee, *([other] if other else [])])


def arrange(ports: Ports, actor: Actor, meeting_id: int) -> int:
    """Seat everybody by role and rank from the best seat on; a delegate sits where their giver would."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        meeting = standing.meeting
        if not of_venue(work.session, meeting.venue_id):
            furnish(work, meeting)
        everybody = events.attendees_of(work.session, meeting)
        by_id = {key(each.id): each for each in everybody}
        order = [by_id[body["id"]] for body in events.attendee_bodies(work.session, meeting, everybody)]
        seats = rules.by_honour(of_venue(work.session, meeting.venue_id))
        come = [_who_comes(each, by_id) for each in order if each.stands_for_id is None]
        given = dict(zip([each.id for each in come if each is not None], [seat.id for seat in seats], strict=False))
        _seat(work, [(each, given.get(each.id)) for each in everybody])
        work.record("seats.arrange", meeting_id, seated=len(given))
        return _announce(work, standing, everybody)


def lay(ports: Ports, actor: Actor, venue_id: int, plan: Plan) -> int:
    """Give a room of one's unit another plan and return its number of seats; seats that stay keep who sits there."""
    rules.ensure_fits(plan)
    with changing(ports, actor) as work:
        venue = work.session.get(Venue, venue_id)
        if venue is None or not actor.having(Right.ADMINISTER, venue.unit_id):
            raise NotFound
        # Meetings first, then their room: in this order everybody locks them.
        query = select(Meeting).where(Meeting.venue_id == venue_id, col(Meeting.state).in_(_SEATED))
        meetings = work.session.exec(query.order_by(col(Meeting.id)).with_for_update()).all()
        if any(each.state in _IN_SESSION for each in meetings):
            raise rules.RoomInUse(venue=venue.name)
        _lay(work, venue_id, rules.places(plan))
        venue.seats = plan.seats
        for meeting in meetings:
            people = events.attendees_of(work.session, meeting)
            work.emit(meeting, Kind.ATTENDEES, {"attendees": events.attendee_bodies(work.session, meeting, people)})
            _announce_plan(work, meeting)
        work.record("seats.lay", venue=venue_id, head=plan.head, rows=plan.rows, per_row=plan.per_row)
        return plan.seats


def plan_of(ports: Ports, venue_id: int) -> Plan:
    """The plan of a room as its form shows it: the one that was laid, or what its number of seats suggests."""
    with ports.database.reading() as session:
        seats = of_venue(session, venue_id)
        venue = session.get(Venue, venue_id)
    if venue is None:
        raise NotFound
    if not seats:
        return rules.plan_for(venue.seats)
    rows = {each.y for each in seats if each.y > 0}
    per_row = max((sum(each.y == row for each in seats) for row in rows), default=0)
    return Plan(sum(each.y == 0 for each in seats), len(rows), per_row)


def furnish(work: Work, meeting: Meeting) -> None:
    """After a draft got its room: nobody sits in another one, and the tablets learn this one's plan.

    A room without a plan gets one, so that nobody who holds a meeting there waits for the administrator.
    """
    if not of_venue(work.session, meeting.venue_id):
        venue = work.session.get_one(Venue, meeting.venue_id)
        _lay(work, meeting.venue_id, rules.usual_places(venue.seats))
    own = {each.id for each in of_venue(work.session, meeting.venue_id)}
    people = events.attendees_of(work.session, meeting)
    _seat(work, [(each, each.seat_id if each.seat_id in own else None) for each in people])
    _announce_plan(work, meeting)


def _desk(work: Work, meeting_id: int) -> Standing:
    standing = work.standing(meeting_id)
    ensure_desk(standing)
    ensure_state(standing.meeting, *_SEATED)
    return standing


def _who_comes(attendee: Attendee, by_id: dict[int, Attendee]) -> Attendee | None:
    """Who sits in this person's place; nobody, when their delegate has a seat of their own."""
    if attendee.delegate_id is None:
        return attendee
    delegate = by_id[attendee.delegate_id]
    return delegate if delegate.stands_for_id is not None else None


def _seat(work: Work, given: list[tuple[Attendee, int | None]]) -> None:
    """All at once: a seat must be free before somebody else has it."""
    for attendee, _ in given:
        attendee.seat_id = None
    work.session.flush()
    for attendee, seat_id in given:
        attendee.seat_id = seat_id
    work.session.flush()


def _lay(work: Work, venue_id: int, wanted: list[Place]) -> None:
    work.session.exec(select(Venue).where(Venue.id == venue_id).with_for_update()).one()
    kept = {(each.x, each.y): each for each in of_venue(work.session, venue_id)}
    gone = [kept.pop(place) for place in kept.keys() - {(each.x, each.y) for each in wanted}]
    ids = [key(each.id) for each in gone]
    for attendee in work.session.exec(select(Attendee).where(col(Attendee.seat_id).in_(ids))).all():
        attendee.seat_id = None
    work.session.flush()
    for seat in gone:
        work.session.delete(seat)
    for seat in kept.values():  # a label must be free before another seat has it
        seat.label = f"-{seat.id}"[:LONGEST_LABEL]
    work.session.flush()
    for each in wanted:
        seat = kept.get((each.x, each.y)) or Seat(venue_id=venue_id, label="", x=each.x, y=each.y)
        seat.label = each.label
        work.session.add(seat)
    work.session.flush()


def _announce_plan(work: Work, meeting: Meeting) -> None:
    bodies = [seat_body(each) for each in of_venue(work.session, meeting.venue_id)]
    work.emit(meeting, Kind.SEATS, {"seats": bodies, "order": [each["id"] for each in bodies]})


def _announce(work: Work, standing: Standing, people: list[Attendee]) -> int:
    bodies = events.attendee_bodies(work.session, standing.meeting, people)
    return work.emit(standing.meeting, Kind.ATTENDEES, {"attendees": bodies})
