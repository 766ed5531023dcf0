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
NEARLY_DONE = 10  # pages that are made sooner than a child is started again


def prepare(ports: Ports, version_id: int) -> datetime | None:
    """Make what is missing of a document's pages; returns when to go on if others wait. Done already is done.

    Raises BrokenPdf or TakesTooLong; the pages made until then stay.
    """
    document = documents.to_prepare(ports, version_id)
    if document is None:
        return None
    first = _made_before(ports, document)
    keep = partial(ports.files.put_derived, document.sha256)
    path = ports.files.path(document.sha256)
    with closing(make(path, keep, ports.signatures.verify_file, first=first)) as progress:
        began = time.monotonic()
        for done in progress:
            # The first page at once: somebody may read it, and others wait for theirs.
            if done > 1 and time.monotonic() - began < TURN_SECONDS:
                continue
            began = time.monotonic()
            documents.report_prepared(ports, version_id, min(done, document.pages - 1))
            if document.pages - done > NEARLY_DONE and jobs.others_wait(ports, JobKind.PREPARE_DOCUMENT, version_id):
                return ports.clock.now()
    # Whatever ends the worker before the document is ready has it all done again; each of these is the same done twice.
    search.index(ports, version_id)
    annotation_carry.carry(ports, version_id)
    documents.report_prepared(ports, version_id, document.pages)
    return None


def _made_before(ports: Ports, document: Version) -> int:
    """Pages whose files lie there from an earlier turn, or from the same file in another meeting."""
    for page in range(document.pages):
        names = [*names_of_page(page), outline_name()]
        if not all(ports.files.derived_path(document.sha256, name).exists() for name in names):
            return page
    return document.pages
