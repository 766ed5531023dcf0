"""Posts of a unit's people: appointing, moving and ending, each an act of the unit's administrator."""

from datetime import date

from sqlmodel import col, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.calendar import local
from meeting_app.domain.organisation import (
    Appointment,
    HeadTaken,
    LastDayWrong,
    NoLongerHeld,
    Post,
    PostHeldAlready,
    Unit,
)
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import credential as credentials
from meeting_app.services.authority import administered
from meeting_app.services.unit_of_work import Work, changing, key


def appoint(
    ports: Ports, actor: Actor, account_id: int, post_id: int, *, since: date, until: date | None = None
) -> int:
    """Give somebody of the unit a post from a day on; returns the appointment's id."""
    with changing(ports, actor) as work:
        unit = administered(work)
        account, post = _person(work, unit, account_id), _post(work, post_id)
        if until is not None and until < max(since, local(work.now).date()):
            raise LastDayWrong
        row = Appointment(account_id=account_id, unit_id=key(unit.id), post_id=post_id, since=since, until=until)
        _ensure_free(work, unit, row, account, post)
        work.session.add(row)
        work.session.flush()
        work.record("appointment.appoint", appointment=row.id, name=account.full_name, post=post.name, since=str(since))
        return key(row.id)


def move(ports: Ports, actor: Actor, appointment_id: int, post_id: int) -> int:
    """End one post and begin another in the same second; the person's keys stop with the old one (W8).

    Returns the new appointment's id. Of two administrators at once one gets NoLongerHeld.
    """
    with changing(ports, actor) as work:
        unit = administered(work)
        old, account = _held(work, unit, appointment_id)
        post = _post(work, post_id)
        today = local(work.now).date()
        new = Appointment(
            account_id=old.account_id, unit_id=old.unit_id, post_id=post_id, since=today, begun_at=work.now
        )
        _ensure_free(work, unit, new, account, post)
        left = _finish(work, old)
        work.session.add(new)
        work.session.flush()
        stopped = credentials.stop_for_move(work, old.account_id)
        work.record(
            "appointment.move",
            appointment=new.id,
            name=account.full_name,
            left=left.name,
            post=post.name,
            stopped_keys=stopped,
        )
        return key(new.id)


def end(ports: Ports, actor: Actor, appointment_id: int) -> None:
    """End a post this second; with somebody's last post their keys stop too."""
    with changing(ports, actor) as work:
        unit = administered(work)
        old, account = _held(work, unit, appointment_id)
        left = _finish(work, old)
        stopped = 0 if _holds_another(work, old) else credentials.stop_for_move(work, old.account_id)
        work.record("appointment.end", appointment=old.id, name=account.full_name, left=left.name, stopped_keys=stopped)


def end_on(ports: Ports, actor: Actor, appointment_id: int, last_day: date | None) -> None:
    """Put down a post's last day; None: it has none again."""
    with changing(ports, actor) as work:
        unit = administered(work)
        row, account = _held(work, unit, appointment_id)
        if last_day is not None and last_day < max(row.since, local(work.now).date()):
            raise LastDayWrong
        row.until = last_day
        post = _post(work, row.post_id)
        _ensure_free(work, unit, row, account, post)
        told = last_day.isoformat() if last_day else None
        work.record("appointment.end_on", appointment=row.id, name=account.full_name, post=post.name, last_day=told)


def _person(work: Work, unit: Unit, account_id: int) -> Account:
    account = work.session.get(Account, account_id)
    if account is None or account.unit_id != unit.id:
        raise NotFound
    return account


def _post(work: Work, post_id: int) -> Post:
    post = work.session.get(Post, post_id)
    if post is None:
        raise NotFound
    return post


def _held(work: Work, unit: Unit, appointment_id: int) -> tuple[Appointment, Account]:
    """A post of the unit that is not over, read under the unit's lock."""
    row = work.session.get(Appointment, appointment_id)
    if row is None or row.unit_id != unit.id:
        raise NotFound
    account = work.session.get_one(Account, row.account_id)
    over = row.until is not None and row.until < local(work.now).date()
    if over or row.ended_at is not None:
        raise NoLongerHeld(name=account.full_name)
    return row, account


def _ensure_free(work: Work, unit: Unit, wanted: Appointment, account: Account, post: Post) -> None:
    """Nobody holds a post twice at a time, and a unit has one head."""
    rows = work.session.exec(
        select(Appointment, Account)
        .join(Account, col(Account.id) == Appointment.account_id)
        .where(Appointment.unit_id == unit.id, Appointment.post_id == post.id)
    ).all()
    for row, holder in rows:
        if row.id == wanted.id or not row.overlaps(wanted.since, wanted.until):
            continue
        if holder.id == account.id:
            raise PostHeldAlready(name=account.full_name, post=post.name)
        if post.id == unit.head_post_id:
            raise HeadTaken(unit=unit.name, name=holder.full_name, post=post.name)


def _finish(work: Work, row: Appointment) -> Post:
    today = local(work.now).date()
    row.until, row.ended_at = max(row.since, today), work.now
    return _post(work, row.post_id)


def _holds_another(work: Work, old: Appointment) -> bool:
    rows = work.session.exec(
        select(Appointment).where(Appointment.account_id == old.account_id, Appointment.id != old.id)
    ).all()
    return any(row.held_at(work.now) for row in rows)
