"""Attendees: their replies, their presence, and why somebody is absent."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import select

from meeting_app.domain import attendee as rules
from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_enters, ensure_sees
from meeting_app.domain.account import Account
from meeting_app.domain.attendee import Attendee, CheckInWay, Reply, Role, Whereabouts
from meeting_app.domain.calendar import local
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.meeting import Meeting, MeetingState, ensure_state
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import event as events
from meeting_app.services import floor_rows, motion_rows
from meeting_app.services.conclusion import ensure_still_written
from meeting_app.services.meeting import SOON
from meeting_app.services.people import persons
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing


@dataclass(frozen=True, slots=True)
class AttendeeView:
    """One person of the meeting; reply and reasons are empty for readers outside the desk."""

    id: int
    account_id: int
    name: str
    post: str
    unit: str
    role: Role
    reply: Reply
    reply_reason: str
    replied_at: datetime | None
    checked_in_at: datetime | None
    left_at: datetime | None
    place: Whereabouts | None
    votes: bool
    delegate_id: int | None  # the attendee who goes for this one
    stands_for_id: int | None  # for whom this one goes
    delegate_votes: bool
    seat_id: int | None
    why_absent: str

    @property
    def present(self) -> bool:
        return self.checked_in_at is not None and self.left_at is None


def attendees(ports: Ports, actor: Actor, meeting_id: int) -> list[AttendeeView]:
    """Everybody of the meeting: chair, secretary, members, guests, each by rank."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_sees(standing)
        rows = list(session.exec(select(Attendee).where(Attendee.meeting_id == meeting_id)).all())
        order = {
            body["id"]: place for place, body in enumerate(events.attendee_bodies(session, standing.meeting, rows))
        }
        people = persons(session, [row.account_id for row in rows], local(standing.meeting.starts_at).date())
    rows.sort(key=lambda row: order[row.id])
    hears_all = standing.runs_desk or standing.seals
    views: list[AttendeeView] = []
    for row in rows:
        person = people[row.account_id]
        open_to_reader = hears_all or row.account_id == actor.account_id
        views.append(
            AttendeeView(
                id=key(row.id),
                account_id=row.account_id,
                name=person.name,
                post=person.post,
                unit=person.unit,
                role=row.role,
                reply=row.reply if open_to_reader else Reply.NONE,
                reply_reason=row.reply_reason if open_to_reader else "",
                replied_at=row.replied_at if open_to_reader else None,
                checked_in_at=row.checked_in_at,
                left_at=row.left_at,
                place=row.place,
                votes=row.votes,
                delegate_id=row.delegate_id,
                stands_for_id=row.stands_for_id,
                delegate_votes=row.delegate_votes,
                seat_id=row.seat_id,
                why_absent=row.why_absent if open_to_reader else "",
            )
        )
    return views


def accept(ports: Ports, actor: Actor, meeting_id: int) -> int:
    return _reply(ports, actor, meeting_id, Reply.ACCEPTED, "")


def decline(ports: Ports, actor: Actor, meeting_id: int, reason: str) -> int:
    """Say that one will not come, and why."""
    return _reply(ports, actor, meeting_id, Reply.DECLINED, rules.clean_reason(reason))


def check_in(
    ports: Ports,
    actor: Actor,
    meeting_id: int,
    attendee_id: int | None = None,
    *,
    place: Whereabouts = Whereabouts.ROOM,
    by_code: bool = False,
    at: datetime | None = None,
) -> int:
    """Be present: oneself, or somebody by the desk's hand, which may note the time `at` of an earlier arrival.

    Twice is once, and who left and is back keeps the first arrival. The code on the wall moves who was
    online into the room.
    """
    with changing(ports, actor) as work:
        standing, attendee = _at_the_door(work, meeting_id, attendee_id)
        at = _noted_at(work, standing, at)
        if attendee.present and (not by_code or attendee.place is Whereabouts.ROOM):
            return standing.meeting.version
        _ensure_unrepresented(work, attendee)
        if attendee.checked_in_at is None:
            by_hand = attendee.account_id != actor.account_id
            attendee.checked_in_at = at
            attendee.checked_in_by = CheckInWay.CODE if by_code else CheckInWay.DESK if by_hand else CheckInWay.TOUCH
            _forget_absence(work, standing, attendee)
        attendee.place, attendee.left_at = place, None
        work.record("attendee.check_in", meeting_id, attendee=attendee.id, place=place.value, by_code=by_code)
        return _announce(work, standing, attendee)


def check_out(ports: Ports, actor: Actor, meeting_id: int, attendee_id: int) -> int:
    """Undo a check-in that was made by mistake: one's own, or any by the desk; not of who has done something here."""
    with changing(ports, actor) as work:
        standing, attendee = _at_the_door(work, meeting_id, attendee_id)
        if motion_rows.has_voted(work.session, attendee_id) or floor_rows.has_spoken(work.session, attendee_id):
            raise rules.TookPart(name=_name(work, attendee))
        attendee.checked_in_at = attendee.checked_in_by = attendee.place = attendee.left_at = None
        work.record("attendee.check_out", meeting_id, attendee=attendee.id)
        return _announce(work, standing, attendee)


def move(ports: Ports, actor: Actor, meeting_id: int, attendee_id: int | None = None, *, place: Whereabouts) -> int:
    """Attend from the room or from elsewhere; only who is present can change it."""
    with changing(ports, actor) as work:
        standing, attendee = _at_the_door(work, meeting_id, attendee_id)
        if not attendee.present:
            raise rules.NotPresent(name=_name(work, attendee))
        attendee.place = place
        work.record("attendee.place", meeting_id, attendee=attendee.id, place=place.value)
        return _announce(work, standing, attendee)


