"""Documents handed in by the units that prepare them; the chair or the secretary approves or refuses each (F24)."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor, Standing, ensure_sees
from meeting_app.domain.account import Account
from meeting_app.domain.document import Document, DocumentState
from meeting_app.domain.meeting import ensure_state
from meeting_app.domain.organisation import Unit
from meeting_app.domain.version import Approval, DecidedMeanwhile, NotDecided, ReasonMissing, Version
from meeting_app.domain.wording import one_line, typed
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import annotation_carry
from meeting_app.services import document_rows as rows
from meeting_app.services import version as versions
from meeting_app.services.document_reading import prepares
from meeting_app.services.document_telling import telling
from meeting_app.services.preparation import meeting_of
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing


@dataclass(frozen=True, slots=True)
class Submission:
    """A version that was handed in: waiting, or refused and why."""

    document_id: int
    version_id: int
    number: int
    item_id: int | None
    title: str
    by: str
    unit: str
    at: datetime
    pages: int
    state: DocumentState
    approval: Approval
    reason: str
    sha: str


def submit(
    ports: Ports,
    actor: Actor,
    item_id: int,
    path: Path,
    *,
    file_name: str,
    title: str = "",
    document_id: int | None = None,
) -> int:
    """Hand in a document for an item, or the next version of one this person brought; returns the version's id."""
    meeting_id = ensure_submits(ports, actor, item_id)
    received = versions.receive(ports, path, file_name)
    with changing(ports, actor) as work:
        meeting = work.standing(meeting_id).meeting
        _ensure_prepares(work.session, actor, item_id)
        ensure_state(meeting, *versions.TAKEN_IN)
        document = _brought(work, document_id, item_id)
        if document is None:
            document = Document(
                meeting_id=meeting_id,
                item_id=item_id,
                title=(one_line(title) or Path(received.file_name).stem)[:200],
                uploaded_by=actor.account_id,
                uploaded_at=work.now,
            )
            work.session.add(document)
            work.session.flush()
        version = versions.add(work, document, received, Approval.SUBMITTED)
        work.record("document.submit", meeting_id, document=document.id, version=version.number, sha256=version.sha256)
        return key(version.id)


def ensure_submits(ports: Ports, actor: Actor, item_id: int) -> int:
    """Refuse before a file is sent; returns the item's meeting."""
    with ports.database.reading() as session:
        _ensure_prepares(session, actor, item_id)
        return meeting_of(session, item_id)


def approve(ports: Ports, actor: Actor, version_id: int) -> None:
    """From now on attendees read this version, with what they wrote on the one before.

    Raises DecidedMeanwhile when somebody was faster.
    """
    if _decide(ports, actor, version_id, Approval.APPROVED).state is DocumentState.READY:
        annotation_carry.carry(ports, version_id)  # else done once it is prepared


def refuse(ports: Ports, actor: Actor, version_id: int, reason: str) -> None:
    """Give it back to who brought it, saying why."""
    reason = typed(reason).strip()[:500]
    if not reason:
        raise ReasonMissing
    _decide(ports, actor, version_id, Approval.REFUSED, reason)


def undo(ports: Ports, actor: Actor, version_id: int) -> None:
    """Take a decision back: the version waits again, and leaves the tablets if it had reached them."""
    with changing(ports, actor) as work:
        version, document, standing = _to_decide(work, version_id)
        if version.approval is Approval.SUBMITTED or version.decided_at is None:
            raise NotDecided
        with telling(work, standing.meeting, Document.id == document.id):
            version.approval, version.reason = Approval.SUBMITTED, ""
            version.decided_by = version.decided_at = None
        work.record("document.undecide", document.meeting_id, document=document.id, version=version.number)


def submissions(ports: Ports, actor: Actor, meeting_id: int) -> list[Submission]:
    """What waits for a decision or was refused: for the desk."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_sees(standing)
        if not standing.runs_desk:
            raise NotAllowed
        found = _found(session, Document.meeting_id == meeting_id)
    return [each for each in found if each.approval is not Approval.APPROVED]


def brought(ports: Ports, actor: Actor, item_id: int) -> list[Submission]:
    """What the actor handed in for an item their unit prepares, and what was decided about it."""
    with ports.database.reading() as session:
        _ensure_prepares(session, actor, item_id)
        return _found(session, Document.item_id == item_id, Version.uploaded_by == actor.account_id)


def _found(session: Session, *conditions: Any) -> list[Submission]:
    """The newest version of each document that somebody handed in."""
    rows_found = session.exec(
        select(Version, Document, Account, Unit)
        .join(Document, col(Document.id) == Version.document_id)
        .join(Account, col(Account.id) == Version.uploaded_by)
        .join(Unit, col(Unit.id) == Account.unit_id)
        .where(col(Document.removed_at).is_(None), *conditions)
        .order_by(col(Version.document_id), col(Version.number))
    ).all()
    newest = {row[0].document_id: row for row in rows_found}
    return [_submission(*row) for row in newest.values()]


def _submission(version: Version, document: Document, account: Account, unit: Unit) -> Submission:
    return Submission(
        document_id=key(document.id),
        version_id=key(version.id),
        number=version.number,
        item_id=document.item_id,
        title=document.title,
        by=account.full_name,
        unit=unit.name,
        at=version.uploaded_at,
        pages=version.pages,
        state=version.state,
        approval=version.approval,
        reason=version.reason,
        sha=version.sha256[:16],
    )


def _decide(ports: Ports, actor: Actor, version_id: int, decision: Approval, reason: str = "") -> Version:
    with changing(ports, actor) as work:
        version, document, standing = _to_decide(work, version_id)
        if version.approval is not Approval.SUBMITTED:
            decider = work.session.get(Account, version.decided_by) if version.decided_by else None
            raise DecidedMeanwhile(name=decider.full_name if decider else "", title=document.title)
        with telling(work, standing.meeting, Document.id == document.id):
            version.approval, version.reason = decision, reason
            version.decided_by, version.decided_at = actor.account_id, work.now
        act = "document.approve" if decision is Approval.APPROVED else "document.refuse"
        work.record(act, document.meeting_id, document=document.id, version=version.number, reason=reason)
        return version


def _to_decide(work: Work, version_id: int) -> tuple[Version, Document, Standing]:
    """The version once its meeting is locked, for the chair or the secretary."""
    version = work.session.get(Version, version_id)
    if version is None:
        raise NotFound
    document = rows.required(work.session, version.document_id)
    standing = work.standing(document.meeting_id or 0)
    ensure_sees(standing)
    if not (standing.is_chair or standing.is_secretary):
        if not standing.runs_desk and version.approval is not Approval.APPROVED:
            raise NotFound  # that it was handed in is nobody else's business
        raise NotAllowed
    work.session.refresh(version)
    work.session.refresh(document)
    return version, rows.required(work.session, version.document_id), standing


def _brought(work: Work, document_id: int | None, item_id: int) -> Document | None:
    if document_id is None:
        return None
    document = rows.required(work.session, document_id)
    if work.actor is None or document.item_id != item_id or document.uploaded_by != work.actor.account_id:
        raise NotFound
    return document


def _ensure_prepares(session: Session, actor: Actor, item_id: int) -> None:
    if not prepares(session, actor, item_id):
        raise NotFound
