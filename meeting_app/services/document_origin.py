"""What documents brought along: the office file they were made of, and signatures, judged at the preparation."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from meeting_app.domain.page_file import signatures_name
from meeting_app.domain.signature import FileVerdict
from meeting_app.domain.version import Version, VersionSource
from meeting_app.ports import Ports
from meeting_app.services.document import DocumentView


@dataclass(frozen=True, slots=True)
class Origin:
    file_name: str = ""  # of the office file, if its reader may have it
    verdict: FileVerdict | None = None  # None: no signatures, or nobody could tell


def of(ports: Ports, views: Sequence[DocumentView]) -> dict[int, Origin]:
    """By the ids of documents that somebody has been shown."""
    query = (
        select(Version, VersionSource)
        .outerjoin(VersionSource, col(VersionSource.version_id) == Version.id)
        .where(col(Version.id).in_([view.version_id for view in views]))
    )
    with ports.database.reading() as session:
        found = {version.id: (version.sha256, source) for version, source in session.exec(query).all()}
    origins = {}
    for view in views:
        sha256, source = found[view.version_id]
        name = source.file_name if source is not None and view.keeps else ""
        origins[view.id] = Origin(name, _verdict(ports, sha256))
    return origins


def _verdict(ports: Ports, sha256: str) -> FileVerdict | None:
    path = ports.files.derived_path(sha256, signatures_name())
    content = path.read_text(encoding="utf-8") if path.exists() else "{}"
    return None if content == "{}" else FileVerdict.from_json(content)
