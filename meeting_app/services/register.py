"""The register of outgoing papers (sổ đăng ký văn bản đi): numbers are taken in order and never twice (L4)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, func, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Right
from meeting_app.domain.calendar import local
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.organisation import Unit
from meeting_app.domain.register import DocumentNumber
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services.unit_of_work import Work, key


@dataclass(frozen=True, slots=True)
class Entry:
    number: str
    dated: date
    subject: str
    issued_at: datetime | None


def reserve(work: Work, meeting: Meeting, kind: str, subject: str) -> DocumentNumber:
    """The next number of this kind in the unit's year, reserved before anybody signs (L2)."""
    # The unit's row is the counter's lock: two reservations take turns.
    unit = work.session.exec(select(Unit).where(Unit.id == meeting.unit_id).with_for_update()).one()
    today = local(work.now).date()
    last = work.session.exec(
        select(func.max(DocumentNumber.number)).where(
            DocumentNumber.unit_id == unit.id, DocumentNumber.year == today.year, DocumentNumber.kind == kind
        )
    ).one()
    number = DocumentNumber(
        unit_id=key(unit.id),
        meeting_id=key(meeting.id),
        year=today.year,
        kind=kind,
        number=(last or 0) + 1,
        symbol=f"{kind}-{unit.symbol}",
        dated=today,
        subject=subject,
        reserved_at=work.now,
    )
    work.session.add(number)
    work.session.flush()
    work.record("register.reserve", key(meeting.id), number=number.text, subject=subject)
    return number


def book(ports: Ports, actor: Actor, year: int) -> list[Entry]:
    """The year's register of the actor's unit, newest first; for clerks and registrars only."""
    if not actor.rights & {Right.SEAL, Right.REGISTER}:
        raise NotFound
    query = (
        select(DocumentNumber)
        .where(DocumentNumber.unit_id == actor.unit_id, DocumentNumber.year == year)
        .order_by(col(DocumentNumber.reserved_at).desc(), col(DocumentNumber.id).desc())
    )
    with ports.database.reading() as session:
        return [Entry(row.text, row.dated, row.subject, row.issued_at) for row in session.exec(query).all()]
