"""Reading the audit trail back and checking its chain."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, func, select

from meeting_app.domain.audit import AuditEntry, AuditHead, first_break
from meeting_app.ports import Ports


def check(ports: Ports) -> tuple[int, int | None]:
    """How many entries there are, and the sequence of the first that no longer holds (None: all hold)."""
    with ports.database.reading() as session:
        count = session.exec(select(func.count()).select_from(AuditEntry)).one()
        entries, head = _legible(session), session.get(AuditHead, 1)
    # Every migrated database has a head; without it nobody can say where the trail ended.
    return count, first_break(entries, head) if head else len(entries) + 1


def last_hash(ports: Ports) -> str:
    """Of the newest entry. Whoever has it on paper can tell a trail that was rewritten as a whole."""
    with ports.database.reading() as session:
        head = session.get(AuditHead, 1)
    return head.hash if head else ""


def _legible(session: Session) -> list[AuditEntry]:
    """All entries, or those before the first in whose columns something else stands than belongs there."""
    query = select(AuditEntry).order_by(col(AuditEntry.sequence))
    try:
        return list(session.exec(query).all())
    except (ValueError, TypeError):
        entries: list[AuditEntry] = []
        for sequence in session.exec(select(AuditEntry.sequence).order_by(col(AuditEntry.sequence))).all():
            try:
                entries.append(session.exec(query.where(AuditEntry.sequence == sequence)).one())
            except (ValueError, TypeError):
                break
        return entries


def export(ports: Ports) -> Iterator[dict[str, Any]]:
    """Every entry as plain words, oldest first."""
    with ports.database.reading() as session:
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence))).all()
    for entry in entries:
        yield {**entry.model_dump(exclude={"at"}), "at": entry.at.isoformat()}