def leave(
    ports: Ports, actor: Actor, meeting_id: int, attendee_id: int | None = None, *, at: datetime | None = None
) -> int:
    """Go before the end; the desk may note the time `at` of somebody who went earlier. Twice is once."""
    with changing(ports, actor) as work:
        standing, attendee = _at_the_door(work, meeting_id, attendee_id)
        if attendee.checked_in_at is None:
            raise rules.NotPresent(name=_name(work, attendee))
        at = _noted_at(work, standing, at)
        if attendee.left_at is not None:
            return standing.meeting.version
        attendee.left_at = max(at, attendee.checked_in_at)
        work.record("attendee.leave", meeting_id, attendee=attendee.id)
        return _announce(work, standing, attendee)


def come_back(ports: Ports, actor: Actor, meeting_id: int, attendee_id: int | None = None) -> int:
    """Be present again after having left; the first arrival stays. Twice is once."""
    with changing(ports, actor) as work:
        standing, attendee = _at_the_door(work, meeting_id, attendee_id)
        if attendee.checked_in_at is None:
            raise rules.NotPresent(name=_name(work, attendee))
        if attendee.left_at is None:
            return standing.meeting.version
        _ensure_unrepresented(work, attendee)
        attendee.left_at = None
        work.record("attendee.return", meeting_id, attendee=attendee.id)
        return _announce(work, standing, attendee)


def explain_absence(ports: Ports, actor: Actor, meeting_id: int, attendee_id: int, reason: str) -> int:
    """The desk notes why somebody is absent, for the minutes; an empty reason takes the note back."""
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_desk(standing)
        attendee = _whom(work, standing, attendee_id)
        ensure_still_written(work, meeting_id)
        attendee.absence_reason = rules.clean_reason(reason) if reason.strip() else ""
        work.record("attendee.absence", meeting_id, attendee=attendee.id, reason=attendee.absence_reason)
        body = {"replies": [events.reply_body(attendee)]}
        return work.emit(standing.meeting, Kind.REPLIES, body, Channel.DESK)


def _forget_absence(work: Work, standing: Standing, attendee: Attendee) -> None:
    """Who came needs no excuse; the desk's list says so too."""
    if attendee.absence_reason:
        attendee.absence_reason = ""
        work.emit(standing.meeting, Kind.REPLIES, {"replies": [events.reply_body(attendee)]}, Channel.DESK)


def _reply(ports: Ports, actor: Actor, meeting_id: int, reply: Reply, reason: str) -> int:
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        attendee = _whom(work, standing, None)
        ensure_state(standing.meeting, MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)
        attendee.reply, attendee.reply_reason, attendee.replied_at = reply, reason, work.now
        work.record("attendee.reply", meeting_id, reply=reply.value)
        return work.emit(standing.meeting, Kind.REPLIES, {"replies": [events.reply_body(attendee)]}, Channel.DESK)


def _whom(work: Work, standing: Standing, attendee_id: int | None) -> Attendee:
    """The attendee meant: oneself when nobody is named; only the desk may mean others."""
    ensure_enters(standing)
    mine = standing.attendee
    if mine is None:
        raise NotFound
    if attendee_id is None or attendee_id == mine.id:
        return mine
    ensure_desk(standing)
    other = work.session.get(Attendee, attendee_id)
    if other is None or other.meeting_id != standing.meeting.id:
        raise NotFound
    return other


def _at_the_door(work: Work, meeting_id: int, attendee_id: int | None) -> tuple[Standing, Attendee]:
    standing = work.standing(meeting_id)
    attendee = _whom(work, standing, attendee_id)
    ensure_doors_open(standing.meeting, work.now)
    return standing, attendee


def _noted_at(work: Work, standing: Standing, at: datetime | None) -> datetime:
    """Now, or the earlier time that only the desk may note."""
    if at is None:
        return work.now
    ensure_desk(standing)
    meeting = standing.meeting
    if not min(meeting.starts_at, meeting.opened_at or meeting.starts_at) - SOON <= at <= work.now:
        raise rules.TimeWrong
    return at.astimezone(UTC)


def _ensure_unrepresented(work: Work, attendee: Attendee) -> None:
    if attendee.delegate_id is not None:
        delegate = work.session.get_one(Attendee, attendee.delegate_id)
        raise rules.Represented(delegate=_name(work, delegate), name=_name(work, attendee))


def _name(work: Work, attendee: Attendee) -> str:
    return work.session.get_one(Account, attendee.account_id).full_name


def ensure_doors_open(meeting: Meeting, now: datetime) -> None:
    """Checking in begins half an hour before the meeting and ends with it."""
    if meeting.state in (MeetingState.CLOSED, MeetingState.RECORDED):
        raise rules.AlreadyClosed
    ensure_state(meeting, MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)
    if meeting.state is MeetingState.CONVENED and now < meeting.starts_at - SOON:
        raise rules.NotYetOpen(minutes=int(SOON.total_seconds() // 60))


def _announce(work: Work, standing: Standing, attendee: Attendee) -> int:
    bodies = events.attendee_bodies(work.session, standing.meeting, [attendee])
    return work.emit(standing.meeting, Kind.ATTENDEES, {"attendees": bodies})
