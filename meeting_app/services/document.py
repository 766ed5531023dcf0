"""Documents of a meeting: taken in, prepared page by page, handed out to whoever may read them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_reads, ensure_sees, may_read
from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.document import (
    PAGE_WIDTHS,
    THUMBNAIL_WIDTH,
    Document,
    DocumentState,
    outline_name,
    page_name,
    text_name,
)
from meeting_app.domain.event import Kind
from meeting_app.domain.job import Job, JobKind
from meeting_app.domain.meeting import Meeting, MeetingState, ensure_state
from meeting_app.domain.sealing import DocumentSeal
from meeting_app.domain.upload import MEGABYTE, Limits
from meeting_app.domain.wording import one_line
from meeting_app.errors import NotFound
from meeting_app.pdf.inspection import inspect
from meeting_app.ports import Ports
from meeting_app.services import event as events
from meeting_app.services.paper import StoredFile
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing


@dataclass(frozen=True, slots=True)
class DocumentView:
    id: int
    item_id: int | None
    title: str
    file_name: str
    pages: int
    prepared_pages: int
    size: int
    state: DocumentState
    for_guests: bool
    sha: str  # the first 16 digits: part of the addresses of its pages
    uploaded_at: datetime
    sealed_at: datetime | None  # by the agency (L9); the file that is handed out bears the seal


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
    """Take a file in: look into it in a child process, keep it, have its pages drawn; returns its id.

    Raises NotAPdf, EncryptedPdf, BrokenPdf, FileTooLarge, ClassifiedDocument and their like.
    """
    with ports.database.reading() as session:
        ensure_desk(reading_standing(session, actor, meeting_id))
    file_name = one_line(file_name)
    inspected = inspect(path, Limits(size=ports.upload_limit_mb * MEGABYTE))
    sha256 = ports.files.put_file(path)
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_desk(standing)
        ensure_state(
            standing.meeting, MeetingState.DRAFT, MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED
        )
        _ensure_item(work.session, meeting_id, item_id)
        document = Document(
            meeting_id=meeting_id,
            item_id=item_id,
            title=(one_line(title) or Path(file_name).stem)[:200],
            file_name=Path(file_name).name[-200:],
            sha256=sha256,
            size=path.stat().st_size,
            pages=inspected.pages,
            for_guests=for_guests,
            uploaded_by=actor.account_id,
            uploaded_at=work.now,
        )
        work.session.add(document)
        work.session.flush()
        work.session.add(Job(kind=JobKind.PREPARE_DOCUMENT, subject_id=key(document.id), due_at=work.now))
        _announce(work, standing.meeting, document)
        work.record("document.upload", meeting_id, document=document.id, title=document.title, sha256=sha256)
        return key(document.id)


def remove(ports: Ports, actor: Actor, document_id: int) -> None:
    """Take a document away from every tablet; its bytes and its trace stay."""
    with changing(ports, actor) as work:
        document, standing = _for_desk(work, document_id)
        document.removed_at = work.now
        body: events.Body = {"documents": [], "gone": [document_id]}
        work.emit(standing.meeting, Kind.DOCUMENTS, body, events.channel_for(document))
        work.record("document.remove", document.meeting_id, document=document_id)


def place(ports: Ports, actor: Actor, document_id: int, item_id: int | None) -> None:
    """Put a document under another item, or under the meeting as a whole."""
    with changing(ports, actor) as work:
        document, standing = _for_desk(work, document_id)
        _ensure_item(work.session, document.meeting_id, item_id)
        document.item_id = item_id
        _announce(work, standing.meeting, document)
        work.record("document.place", document.meeting_id, document=document_id, item=item_id)


def documents(ports: Ports, actor: Actor, meeting_id: int) -> list[DocumentView]:
    """Those the actor may read, oldest first."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_sees(standing)
        rows = session.exec(
            select(Document, DocumentSeal)
            .outerjoin(DocumentSeal, col(DocumentSeal.document_id) == Document.id)
            .where(Document.meeting_id == meeting_id, col(Document.removed_at).is_(None))
            .order_by(col(Document.id))
        ).all()
    return [_view(row, seal) for row, seal in rows if may_read(standing, row)]


def view(ports: Ports, actor: Actor, document_id: int) -> tuple[int, DocumentView]:
    """A document and the id of its meeting."""
    row, seal = _readable(ports, actor, document_id)
    return row.meeting_id, _view(row, seal)


