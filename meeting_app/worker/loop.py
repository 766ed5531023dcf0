"""The worker: does what is due, one job after the other, until it is told to stop."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime

from meeting_app.domain.job import Job, JobKind
from meeting_app.errors import MeetingError
from meeting_app.ports import Ports
from meeting_app.services import archive as archives
from meeting_app.services import confirmation, search, vote
from meeting_app.services import document as documents
from meeting_app.services import job as jobs
from meeting_app.services import mail as mails
from meeting_app.worker.prepare import prepare

POLL_SECONDS = 0.5
LOOK_SECONDS = 0.1  # a rest ends so soon after it was told to
PAUSE_SECONDS = 2  # after a failure of the rows themselves
URGENT = frozenset({JobKind.CLOSE_MOTION})
_log = logging.getLogger(__name__)

# What to do for each kind of job; what it returns is when the same is due again.
DUTIES: dict[JobKind, Callable[[Ports, int], datetime | None]] = {
    JobKind.PREPARE_DOCUMENT: prepare,
    JobKind.INDEX_DOCUMENT: search.index,
    JobKind.COLLECT_SIGNATURE: confirmation.collect,
    JobKind.ARCHIVE_INVITATION: archives.archive_invitation,
    JobKind.ARCHIVE_MINUTES: archives.archive_minutes,
    JobKind.SEND_MAIL: mails.send,
    JobKind.ARCHIVE_DOCUMENT: archives.archive_document,
    JobKind.CLOSE_MOTION: vote.close_due,
}
LAST_WORDS: dict[JobKind, Callable[[Ports, int], None]] = {
    JobKind.PREPARE_DOCUMENT: lambda ports, version_id: documents.report_prepared(ports, version_id, 0, failed=True),
    JobKind.SEND_MAIL: mails.give_up,
}


class Stop:
    """A plain flag for the handler of a signal: an Event would wait there for the lock its own waiter may hold."""

    def __init__(self) -> None:
        self._told = False

    def set(self) -> None:
        self._told = True

    def is_set(self) -> bool:
        return self._told

    def wait(self, seconds: float) -> None:
        """Rest for so long, or until told."""
        until = time.monotonic() + seconds
        while not self._told and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, LOOK_SECONDS))


def run(ports: Ports) -> None:
    """Work until SIGTERM or SIGINT; a job under way is finished or, when killed, done again at the next start."""
    stop = Stop()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    # A mail server that does not answer must not keep a meeting waiting for its result.
    urgent = threading.Thread(target=_work, args=(ports, stop, URGENT))
    urgent.start()
    _work(ports, stop, frozenset(JobKind) - URGENT)
    urgent.join()


def _work(ports: Ports, stop: Stop, kinds: frozenset[JobKind]) -> None:
    while not stop.is_set():
        try:
            if not work_once(ports, stop, kinds):
                stop.wait(POLL_SECONDS)
        except Exception:  # noqa: BLE001 — a full disk, rows that are away: what is due stays due until they are back
            _log.exception("nothing could be done, or noted as done")
            stop.wait(PAUSE_SECONDS)


def work_once(ports: Ports, stop: Stop | None = None, kinds: frozenset[JobKind] = frozenset(JobKind)) -> int:
    """Do what is due now, until told to stop; returns how many jobs were due."""
    due = jobs.due(ports, kinds=kinds)
    try:
        for job in due:
            if stop is not None and stop.is_set():
                break
            _do(ports, job)
    finally:
        if ports.mail is not None and JobKind.SEND_MAIL in kinds:
            ports.mail.hang_up()
    return len(due)


def _do(ports: Ports, job: Job) -> None:
    try:
        again_at = DUTIES[job.kind](ports, job.subject_id)
    except Exception as error:  # noqa: BLE001 — the loop must outlive any job
        # A broken rule says by itself what is wrong; of anything else the place in the code is wanted.
        told = isinstance(error, MeetingError)
        _log.error("job %s of kind %s failed: %s", job.id, job.kind, _reason(error), exc_info=not told)
        if jobs.fail(ports, job, _reason(error)) and job.kind in LAST_WORDS:
            LAST_WORDS[job.kind](ports, job.subject_id)
    else:
        jobs.finish(ports, job, again_at)


def _reason(error: Exception) -> str:
    """What went wrong, and what lay behind it."""
    causes = [error, *([error.__cause__] if error.__cause__ else [])]
    return " ← ".join(f"{type(each).__name__}: {each}" for each in causes)
