"""Who spoke on what: the sentences that the draft of the minutes begins with; Vietnamese, as the paper is."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from meeting_app.domain.floor import FloorRequest, RequestKind, RequestState
from meeting_app.domain.meeting import Meeting
from meeting_app.services import floor_rows as rows


def sentences(session: Session, meeting: Meeting) -> dict[int | None, list[str]]:
    """By agenda item (None: between items), in the order they spoke."""
    query = select(FloorRequest).where(
        FloorRequest.meeting_id == meeting.id,
        FloorRequest.state == RequestState.DONE,
        FloorRequest.kind != RequestKind.ORDER,
    )
    spoken = list(session.exec(query.order_by(col(FloorRequest.started_at), col(FloorRequest.id))).all())
    people = {each.attendee_id for each in spoken} | {each.addressee_id for each in spoken if each.addressee_id}
    names = rows.names(session, meeting, people)
    by_item: dict[int | None, list[FloorRequest]] = {}
    for each in spoken:
        by_item.setdefault(each.spoken_on_id, []).append(each)
    return {item_id: _of_item(turns, names) for item_id, turns in by_item.items()}


def _of_item(spoken: list[FloorRequest], names: dict[int, str]) -> list[str]:
    speeches = [each for each in spoken if each.kind is RequestKind.SPEECH]
    said: list[str] = []
    if speeches:
        said.append(f"Ý kiến phát biểu: {'; '.join(_once_each(_about(each, names) for each in speeches))}.")
    for each in spoken:
        if each.kind is RequestKind.QUESTION and each.addressee_id is not None:
            asked = f"{names[each.attendee_id]} chất vấn {names[each.addressee_id]}"
            said.append(_ended(f"{asked} về: {each.subject}" if each.subject else asked))
    return said


def _about(request: FloorRequest, names: dict[int, str]) -> str:
    name = names[request.attendee_id]
    return f"{name} (về {request.subject.rstrip('.')})" if request.subject else name


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!", "…")) else f"{sentence}."


def _once_each(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
