"""Documents as rows: each with the version that is shown, and what came of its seal."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from meeting_app.domain.document import Document
from meeting_app.domain.sealing import DocumentSeal
from meeting_app.domain.version import Approval, Version
from meeting_app.errors import NotFound


@dataclass(frozen=True, slots=True)
class Shown:
    """A document by one of its versions."""

    document: Document
    version: Version
    seal: DocumentSeal | None = None

    @property
    def handed_out(self) -> str:
        """The SHA-256 of what is handed out: the sealed copy once there is one."""
        sealed = self.seal is not None and self.seal.sealed_at is not None
        return self.seal.sealed_sha256 if self.seal is not None and sealed else self.version.sha256


def newest_approved() -> Any:
    """The condition that a Version is the one which readers of its Document are shown."""
    numbers = select(func.max(Version.number)).where(
        Version.document_id == Document.id, Version.approval == Approval.APPROVED
    )
    return col(Version.number) == numbers.correlate(Document).scalar_subquery()


def shown(session: Session, *conditions: Any) -> list[Shown]:
    """The documents that lie there, by their newest approved version, oldest first."""
    query = (
        select(Document, Version, DocumentSeal)
        .join(Version, col(Version.document_id) == Document.id)
        .outerjoin(DocumentSeal, col(DocumentSeal.version_id) == Version.id)
        .where(newest_approved(), col(Document.removed_at).is_(None), *conditions)
        .order_by(col(Document.id))
    )
    return [Shown(*row) for row in session.exec(query).all()]


def required(session: Session, document_id: int) -> Document:
    """A document that lies there; raises NotFound."""
    document = session.get(Document, document_id)
    if document is None or document.removed_at is not None:
        raise NotFound
    return document


def current(session: Session, document_id: int) -> Version | None:
    """The version readers are shown; None when none was approved yet."""
    query = (
        select(Version)
        .where(Version.document_id == document_id, Version.approval == Approval.APPROVED)
        .order_by(col(Version.number).desc())
    )
    return session.exec(query).first()


def newest_number(session: Session, document_id: int) -> int:
    """Of all versions, approved or not; 0 when there is none."""
    return session.exec(select(func.max(Version.number)).where(Version.document_id == document_id)).one() or 0


def seal_of(session: Session, version: Version) -> DocumentSeal | None:
    return session.exec(select(DocumentSeal).where(DocumentSeal.version_id == version.id)).one_or_none()
