"""The worker: does what is due, one job after the other, until it is told to stop."""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime

from meeting_app.domain.job import Job, JobKind
from meeting_app.errors import MeetingError
from meeting_app.ports import Ports
from meeting_app.services import archive as archives
from meeting_app.services import confirmation
from meeting_app.services import document as documents
from meeting_app.services import job as jobs
from meeting_app.worker.prepare import prepare

POLL_SECONDS = 0.5
_log = logging.getLogger(__name__)

# What to do for each kind of job; what it returns is when the same is due again.
DUTIES: dict[JobKind, Callable[[Ports, int], datetime | None]] = {
    JobKind.PREPARE_DOCUMENT: prepare,
    JobKind.COLLECT_SIGNATURE: confirmation.collect,
    JobKind.ARCHIVE_INVITATION: archives.archive_invitation,
    JobKind.ARCHIVE_MINUTES: archives.archive_minutes,
}
LAST_WORDS: dict[JobKind, Callable[[Ports, int], None]] = {
    JobKind.PREPARE_DOCUMENT: lambda ports, document_id: documents.report_prepared(ports, document_id, 0, failed=True)
}


def run(ports: Ports) -> None:
    """Work until SIGTERM or SIGINT; a job under way is finished or, when killed, done again at the next start."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    while not stop.is_set():
        if not work_once(ports):
            stop.wait(POLL_SECONDS)


def work_once(ports: Ports) -> int:
    """Do what is due now; returns how many jobs were tried."""
    due = jobs.due(ports)
    for job in due:
        _do(ports, job)
    return len(due)


def _do(ports: Ports, job: Job) -> None:
    try:
        again_at = DUTIES[job.kind](ports, job.subject_id)
    except MeetingError as error:  # a broken rule, or an authority that does not answer: no fault of ours
        _give_up(ports, job, str(error))
    except Exception as error:  # noqa: BLE001 — the loop must outlive any job
        _log.exception("job %s of kind %s failed", job.id, job.kind)
        _give_up(ports, job, f"{type(error).__name__}: {error}")
    else:
        jobs.finish(ports, job, again_at)


def _give_up(ports: Ports, job: Job, reason: str) -> None:
    """For now, or for good after the last try."""
    if jobs.fail(ports, job, reason) and job.kind in LAST_WORDS:
        LAST_WORDS[job.kind](ports, job.subject_id)
