"""Which units bring the documents of an item (F23, F24): asked by the desk, and let go."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_sees
from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.organisation import Unit
from meeting_app.domain.preparation import Preparation
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing

_OPEN = (MeetingState.DRAFT, MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)


@dataclass(frozen=True, slots=True)
class PreparingUnit:
    item_id: int
    unit_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Task:
    """An item for which the actor's unit is to bring documents: all of the meeting that it needs to know."""

    item_id: int
    item: str
    meeting_id: int
    meeting: str
    starts_at: datetime


def ask(ports: Ports, actor: Actor, item_id: int, unit_id: int) -> None:
    """Have a unit bring documents for an item; twice is once."""
    with changing(ports, actor) as work:
        standing = _desk(work, item_id)
        if work.session.get(Unit, unit_id) is None:
            raise NotFound
        if work.session.get(Preparation, (item_id, unit_id)) is None:
            row = Preparation(item_id=item_id, unit_id=unit_id, asked_by=actor.account_id, asked_at=work.now)
            work.session.add(row)
            work.record("preparation.ask", standing.meeting.id, item=item_id, unit=unit_id)


def let_go(ports: Ports, actor: Actor, item_id: int, unit_id: int) -> None:
    """The unit brings nothing more; what it brought stays with the desk."""
    with changing(ports, actor) as work:
        standing = _desk(work, item_id)
        row = work.session.get(Preparation, (item_id, unit_id))
        if row is not None:
            work.session.delete(row)
            work.record("preparation.let_go", standing.meeting.id, item=item_id, unit=unit_id)


def units(ports: Ports, actor: Actor, meeting_id: int) -> list[PreparingUnit]:
    """For whoever sees the agenda."""
    with ports.database.reading() as session:
        ensure_sees(reading_standing(session, actor, meeting_id))
        found = session.exec(
            select(Preparation, Unit)
            .join(AgendaItem, col(AgendaItem.id) == Preparation.item_id)
            .join(Unit, col(Unit.id) == Preparation.unit_id)
            .where(AgendaItem.meeting_id == meeting_id)
            .order_by(col(AgendaItem.position), col(Unit.name))
        ).all()
    return [PreparingUnit(row.item_id, row.unit_id, unit.name) for row, unit in found]


def askable(ports: Ports) -> dict[int, str]:
    """All units of the house, by name."""
    with ports.database.reading() as session:
        return {key(unit.id): unit.name for unit in session.exec(select(Unit).order_by(col(Unit.name))).all()}


def tasks(ports: Ports, actor: Actor) -> list[Task]:
    """What the actor's unit is to bring, soonest meeting first."""
    with ports.database.reading() as session:
        found = session.exec(
            select(AgendaItem, Meeting)
            .join(Preparation, col(Preparation.item_id) == AgendaItem.id)
            .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
            .where(Preparation.unit_id == actor.unit_id, col(Meeting.state).in_(_OPEN))
            .order_by(col(Meeting.starts_at), col(AgendaItem.position))
        ).all()
    return [
        Task(key(item.id), item.title, item.meeting_id, meeting.title, meeting.starts_at) for item, meeting in found
    ]


def meeting_of(session: Session, item_id: int) -> int:
    item = session.get(AgendaItem, item_id)
    if item is None:
        raise NotFound
    return item.meeting_id


def _desk(work: Work, item_id: int) -> Standing:
    standing = work.standing(meeting_of(work.session, item_id))
    ensure_desk(standing)
    return standing
