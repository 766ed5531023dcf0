"""The rows of a meeting's minutes."""

from sqlmodel import Session, col, select

from meeting_app.domain.minutes import Minutes, MinutesSection
from meeting_app.errors import NotFound


def of_meeting(session: Session, meeting_id: int) -> Minutes | None:
    return session.exec(select(Minutes).where(Minutes.meeting_id == meeting_id)).one_or_none()


def required(session: Session, meeting_id: int) -> Minutes:
    row = of_meeting(session, meeting_id)
    if row is None:
        raise NotFound
    return row


def sections_of(session: Session, row: Minutes) -> list[MinutesSection]:
    query = select(MinutesSection).where(MinutesSection.minutes_id == row.id).order_by(col(MinutesSection.position))
    return list(session.exec(query).all())
