"""Page images of a document, drawn by a child process and kept page by page."""

import logging
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from meeting_app.domain.document import PAGE_WIDTHS, Document
from meeting_app.ports import Ports
from meeting_app.services import document as documents

MEMORY = 2_000_000_000  # bytes of address space for the child
CPU_SECONDS = 600
WALL_SECONDS = 900
_NOTICE = 5  # pages between two notices of progress; the first page is told at once
_ROOT = Path(__file__).parents[2]
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from meeting_app.worker.draw_child import main; main()"
_log = logging.getLogger(__name__)


class DrawingFailed(Exception):
    """The child died or drew too few pages."""


def prepare(ports: Ports, document_id: int) -> None:
    """Draw what is missing of a document's pages; raises DrawingFailed. Done already is done."""
    document = documents.to_prepare(ports, document_id)
    if document is None:
        return
    done = _drawn_before(ports, document)
    if done < document.pages:
        with TemporaryDirectory() as folder:
            done = _draw(ports, document, Path(folder))
    if done < document.pages:
        raise DrawingFailed(f"page {done} of {document.pages}")
    documents.report_prepared(ports, document_id, document.pages)


def _drawn_before(ports: Ports, document: Document) -> int:
    """Pages whose images lie there from an earlier try, or from the same file in another meeting."""
    for page in range(document.pages):
        names = [documents.page_name(page, width) for width in PAGE_WIDTHS]
        if not all(ports.files.derived_path(document.sha256, name).exists() for name in names):
            return page
    return document.pages


def _draw(ports: Ports, document: Document, folder: Path) -> int:
    path = ports.files.path(document.sha256)
    limits = [str(MEMORY), str(CPU_SECONDS), *map(str, PAGE_WIDTHS)]
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", _CHILD, str(_ROOT), str(path.resolve()), str(folder), *limits],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        text=True,
    )
    timer = threading.Timer(WALL_SECONDS, child.kill)
    timer.start()
    done = 0
    try:
        for line in child.stdout or ():
            page = int(line)
            _keep(ports, document, folder, page)
            done = page + 1
            if page == 0 or done % _NOTICE == 0:
                documents.report_prepared(ports, document.id or 0, min(done, document.pages - 1))
    finally:
        timer.cancel()
        child.kill()
        child.wait()
    return done


def _keep(ports: Ports, document: Document, folder: Path, page: int) -> None:
    for width in PAGE_WIDTHS:
        image = folder / documents.page_name(page, width)
        ports.files.put_derived(document.sha256, image.name, image.read_bytes())
        image.unlink()
