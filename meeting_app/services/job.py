"""What is due for the worker."""

from sqlmodel import col, select

from meeting_app.domain.job import Job
from meeting_app.ports import Ports


def due(ports: Ports, limit: int = 10) -> list[Job]:
    """Jobs whose time has come, oldest first."""
    query = (
        select(Job)
        .where(col(Job.done_at).is_(None), Job.due_at <= ports.clock.now())
        .order_by(col(Job.due_at), col(Job.id))
        .limit(limit)
    )
    with ports.database.reading() as session:
        return list(session.exec(query).all())


def finish(ports: Ports, job: Job) -> None:
    with ports.database.writing() as session:
        session.get_one(Job, job.id).done_at = ports.clock.now()


def fail(ports: Ports, job: Job, reason: str) -> bool:
    """Note a failure; True when it will not be tried again."""
    with ports.database.writing() as session:
        row = session.get_one(Job, job.id)
        row.fail(reason, ports.clock.now())
        return row.done_at is not None
