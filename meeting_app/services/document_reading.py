"""The one door to a document: which version somebody reads, and what they may do with it, if it exists for them."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor, Standing, ensure_desk, is_open, may_keep
from meeting_app.domain.document import Document
from meeting_app.domain.folder import Folder
from meeting_app.domain.preparation import Preparation
from meeting_app.domain.version import Approval, Version
from meeting_app.errors import NotFound
from meeting_app.services import document_rows as rows
from meeting_app.services.document_rows import Shown
from meeting_app.services.unit_of_work import key, reading_standing


@dataclass(frozen=True, slots=True)
class Reading:
    """A version of a document that its reader has in hand."""

    shown: Shown
    keeps: bool  # may have the file; otherwise its pages bear the reader's name
    open: bool  # pages may stay in the browser: whoever reads it could have kept the file


def readable(
    session: Session, actor: Actor, document_id: int, *, sha: str | None = None, number: int | None = None
) -> Reading:
    """The version of that hash (its first 16 digits) or number, else the one shown now; raises NotFound."""
    document = rows.required(session, document_id)
    version = _version(session, document_id, sha, number)
    if version is None:
        raise NotFound
    shown = rows.of_version(session, document, version)
    if document.meeting_id is None:
        ensure_owns(session, actor, document.folder_id)
        return Reading(shown, keeps=True, open=True)
    standing = reading_standing(session, actor, document.meeting_id)
    if _is_theirs(shown, standing):
        return Reading(shown, keeps=may_keep(standing, document), open=is_open(document))
    if brought(session, actor, document, version):
        return Reading(shown, keeps=True, open=False)
    raise NotFound


def _is_theirs(shown: Shown, standing: Standing) -> bool:
    approved = shown.version.approval is Approval.APPROVED
    return shown.may_read(standing) and (approved or standing.runs_desk)


def ensure_handles(session: Session, document: Document, standing: Standing) -> None:
    """Only the desk; whoever may not even read the document is not told that it exists."""
    if not standing.runs_desk:
        version = rows.current(session, key(document.id))
        if version is None or not rows.of_version(session, document, version).may_read(standing):
            raise NotFound
    ensure_desk(standing)


def brought(session: Session, actor: Actor, document: Document, version: Version) -> bool:
    """Whether this person handed the version in for a unit that still prepares the item."""
    return version.uploaded_by == actor.account_id and prepares(session, actor, document.item_id)


def prepares(session: Session, actor: Actor, item_id: int | None) -> bool:
    return item_id is not None and session.get(Preparation, (item_id, actor.unit_id)) is not None


def ensure_owns(session: Session, actor: Actor, folder_id: int | None) -> Folder:
    """A folder that lies there and is the actor's own; to everybody else it does not exist."""
    folder = session.get(Folder, folder_id) if folder_id is not None else None
    if folder is None or folder.owner_id != actor.account_id or folder.removed_at is not None:
        raise NotFound
    return folder


def _version(session: Session, document_id: int, sha: str | None, number: int | None) -> Version | None:
    if sha is None and number is None:
        return rows.current(session, document_id)
    query = select(Version).where(Version.document_id == document_id).order_by(col(Version.number).desc())
    if number is not None:
        return session.exec(query.where(Version.number == number)).one_or_none()
    found = session.exec(query).all()
    same = [each for each in found if each.sha256[:16] == sha]
    # The same file may have been refused once and approved later.
    return next((each for each in same if each.approval is Approval.APPROVED), same[0] if same else None)