def original(ports: Ports, actor: Actor, document_id: int) -> StoredFile:
    """The bytes as they were uploaded."""
    row, _seal = _readable(ports, actor, document_id)
    return StoredFile(ports.files.path(row.sha256), row.file_name, row.sha256)


def file(ports: Ports, actor: Actor, document_id: int) -> StoredFile:
    """What is handed out: the sealed copy once there is one, else the bytes as they were uploaded."""
    row, seal = _readable(ports, actor, document_id)
    sha256 = seal.sealed_sha256 if seal is not None and seal.sealed_at is not None else row.sha256
    return StoredFile(ports.files.path(sha256), row.file_name, sha256)


def page(ports: Ports, actor: Actor, document_id: int, number: int, width: int) -> Path:
    """A prepared page image (JPEG, page 0 first); NotFound when it is not there or not theirs."""
    row, _seal = _readable(ports, actor, document_id)
    if width not in (*PAGE_WIDTHS, THUMBNAIL_WIDTH) or not 0 <= number < row.pages:
        raise NotFound
    return _derived(ports, row.sha256, page_name(number, width))


def words(ports: Ports, actor: Actor, document_id: int, number: int) -> Path:
    """The words of a page and their places (JSON, page 0 first); NotFound when they are not there or not theirs."""
    row, _seal = _readable(ports, actor, document_id)
    if not 0 <= number < row.pages:
        raise NotFound
    return _derived(ports, row.sha256, text_name(number))


def outline(ports: Ports, actor: Actor, document_id: int) -> Path:
    """The table of contents (JSON); NotFound when it is not there or not theirs."""
    row, _seal = _readable(ports, actor, document_id)
    return _derived(ports, row.sha256, outline_name())


def _derived(ports: Ports, sha256: str, name: str) -> Path:
    path = ports.files.derived_path(sha256, name)
    if not path.exists():
        raise NotFound
    return path


def to_prepare(ports: Ports, document_id: int) -> Document | None:
    """For the worker: a document whose pages are still to be drawn."""
    with ports.database.reading() as session:
        document = session.get(Document, document_id)
    if document is None or document.removed_at is not None or document.state is DocumentState.READY:
        return None
    return document


def report_prepared(ports: Ports, document_id: int, pages: int, *, failed: bool = False) -> None:
    """The worker's progress, shown on every tablet."""
    with changing(ports, None) as work:
        found = work.session.get_one(Document, document_id)
        meeting = work.session.exec(select(Meeting).where(Meeting.id == found.meeting_id).with_for_update()).one()
        work.session.refresh(found)
        found.prepared_pages = pages
        if failed:
            found.state = DocumentState.FAILED
        elif pages >= found.pages:
            found.state = DocumentState.READY
        if found.removed_at is None:
            _announce(work, meeting, found)


def _announce(work: Work, meeting: Meeting, document: Document) -> None:
    body = {"documents": [events.document_body(document)]}
    work.emit(meeting, Kind.DOCUMENTS, body, events.channel_for(document))


def _ensure_item(session: Session, meeting_id: int, item_id: int | None) -> None:
    if item_id is None:
        return
    item = session.get(AgendaItem, item_id)
    if item is None or item.meeting_id != meeting_id:
        raise NotFound


def _required(session: Session, document_id: int) -> Document:
    document = session.get(Document, document_id)
    if document is None or document.removed_at is not None:
        raise NotFound
    return document


def _for_desk(work: Work, document_id: int) -> tuple[Document, Standing]:
    """The document as it is once its meeting is locked: somebody may just have taken it away."""
    document = _required(work.session, document_id)
    standing = work.standing(document.meeting_id)
    ensure_desk(standing)
    work.session.refresh(document)
    if document.removed_at is not None:
        raise NotFound
    return document, standing


def _readable(ports: Ports, actor: Actor, document_id: int) -> tuple[Document, DocumentSeal | None]:
    with ports.database.reading() as session:
        document = _required(session, document_id)
        ensure_reads(reading_standing(session, actor, document.meeting_id), document)
        query = select(DocumentSeal).where(DocumentSeal.document_id == document_id)
        return document, session.exec(query).one_or_none()


def _view(row: Document, seal: DocumentSeal | None) -> DocumentView:
    return DocumentView(
        id=key(row.id),
        item_id=row.item_id,
        title=row.title,
        file_name=row.file_name,
        pages=row.pages,
        prepared_pages=row.prepared_pages,
        size=row.size,
        state=row.state,
        for_guests=row.for_guests,
        sha=row.sha256[:16],
        uploaded_at=row.uploaded_at,
        sealed_at=seal.sealed_at if seal is not None else None,
    )
