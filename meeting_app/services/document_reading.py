"""The one door to a document: which version somebody reads, if they may read it at all."""

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor, ensure_reads
from meeting_app.domain.version import Approval, Version
from meeting_app.errors import NotFound
from meeting_app.services import document_rows as rows
from meeting_app.services.document_rows import Shown
from meeting_app.services.unit_of_work import reading_standing


def readable(
    session: Session, actor: Actor, document_id: int, *, sha: str | None = None, number: int | None = None
) -> Shown:
    """The version of that hash (its first 16 digits) or number, else the one shown now; raises NotFound."""
    document = rows.required(session, document_id)
    ensure_reads(reading_standing(session, actor, document.meeting_id or 0), document)
    query = select(Version).where(Version.document_id == document_id, Version.approval == Approval.APPROVED)
    if sha is not None:
        query = query.where(col(Version.sha256).startswith(sha, autoescape=True))
    if number is not None:
        query = query.where(Version.number == number)
    version = session.exec(query.order_by(col(Version.number).desc())).first()
    if version is None or (sha is not None and version.sha256[:16] != sha):
        raise NotFound
    return Shown(document, version, rows.seal_of(session, version))
