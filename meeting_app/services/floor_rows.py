"""The floor as rows and frames: who asks, who speaks, who has spoken, and by which rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlmodel import Session, col, select

from meeting_app.domain import floor as rules
from meeting_app.domain import turn as turns
from meeting_app.domain.agenda import AgendaItem, ItemState
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.calendar import local
from meeting_app.domain.event import Kind
from meeting_app.domain.floor import FloorRequest, FloorRules, RequestState
from meeting_app.domain.meeting import Meeting
from meeting_app.services.event import Body
from meeting_app.services.people import persons
from meeting_app.services.unit_of_work import Work, key


def of_meeting(session: Session, meeting_id: int) -> list[FloorRequest]:
    """All that were not withdrawn, in the order to be called; who has spoken comes last."""
    query = select(FloorRequest).where(
        FloorRequest.meeting_id == meeting_id, FloorRequest.state != RequestState.WITHDRAWN
    )
    return rules.in_order(session.exec(query).all())


def has_spoken(session: Session, attendee_id: int) -> bool:
    spoke = (RequestState.SPEAKING, RequestState.PAUSED, RequestState.DONE)
    query = select(FloorRequest.id).where(FloorRequest.attendee_id == attendee_id, col(FloorRequest.state).in_(spoke))
    return session.exec(query.limit(1)).first() is not None


def rules_of(session: Session, meeting_id: int) -> FloorRules:
    """The rules of a meeting; a new row is not stored before it is added."""
    return session.get(FloorRules, meeting_id) or FloorRules(meeting_id=meeting_id)


def body(request: FloorRequest) -> Body:
    return {
        "id": request.id,
        "kind": request.kind.value,
        "attendee_id": request.attendee_id,
        "addressee_id": request.addressee_id,
        "item_id": request.spoken_on_id or request.item_id,
        "subject": request.subject,
        "state": request.state.value,
        "raised_at": _iso(request.raised_at),
        "position": request.position,
        "seconds": request.seconds,
        "started_at": _iso(request.started_at),
        "paused_at": _iso(request.paused_at),
        "paused_seconds": request.paused_seconds,
        "ended_at": _iso(request.ended_at),
    }


def rules_body(row: FloorRules) -> Body:
    return {
        "order": row.order.value,
        "seconds": row.seconds,
        "question_seconds": row.question_seconds,
        "speeches": row.speeches.value,
        "questions": row.questions.value,
    }


@contextmanager
def telling(work: Work, meeting: Meeting) -> Iterator[None]:
    """Whatever the block changes about the floor of a meeting, the room is told in one event."""
    before = [body(each) for each in of_meeting(work.session, key(meeting.id))]
    yield
    work.session.flush()
    after = [body(each) for each in of_meeting(work.session, key(meeting.id))]
    if after == before:
        return
    known = {each["id"]: each for each in before}
    order = [each["id"] for each in after]
    told: Body = {"floor": [each for each in after if known.get(each["id"]) != each], "order": order}
    if gone := sorted(known.keys() - order):
        told["gone"] = gone
    work.emit(meeting, Kind.FLOOR, told)


def end_turns(work: Work, meeting: Meeting) -> None:
    """Inside the closing of a meeting: whoever speaks has spoken."""
    with telling(work, meeting):
        turns.end_all(of_meeting(work.session, key(meeting.id)), work.now, meeting.paused_at)


def count_out_pause(work: Work, meeting: Meeting, paused_at: datetime) -> None:
    """Inside the resuming of a meeting: the speaker's clock stood still with it."""
    with telling(work, meeting):
        turns.count_out(of_meeting(work.session, key(meeting.id)), paused_at, work.now)


def let_go(work: Work, meeting: Meeting, item_id: int) -> None:
    """An item that is taken off the agenda is no longer what anybody wants to speak about."""
    with telling(work, meeting):
        for each in of_item(work.session, item_id):
            each.item_id = None if each.item_id == item_id else each.item_id


def of_item(session: Session, item_id: int) -> list[FloorRequest]:
    """All that name this item, also the withdrawn ones."""
    return list(session.exec(select(FloorRequest).where(FloorRequest.item_id == item_id)).all())


def current_item(session: Session, meeting_id: int) -> int | None:
    query = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id, AgendaItem.state == ItemState.CURRENT)
    return session.exec(query).one_or_none()


def ranks(session: Session, meeting: Meeting) -> dict[int, int]:
    """The rank of everybody's post by attendee, 1 the highest."""
    attendees = session.exec(select(Attendee).where(Attendee.meeting_id == meeting.id)).all()
    people = persons(session, [each.account_id for each in attendees], local(meeting.starts_at).date())
    return {key(each.id): people[each.account_id].rank for each in attendees}


def names(session: Session, meeting: Meeting, attendee_ids: set[int]) -> dict[int, str]:
    """Full names by attendee."""
    query = select(Attendee).where(col(Attendee.id).in_(attendee_ids))
    attendees = session.exec(query).all()
    people = persons(session, [each.account_id for each in attendees], local(meeting.starts_at).date())
    return {key(each.id): people[each.account_id].name for each in attendees}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None
