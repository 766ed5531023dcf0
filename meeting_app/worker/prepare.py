"""Documents are prepared in turns: a long one lets go of the worker when others wait, and goes on later."""

import time
from contextlib import closing
from datetime import datetime
from functools import partial

from meeting_app.domain.job import JobKind
from meeting_app.domain.page_file import names_of_page, outline_name
from meeting_app.domain.version import Version
from meeting_app.pdf.preparation import make
from meeting_app.ports import Ports
from meeting_app.services import annotation_carry, search
from meeting_app.services import document as documents
from meeting_app.services import job as jobs

TURN_SECONDS = 0.5  # between two looks at who waits, and between two notices of progress
LONGEST_TURN_SECONDS = 5  # also when nobody waits: a worker told to stop looks up between two turns
NEARLY_DONE = 10  # pages that are made sooner than a child is started again


def prepare(ports: Ports, version_id: int) -> datetime | None:
    """Make what is missing of a document's pages; returns when to go on if others wait. Done already is done.

    Raises BrokenPdf or TakesTooLong; the pages made until then stay.
    """
    version = documents.to_prepare(ports, version_id)
    if version is None:
        return None
    if not _draw(ports, version, version_id):
        return ports.clock.now()
    # Whatever ends the worker before the document is ready has it all done again; each of these is the same done twice.
    search.index(ports, version_id)
    annotation_carry.carry(ports, version_id)
    documents.report_prepared(ports, version_id, version.pages)
    return None


def _draw(ports: Ports, version: Version, version_id: int) -> bool:
    """Whether all was made; False when it is somebody else's turn."""
    keep = partial(ports.files.put_derived, version.sha256)
    path, first = ports.files.path(version.sha256), _made_before(ports, version)
    with closing(make(path, keep, ports.signatures.verify_file, first=first)) as progress:
        turn_began = told_at = time.monotonic()
        for done in progress:
            # The first page at once: somebody may read it, and others wait for theirs.
            if done > 1 and time.monotonic() - told_at < TURN_SECONDS:
                continue
            told_at = time.monotonic()
            documents.report_prepared(ports, version_id, min(done, version.pages - 1))
            if version.pages - done > NEARLY_DONE and (
                told_at - turn_began > LONGEST_TURN_SECONDS
                or jobs.others_wait(ports, JobKind.PREPARE_DOCUMENT, version_id)
            ):
                return False
    return True


def _made_before(ports: Ports, version: Version) -> int:
    """Pages whose files lie there from an earlier turn, or from the same file in another meeting."""
    for page in range(version.pages):
        names = [*names_of_page(page), outline_name()]
        if not all(ports.files.derived_path(version.sha256, name).exists() for name in names):
            return page
    return version.pages
