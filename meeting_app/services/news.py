"""What is new in a meeting: asked by its room after every commit, so by one plain question."""

from dataclasses import fields

from sqlalchemy import bindparam
from sqlmodel import col, select

from meeting_app.domain.event import Happened, MeetingEvent
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.presenter import Presenter
from meeting_app.ports import Ports
from meeting_app.services import presenter
from meeting_app.services.presenter import Place

_FIELDS = tuple(each.name for each in fields(Happened))
_events = (
    select(MeetingEvent)
    .where(MeetingEvent.meeting_id == bindparam("meeting_id"), MeetingEvent.version > bindparam("version"))
    .order_by(col(MeetingEvent.version))
    .limit(bindparam("most"))
    .subquery()
)
# One statement, so one state of the rows: the turn of the place, and the events if there are any.
_NEWS = (
    select(Presenter.turn, *(_events.c[name] for name in _FIELDS))
    .select_from(Meeting)
    .outerjoin(Presenter, col(Presenter.meeting_id) == col(Meeting.id))
    .outerjoin(_events, _events.c.meeting_id == col(Meeting.id))
    .where(Meeting.id == bindparam("meeting_id"))
    .order_by(_events.c.version)
)


def news(
    ports: Ports, meeting_id: int, version: int, limit: int, known: Place | None = None
) -> tuple[list[Happened], Place]:
    """The events after a version, oldest first, at most `limit`; and where the presenter reads by then.

    `known` is the place as it was at `version`: it is looked up only when it may have changed. Every turn counts,
    and who may see the document of the place changes by an event.
    """
    known = known or Place()
    found = ports.database.rows(_NEWS, meeting_id=meeting_id, version=version, most=limit)
    turn = found[0][0] if found else None
    events = [Happened(*row) for _turn, *row in found if row[0] is not None]
    moved = (turn or 0) != known.turn or (bool(events) and known.presenter_id is not None)
    return events, presenter.place(ports, meeting_id) if moved else known
