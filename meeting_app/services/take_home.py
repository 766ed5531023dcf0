"""Taking a document home: a copy with one's own annotations and those shared with one; the original stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath

from meeting_app.domain.access import Actor
from meeting_app.pdf.take_home import Written, annotated
from meeting_app.ports import Ports
from meeting_app.services import annotation_rows
from meeting_app.services import document as documents
from meeting_app.services.annotation_rows import AnnotationView


@dataclass(frozen=True, slots=True)
class TakenHome:
    """The annotated copy, there until the block ends, and under which name a person should find it."""

    path: Path
    file_name: str


@contextmanager
def copy(ports: Ports, actor: Actor, document_id: int) -> Iterator[TakenHome]:
    """The present version as it is handed out, annotated; for whoever may download it.

    Raises NotFound and whatever `document.file` refuses, BrokenPdf, TakesTooLong.
    """
    stored = documents.file(ports, actor, document_id)
    book = annotation_rows.notebook(ports, actor, document_id)
    written = [_written(each, actor) for each in (*book.shared, *book.own)]
    with annotated(stored.path, written) as path:
        yield TakenHome(path, f"{PurePath(stored.file_name).stem} (có ghi chú).pdf")


def _written(view: AnnotationView, actor: Actor) -> Written:
    return Written(view.page, view.kind, view.colour, view.body, view.maker or actor.full_name, view.changed_at)
