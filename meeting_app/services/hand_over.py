"""The record of a hand-over (biên bản bàn giao) as a page to print and sign by hand (S1.4)."""

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account, Right
from meeting_app.domain.calendar import local
from meeting_app.domain.credential import Credential
from meeting_app.domain.credential_life import HandOver
from meeting_app.domain.key import CertificateFacts
from meeting_app.domain.organisation import Unit
from meeting_app.errors import NotFound
from meeting_app.pdf.hand_over import HandOverPaper, render_hand_over
from meeting_app.ports import Ports
from meeting_app.services.credential_life import unit_of
from meeting_app.services.people import persons
from meeting_app.services.unit_of_work import key


def paper(ports: Ports, actor: Actor, record_id: int) -> tuple[str, bytes]:
    """File name and PDF; for the unit's administrator and for whoever received the key."""
    with ports.database.reading() as session:
        record = session.get(HandOver, record_id)
        if record is None:
            raise NotFound
        credential = session.get_one(Credential, record.credential_id)
        unit = session.get_one(Unit, unit_of(session, credential))
        if not (actor.having(Right.ADMINISTER, key(unit.id)) or actor.account_id == record.receiver_id):
            raise NotFound
        number = _number(session, unit, record)
        people = persons(session, [record.giver_id, record.receiver_id], local(record.at).date())
    giver, receiver = people[record.giver_id], people[record.receiver_id]
    facts: CertificateFacts | None = ports.certification.facts(credential.chain[0]) if credential.chain else None
    written = HandOverPaper(
        number=number,
        agency=unit.name,
        parent_agency=unit.parent_name,
        place=unit.place,
        at=record.at,
        giver=(giver.name, giver.post),
        receiver=(receiver.name, receiver.post),
        holder=credential.common_name,
        issuer=facts.issuer if facts else "",
        serial=facts.serial if facts else "",
        algorithm=facts.algorithm if facts else "",
        not_before=credential.not_before,
        not_after=credential.not_after,
        device=record.device,
        note=record.note,
    )
    return f"Bien-ban-ban-giao-{number}.pdf", render_hand_over(written)


def _number(session: Session, unit: Unit, record: HandOver) -> int:
    """Which hand-over of the unit this is, counted from the first."""
    query = (
        select(HandOver.id)
        .join(Credential, col(Credential.id) == HandOver.credential_id)
        .join(Account, col(Account.id) == Credential.account_id, isouter=True)
        .where((col(Account.unit_id) == unit.id) | (col(Credential.unit_id) == unit.id))
        .where(col(HandOver.id) <= record.id)
    )
    return len(session.exec(query).all())
