"""The audit trail: who did what, when, from where; each entry holds the hash of the one before (W9)."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

FIRST_HASH = "0" * 64


class AuditEntry(SQLModel, table=True):
    __tablename__ = "audit_entry"

    sequence: int = Field(primary_key=True)
    at: datetime
    actor_id: int | None = None  # no foreign key: the trail outlives every account
    actor_name: str = Field(default="", max_length=120)
    address: str = Field(default="", max_length=60)
    act: str = Field(max_length=60)  # "invitation.sign"
    meeting_id: int | None = Field(default=None, index=True)
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class AuditHead(SQLModel, table=True):
    """One row: where the chain ends. Writers take turns by locking it."""

    __tablename__ = "audit_head"

    id: int = Field(default=1, primary_key=True)
    sequence: int = 0
    hash: str = Field(default=FIRST_HASH, max_length=64)


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over every field of the entry but its own hash, in one canonical JSON."""
    fields = [
        entry.sequence,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.address,
        entry.act,
        entry.meeting_id,
        entry.detail,
        entry.previous_hash,
    ]
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_break(entries: list[AuditEntry], head: AuditHead) -> int | None:
    """The sequence at which the chain no longer holds: an altered, missing or added entry; None when whole."""
    previous = FIRST_HASH
    for expected, entry in enumerate(entries, start=1):
        if entry.sequence != expected or entry.previous_hash != previous or entry.hash != hash_of(entry):
            return expected
        previous = entry.hash
    if head.sequence != len(entries) or head.hash != previous:
        return min(head.sequence, len(entries)) + 1
    return None
