"""The rows of a meeting's minutes."""

from sqlmodel import Session, col, select

from meeting_app.domain.minutes import Minutes, MinutesSection, MinutesState
from meeting_app.errors import NotFound


def kept(session: Session, meeting_id: int) -> Minutes | None:
    """Also while it holds no more than the notes of a meeting that is not over."""
    return session.exec(select(Minutes).where(Minutes.meeting_id == meeting_id)).one_or_none()


def of_meeting(session: Session, meeting_id: int) -> Minutes | None:
    row = kept(session, meeting_id)
    return None if row is None or row.state is MinutesState.NOTES else row


def required(session: Session, meeting_id: int) -> Minutes:
    row = of_meeting(session, meeting_id)
    if row is None:
        raise NotFound
    return row


def sections_of(session: Session, row: Minutes) -> list[MinutesSection]:
    query = select(MinutesSection).where(MinutesSection.minutes_id == row.id).order_by(col(MinutesSection.position))
    return list(session.exec(query).all())
