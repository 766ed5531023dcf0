"""Versions: a file taken in, the next one in its place, and what changed from one to the other."""

from dataclasses import asdict, dataclass
from pathlib import Path

from meeting_app.domain.access import Actor, ensure_desk
from meeting_app.domain.comparison import Comparison
from meeting_app.domain.document import Document
from meeting_app.domain.job import Job, JobKind
from meeting_app.domain.meeting import MeetingState, ensure_state
from meeting_app.domain.upload import MEGABYTE, Limits
from meeting_app.domain.version import Approval, ReplacedMeanwhile, SameFile, Version, VersionSource
from meeting_app.domain.wording import one_line
from meeting_app.errors import NotFound
from meeting_app.pdf.preparation import examined
from meeting_app.ports import Ports
from meeting_app.services import comparison
from meeting_app.services import document_rows as rows
from meeting_app.services.document_reading import ensure_handles, readable
from meeting_app.services.document_telling import telling
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing

TAKEN_IN = (MeetingState.DRAFT, MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was looked into and is in the store."""

    file_name: str
    sha256: str
    size: int
    pages: int
    source: "ReceivedSource | None" = None  # the office file it was made of


@dataclass(frozen=True, slots=True)
class ReceivedSource:
    file_name: str
    sha256: str
    size: int


def receive(ports: Ports, path: Path, file_name: str) -> Received:
    """Look into a file in a child process and keep it; of an office file the PDF is kept too.

    Raises NotAPdf, EncryptedPdf, BrokenPdf, FileTooLarge, ClassifiedDocument and their like.
    """
    name = Path(one_line(file_name)).name[-200:] or "tai-lieu.pdf"
    with examined(path, name, Limits(size=ports.upload_limit_mb * MEGABYTE)) as (pdf, inspected):
        source = None
        if pdf != path:
            source = ReceivedSource(name, ports.files.put_file(path), path.stat().st_size)
            name = Path(name).with_suffix(".pdf").name
        return Received(name, ports.files.put_file(pdf), pdf.stat().st_size, inspected.pages, source)


def add(work: Work, document: Document, received: Received, approval: Approval = Approval.APPROVED) -> Version:
    """The next version of a document; its pages become a job for the worker."""
    actor_id = work.actor.account_id if work.actor else document.uploaded_by
    version = Version(
        document_id=key(document.id),
        number=rows.newest_number(work.session, key(document.id)) + 1,
        file_name=received.file_name,
        sha256=received.sha256,
        size=received.size,
        pages=received.pages,
        uploaded_by=actor_id,
        uploaded_at=work.now,
        approval=approval,
    )
    work.session.add(version)
    work.session.flush()
    if received.source is not None:
        work.session.add(VersionSource(version_id=key(version.id), **asdict(received.source)))
    work.session.add(Job(kind=JobKind.PREPARE_DOCUMENT, subject_id=key(version.id), due_at=work.now))
    return version


def replace(
    ports: Ports, actor: Actor, document_id: int, path: Path, *, file_name: str, instead_of: int | None = None
) -> int:
    """Put a new version in the place of the present one; returns the new version's id.

    `instead_of` is the number that the person saw: ReplacedMeanwhile when another came before theirs.
    Raises SameFile when nothing differs, and whatever `receive` refuses.
    """
    meeting_id = ensure_replaces(ports, actor, document_id)
    received = receive(ports, path, file_name)
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_desk(standing)
        ensure_state(standing.meeting, *TAKEN_IN)
        document = rows.required(work.session, document_id)
        present = rows.current(work.session, document_id)
        if present is not None and instead_of not in (None, present.number):
            raise ReplacedMeanwhile(title=document.title)
        if present is not None and present.sha256 == received.sha256:
            raise SameFile
        with telling(work, standing.meeting, Document.id == document_id):
            version = add(work, document, received)
        work.record(
            "document.replace", meeting_id, document=document_id, version=version.number, sha256=received.sha256
        )
        return key(version.id)


def ensure_replaces(ports: Ports, actor: Actor, document_id: int) -> int:
    """Refuse before a file is sent; returns the document's meeting."""
    with ports.database.reading() as session:
        document = rows.required(session, document_id)
        standing = reading_standing(session, actor, document.meeting_id or 0)
        ensure_handles(session, document, standing)
        return key(standing.meeting.id)


def same_pages(ports: Ports, old_version_id: int, new_version_id: int) -> dict[int, int]:
    """For each page of the one version that is found again in the other: where it lies there (pages from 0).

    Asks nobody's rights: what is carried over is the caller's own.
    """
    with ports.database.reading() as session:
        old, new = session.get_one(Version, old_version_id), session.get_one(Version, new_version_id)
    if old.document_id != new.document_id:
        raise NotFound
    return dict(comparison.between(ports, old, new).same)


def compared(
    ports: Ports, actor: Actor, document_id: int, before: int, after: int
) -> tuple[Version, Version, Comparison]:
    """Two versions by their numbers, and what changed from one to the other, for whoever may read them."""
    with ports.database.reading() as session:
        old = readable(session, actor, document_id, number=before).shown.version
        new = readable(session, actor, document_id, number=after).shown.version
    return old, new, comparison.between(ports, old, new)
