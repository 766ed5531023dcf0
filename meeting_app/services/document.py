"""Documents of a meeting: taken in, prepared page by page, handed out to whoever may read them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, select

from meeting_app.domain.access import Actor, ensure_desk, ensure_sees, may_keep
from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.document import (
    PAGE_WIDTHS,
    THUMBNAIL_WIDTH,
    Audience,
    Document,
    DocumentState,
    Rights,
    ViewOnly,
    outline_name,
    page_name,
    text_name,
)
from meeting_app.domain.job import JobKind
from meeting_app.domain.meeting import Meeting, ensure_state
from meeting_app.domain.version import Approval, Version, VersionSource
from meeting_app.domain.wording import one_line
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import document_rows as rows
from meeting_app.services import job as jobs
from meeting_app.services import version as versions
from meeting_app.services.document_reading import readable
from meeting_app.services.document_rows import Shown
from meeting_app.services.document_telling import telling
from meeting_app.services.paper import StoredFile
from meeting_app.services.release import for_desk
from meeting_app.services.unit_of_work import changing, key, reading_standing


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document by the version its readers are shown."""

    id: int
    item_id: int | None
    title: str
    version: int  # its number
    version_id: int
    file_name: str
    pages: int
    prepared_pages: int
    size: int
    state: DocumentState
    for_guests: bool
    sha: str  # the first 16 digits: part of the addresses of its pages
    uploaded_at: datetime
    sealed_at: datetime | None  # by the agency (L9); the file that is handed out bears the seal
    approval: Approval = Approval.APPROVED
    keeps: bool = True  # the reader may have the file
    prints: bool = True
    rights: Rights | None = None  # who may do what: for the desk alone to know
    released_at: datetime | None = None  # by hand


def upload(
    ports: Ports,
    actor: Actor,
    meeting_id: int,
    path: Path,
    *,
    file_name: str,
    title: str = "",
    item_id: int | None = None,
    for_guests: bool = False,
) -> int:
    """Take a file in as a new document of a meeting; returns its id. Raises whatever `version.receive` refuses."""
    with ports.database.reading() as session:
        ensure_desk(reading_standing(session, actor, meeting_id))
    received = versions.receive(ports, path, file_name)
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_desk(standing)
        ensure_state(standing.meeting, *versions.TAKEN_IN)
        _ensure_item(work.session, meeting_id, item_id)
        document = Document(
            meeting_id=meeting_id,
            item_id=item_id,
            title=(one_line(title) or Path(one_line(file_name)).stem)[:200],
            audience=Audience.EVERYONE if for_guests else Audience.MEMBERS,
            uploaded_by=actor.account_id,
            uploaded_at=work.now,
        )
        work.session.add(document)
        work.session.flush()
        with telling(work, standing.meeting, Document.id == document.id):
            version = versions.add(work, document, received)
        work.record("document.upload", meeting_id, document=document.id, title=document.title, sha256=version.sha256)
        return key(document.id)


def remove(ports: Ports, actor: Actor, document_id: int) -> None:
    """Take a document away from every tablet; its bytes and its trace stay."""
    with changing(ports, actor) as work:
        document, standing = for_desk(work, document_id)
        with telling(work, standing.meeting, Document.id == document_id):
            document.removed_at = work.now
        work.record("document.remove", document.meeting_id, document=document_id)


def restore(ports: Ports, actor: Actor, document_id: int) -> None:
    """Put a removed document back as it was: its place, its versions, who may read it and what was written on it."""
    with changing(ports, actor) as work:
        document = work.session.get(Document, document_id)
        if document is None or document.meeting_id is None:
            raise NotFound
        standing = work.standing(document.meeting_id)
        if not standing.runs_desk:
            raise NotFound  # what was removed exists for nobody else
        work.session.refresh(document)
        if document.removed_at is None:
            return
        with telling(work, standing.meeting, Document.id == document_id):
            document.removed_at = None
        query = select(Version).where(Version.document_id == document_id, Version.state == DocumentState.PREPARING)
        for version in work.session.exec(query).all():
            jobs.plan(work.session, JobKind.PREPARE_DOCUMENT, key(version.id), work.now)
        work.record("document.restore", document.meeting_id, document=document_id)


def place(ports: Ports, actor: Actor, document_id: int, item_id: int | None) -> None:
    """Put a document under another item, or under the meeting as a whole."""
    with changing(ports, actor) as work:
        document, standing = for_desk(work, document_id)
        _ensure_item(work.session, key(standing.meeting.id), item_id)
        with telling(work, standing.meeting, Document.id == document_id):
            document.item_id = item_id
        work.record("document.place", document.meeting_id, document=document_id, item=item_id)


