"""Conclusions recorded while the meeting runs or its minutes are written (F51)."""

from sqlmodel import Session, col, select

from meeting_app.domain import minutes as rules
from meeting_app.domain.access import Actor, Standing, ensure_desk
from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.meeting import MeetingState, ensure_state
from meeting_app.domain.minutes import Conclusion, Minutes
from meeting_app.domain.wording import typed
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import event as events
from meeting_app.services.unit_of_work import Work, changing

LONGEST = 4000


def record(ports: Ports, actor: Actor, meeting_id: int, text: str, item_id: int | None = None) -> int:
    """Write down what was concluded on an item, or on the meeting as a whole."""
    cleaned = typed(text).strip()
    if not cleaned:
        raise rules.ConclusionEmpty
    if len(cleaned) > LONGEST:
        raise rules.ConclusionTooLong(length=LONGEST)
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        if item_id is not None:
            item = work.session.get(AgendaItem, item_id)
            if item is None or item.meeting_id != meeting_id:
                raise NotFound
        conclusion = Conclusion(
            meeting_id=meeting_id, item_id=item_id, text=cleaned, recorded_by=actor.account_id, recorded_at=work.now
        )
        work.session.add(conclusion)
        work.session.flush()
        return _announce(work, standing, conclusion, "conclusion.record")


def remove(ports: Ports, actor: Actor, meeting_id: int, conclusion_id: int) -> int:
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        conclusion = work.session.get(Conclusion, conclusion_id)
        if conclusion is None or conclusion.meeting_id != meeting_id:
            raise NotFound
        conclusion.removed_at = work.now
        return _announce(work, standing, conclusion, "conclusion.remove")


def standing(session: Session, meeting_id: int) -> list[Conclusion]:
    """Those that were not taken back, oldest first."""
    query = select(Conclusion).where(Conclusion.meeting_id == meeting_id, col(Conclusion.removed_at).is_(None))
    return list(session.exec(query.order_by(col(Conclusion.id))).all())


def ensure_still_written(work: Work, meeting_id: int) -> None:
    """What the minutes say stands once they are before their signers."""
    minutes = work.session.exec(select(Minutes).where(Minutes.meeting_id == meeting_id)).one_or_none()
    if minutes is not None and not minutes.being_written:
        raise rules.NotBeingWritten(state=minutes.label)


def _desk(work: Work, meeting_id: int) -> Standing:
    standing = work.standing(meeting_id)
    ensure_desk(standing)
    ensure_state(standing.meeting, MeetingState.RUNNING, MeetingState.PAUSED, MeetingState.CLOSED)
    ensure_still_written(work, meeting_id)
    return standing


def _announce(work: Work, standing: Standing, conclusion: Conclusion, act: str) -> int:
    work.record(act, conclusion.meeting_id, conclusion=conclusion.id, text=conclusion.text)
    if conclusion.removed_at is not None:
        body: events.Body = {"conclusions": [], "gone": [conclusion.id]}
    else:
        body = {"conclusions": [events.conclusion_body(conclusion)]}
    return work.emit(standing.meeting, Kind.CONCLUSIONS, body, Channel.DESK)
