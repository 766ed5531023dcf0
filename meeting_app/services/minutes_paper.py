"""From what happened to form 1.9: people, times, texts and conclusions put into one paper."""

from dataclasses import dataclass, replace

from sqlmodel import select

from meeting_app.domain.agenda import ItemState
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.calendar import local
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.minutes import MinutesSection
from meeting_app.domain.organisation import Unit, Venue
from meeting_app.domain.paper import Letterhead, MinutesItem, MinutesPaper, Participant, SignatureBlock
from meeting_app.domain.register import DocumentNumber
from meeting_app.domain.signature import Field
from meeting_app.services import attendance
from meeting_app.services import paper as papers
from meeting_app.services.attendance import Line
from meeting_app.services.minutes_outline import Part, outline
from meeting_app.services.paper import Signer
from meeting_app.services.people import Person, persons
from meeting_app.services.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Composed:
    """The paper and the two people who are to sign it."""

    paper: MinutesPaper
    secretary: Signer
    chair: Signer


def compose(
    work: Work, meeting: Meeting, unit: Unit, number: DocumentNumber, sections: list[MinutesSection]
) -> Composed:
    attendees = list(work.session.exec(select(Attendee).where(Attendee.meeting_id == meeting.id)).all())
    people = persons(work.session, [each.account_id for each in attendees], local(meeting.starts_at).date())
    listed = attendance.lines(work.session, meeting)
    listed.sort(key=lambda each: (each.attendee.role is Role.GUEST, each.person.rank, each.attendee.id or 0))
    chair = papers.signer(work.session, _holding(attendees, Role.CHAIR), unit, work.now, Role.CHAIR)
    secretary = papers.signer(work.session, _holding(attendees, Role.SECRETARY), unit, work.now, Role.SECRETARY)
    paper = MinutesPaper(
        letterhead=Letterhead(unit.name, number.text, unit.place, number.dated, unit.parent_name),
        subject=meeting.title,
        starts_at=meeting.opened_at or meeting.starts_at,
        ends_at=meeting.closed_at or meeting.ends_at,
        place=work.session.get_one(Venue, meeting.venue_id).name,
        present=tuple(_participant(each) for each in listed if each.came),
        absent=tuple(_participant(each) for each in listed if not each.came),
        chair=_named(people[chair.account.id or 0]),
        secretary=_named(people[secretary.account.id or 0]),
        items=_items(work, meeting, sections),
        secretary_block=SignatureBlock(Field.SECRETARY, secretary.lines, secretary.account.full_name),
        chair_block=SignatureBlock(Field.CHAIR, chair.lines, chair.account.full_name),
        recipients=("Các thành viên dự họp", "Lưu: VT, VP"),
    )
    return Composed(paper, secretary, chair)


def _items(work: Work, meeting: Meeting, sections: list[MinutesSection]) -> tuple[MinutesItem, ...]:
    parts = outline(work.session, meeting)
    by_item = {part.item_id: part for part in parts if part.item is not None}
    written = [_item(section, by_item.get(section.item_id)) for section in sections]
    if written:
        written[-1] = replace(written[-1], conclusions=parts[-1].conclusions, votes=parts[-1].votes)
    return tuple(each for each in written if each.discussion or each.votes or each.conclusions or each.starts_at)


def _item(section: MinutesSection, part: Part | None) -> MinutesItem:
    paragraphs = tuple(line.strip() for line in section.text.splitlines() if line.strip())
    item = part.item if part else None
    if part is None or item is None:
        return MinutesItem(title=section.heading, discussion=paragraphs)
    ran = item.state is ItemState.FINISHED
    return MinutesItem(
        title=item.title,
        starts_at=item.started_at if ran else None,
        ends_at=item.finished_at if ran else None,
        presenter=item.presenter,
        discussion=paragraphs,
        votes=part.votes,
        conclusions=part.conclusions,
    )


def _participant(line: Line) -> Participant:
    reason = "" if line.came else line.attendee.why_absent
    return Participant(line.person.name, line.person.post or line.person.unit, reason, "; ".join(line.remarks))


def _named(person: Person) -> str:
    return f"{person.name}, {person.post}" if person.post else person.name


def _holding(attendees: list[Attendee], role: Role) -> int:
    return next(each.account_id for each in attendees if each.role is role)