def documents(ports: Ports, actor: Actor, meeting_id: int) -> list[DocumentView]:
    """Those the actor may read, oldest first."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_sees(standing)
        found = rows.shown(session, Document.meeting_id == meeting_id)
    return [
        _view(each, keeps=may_keep(standing, each.document), desk=standing.runs_desk)
        for each in found
        if each.may_read(standing)
    ]


def view(ports: Ports, actor: Actor, document_id: int, *, number: int | None = None) -> tuple[int | None, DocumentView]:
    """A document, by its version of that number or the one shown now, and the id of its meeting if it has one."""
    with ports.database.reading() as session:
        reading = readable(session, actor, document_id, number=number)
        document = reading.shown.document
        desk = document.meeting_id is not None and reading_standing(session, actor, document.meeting_id).runs_desk
        return document.meeting_id, _view(reading.shown, keeps=reading.keeps, desk=desk)


def original(ports: Ports, actor: Actor, document_id: int, *, number: int | None = None) -> StoredFile:
    """The bytes as they were uploaded; raises ViewOnly."""
    version = _kept(ports, actor, document_id, number).version
    return StoredFile(ports.files.path(version.sha256), version.file_name, version.sha256)


def file(ports: Ports, actor: Actor, document_id: int, *, number: int | None = None) -> StoredFile:
    """What is handed out: the sealed copy once there is one, else the bytes as they were uploaded; raises ViewOnly."""
    shown = _kept(ports, actor, document_id, number)
    return StoredFile(ports.files.path(shown.handed_out), shown.version.file_name, shown.handed_out)


def source(ports: Ports, actor: Actor, document_id: int, *, number: int | None = None) -> StoredFile:
    """The office file that a version was made of, as it was brought; raises NotFound, ViewOnly."""
    version = _kept(ports, actor, document_id, number).version
    with ports.database.reading() as session:
        brought = session.get(VersionSource, version.id)
    if brought is None:
        raise NotFound
    return StoredFile(ports.files.path(brought.sha256), brought.file_name, brought.sha256)


@dataclass(frozen=True, slots=True)
class Made:
    """Something made of a version at its preparation, for one reader."""

    path: Path
    sha256: str  # of the version
    stays: bool  # may stay in the browser; otherwise it is asked for anew each time
    reader: str = ""  # whose name goes across a page that may only be looked at


def page(ports: Ports, actor: Actor, document_id: int, number: int, width: int, *, sha: str | None = None) -> Made:
    """A page image (JPEG, page 0 first); NotFound when it is not there or not theirs.

    `sha` are the first 16 digits of a version's hash; without it the page is of the version shown now.
    """
    if width not in (*PAGE_WIDTHS, THUMBNAIL_WIDTH):
        raise NotFound
    return _made(ports, actor, document_id, sha, page_name(number, width))


def words(ports: Ports, actor: Actor, document_id: int, number: int, *, sha: str | None = None) -> Made:
    """The words of a page and their places (JSON, page 0 first); NotFound when they are not there or not theirs."""
    return _made(ports, actor, document_id, sha, text_name(number))


def outline(ports: Ports, actor: Actor, document_id: int, *, sha: str | None = None) -> Made:
    """The table of contents (JSON); NotFound when it is not there or not theirs."""
    return _made(ports, actor, document_id, sha, outline_name())


def _made(ports: Ports, actor: Actor, document_id: int, sha: str | None, name: str) -> Made:
    with ports.database.reading() as session:
        reading = readable(session, actor, document_id, sha=sha)
    sha256 = reading.shown.version.sha256
    path = ports.files.derived_path(sha256, name)
    if not path.exists():
        raise NotFound
    return Made(path, sha256, reading.open, "" if reading.keeps else actor.full_name)


def _kept(ports: Ports, actor: Actor, document_id: int, number: int | None) -> Shown:
    with ports.database.reading() as session:
        reading = readable(session, actor, document_id, number=number)
    if not reading.keeps:
        raise ViewOnly
    return reading.shown


def to_prepare(ports: Ports, version_id: int) -> Version | None:
    """For the worker: a version whose pages are still to be drawn."""
    with ports.database.reading() as session:
        version = session.get(Version, version_id)
        document = session.get_one(Document, version.document_id) if version is not None else None
    if version is None or document is None or document.removed_at is not None or version.state is DocumentState.READY:
        return None
    return version


def report_prepared(ports: Ports, version_id: int, pages: int, *, failed: bool = False) -> None:
    """The worker's progress, shown on every tablet."""
    with changing(ports, None) as work:
        found = work.session.get_one(Version, version_id)
        document = work.session.get_one(Document, found.document_id)
        if document.meeting_id is None:
            _note_prepared(found, pages, failed=failed)
            return
        meeting = work.session.exec(select(Meeting).where(Meeting.id == document.meeting_id).with_for_update()).one()
        work.session.refresh(found)
        with telling(work, meeting, Document.id == document.id):
            _note_prepared(found, pages, failed=failed)


def _note_prepared(version: Version, pages: int, *, failed: bool) -> None:
    if version.state is DocumentState.READY:
        return  # by another worker
    version.prepared_pages = pages if failed else max(pages, version.prepared_pages)
    if failed:
        version.state = DocumentState.FAILED
    elif pages >= version.pages:
        version.state = DocumentState.READY


def _ensure_item(session: Session, meeting_id: int, item_id: int | None) -> None:
    if item_id is None:
        return
    item = session.get(AgendaItem, item_id)
    if item is None or item.meeting_id != meeting_id:
        raise NotFound


def _view(shown: Shown, *, keeps: bool, desk: bool) -> DocumentView:
    row, version, seal = shown.document, shown.version, shown.seal
    return DocumentView(
        id=key(row.id),
        item_id=row.item_id,
        title=row.title,
        version=version.number,
        version_id=key(version.id),
        file_name=version.file_name,
        pages=version.pages,
        prepared_pages=version.prepared_pages,
        size=version.size,
        state=version.state,
        for_guests=row.for_guests,
        sha=version.sha256[:16],
        uploaded_at=version.uploaded_at,
        sealed_at=seal.sealed_at if seal is not None else None,
        approval=version.approval,
        keeps=keeps,
        prints=row.may_print or desk,
        rights=Rights(row.audience, row.may_download, row.may_print, row.release, shown.named) if desk else None,
        released_at=row.released_at if desk else None,
    )
