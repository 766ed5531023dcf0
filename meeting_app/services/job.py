"""What is due for the worker."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from meeting_app.domain.job import Job, JobKind
from meeting_app.ports import Ports


def due(ports: Ports, limit: int = 10, *, kinds: Collection[JobKind] = tuple(JobKind)) -> list[Job]:
    """Jobs of these kinds whose time has come, oldest first; mails after what somebody waits for before a screen."""
    query = (
        select(Job)
        .where(col(Job.done_at).is_(None), Job.due_at <= ports.clock.now(), col(Job.kind).in_(kinds))
        .order_by(col(Job.kind) == JobKind.SEND_MAIL, col(Job.due_at), col(Job.id))
        .limit(limit)
    )
    with ports.database.reading() as session:
        return list(session.exec(query).all())


def others_wait(ports: Ports, kind: JobKind, subject_id: int) -> bool:
    """Whether anything is due but this."""
    return any((job.kind, job.subject_id) != (kind, subject_id) for job in due(ports, limit=2))


def plan(session: Session, kind: JobKind, subject_id: int, due_at: datetime) -> None:
    """To be done at that time; one that is open already for the same subject is moved there instead."""
    query = select(Job).where(Job.kind == kind, Job.subject_id == subject_id, col(Job.done_at).is_(None))
    job = session.exec(query).first()
    if job is None:
        session.add(Job(kind=kind, subject_id=subject_id, due_at=due_at))
    else:
        job.due_at = due_at


def finish(ports: Ports, job: Job, again_at: datetime | None = None) -> None:
    """Done, or due again at `again_at`, unless it was planned anew while it was being done: then that stands."""
    with ports.database.writing() as session:
        row = session.get_one(Job, job.id)
        if row.due_at == job.due_at:
            row.finish(again_at, ports.clock.now())


def fail(ports: Ports, job: Job, reason: str) -> bool:
    """Note a failure; True when it will not be tried again."""
    with ports.database.writing() as session:
        row = session.get_one(Job, job.id)
        row.fail(reason, ports.clock.now())
        return row.done_at is not None
