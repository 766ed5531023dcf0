"""Keeping signed papers provable: missing proofs and timestamps now, renewed timestamps every few years (L14)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session, select

from meeting_app.domain.document import Document
from meeting_app.domain.invitation import Invitation
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.minutes import Minutes
from meeting_app.domain.sealing import DocumentSeal
from meeting_app.domain.signature import Verdict
from meeting_app.domain.version import Version
from meeting_app.ports import Ports
from meeting_app.services import invitation, minutes
from meeting_app.services import pending_signature as pending_signatures
from meeting_app.services.paper import SignatureNotConfirmed, Signed
from meeting_app.services.sealing_chunk import profile_of
from meeting_app.services.unit_of_work import changing

RENEWED_BEFORE = timedelta(days=365)  # before the timestamp authority's certificate ends
_SOON = timedelta(minutes=1)


def archive_invitation(ports: Ports, invitation_id: int) -> datetime | None:
    return _archive(ports, invitation.PAPER, lambda session: session.get_one(Invitation, invitation_id))


def archive_minutes(ports: Ports, minutes_id: int) -> datetime | None:
    return _archive(ports, minutes.PAPER, lambda session: session.get_one(Minutes, minutes_id))


def archive_document(ports: Ports, seal_id: int) -> datetime | None:
    """The same for a sealed document; one that was taken away is left as it is."""
    with ports.database.reading() as session:
        seal = session.get_one(DocumentSeal, seal_id)
        document = session.get_one(Document, session.get_one(Version, seal.version_id).document_id)
    if seal.sealed_at is None or document.removed_at is not None:
        return None
    archived, holds_until = _timestamped(ports, seal.sealed_sha256)
    with changing(ports, None) as work:
        fresh = work.session.exec(select(DocumentSeal).where(DocumentSeal.id == seal_id).with_for_update()).one()
        fresh.sealed_sha256, fresh.profile, fresh.holds_until = (
            archived.sha256,
            profile_of(archived.verdict),
            holds_until,
        )
        work.record(
            "document.archive",
            document.meeting_id,
            document=document.id,
            sha256=archived.sha256,
            profile=fresh.profile,
            holds_until=holds_until.isoformat(),
        )
        return renewal(work.now, holds_until)


def _archive(ports: Ports, paper: str, read: Callable[[Session], Invitation | Minutes]) -> datetime | None:
    """Timestamp the newest file of a signed paper; returns when the timestamp is to be renewed.

    Raises TimestampUnavailable: tried again later. A paper that waits for a phone is left alone meanwhile.
    """
    with ports.database.reading() as session:
        row = read(session)
        if not row.profile:
            return None  # taken back before it was archived
        if pending_signatures.waits(session, row.meeting_id, paper, row.sha256):
            return ports.clock.now() + _SOON
    archived, holds_until = _timestamped(ports, row.sha256)
    with changing(ports, None) as work:
        # The lock that signers take: one sees what the other did.
        work.session.exec(select(Meeting).where(Meeting.id == row.meeting_id).with_for_update()).one()
        fresh = read(work.session)
        if fresh.sha256 != row.sha256:
            return work.now  # signed or written anew meanwhile: look again
        fresh.sha256, fresh.profile, fresh.holds_until = archived.sha256, archived.profile, holds_until
        work.record(
            f"{paper}.archive",
            fresh.meeting_id,
            sha256=archived.sha256,
            profile=archived.profile,
            holds_until=holds_until.isoformat(),
        )
        return renewal(work.now, holds_until)


def renewal(now: datetime, holds_until: datetime) -> datetime:
    """A year before the end; half-way when the end is nearer, so that a short-lived authority is not asked all day."""
    return max(holds_until - RENEWED_BEFORE, now + (holds_until - now) / 2)


def _timestamped(ports: Ports, sha256: str) -> tuple[Signed, datetime]:
    with ports.files.copy(sha256) as copy:
        copy.file.seek(0)
        before = ports.signatures.verify(copy.file.read()).verdict
        holds_until = ports.signatures.archive(copy.file)
        copy.file.seek(0)
        verdict = ports.signatures.verify(copy.file.read())
        if verdict.verdict is Verdict.INVALID and before is not Verdict.INVALID:
            raise SignatureNotConfirmed
        return Signed(copy.keep(), verdict), holds_until
