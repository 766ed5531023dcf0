"""What an act of sealing writes: its pulse, what came of each document, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select, update

from meeting_app.domain.access import Actor
from meeting_app.domain.document import Document
from meeting_app.domain.job import JobKind
from meeting_app.domain.sealing import ARCHIVED_AFTER, ARCHIVED_APART, BEAT, CHUNK, DocumentSeal, SealBatch
from meeting_app.domain.signature import INCOMPLETE
from meeting_app.domain.version import Version
from meeting_app.errors import MeetingError
from meeting_app.i18n import DEFAULT_LANGUAGE, N_, _, speaking
from meeting_app.ports import Ports
from meeting_app.services import job as jobs
from meeting_app.services.sealing_chunk import Outcome
from meeting_app.services.unit_of_work import Work, changing, key

_STOPPED = N_("Something unexpected stopped the sealing. What is sealed is kept; please start again.")


@dataclass
class Act:
    """An act under way. Only this object knows the PIN, and it lives in one process."""

    ports: Ports
    actor: Actor
    meeting_id: int
    batch_id: int
    rest: list[Version] = field(repr=False)
    chunk: int = CHUNK  # documents that are signed by one call of the key
    goes_on: bool = True
    beat_at: datetime | None = None

    def beat(self) -> None:
        """Show from time to time that the act lives."""
        now = self.ports.clock.now()
        if self.beat_at is not None and now - self.beat_at < BEAT:
            return
        self.beat_at = now
        with self.ports.database.writing() as session:
            session.execute(
                update(SealBatch)
                .where(col(SealBatch.id) == self.batch_id, col(SealBatch.ended_at).is_(None))
                .values(beat_at=now)
            )


def store(act: Act, outcomes: Sequence[Outcome], begun_with: Sequence[Version] = ()) -> None:
    """Write what came of a chunk, and see whether the act goes on."""
    with changing(act.ports, act.actor) as work:
        work.standing(act.meeting_id)  # its lock: acts take turns, and nobody removes a document meanwhile
        batch = work.session.get_one(SealBatch, act.batch_id)
        if batch.ended_at is not None:  # taken for dead, and another act goes on: what it does counts
            act.goes_on = False
            return
        for place, outcome in enumerate(outcomes):
            _decide(work, batch, outcome, place)
        sealed = {str(each.document.document_id): each.sha256 for each in outcomes if each.sha256}
        refused = {str(each.document.document_id): each.failure for each in outcomes if each.failure}
        if sealed or refused:
            work.record("document.seal", act.meeting_id, batch=batch.id, sealed=sealed, refused=refused)
        batch.beat_at = work.now
        act.rest = act.rest[len(begun_with) :]
        undecided = any(each.is_open for each in outcomes)
        if batch.cancelled_at is not None or not (act.rest or undecided):
            batch.ended_at = work.now
            act.goes_on = False


def _decide(work: Work, batch: SealBatch, outcome: Outcome, place: int) -> None:
    if outcome.is_open:
        return
    version_id = key(outcome.document.id)
    document = work.session.get_one(Document, outcome.document.document_id)
    row = work.session.exec(select(DocumentSeal).where(DocumentSeal.version_id == version_id)).one_or_none()
    if document.removed_at is not None or (row is not None and row.sealed_at is not None):
        return
    row = row or DocumentSeal(version_id=version_id, batch_id=key(batch.id), decided_at=work.now)
    row.batch_id, row.decided_at = key(batch.id), work.now
    row.sealed_at = outcome.sealed_at if outcome.sha256 else None
    row.sealed_sha256, row.profile, row.failure = outcome.sha256, outcome.profile, outcome.failure[:500]
    work.session.add(row)
    if row.sealed_at is not None:
        work.session.flush()
        whole = row.profile not in INCOMPLETE
        archived_at = work.now + ARCHIVED_AFTER + place * ARCHIVED_APART if whole else work.now
        jobs.plan(work.session, JobKind.ARCHIVE_DOCUMENT, key(row.id), archived_at)


def end(act: Act, refused: MeetingError | None) -> None:
    """It cannot go on; the sentence is kept for the clerk, who may be elsewhere by now."""
    with speaking(DEFAULT_LANGUAGE):
        sentence = _(_STOPPED) if refused is None else str(refused)
    with changing(act.ports, act.actor) as work:
        batch = work.session.exec(select(SealBatch).where(SealBatch.id == act.batch_id).with_for_update()).one()
        if batch.ended_at is None:
            batch.ended_at, batch.failure = work.now, sentence[:500]
            work.record("document.sealing_failed", act.meeting_id, batch=batch.id, reason=sentence)


def forget(act: Act) -> None:
    """Nothing was sealed: the act that did not come about leaves no trace to be shown."""
    with act.ports.database.writing() as session:
        session.delete(session.get_one(SealBatch, act.batch_id))
