"""Names and posts of accounts, for lists, frames and papers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from meeting_app.domain.account import Account
from meeting_app.domain.calendar import local
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


def persons(session: Session, account_ids: Iterable[int], today: date) -> dict[int, Person]:
    """People by account id, each with the highest post held today."""
    wanted = set(account_ids)
    rows = session.exec(
        select(Account, Unit).join(Unit, col(Unit.id) == Account.unit_id).where(col(Account.id).in_(wanted))
    ).all()
    posts = _posts(session, wanted, today)
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
        found = persons(session, [each for each in ids if each], local(ports.clock.now()).date())
    return sorted(found.values(), key=lambda person: (person.rank, person.name))


def appointment_on(session: Session, account_id: int, unit_id: int, day: date) -> tuple[Appointment, Post] | None:
    """The highest post somebody holds in a unit on a day."""
    rows = session.exec(
        select(Appointment, Post)
        .join(Post, col(Post.id) == Appointment.post_id)
        .where(Appointment.account_id == account_id, Appointment.unit_id == unit_id)
        .order_by(col(Post.rank))
    ).all()
    return next(((appointment, post) for appointment, post in rows if appointment.held_on(day)), None)


def _posts(session: Session, account_ids: set[int], today: date) -> dict[int, Post]:
    rows = session.exec(
        select(Appointment, Post)
        .join(Post, col(Post.id) == Appointment.post_id)
        .where(col(Appointment.account_id).in_(account_ids))
        .order_by(col(Post.rank).desc())
    ).all()
    return {appointment.account_id: post for appointment, post in rows if appointment.held_on(today)}
