"""Names and posts of accounts, for lists, frames and papers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from meeting_app.domain.account import Account
from meeting_app.domain.organisation import Appointment, Post, Unit
from meeting_app.ports import Ports


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as lists show them; `post` is empty for people without an appointment."""

    account_id: int
    name: str
    post: str
    unit: str
    rank: int = 1000


def persons(session: Session, account_ids: Iterable[int], on: date | datetime) -> dict[int, Person]:
    """People by account id, each with the highest post held on that day, or at that moment."""
    wanted = set(account_ids)
    rows = session.exec(
        select(Account, Unit).join(Unit, col(Unit.id) == Account.unit_id).where(col(Account.id).in_(wanted))
    ).all()
    posts = _posts(session, wanted, on)
    found: dict[int, Person] = {}
    for account, unit in rows:
        account_id = account.id or 0
        post = posts.get(account_id)
        found[account_id] = Person(
            account_id, account.full_name, post.name if post else "", unit.name, post.rank if post else 1000
        )
    return found


def everybody(ports: Ports) -> list[Person]:
    """All open accounts, highest post first: whom one may invite."""
    with ports.database.reading() as session:
        ids = session.exec(select(Account.id).where(col(Account.locked_at).is_(None))).all()
        found = persons(session, [each for each in ids if each], ports.clock.now())
    return sorted(found.values(), key=lambda person: (person.rank, person.name))


def of_unit(ports: Ports, unit_id: int) -> list[Person]:
    """The open accounts of a unit, highest post first."""
    with ports.database.reading() as session:
        query = select(Account.id).where(Account.unit_id == unit_id, col(Account.locked_at).is_(None))
        ids = session.exec(query).all()
        found = persons(session, [each for each in ids if each], ports.clock.now())
    return sorted(found.values(), key=lambda person: (person.rank, person.name))


def appointment_at(
    session: Session, account_id: int, unit_id: int, moment: datetime
) -> tuple[Appointment, Post] | None:
    """The highest post somebody holds in a unit at a moment."""
    rows = session.exec(
        select(Appointment, Post)
        .join(Post, col(Post.id) == Appointment.post_id)
        .where(Appointment.account_id == account_id, Appointment.unit_id == unit_id)
        .order_by(col(Post.rank))
    ).all()
    return next(((appointment, post) for appointment, post in rows if appointment.held_at(moment)), None)


def _posts(session: Session, account_ids: set[int], on: date | datetime) -> dict[int, Post]:
    rows = session.exec(
        select(Appointment, Post)
        .join(Post, col(Post.id) == Appointment.post_id)
        .where(col(Appointment.account_id).in_(account_ids))
        # Of a day on which somebody moved, the post they moved to is the one to print.
        .order_by(col(Appointment.ended_at).is_(None), col(Post.rank).desc())
    ).all()
    return {appointment.account_id: post for appointment, post in rows if _held(appointment, on)}


def _held(appointment: Appointment, on: date | datetime) -> bool:
    return appointment.held_at(on) if isinstance(on, datetime) else appointment.held_on(on)
