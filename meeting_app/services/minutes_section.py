"""The sections of the minutes while they are written: nothing typed is lost, whoever saves first."""

from dataclasses import dataclass

from sqlmodel import Session

from meeting_app.domain import minutes as rules
from meeting_app.domain.access import Actor, ensure_writes_minutes
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.minutes import Minutes, MinutesRevision, MinutesSection, MinutesState
from meeting_app.domain.wording import typed
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import minutes_rows
from meeting_app.services.minutes_outline import Part, outline
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
        return [view_of(each) for each in minutes_rows.sections_of(session, row)]


def view_of(section: MinutesSection) -> SectionView:
    return SectionView(key(section.id), section.item_id, section.heading, section.text, section.revision)


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
        if not row.being_written:
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


def open_all(work: Work, meeting: Meeting) -> Minutes:
    """A section for the opening, each item and the closing, as the agenda is now; those that are there stay."""
    row = minutes_rows.kept(work.session, key(meeting.id))
    if row is None:
        row = Minutes(meeting_id=key(meeting.id), state=MinutesState.NOTES, drafted_at=work.now)
        work.session.add(row)
        work.session.flush()
    parts = outline(work.session, meeting)
    for position, (part, section) in enumerate(paired(work.session, row, parts), start=1):
        if section is None:
            heading = part.heading[:400]
            new = MinutesSection(minutes_id=key(row.id), item_id=part.item_id, position=position, heading=heading)
            work.session.add(new)
        else:
            section.position, section.heading = position, part.heading[:400]
    work.session.flush()
    return row


def begin_with_what_is_known(work: Work, meeting: Meeting, row: Minutes, *, seen: bool) -> None:
    """Each text begins with what is known without anybody typing; what was noted stands below.

    `seen`: somebody may be typing on the texts as they were, even where they were empty, and has to be told.
    """
    for part, section in paired(work.session, row, outline(work.session, meeting)):
        if section is None or not part.first_words:
            continue
        section.revision += int(seen)
        section.text = "\n".join([*part.first_words, *([section.text] if section.text else [])])


def paired(session: Session, row: Minutes | None, parts: list[Part]) -> list[tuple[Part, MinutesSection | None]]:
    """The parts with their sections; of the two without an item the first is the opening."""
    found = minutes_rows.sections_of(session, row) if row else []
    by_item = {each.item_id: each for each in found}
    loose = [each for each in found if each.item_id is None]
    opening, closing = (loose[0], loose[-1]) if loose else (None, None)
    middle = [(part, by_item.get(part.item_id)) for part in parts[1:-1]]
    return [(parts[0], opening), *middle, (parts[-1], closing)]
