"""The sections of the minutes while they are written: nothing typed is lost, whoever saves first."""

from dataclasses import dataclass

from sqlmodel import col, select

from meeting_app.domain import minutes as rules
from meeting_app.domain.access import Actor, ensure_writes_minutes
from meeting_app.domain.agenda import AgendaItem, ItemState
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.minutes import Minutes, MinutesRevision, MinutesSection, MinutesState
from meeting_app.domain.wording import typed
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import floor_record, minutes_rows
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing


@dataclass(frozen=True, slots=True)
class SectionView:
    id: int
    item_id: int | None
    heading: str
    text: str
    revision: int


def sections(ports: Ports, actor: Actor, meeting_id: int) -> list[SectionView]:
    """The texts being written, in their order, for the desk."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_writes_minutes(standing)
        row = minutes_rows.required(session, meeting_id)
        return [
            SectionView(key(each.id), each.item_id, each.heading, each.text, each.revision)
            for each in minutes_rows.sections_of(session, row)
        ]


def save(ports: Ports, actor: Actor, section_id: int, *, base_revision: int, text: str) -> int:
    """Keep what was typed on top of the revision it was typed on; returns the new revision.

    Raises ChangedMeanwhile (values: text, revision) when another window saved first; the text that
    lost is kept among the revisions all the same.
    """
    text = typed(text)
    if len(text) > rules.LONGEST_SECTION:
        raise rules.TextTooLong(length=rules.LONGEST_SECTION)
    with changing(ports, actor) as work:
        section = work.session.get(MinutesSection, section_id)
        if section is None:
            raise NotFound
        row = work.session.get_one(Minutes, section.minutes_id)
        ensure_writes_minutes(work.standing(row.meeting_id))
        work.session.refresh(section)
        work.session.refresh(row)
        if row.state is not MinutesState.DRAFT:
            raise rules.NotBeingWritten(state=row.label)
        if text == section.text:
            return section.revision
        clash = section.revision != base_revision
        work.session.add(
            MinutesRevision(
                section_id=section_id,
                revision=section.revision + 1,
                text=text,
                account_id=actor.account_id,
                saved_at=work.now,
            )
        )
        if not clash:
            section.text, section.revision = text, section.revision + 1
            work.record("minutes.save", row.meeting_id, section=section_id, revision=section.revision)
    if clash:
        raise rules.ChangedMeanwhile(text=section.text, revision=section.revision)
    return section.revision


def open_all(work: Work, row: Minutes) -> None:
    """One for the opening, one for each item, one for the closing."""
    items = work.session.exec(
        select(AgendaItem).where(AgendaItem.meeting_id == row.meeting_id).order_by(col(AgendaItem.position))
    ).all()
    spoken = floor_record.sentences(work.session, work.session.get_one(Meeting, row.meeting_id))
    drafts: list[tuple[int | None, str, str]] = [(None, "Khai mạc", "\n".join(spoken.get(None, [])))]
    drafts += [(item.id, item.title, "\n".join([*_first_words(item), *spoken.get(item.id, [])])) for item in items]
    drafts.append((None, "Kết luận của chủ toạ", ""))
    for position, (item_id, heading, text) in enumerate(drafts, start=1):
        work.session.add(
            MinutesSection(minutes_id=key(row.id), item_id=item_id, position=position, heading=heading[:400], text=text)
        )


def _first_words(item: AgendaItem) -> list[str]:
    """What is known of an item without anybody typing; always Vietnamese, as the paper is."""
    if item.state is not ItemState.FINISHED:
        return ["Nội dung này không được thảo luận tại phiên họp."]
    return [f"{item.presenter} trình bày nội dung."] if item.presenter else []
