"""How an issued paper reached each of its receivers."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from meeting_app.domain.access import Actor, ensure_follows_deliveries
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.calendar import local
from meeting_app.domain.invitation import Delivery
from meeting_app.domain.paper import PaperKind
from meeting_app.ports import Ports
from meeting_app.services import mail as mails
from meeting_app.services.mail import MailView
from meeting_app.services.people import persons
from meeting_app.services.unit_of_work import key, reading_standing


@dataclass(frozen=True, slots=True)
class DeliveryView:
    id: int
    name: str
    issued_at: datetime
    delivered_at: datetime | None
    opened_at: datetime | None
    mail: MailView | None  # where official mail is set up


def of_paper(
    ports: Ports, actor: Actor, meeting_id: int, paper: str = PaperKind.INVITATION.value
) -> list[DeliveryView]:
    """When each attendee got and opened the paper, and how far its mail is, for the desk and the clerk."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_follows_deliveries(standing)
        rows = session.exec(
            select(Delivery, Attendee)
            .join(Attendee, col(Attendee.id) == Delivery.attendee_id)
            .where(Delivery.meeting_id == meeting_id, Delivery.paper == paper)
            .order_by(col(Delivery.id))
        ).all()
        people = persons(session, [attendee.account_id for _, attendee in rows], local(ports.clock.now()).date())
        sent = mails.of_deliveries(session, [key(row.id) for row, _ in rows])
    return [
        DeliveryView(
            id=key(row.id),
            name=people[attendee.account_id].name,
            issued_at=row.issued_at,
            delivered_at=row.delivered_at,
            opened_at=row.opened_at,
            mail=sent.get(key(row.id)),
        )
        for row, attendee in rows
    ]
