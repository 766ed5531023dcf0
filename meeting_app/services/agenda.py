"""The agenda: built before the meeting, run during it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from meeting_app.domain import agenda as rules
from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_sees
from meeting_app.domain.agenda import AgendaItem, ItemState
from meeting_app.domain.document import Document
from meeting_app.domain.event import Kind
from meeting_app.domain.meeting import MeetingState, ensure_running, ensure_state
from meeting_app.domain.preparation import Preparation
from meeting_app.domain.wording import typed
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import document_rows as rows
from meeting_app.services import event as events
from meeting_app.services import floor_rows
from meeting_app.services import motion as motions
from meeting_app.services.document_telling import telling
from meeting_app.services.invitation import ensure_none_pending
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing

_BEFORE_THE_END = (MeetingState.DRAFT, MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)


@dataclass(frozen=True, slots=True)
class ItemView:
    id: int
    position: int
    title: str
    presenter: str
    minutes: int
    state: ItemState
    started_at: datetime | None
    finished_at: datetime | None


def items(ports: Ports, actor: Actor, meeting_id: int) -> list[ItemView]:
    """The agenda in its order."""
    with ports.database.reading() as session:
        ensure_sees(reading_standing(session, actor, meeting_id))
        rows = session.exec(
            select(AgendaItem).where(AgendaItem.meeting_id == meeting_id).order_by(col(AgendaItem.position))
        ).all()
    return [
        ItemView(
            key(row.id), row.position, row.title, row.presenter, row.minutes, row.state, row.started_at, row.finished_at
        )
        for row in rows
    ]


def insert(
    ports: Ports,
    actor: Actor,
    meeting_id: int,
    title: str,
    *,
    presenter: str = "",
    minutes: int = 10,
    position: int = 10_000,
) -> int:
    """Add an item at a place, at the end when none is said."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        item = AgendaItem(
            meeting_id=meeting_id,
            position=0,
            title=rules.clean_item(title, minutes),
            presenter=typed(presenter).strip()[:200],
            minutes=minutes,
        )
        work.session.add(item)
        work.session.flush()
        ordered = rules.move(_items(work, meeting_id), item, position)
        return _announce(work, standing, "item.insert", item, ordered)


def change(
    ports: Ports, actor: Actor, meeting_id: int, item_id: int, *, title: str, presenter: str, minutes: int
) -> int:
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        item = _item(work, meeting_id, item_id)
        item.title, item.presenter, item.minutes = (
            rules.clean_item(title, minutes),
            typed(presenter).strip()[:200],
            minutes,
        )
        return _announce(work, standing, "item.change", item)


def extend(ports: Ports, actor: Actor, meeting_id: int, item_id: int, minutes: int) -> int:
    """Give an item more time (or take some back, minutes below 0)."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        item = _item(work, meeting_id, item_id)
        rules.clean_item(item.title, item.minutes + minutes)
        item.minutes += minutes
        return _announce(work, standing, "item.extend", item)


def move(ports: Ports, actor: Actor, meeting_id: int, item_id: int, position: int) -> int:
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        item = _item(work, meeting_id, item_id)
        ordered = rules.move(_items(work, meeting_id), item, position)
        return _announce(work, standing, "item.move", item, ordered)


def remove(ports: Ports, actor: Actor, meeting_id: int, item_id: int) -> int:
    """Take a waiting item out; its documents stay with the meeting."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        ensure_state(standing.meeting, MeetingState.DRAFT, MeetingState.CONVENED)
        item = _item(work, meeting_id, item_id)
        orphans = [key(each.document.id) for each in rows.shown(work.session, Document.item_id == item_id)]
        with telling(work, standing.meeting, col(Document.id).in_(orphans)):
            floor_rows.let_go(work, standing.meeting, item_id)
            motions.leave_item(work, standing.meeting, item_id)
            _let_go(work, item)
            ordered = _items(work, meeting_id)
            for number, each in enumerate(ordered, start=1):
                each.position = number
            order = [each.id for each in ordered]
            work.emit(standing.meeting, Kind.ITEMS, {"items": [], "gone": [item_id], "order": order})
        work.record("item.remove", meeting_id, item=item_id, title=item.title)
        return work.version


def start(ports: Ports, actor: Actor, meeting_id: int, item_id: int) -> int:
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        ensure_running(standing.meeting)
        item = _item(work, meeting_id, item_id)
        with telling(work, standing.meeting, Document.item_id == item_id):  # those released at their item
            rules.start(_items(work, meeting_id), item, work.now)
            _announce(work, standing, "item.start", item)
        return work.version


def finish(ports: Ports, actor: Actor, meeting_id: int, item_id: int) -> int:
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        ensure_running(standing.meeting)
        item = _item(work, meeting_id, item_id)
        rules.finish(item, work.now)
        return _announce(work, standing, "item.finish", item)


def skip(ports: Ports, actor: Actor, meeting_id: int, item_id: int) -> int:
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        ensure_running(standing.meeting)
        item = _item(work, meeting_id, item_id)
        rules.skip(item)
        return _announce(work, standing, "item.skip", item)


def undo(ports: Ports, actor: Actor, meeting_id: int, item_id: int) -> int:
    """Take the last start, finish or skip of an item back while the meeting runs."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        ensure_running(standing.meeting)
        item = _item(work, meeting_id, item_id)
        with telling(work, standing.meeting, Document.item_id == item_id):  # those released at their item
            rules.undo(_items(work, meeting_id), item)
            _announce(work, standing, "item.undo", item)
        return work.version


def _let_go(work: Work, item: AgendaItem) -> None:
    """Delete an item; nobody prepares for it any more, its documents are the whole meeting's."""
    for document in work.session.exec(select(Document).where(Document.item_id == item.id)).all():
        document.item_id = None
    for asked in work.session.exec(select(Preparation).where(Preparation.item_id == item.id)).all():
        work.session.delete(asked)
    work.session.flush()
    work.session.delete(item)
    work.session.flush()


def _desk(work: Work, meeting_id: int) -> Standing:
    standing = work.standing(meeting_id)
    ensure_desk(standing)
    ensure_state(standing.meeting, *_BEFORE_THE_END)
    ensure_none_pending(work, standing.meeting)
    return standing


def _item(work: Work, meeting_id: int, item_id: int) -> AgendaItem:
    item = work.session.get(AgendaItem, item_id)
    if item is None or item.meeting_id != meeting_id:
        raise NotFound
    return item


def _items(work: Work, meeting_id: int) -> list[AgendaItem]:
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id).order_by(col(AgendaItem.position))
    return list(work.session.exec(query).all())


def _announce(
    work: Work, standing: Standing, act: str, item: AgendaItem, ordered: list[AgendaItem] | None = None
) -> int:
    body: events.Body = {"items": [events.item_body(item)]}
    if ordered is not None:
        body["order"] = [each.id for each in ordered]
    version = work.emit(standing.meeting, Kind.ITEMS, body)
    work.record(act, key(standing.meeting.id), item=item.id, title=item.title)
    return version
