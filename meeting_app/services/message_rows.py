"""Messages and calls for help as rows and frames, and who has any of their own."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from meeting_app.domain.message import HelpCall, Message

Body = dict[str, Any]


def messages_for(session: Session, meeting_id: int, attendee_id: int | None, *, desk: bool) -> list[Message]:
    """What was said to all and to this person, to the desk everything, oldest first."""
    query = select(Message).where(Message.meeting_id == meeting_id, col(Message.recalled_at).is_(None))
    if not desk:
        query = query.where((col(Message.attendee_id).is_(None)) | (col(Message.attendee_id) == attendee_id))
    return list(session.exec(query.order_by(col(Message.id))).all())


def calls_for(session: Session, meeting_id: int, attendee_id: int | None, *, desk: bool) -> list[HelpCall]:
    """A person's own calls for help, to the desk everybody's, oldest first; withdrawn ones are gone."""
    query = select(HelpCall).where(HelpCall.meeting_id == meeting_id, col(HelpCall.withdrawn_at).is_(None))
    if not desk:
        query = query.where(HelpCall.attendee_id == attendee_id)
    return list(session.exec(query.order_by(col(HelpCall.id))).all())


def is_addressed(session: Session, meeting_id: int, attendee_id: int) -> bool:
    """Whether something of this meeting is this person's alone: a message, or a call for help."""
    message = select(Message.id).where(
        Message.meeting_id == meeting_id, Message.attendee_id == attendee_id, col(Message.recalled_at).is_(None)
    )
    call = select(HelpCall.id).where(HelpCall.attendee_id == attendee_id, col(HelpCall.withdrawn_at).is_(None))
    return any(session.exec(query.limit(1)).first() is not None for query in (message, call))


def message_body(row: Message) -> Body:
    return {
        "id": row.id,
        "sender_id": row.sender_id,
        "attendee_id": row.attendee_id,
        "text": row.text,
        "at": _iso(row.sent_at),
    }


def call_body(row: HelpCall) -> Body:
    return {
        "id": row.id,
        "attendee_id": row.attendee_id,
        "text": row.text,
        "raised_at": _iso(row.raised_at),
        "answered_at": _iso(row.answered_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None
