"""Messages of the desk: to all, or to one person, who alone hears them beside the desk."""

from meeting_app.domain import message as rules
from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_enters
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.meeting import MeetingState, ensure_state
from meeting_app.domain.message import Message
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import message_rows as rows
from meeting_app.services.unit_of_work import Work, changing, key

# People sit in the room before the opening and after the end.
TALKING_STATES = (MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED, MeetingState.CLOSED)


def send(ports: Ports, actor: Actor, meeting_id: int, text: str, attendee_id: int | None = None) -> int:
    """Say something to all, or to one attendee."""
    cleaned = rules.clean_message(text)
    if not cleaned:
        raise rules.MessageEmpty
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        if standing.attendee is None:
            raise NotFound
        if attendee_id is not None:
            required(work, meeting_id, attendee_id)
        message = Message(
            meeting_id=meeting_id,
            sender_id=key(standing.attendee.id),
            attendee_id=attendee_id,
            text=cleaned,
            sent_at=work.now,
        )
        work.session.add(message)
        work.session.flush()
        work.record("message.send", meeting_id, message=message.id, attendee=attendee_id, text=cleaned)
        return _tell(work, standing, message, {"messages": [rows.message_body(message)]})


def recall(ports: Ports, actor: Actor, meeting_id: int, message_id: int) -> int:
    """Take a message back from every tablet; twice is once."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        message = work.session.get(Message, message_id)
        if message is None or message.meeting_id != meeting_id:
            raise NotFound
        if message.recalled_at is not None:
            return standing.meeting.version
        message.recalled_at = work.now
        work.record("message.recall", meeting_id, message=message.id, text=message.text)
        return _tell(work, standing, message, {"messages": [], "gone": [message.id]})


def required(work: Work, meeting_id: int, attendee_id: int) -> Attendee:
    """An attendee of this meeting; raises NotFound."""
    attendee = work.session.get(Attendee, attendee_id)
    if attendee is None or attendee.meeting_id != meeting_id:
        raise NotFound
    return attendee


def _tell(work: Work, standing: Standing, message: Message, body: rows.Body) -> int:
    if message.attendee_id is None:
        return work.emit(standing.meeting, Kind.MESSAGES, body)
    receiver = required(work, message.meeting_id, message.attendee_id)
    work.emit(standing.meeting, Kind.MESSAGES, body, Channel.PERSON, receiver.account_id)
    return work.emit(standing.meeting, Kind.MESSAGES, body, Channel.DESK)


def _desk(work: Work, meeting_id: int) -> Standing:
    standing = work.standing(meeting_id)
    ensure_enters(standing)
    ensure_desk(standing)
    ensure_state(standing.meeting, *TALKING_STATES)
    return standing
