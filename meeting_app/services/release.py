"""Who may do what with a document, and when it reaches them: set by the desk, and taken back."""

from sqlmodel import select

from meeting_app.domain.access import Actor, Standing
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.document import Audience, Document, DocumentReader, NobodyNamed, Release, Rights
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import document_rows as rows
from meeting_app.services.document_reading import ensure_handles
from meeting_app.services.document_telling import telling
from meeting_app.services.unit_of_work import Work, changing, key


def permit(ports: Ports, actor: Actor, document_id: int, rights: Rights) -> None:
    """Set who sees, keeps and prints a document, and when it is released. Whoever loses it, loses it now."""
    with changing(ports, actor) as work:
        document, standing = for_desk(work, document_id)
        named = _named(work, key(standing.meeting.id), rights)
        with telling(work, standing.meeting, Document.id == document_id):
            document.audience, document.release = rights.audience, rights.release
            document.may_download, document.may_print = rights.may_download, rights.may_print
            for row in work.session.exec(select(DocumentReader).where(DocumentReader.document_id == document_id)):
                work.session.delete(row)
            work.session.flush()
            work.session.add_all(DocumentReader(document_id=document_id, account_id=each) for each in named)
        work.record(
            "document.permit",
            document.meeting_id,
            document=document_id,
            audience=rights.audience.value,
            release=rights.release.value,
            download=rights.may_download,
            print=rights.may_print,
            named=sorted(named),
        )


def release(ports: Ports, actor: Actor, document_id: int) -> None:
    """Let those it is meant for have the document now, whenever it was to be released."""
    _by_hand(ports, actor, document_id, released=True)


def take_back(ports: Ports, actor: Actor, document_id: int) -> None:
    """Leave the document to the desk again; it vanishes from all other tablets at once."""
    _by_hand(ports, actor, document_id, released=False)


def for_desk(work: Work, document_id: int) -> tuple[Document, Standing]:
    """The document as it is once its meeting is locked: somebody may just have taken it away."""
    document = rows.required(work.session, document_id)
    if document.meeting_id is None:
        raise NotFound
    standing = work.standing(document.meeting_id)
    ensure_handles(work.session, document, standing)
    work.session.refresh(document)
    return rows.required(work.session, document_id), standing


def _by_hand(ports: Ports, actor: Actor, document_id: int, *, released: bool) -> None:
    with changing(ports, actor) as work:
        document, standing = for_desk(work, document_id)
        with telling(work, standing.meeting, Document.id == document_id):
            document.release = Release.BY_HAND
            document.released_at = work.now if released else None
        work.record("document.release" if released else "document.take_back", document.meeting_id, document=document_id)


def _named(work: Work, meeting_id: int, rights: Rights) -> frozenset[int]:
    """Those of the meeting among the named; raises NobodyNamed when a document would be for nobody."""
    if rights.audience is not Audience.NAMED:
        return frozenset()
    here = work.session.exec(select(Attendee.account_id).where(Attendee.meeting_id == meeting_id)).all()
    named = rights.named & frozenset(here)
    if not named:
        raise NobodyNamed
    return named
