"""The clerk seals the documents of a meeting in one act: in chunks, stoppable, and each document once.

Whatever ends an act – a stop, a refusal of the key, a killed process – leaves every document either
sealed or untouched; the next act goes on with the rest.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor, Standing, ensure_sees
from meeting_app.domain.account import Account
from meeting_app.domain.document import Document
from meeting_app.domain.invitation import Invitation, InvitationState
from meeting_app.domain.key import KeyPlace, Secret
from meeting_app.domain.meeting import MeetingState, ensure_state
from meeting_app.domain.organisation import Unit
from meeting_app.domain.register import DocumentNumber
from meeting_app.domain.sealing import (
    CHUNK_BYTES,
    DocumentSeal,
    InvitationNotIssued,
    KeyAsksEachTime,
    NothingToSeal,
    SealBatch,
    SealingRuns,
    TimestampsMissing,
)
from meeting_app.domain.version import Version
from meeting_app.errors import MeetingError, NotAllowed
from meeting_app.ports import Ports
from meeting_app.services import credential as credentials
from meeting_app.services import document_rows as rows_of
from meeting_app.services import sealing_rows as rows
from meeting_app.services.sealing_chunk import Outcome, Stamp, seal
from meeting_app.services.sealing_rows import Act
from meeting_app.services.unit_of_work import Work, changing, key

_AT_THE_DOOR = 5  # documents tried, at most, before the clerk is let go: the first that is signed proves the PIN
_NOT_CANCELLED = tuple(state for state in MeetingState if state is not MeetingState.CANCELLED)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Begun:
    """An act whose first document is sealed: the PIN was right. `finish` does the rest."""

    act: Act
    stamp: Stamp


def start(
    ports: Ports,
    actor: Actor,
    meeting_id: int,
    *,
    pin: str,
    code: str = "",
    again: bool = False,
    unchecked: bool = False,
) -> Begun:
    """Begin with the first document, so that a wrong PIN is told at once.

    `again`: also those that could not be sealed before. Raises NotFound, NotAllowed, InvitationNotIssued,
    NothingToSeal, SealingRuns, and whatever a key refuses; then nothing was sealed.
    """
    act, stamp = _opened(ports, actor, meeting_id, Secret(pin, code), again=again, unchecked=unchecked)
    try:
        outcomes: list[Outcome] = []
        for document in act.rest[:_AT_THE_DOOR]:
            outcomes += seal(ports, stamp, [document])
            _ensure_decided(outcomes)
            if outcomes[-1].sha256:
                break
        act.rest = act.rest[len(outcomes) :]
        rows.store(act, outcomes)
    except BaseException:
        rows.forget(act)
        raise
    return Begun(act, stamp)


def finish(begun: Begun) -> None:
    """Seal the rest; returns when all is done, or somebody stopped it, or it cannot go on. Raises nothing."""
    act = begun.act
    try:
        for documents in _chunks(act.rest, act.chunk):
            if act.goes_on:
                rows.store(act, ())  # somebody may have stopped it meanwhile
            if not act.goes_on:
                return
            outcomes = seal(act.ports, begun.stamp, documents)
            rows.store(act, outcomes, begun_with=documents)
            _ensure_decided(outcomes)
    except MeetingError as refused:
        rows.end(act, refused)
    except Exception:  # noqa: BLE001 — nobody waits for this thread: the row must say that it ended
        _log.exception("the sealing of meeting %s stopped", act.meeting_id)
        rows.end(act, None)


def cancel(ports: Ports, actor: Actor, meeting_id: int) -> None:
    """Stop after the documents that are under way; what is sealed stays sealed."""
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_seals(standing)
        batch = _unended(work.session, meeting_id)
        if batch is None or batch.cancelled_at is not None:
            return
        batch.cancelled_at = work.now
        if batch.is_lost(work.now):
            batch.ended_at = work.now
        work.record("document.stop_sealing", meeting_id, batch=batch.id)


def ensure_seals(standing: Standing) -> None:
    """Only the clerk of the meeting's unit."""
    ensure_sees(standing)
    if not standing.seals:
        raise NotAllowed


def number_of(session: Session, meeting_id: int) -> str | None:
    """Of the issued invitation; None: not issued."""
    query = select(Invitation).where(Invitation.meeting_id == meeting_id, Invitation.state == InvitationState.ISSUED)
    invitation = session.exec(query).one_or_none()
    return session.get_one(DocumentNumber, invitation.number_id).text if invitation else None


def _opened(
    ports: Ports, actor: Actor, meeting_id: int, secret: Secret, *, again: bool, unchecked: bool
) -> tuple[Act, Stamp]:
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_seals(standing)
        ensure_state(standing.meeting, *_NOT_CANCELLED)
        number = number_of(work.session, meeting_id)
        if number is None:
            raise InvitationNotIssued
        unit = work.session.get_one(Unit, standing.meeting.unit_id)
        credential = credentials.of_seal(work.session, unit, work.now)
        if credential.place is KeyPlace.PHONE:
            raise KeyAsksEachTime
        _ensure_none_runs(work, meeting_id)
        documents = _open_documents(work.session, meeting_id, again=again)
        if not documents:
            raise NothingToSeal
        batch = SealBatch(
            meeting_id=meeting_id,
            account_id=actor.account_id,
            total=len(documents),
            started_at=work.now,
            beat_at=work.now,
        )
        work.session.add(batch)
        work.session.flush()
        work.record("document.start_sealing", meeting_id, batch=batch.id, documents=len(documents))
    act = Act(ports, actor, meeting_id, key(batch.id), documents)
    return act, Stamp(credential, secret, unit.name, unit.place, number, unchecked, act.beat)


def _ensure_none_runs(work: Work, meeting_id: int) -> None:
    """One act at a time; one whose process died is closed, and this one goes on with its rest."""
    batch = _unended(work.session, meeting_id)
    if batch is None:
        return
    if batch.runs(work.now):
        raise SealingRuns(name=work.session.get_one(Account, batch.account_id).full_name)
    batch.ended_at = work.now
    work.session.flush()


def _unended(session: Session, meeting_id: int) -> SealBatch | None:
    query = select(SealBatch).where(SealBatch.meeting_id == meeting_id, col(SealBatch.ended_at).is_(None))
    return session.exec(query).one_or_none()


def _open_documents(session: Session, meeting_id: int, *, again: bool) -> list[Version]:
    """Those that nobody decided about yet; with `again` also those that were refused."""
    undecided = col(DocumentSeal.id).is_(None)
    wanted = undecided | col(DocumentSeal.sealed_at).is_(None) if again else undecided
    return [each.version for each in rows_of.shown(session, Document.meeting_id == meeting_id, wanted)]


def _chunks(documents: Sequence[Version], most: int) -> Iterator[list[Version]]:
    chunk: list[Version] = []
    for document in documents:
        if chunk and (len(chunk) == most or sum(each.size for each in chunk) + document.size > CHUNK_BYTES):
            yield chunk
            chunk = []
        chunk.append(document)
    if chunk:
        yield chunk


def _ensure_decided(outcomes: Sequence[Outcome]) -> None:
    if any(each.is_open for each in outcomes):
        raise TimestampsMissing
