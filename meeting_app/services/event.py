"""Reading the event log: the snapshot a tablet starts from, the events after a version, the frames' bodies.

Bodies hold ids, words and ISO times only; texts of people go in as they are and are escaped where drawn.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor, Standing, ensure_enters, is_released
from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.calendar import local
from meeting_app.domain.event import Channel, MeetingEvent
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.minutes import Conclusion
from meeting_app.domain.organisation import Venue
from meeting_app.domain.presenter import Presenter
from meeting_app.ports import Ports
from meeting_app.services import document_rows as rows
from meeting_app.services import message_rows
from meeting_app.services.people import Person, persons
from meeting_app.services.unit_of_work import reading_standing

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody let into a live room: what they hear, and what they may do there."""

    meeting_id: int
    account_id: int | None  # none at a hall screen, which is nobody
    attendee_id: int | None
    role: str
    channels: frozenset[Channel]
    at_version: int = field(default=0, compare=False)  # of the meeting, when this was so


def enter(ports: Ports, actor: Actor, meeting_id: int) -> Listener:
    """Let an actor into a meeting's room; NotFound to whoever does not belong to it."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        return listener(session, standing)


def after(ports: Ports, meeting_id: int, version: int, limit: int = 500) -> list[MeetingEvent]:
    """The events after a version, oldest first, at most `limit`."""
    with ports.database.reading() as session:
        return events_after(session, meeting_id, version, limit)


def events_after(session: Session, meeting_id: int, version: int, limit: int) -> list[MeetingEvent]:
    query = (
        select(MeetingEvent)
        .where(MeetingEvent.meeting_id == meeting_id, MeetingEvent.version > version)
        .order_by(col(MeetingEvent.version))
        .limit(limit)
    )
    return list(session.exec(query).all())


def version_of(ports: Ports, meeting_id: int) -> int:
    with ports.database.reading() as session:
        return session.exec(select(Meeting.version).where(Meeting.id == meeting_id)).one()


def listener(session: Session, standing: Standing) -> Listener:
    ensure_enters(standing)
    attendee, account_id = standing.attendee, standing.actor.account_id
    if attendee is None or attendee.id is None or standing.meeting.id is None:
        raise ValueError("ensure_enters lets only stored attendees in")
    channels = standing.channels
    meeting_id = standing.meeting.id
    if rows.is_named(session, meeting_id, account_id) or message_rows.is_addressed(session, meeting_id, attendee.id):
        channels |= {Channel.PERSON}  # their state is not that of others with these channels
    return Listener(meeting_id, account_id, attendee.id, attendee.role.value, channels, standing.meeting.version)


def meeting_body(session: Session, meeting: Meeting) -> Body:
    venue = session.get(Venue, meeting.venue_id)
    return {
        "id": meeting.id,
        "title": meeting.title,
        "venue": venue.name if venue else "",
        "state": meeting.state.value,
        "starts_at": _iso(meeting.starts_at),
        "ends_at": _iso(meeting.ends_at),
        "opened_at": _iso(meeting.opened_at),
        "paused_at": _iso(meeting.paused_at),
        "closed_at": _iso(meeting.closed_at),
        "quorum": {"numerator": meeting.quorum_numerator, "denominator": meeting.quorum_denominator},
    }


def item_body(item: AgendaItem) -> Body:
    return {
        "id": item.id,
        "title": item.title,
        "presenter": item.presenter,
        "minutes": item.minutes,
        "state": item.state.value,
        "started_at": _iso(item.started_at),
        "finished_at": _iso(item.finished_at),
        "paused_seconds": item.paused_seconds,
    }


def attendee_bodies(session: Session, meeting: Meeting, attendees: list[Attendee]) -> list[Body]:
    day = local(meeting.starts_at).date()
    people = persons(session, [each.account_id for each in attendees], day)
    ordered = sorted(attendees, key=lambda each: (_ROLE_ORDER[each.role.value], _rank(people, each), each.id or 0))
    return [_attendee_body(each, people[each.account_id]) for each in ordered]


def document_body(shown: rows.Shown, meeting: Meeting) -> Body:
    """A document by the version its readers are shown."""
    document, version = shown.document, shown.version
    return {
        "id": document.id,
        "item_id": document.item_id,
        "title": document.title,
        "version": version.number,
        "version_id": version.id,
        "pages": version.pages,
        "prepared": version.prepared_pages,
        "state": version.state.value,
        "sha": version.sha256[:16],
        "download": document.may_download,
        "print": document.may_print,
        "released": is_released(document, meeting, shown.item),
    }


def conclusion_body(conclusion: Conclusion) -> Body:
    return {
        "id": conclusion.id,
        "item_id": conclusion.item_id,
        "text": conclusion.text,
        "at": _iso(conclusion.recorded_at),
    }


def presenter_body(session: Session, row: Presenter | None) -> Body:
    """Who leads the reading. The place is no part of the state: it changes far more often (`services.presenter`)."""
    found = None
    if row is not None and row.account_id is not None:
        query = select(Attendee).where(Attendee.meeting_id == row.meeting_id, Attendee.account_id == row.account_id)
        found = session.exec(query).one_or_none()
    return {"attendee_id": found.id if found else None, "since": _iso(row.since) if row and found else None}


def reply_body(attendee: Attendee) -> Body:
    """What only the desk may see of a person's answer."""
    return {
        "id": attendee.id,
        "reply": attendee.reply.value,
        "reason": attendee.reply_reason,
        "absence_reason": attendee.absence_reason,
    }


_ROLE_ORDER = {"chair": 0, "secretary": 1, "member": 2, "guest": 3}


def _rank(people: dict[int, Person], attendee: Attendee) -> int:
    return people[attendee.account_id].rank


def _attendee_body(attendee: Attendee, person: Person) -> Body:
    return {
        "id": attendee.id,
        "name": person.name,
        "post": person.post,
        "unit": person.unit,
        "role": attendee.role.value,
        "votes": attendee.votes,
        "checked_in_at": _iso(attendee.checked_in_at),
        "place": attendee.place.value if attendee.place else None,
        "by": attendee.checked_in_by.value if attendee.checked_in_by else None,
        "left_at": _iso(attendee.left_at),
        "seat_id": attendee.seat_id,
        "stands_for": attendee.stands_for_id,
        "delegate_id": attendee.delegate_id,
        "delegate_votes": attendee.delegate_votes,
    }


def attendees_of(session: Session, meeting: Meeting) -> list[Attendee]:
    query = select(Attendee).where(Attendee.meeting_id == meeting.id).order_by(col(Attendee.id))
    return list(session.exec(query).all())


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None
