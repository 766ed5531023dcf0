"""Documents as rows: each with the version that is shown, and what came of its seal."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from meeting_app.domain import access
from meeting_app.domain.access import Hearing, Standing
from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.document import Audience, Document, DocumentReader
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.sealing import DocumentSeal
from meeting_app.domain.version import Approval, Version
from meeting_app.errors import NotFound


@dataclass(frozen=True, slots=True)
class Shown:
    """A document by one of its versions, and what decides who may read it."""

    document: Document
    version: Version
    seal: DocumentSeal | None = None
    item: AgendaItem | None = None
    named: frozenset[int] = frozenset()  # account ids

    @property
    def handed_out(self) -> str:
        """The SHA-256 of what is handed out: the sealed copy once there is one."""
        sealed = self.seal is not None and self.seal.sealed_at is not None
        return self.seal.sealed_sha256 if self.seal is not None and sealed else self.version.sha256

    def may_read(self, standing: Standing) -> bool:
        return access.may_read(standing, self.document, self.item, self.named)

    def hearing(self, meeting: Meeting) -> Hearing:
        return access.hearing(self.document, meeting, self.item, self.named)


def newest_approved() -> Any:
    """The condition that a Version is the one which readers of its Document are shown."""
    numbers = select(func.max(Version.number)).where(
        Version.document_id == Document.id, Version.approval == Approval.APPROVED
    )
    return col(Version.number) == numbers.correlate(Document).scalar_subquery()


def shown(session: Session, *conditions: Any) -> list[Shown]:
    """The documents that lie there, by their newest approved version, oldest first."""
    query = (
        select(Document, Version, DocumentSeal, AgendaItem)
        .join(Version, col(Version.document_id) == Document.id)
        .outerjoin(DocumentSeal, col(DocumentSeal.version_id) == Version.id)
        .outerjoin(AgendaItem, col(AgendaItem.id) == Document.item_id)
        .where(newest_approved(), col(Document.removed_at).is_(None), *conditions)
        .order_by(col(Document.id))
    )
    found = session.exec(query).all()
    named = _named(session, [document for document, *_ in found])
    return [Shown(*row, named.get(row[0].id or 0, frozenset())) for row in found]


def of_version(session: Session, document: Document, version: Version) -> Shown:
    """A document by this version of it."""
    seal = session.exec(select(DocumentSeal).where(DocumentSeal.version_id == version.id)).one_or_none()
    item = session.get(AgendaItem, document.item_id) if document.item_id is not None else None
    return Shown(document, version, seal, item, _named(session, [document]).get(document.id or 0, frozenset()))


def _named(session: Session, documents: Sequence[Document]) -> dict[int, frozenset[int]]:
    """The accounts that documents are meant for by name."""
    asked = [each.id for each in documents if each.audience is Audience.NAMED]
    if not asked:
        return {}
    named: dict[int, set[int]] = defaultdict(set)
    for row in session.exec(select(DocumentReader).where(col(DocumentReader.document_id).in_(asked))).all():
        named[row.document_id].add(row.account_id)
    return {document_id: frozenset(accounts) for document_id, accounts in named.items()}


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


def is_named(session: Session, meeting_id: int, account_id: int) -> bool:
    """Whether some document of the meeting is meant for this person by name."""
    query = (
        select(Document.id)
        .join(DocumentReader, col(DocumentReader.document_id) == Document.id)
        .where(Document.meeting_id == meeting_id, DocumentReader.account_id == account_id)
        .where(Document.audience == Audience.NAMED, col(Document.removed_at).is_(None))
    )
    return session.exec(query).first() is not None
