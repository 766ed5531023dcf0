"""Leading the reading: taken, handed over, given up; and the page that all who follow are shown."""

from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from meeting_app.domain import presenter as rules
from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_enters
from meeting_app.domain.account import Account
from meeting_app.domain.agenda import AgendaItem, ItemState
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.document import Document
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.meeting import Meeting, ensure_state
from meeting_app.domain.presenter import PRESENTING_STATES, Presenter
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import document_rows as rows
from meeting_app.services import event as events
from meeting_app.services.unit_of_work import Work, changing, key


@dataclass(frozen=True, slots=True)
class Place:
    """Where the presenter reads, for those who hear the document's channel; nowhere without a document."""

    turn: int = 0
    presenter_id: int | None = None  # an account
    document_id: int | None = None
    page: int = 0
    channel: Channel = Channel.EVERYONE
    people: frozenset[int] = frozenset()  # accounts that may read it beside those who hear the channel


def take(ports: Ports, actor: Actor, meeting_id: int) -> int:
    """Lead the reading from now on; twice is once."""
    with changing(ports, actor) as work:
        standing = _open(work, meeting_id)
        row = _row(work, meeting_id)
        if row.account_id == actor.account_id:
            return standing.meeting.version
        if not standing.runs_desk:
            _ensure_in_turn(work, row, actor, meeting_id)
        return _give(work, standing, row, actor.account_id, "presenter.take")


def hand(ports: Ports, actor: Actor, meeting_id: int, attendee_id: int) -> int:
    """The desk lets somebody of the meeting lead the reading."""
    with changing(ports, actor) as work:
        standing = _open(work, meeting_id)
        ensure_desk(standing)
        attendee = work.session.get(Attendee, attendee_id)
        if attendee is None or attendee.meeting_id != meeting_id:
            raise NotFound
        row = _row(work, meeting_id)
        if row.account_id == attendee.account_id:
            return standing.meeting.version
        return _give(work, standing, row, attendee.account_id, "presenter.hand")


def stop(ports: Ports, actor: Actor, meeting_id: int) -> int:
    """Nobody leads any more: the presenter's own act, or the desk's."""
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_enters(standing)
        row = _row(work, meeting_id)
        if row.account_id is None:
            return standing.meeting.version
        if row.account_id != actor.account_id:
            ensure_desk(standing)
        return end(work, standing.meeting)


def end(work: Work, meeting: Meeting) -> int:
    """Take the lead from whoever has it, inside another act such as closing the meeting."""
    row = work.session.get(Presenter, key(meeting.id))
    if row is None or row.account_id is None:
        return meeting.version
    row.account_id, row.since, row.document_id, row.page = None, None, None, 0
    row.turn += 1
    work.record("presenter.stop", meeting.id)
    return work.emit(meeting, Kind.PRESENTER, events.presenter_body(work.session, row))


def turn(ports: Ports, actor: Actor, meeting_id: int, document_id: int, page: int) -> int:
    """Show everybody who follows this page (0 is the first). Latest wins: no event, no receipt, no trail."""
    with changing(ports, replace(actor, command_id=None)) as work:
        standing = _open(work, meeting_id)
        row = _row(work, meeting_id)
        if row.account_id != actor.account_id:
            raise rules.NotPresenting
        document = rows.required(work.session, document_id)
        version = rows.current(work.session, document_id)
        if version is None or not 0 <= page < version.pages:
            raise NotFound
        if not rows.of_version(work.session, document, version).may_read(standing):
            raise NotFound
        if (row.document_id, row.page) != (document_id, page):
            row.document_id, row.page = document_id, page
            row.turn += 1
            work.meetings.add(meeting_id)
        return standing.meeting.version


def place(ports: Ports, meeting_id: int) -> Place:
    """Where the presenter reads now."""
    with ports.database.reading() as session:
        return _place(session, meeting_id)


def _place(session: Session, meeting_id: int) -> Place:
    row = session.get(Presenter, meeting_id)
    if row is None:
        return Place()
    found = rows.shown(session, Document.id == row.document_id) if row.document_id is not None else []
    if row.account_id is None or not found:
        return Place(row.turn, row.account_id)
    hearing = found[0].hearing(session.get_one(Meeting, meeting_id))
    return Place(row.turn, row.account_id, row.document_id, row.page, hearing.channel or Channel.DESK, hearing.people)


def _give(work: Work, standing: Standing, row: Presenter, account_id: int, act: str) -> int:
    row.account_id, row.since = account_id, work.now
    row.turn += 1
    work.record(act, standing.meeting.id, account=account_id)
    return work.emit(standing.meeting, Kind.PRESENTER, events.presenter_body(work.session, row))


def _open(work: Work, meeting_id: int) -> Standing:
    standing = work.standing(meeting_id)
    ensure_enters(standing)
    ensure_state(standing.meeting, *PRESENTING_STATES)
    return standing


def _row(work: Work, meeting_id: int) -> Presenter:
    row = work.session.get(Presenter, meeting_id)
    if row is None:
        row = Presenter(meeting_id=meeting_id)
        work.session.add(row)
    return row


def _ensure_in_turn(work: Work, row: Presenter, actor: Actor, meeting_id: int) -> None:
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, AgendaItem.state == ItemState.CURRENT)
    people = select(Account.full_name).join(Attendee, col(Attendee.account_id) == Account.id)
    everybody = work.session.exec(people.where(Attendee.meeting_id == meeting_id)).all()
    if not rules.names(work.session.exec(query).one_or_none(), actor.full_name, everybody):
        raise rules.NotTheirTurn
    if row.account_id is not None:
        raise rules.AnotherPresents(name=work.session.get_one(Account, row.account_id).full_name)
