"""Signatures that wait for their holder's confirmation on the phone; `confirmation` brings them to their end."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from meeting_app.domain.access import Actor
from meeting_app.domain.credential import Credential
from meeting_app.domain.job import JobKind
from meeting_app.domain.pending_signature import PendingSignature, PendingState, SignaturePending
from meeting_app.ports import Ports
from meeting_app.services import job as jobs
from meeting_app.services.paper import Awaited
from meeting_app.services.unit_of_work import changing, key


@dataclass(frozen=True, slots=True)
class PendingView:
    id: int
    state: PendingState
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """Which signature was asked for."""

    meeting_id: int
    paper: str
    seal: bool
    credential: Credential
    base_sha256: str


def store(ports: Ports, actor: Actor, asked: Asked, awaited: Awaited) -> PendingView:
    """Keep all that finishing needs; raises SignaturePending when another request was quicker."""
    with changing(ports, actor) as work:
        work.standing(asked.meeting_id)  # its lock: two requests take turns
        ensure_none(work.session, asked.meeting_id, asked.paper, asked.base_sha256)
        row = PendingSignature(
            meeting_id=asked.meeting_id,
            paper=asked.paper,
            seal=asked.seal,
            account_id=actor.account_id,
            address=actor.address,
            credential_id=key(asked.credential.id),
            base_sha256=asked.base_sha256,
            prepared_sha256=awaited.prepared_sha256,
            prepared=awaited.prepared.to_json(),
            ticket=awaited.confirmation.ticket,
            asked_at=work.now,
            expires_at=awaited.confirmation.expires_at,
        )
        work.session.add(row)
        work.session.flush()
        jobs.plan(work.session, JobKind.COLLECT_SIGNATURE, key(row.id), work.now)
        work.record(f"{asked.paper}.ask_phone", asked.meeting_id, expires_at=row.expires_at.isoformat())
        return _view(row)


def newest(ports: Ports, actor: Actor, meeting_id: int, paper: str) -> PendingView | None:
    """The actor's own latest request for this paper, however it ended."""
    query = (
        select(PendingSignature)
        .where(PendingSignature.meeting_id == meeting_id, PendingSignature.paper == paper)
        .where(PendingSignature.account_id == actor.account_id)
        .order_by(col(PendingSignature.id).desc())
    )
    with ports.database.reading() as session:
        row = session.exec(query).first()
        return _view(row) if row else None


def withdraw(ports: Ports, actor: Actor, meeting_id: int, paper: str) -> None:
    """The signer no longer waits; a confirmation that comes later is not used."""
    with changing(ports, actor) as work:
        work.standing(meeting_id)
        query = _waiting(meeting_id, paper).where(PendingSignature.account_id == actor.account_id)
        for row in work.session.exec(query).all():
            row.state, row.ended_at = PendingState.WITHDRAWN, work.now
            work.record(f"{paper}.withdraw_phone", meeting_id)


def waits(session: Session, meeting_id: int, paper: str, sha256: str) -> bool:
    """Whether somebody was asked to sign this very file; what was asked of an earlier draft hinders nobody."""
    query = _waiting(meeting_id, paper).where(PendingSignature.base_sha256 == sha256)
    return session.exec(query).first() is not None


def ensure_none(session: Session, meeting_id: int, paper: str, sha256: str) -> None:
    if waits(session, meeting_id, paper, sha256):
        raise SignaturePending


def _waiting(meeting_id: int, paper: str) -> SelectOfScalar[PendingSignature]:
    return select(PendingSignature).where(
        PendingSignature.meeting_id == meeting_id,
        PendingSignature.paper == paper,
        PendingSignature.state == PendingState.WAITING,
    )


def _view(row: PendingSignature) -> PendingView:
    return PendingView(key(row.id), row.state, row.asked_at, row.expires_at)
