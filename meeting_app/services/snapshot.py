"""The whole state of a meeting that one person may see, at one version: `domain.event.apply` goes on from it."""

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor, Standing, Wall
from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.document import Document
from meeting_app.domain.event import ON_THE_WALL
from meeting_app.domain.presenter import Presenter
from meeting_app.ports import Ports
from meeting_app.services import conclusion as conclusions
from meeting_app.services import document_rows as rows
from meeting_app.services import event as events
from meeting_app.services import floor_rows, hall_screen_rows, message_rows, minutes_rows, motion_rows
from meeting_app.services import seat as seats
from meeting_app.services.event import Body, Listener
from meeting_app.services.unit_of_work import reading_standing


def take(ports: Ports, who: Actor | Wall, meeting_id: int) -> tuple[Listener, Body]:
    """The whole state this person or screen may see, at one version: `domain.event.apply` goes on from here."""
    with ports.database.reading() as session:
        if isinstance(who, Wall):
            listener = hall_screen_rows.listener(who)
            return listener, _on_the_wall(_state(session, hall_screen_rows.standing(session, who), listener), who)
        standing = reading_standing(session, who, meeting_id)
        listener = events.listener(session, standing)
        return listener, _state(session, standing, listener)


def _state(session: Session, standing: Standing, listener: Listener) -> Body:
    meeting = standing.meeting
    items = session.exec(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(col(AgendaItem.position))
    ).all()
    minutes = minutes_rows.of_meeting(session, listener.meeting_id)
    state: Body = {
        "version": meeting.version,
        "meeting": events.meeting_body(session, meeting),
        "items": [events.item_body(item) for item in items],
        "attendees": events.attendee_bodies(session, meeting, events.attendees_of(session, meeting)),
        "seats": [seats.seat_body(each) for each in seats.of_venue(session, meeting.venue_id)],
        "documents": [events.document_body(each, meeting) for each in _documents(session, standing)],
        "minutes": {"state": minutes.state.value if minutes else ""},
        **_floor(session, listener.meeting_id),
        **_talk(session, listener, desk=standing.runs_desk),
        "presenter": events.presenter_body(session, session.get(Presenter, meeting.id)),
        **motion_rows.state_bodies(session, meeting, desk=standing.runs_desk),
        "you": {
            "attendee_id": listener.attendee_id,
            "name": standing.actor.full_name,
            "role": listener.role,
            "desk": standing.runs_desk,
        },
    }
    if standing.runs_desk:
        state["conclusions"] = [
            events.conclusion_body(each) for each in conclusions.standing(session, listener.meeting_id)
        ]
        state["replies"] = [events.reply_body(each) for each in events.attendees_of(session, meeting)]
        screens = hall_screen_rows.of_meeting(session, listener.meeting_id)
        state["screens"] = [hall_screen_rows.body(each) for each in screens]
    return state


def _floor(session: Session, meeting_id: int) -> Body:
    return {
        "floor": [floor_rows.body(each) for each in floor_rows.of_meeting(session, meeting_id)],
        "floor_rules": floor_rows.rules_body(floor_rows.rules_of(session, meeting_id)),
    }


def _talk(session: Session, listener: Listener, *, desk: bool) -> Body:
    """What was said to all and to this person, and their own calls for help; to the desk everybody's."""
    whose = (session, listener.meeting_id, listener.attendee_id)
    return {
        "messages": [message_rows.message_body(each) for each in message_rows.messages_for(*whose, desk=desk)],
        "help": [message_rows.call_body(each) for each in message_rows.calls_for(*whose, desk=desk)],
    }


def _on_the_wall(state: Body, wall: Wall) -> Body:
    """Of what everybody may see the part that is made for the wall: the same rule as for its events."""
    shown = {name: state[name] for name in ("version", *ON_THE_WALL) if name in state}
    return shown | {"you": {**state["you"], "name": wall.name}}


def _documents(session: Session, standing: Standing) -> list[rows.Shown]:
    found = rows.shown(session, Document.meeting_id == standing.meeting.id)
    return [each for each in found if each.may_read(standing)]
