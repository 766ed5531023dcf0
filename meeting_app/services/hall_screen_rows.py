"""Hall screens as rows: found by their cookie, listed for a meeting, told to its desk."""

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from meeting_app.domain.access import Actor, Standing, Wall
from meeting_app.domain.hall_screen import HallScreen, hash_of, is_same
from meeting_app.domain.meeting import Meeting
from meeting_app.errors import NotFound
from meeting_app.services.event import Body, Listener

_NOBODY = Actor(account_id=0, full_name="", unit_id=0)  # no row has these numbers


def by_token(session: Session, token: str) -> HallScreen | None:
    token_hash = hash_of(token)
    screen = session.exec(select(HallScreen).where(HallScreen.token_hash == token_hash)).one_or_none()
    return screen if screen is not None and is_same(screen.token_hash, token_hash) else None


def meeting_of(session: Session, screen: HallScreen | None) -> Meeting | None:
    return session.get(Meeting, screen.meeting_id) if screen is not None and screen.meeting_id is not None else None


def of_meeting(session: Session, meeting_id: int) -> list[HallScreen]:
    """The first one paired stands first."""
    query = select(HallScreen).where(HallScreen.meeting_id == meeting_id)
    return list(session.exec(query.order_by(col(HallScreen.paired_at), col(HallScreen.id))).all())


def locked(condition: ColumnElement[bool]) -> SelectOfScalar[HallScreen]:
    """A screen as it is now, kept so until the end of the transaction."""
    return select(HallScreen).where(condition).with_for_update().execution_options(populate_existing=True)


def body(screen: HallScreen) -> Body:
    at = screen.paired_at
    return {"id": screen.id, "name": screen.name, "paired_at": at.isoformat(timespec="milliseconds") if at else None}


def standing(session: Session, wall: Wall) -> Standing:
    """What a screen is in the meeting it shows: nobody. NotFound once it shows it no longer."""
    screen, meeting = session.get(HallScreen, wall.screen_id), session.get(Meeting, wall.meeting_id)
    if screen is None or meeting is None or screen.meeting_id != wall.meeting_id:
        raise NotFound
    return Standing(_NOBODY, meeting, None)


def listener(wall: Wall) -> Listener:
    return Listener(wall.meeting_id, None, None, "screen", wall.channels)
