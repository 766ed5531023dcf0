"""Personal folders (F14–F16): what somebody keeps for themselves, prepared and read like papers of a meeting."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor
from meeting_app.domain.document import Document, DocumentState
from meeting_app.domain.folder import LONGEST_FOLDER_NAME, Folder, FolderNameMissing, FolderNotEmpty
from meeting_app.domain.wording import one_line
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import document_rows as rows
from meeting_app.services import version as versions
from meeting_app.services.document_reading import ensure_owns
from meeting_app.services.unit_of_work import Work, changing, key


@dataclass(frozen=True, slots=True)
class FolderView:
    id: int
    parent_id: int | None
    name: str
    documents: int


@dataclass(frozen=True, slots=True)
class OwnDocument:
    id: int
    folder_id: int
    title: str
    pages: int
    prepared_pages: int
    size: int
    state: DocumentState
    uploaded_at: datetime


def folders(ports: Ports, actor: Actor) -> list[FolderView]:
    """The actor's own, by name."""
    with ports.database.reading() as session:
        found = session.exec(
            select(Folder)
            .where(Folder.owner_id == actor.account_id, col(Folder.removed_at).is_(None))
            .order_by(col(Folder.name), col(Folder.id))
        ).all()
        lying = _documents(session, [key(each.id) for each in found])
    return [
        FolderView(key(each.id), each.parent_id, each.name, sum(one.folder_id == each.id for one in lying))
        for each in found
    ]


def make(ports: Ports, actor: Actor, name: str, parent_id: int | None = None) -> int:
    """A new folder, inside another one if that is said; returns its id."""
    name = _clean(name)
    with changing(ports, actor) as work:
        if parent_id is not None:
            ensure_owns(work.session, actor, parent_id)
        folder = Folder(owner_id=actor.account_id, parent_id=parent_id, name=name, made_at=work.now)
        work.session.add(folder)
        work.session.flush()
        return key(folder.id)


def rename(ports: Ports, actor: Actor, folder_id: int, name: str) -> None:
    name = _clean(name)
    with changing(ports, actor) as work:
        ensure_owns(work.session, actor, folder_id).name = name


def remove(ports: Ports, actor: Actor, folder_id: int) -> None:
    """Take an empty folder away; raises FolderNotEmpty."""
    with changing(ports, actor) as work:
        folder = ensure_owns(work.session, actor, folder_id)
        inside = select(Folder.id).where(Folder.parent_id == folder_id, col(Folder.removed_at).is_(None))
        if _documents(work.session, [folder_id]) or work.session.exec(inside).first() is not None:
            raise FolderNotEmpty(name=folder.name)
        folder.removed_at = work.now


def documents(ports: Ports, actor: Actor, folder_id: int) -> list[OwnDocument]:
    """What lies in one of the actor's folders, newest first."""
    with ports.database.reading() as session:
        ensure_owns(session, actor, folder_id)
        return list(reversed(_documents(session, [folder_id])))


def upload(ports: Ports, actor: Actor, folder_id: int, path: Path, *, file_name: str, title: str = "") -> int:
    """Take a file into one of the actor's folders; returns the document's id. Raises what `version.receive` refuses."""
    with ports.database.reading() as session:
        ensure_owns(session, actor, folder_id)
    received = versions.receive(ports, path, file_name)
    with changing(ports, actor) as work:
        ensure_owns(work.session, actor, folder_id)
        document = Document(
            folder_id=folder_id,
            title=(one_line(title) or Path(received.file_name).stem)[:200],
            uploaded_by=actor.account_id,
            uploaded_at=work.now,
        )
        work.session.add(document)
        work.session.flush()
        versions.add(work, document, received)
        return key(document.id)


def take_out(ports: Ports, actor: Actor, document_id: int) -> None:
    """Remove one of the actor's own documents."""
    with changing(ports, actor) as work:
        _own(work, actor, document_id).removed_at = work.now


def put_back(ports: Ports, actor: Actor, document_id: int) -> None:
    """Undo `take_out`."""
    with changing(ports, actor) as work:
        document = work.session.get(Document, document_id)
        if document is None or document.meeting_id is not None:
            raise NotFound
        ensure_owns(work.session, actor, document.folder_id)
        document.removed_at = None


def move(ports: Ports, actor: Actor, document_id: int, folder_id: int) -> None:
    """Put one of the actor's own documents into another of their folders."""
    with changing(ports, actor) as work:
        document = _own(work, actor, document_id)
        ensure_owns(work.session, actor, folder_id)
        document.folder_id = folder_id


def _own(work: Work, actor: Actor, document_id: int) -> Document:
    document = rows.required(work.session, document_id)
    if document.meeting_id is not None:
        raise NotFound
    ensure_owns(work.session, actor, document.folder_id)
    return document


def _clean(name: str) -> str:
    name = one_line(name)[:LONGEST_FOLDER_NAME]
    if not name:
        raise FolderNameMissing
    return name


def _documents(session: Session, folder_ids: list[int]) -> list[OwnDocument]:
    found = rows.shown(session, col(Document.folder_id).in_(folder_ids))
    return [
        OwnDocument(
            id=key(each.document.id),
            folder_id=each.document.folder_id or 0,
            title=each.document.title,
            pages=each.version.pages,
            prepared_pages=each.version.prepared_pages,
            size=each.version.size,
            state=each.version.state,
            uploaded_at=each.version.uploaded_at,
        )
        for each in found
    ]
