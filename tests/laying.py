"""Documents as rows, without their files: what an upload writes, in any state."""

from typing import Any

from meeting_app.domain.document import Audience, Document, DocumentState
from meeting_app.domain.version import Version
from meeting_app.ports import Ports
from meeting_app.services import document_rows as rows
from meeting_app.services import version as versions
from meeting_app.services.unit_of_work import Work, key
from meeting_app.services.version import Received


def lay(
    work: Work,
    meeting_id: int | None,
    *,
    title: str = "Báo cáo",
    file_name: str = "bao-cao.pdf",
    sha256: str = "0" * 64,
    size: int = 1,
    pages: int = 1,
    prepared: bool = False,
    for_guests: bool = False,
    **how: Any,
) -> tuple[Document, Version]:
    """Lay a document before a meeting; `how` sets its other columns."""
    assert work.actor is not None
    how.setdefault("audience", Audience.EVERYONE if for_guests else Audience.MEMBERS)
    document = Document(
        meeting_id=meeting_id, title=title, uploaded_by=work.actor.account_id, uploaded_at=work.now, **how
    )
    work.session.add(document)
    work.session.flush()
    return document, lay_version(
        work, document, file_name=file_name, sha256=sha256, size=size, pages=pages, prepared=prepared
    )


def version_of(ports: Ports, document_id: int) -> int:
    """The id of the version that readers of a document are shown."""
    with ports.database.reading() as session:
        version = rows.current(session, document_id)
    assert version is not None
    return key(version.id)


def lay_version(
    work: Work,
    document: Document,
    *,
    file_name: str = "bao-cao.pdf",
    sha256: str = "0" * 64,
    size: int = 1,
    pages: int = 1,
    prepared: bool = False,
) -> Version:
    """Its next version; `prepared` as if the worker had been there."""
    version = versions.add(work, document, Received(file_name, sha256, size, pages))
    if prepared:
        version.state, version.prepared_pages = DocumentState.READY, pages
    return version
