"""Reading the audit trail back and checking its chain."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import col, select

from meeting_app.domain.audit import AuditEntry, AuditHead, first_break
from meeting_app.ports import Ports


def check(ports: Ports) -> tuple[int, int | None]:
    """How many entries there are, and the sequence of the first that no longer holds (None: all hold)."""
    with ports.database.reading() as session:
        entries = list(session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence))).all())
        head = session.get(AuditHead, 1) or AuditHead()
    return len(entries), first_break(entries, head)


def export(ports: Ports) -> Iterator[dict[str, Any]]:
    """Every entry as plain words, oldest first."""
    with ports.database.reading() as session:
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence))).all()
    for entry in entries:
        yield {**entry.model_dump(exclude={"at"}), "at": entry.at.isoformat()}
