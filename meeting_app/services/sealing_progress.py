"""How far the sealing of a meeting's documents is, read from the rows: any clerk, from anywhere, at any time."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.document import Document
from meeting_app.domain.meeting import MeetingState
from meeting_app.domain.sealing import DocumentSeal, SealBatch
from meeting_app.ports import Ports
from meeting_app.services.document_rows import shown
from meeting_app.services.sealing import ensure_seals, number_of
from meeting_app.services.unit_of_work import reading_standing

_FOR_A_PACE = 5  # documents after which the pace says something about the rest


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that could not be sealed, and why."""

    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """The newest act."""

    by: str
    total: int
    done: int
    runs: bool
    is_lost: bool  # its process died; it can be started again
    stops: bool  # somebody asked it to stop
    failure: str  # why all of it stopped
    remaining: timedelta | None  # at the pace so far; None: not known yet


@dataclass(frozen=True, slots=True)
class SealingView:
    issued: bool  # the invitation, whose number is printed on the documents
    documents: int
    sealed: int
    waiting: int  # for their first try
    refused: tuple[Refused, ...]
    batch: BatchView | None


def view(ports: Ports, actor: Actor, meeting_id: int) -> SealingView:
    """For the clerk; raises NotFound and NotAllowed."""
    now = ports.clock.now()
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_seals(standing)
        rows = shown(session, Document.meeting_id == meeting_id)
        issued = number_of(session, meeting_id) is not None and standing.meeting.state is not MeetingState.CANCELLED
        batch = _newest(session, meeting_id, now)
    decided = [(each.document, each.seal) for each in rows if each.seal is not None]
    return SealingView(
        issued=issued,
        documents=len(rows),
        sealed=sum(seal.sealed_at is not None for _document, seal in decided),
        waiting=len(rows) - len(decided),
        refused=tuple(Refused(document.title, seal.failure) for document, seal in decided if seal.sealed_at is None),
        batch=batch,
    )


def body_of(view: SealingView) -> dict[str, Any]:
    """As scripts read it: numbers, flags, and texts of people as they are."""
    batch = view.batch
    return {
        **asdict(view),
        "batch": {
            **asdict(batch),
            "remaining": None if batch.remaining is None else int(batch.remaining.total_seconds()),
        }
        if batch is not None
        else None,
    }


def _newest(session: Session, meeting_id: int, now: datetime) -> BatchView | None:
    query = select(SealBatch).where(SealBatch.meeting_id == meeting_id).order_by(col(SealBatch.id).desc())
    batch = session.exec(query).first()
    if batch is None:
        return None
    done = session.exec(select(func.count()).where(DocumentSeal.batch_id == batch.id)).one()
    pace = (now - batch.started_at) / done if done >= _FOR_A_PACE else None
    return BatchView(
        by=session.get_one(Account, batch.account_id).full_name,
        total=batch.total,
        done=done,
        runs=batch.runs(now),
        is_lost=batch.is_lost(now),
        stops=batch.cancelled_at is not None,
        failure=batch.failure,
        remaining=pace * (batch.total - done) if pace is not None else None,
    )
