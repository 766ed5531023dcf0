"""What the house itself knows of each part of the minutes: the one source of the room, the draft and the paper.

Always Vietnamese, as the paper is.
"""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from meeting_app.domain.agenda import AgendaItem, ItemState
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.services import conclusion as conclusions
from meeting_app.services import floor_record, vote_record
from meeting_app.services.unit_of_work import key

OPENING, CLOSING = "Khai mạc", "Kết luận của chủ toạ"
_OVER = (MeetingState.CLOSED, MeetingState.RECORDED)


@dataclass(frozen=True, slots=True)
class Part:
    """The opening, one item of the agenda, or the closing."""

    item: AgendaItem | None
    heading: str
    first_words: tuple[str, ...] = ()  # the text begins with them; whoever writes may change them
    votes: tuple[str, ...] = ()
    conclusions: tuple[str, ...] = ()

    @property
    def item_id(self) -> int | None:
        return self.item.id if self.item else None


def outline(session: Session, meeting: Meeting) -> list[Part]:
    """The parts in the order of the agenda; what belongs to no item stands in the opening or the closing."""
    meeting_id = key(meeting.id)
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id).order_by(col(AgendaItem.position))
    spoken = floor_record.sentences(session, meeting)
    voted = vote_record.sentences(session, meeting_id)
    concluded: dict[int | None, list[str]] = {}
    for each in conclusions.standing(session, meeting_id):
        concluded.setdefault(each.item_id, []).append(each.text)

    def said(item_id: int | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return tuple(voted.get(item_id, ())), tuple(concluded.get(item_id, ()))

    parts = [Part(None, OPENING, tuple(spoken.get(None, ())))]
    for item in session.exec(query).all():
        begun = _of_item(item, over=meeting.state in _OVER)
        parts.append(Part(item, item.title, (*begun, *spoken.get(item.id, ())), *said(item.id)))
    return [*parts, Part(None, CLOSING, (), *said(None))]


def _of_item(item: AgendaItem, *, over: bool) -> tuple[str, ...]:
    if item.state is ItemState.SKIPPED or (over and item.state is not ItemState.FINISHED):
        return ("Nội dung này không được thảo luận tại phiên họp.",)
    if item.state is ItemState.WAITING or not item.presenter:
        return ()
    return (f"{item.presenter} trình bày nội dung.",)
