"""What the invitation says, gathered from the meeting (L10)."""

from sqlmodel import Session, col, select

from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.calendar import local
from meeting_app.domain.meeting import AgendaEmpty, Meeting
from meeting_app.domain.organisation import Unit, Venue
from meeting_app.domain.paper import InvitationPaper, Letterhead, SignatureBlock
from meeting_app.domain.register import DocumentNumber
from meeting_app.domain.signature import Field
from meeting_app.services.paper import Signer
from meeting_app.services.people import Person, persons


def compose(session: Session, meeting: Meeting, unit: Unit, leader: Signer, number: DocumentNumber) -> InvitationPaper:
    """Raises AgendaEmpty."""
    items = session.exec(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(col(AgendaItem.position))
    ).all()
    if not items:
        raise AgendaEmpty
    attendees = list(session.exec(select(Attendee).where(Attendee.meeting_id == meeting.id)).all())
    people = persons(session, [each.account_id for each in attendees], local(meeting.starts_at).date())
    ranked = sorted(attendees, key=lambda each: (people[each.account_id].rank, people[each.account_id].name))
    chair = next(each for each in attendees if each.role is Role.CHAIR)
    return InvitationPaper(
        letterhead=Letterhead(unit.name, number.text, unit.place, number.dated, unit.parent_name),
        subject=meeting.title,
        inviter=unit.name,
        guests=tuple(_addressed(people[each.account_id]) for each in ranked if each.role is not Role.CHAIR),
        attends=meeting.title,
        chair=_addressed(people[chair.account_id]),
        starts_at=meeting.starts_at,
        place=session.get_one(Venue, meeting.venue_id).name,
        signature=SignatureBlock(Field.LEADER, leader.lines, leader.account.full_name),
        agenda=tuple(f"{item.title} ({item.presenter})" if item.presenter else item.title for item in items),
        notes=(meeting.note,) if meeting.note else (),
        recipients=("Như thành phần mời", "Lưu: VT, VP"),
    )


def _addressed(person: Person) -> str:
    return f"{person.name}, {person.post}" if person.post else f"{person.name}, {person.unit}"
