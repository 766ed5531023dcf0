"""By what right people sign for a unit today, read from posts and delegations; and which post heads the unit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account, Right
from meeting_app.domain.authority import Authority, Given, Office, Signatory, authority_for, own
from meeting_app.domain.delegation import Delegation
from meeting_app.domain.organisation import Appointment, Post, Unit
from meeting_app.domain.paper import PaperKind
from meeting_app.domain.wording import typed
from meeting_app.errors import MeetingError, NotFound
from meeting_app.i18n import N_
from meeting_app.ports import Ports
from meeting_app.services.unit_of_work import Work, changing, key

LONGEST_COLLECTIVE = 100


class CollectiveTooLong(MeetingError):
    message = N_("The name of the body may have at most {length} characters.")


@dataclass(frozen=True, slots=True)
class OfficeView:
    """How a unit signs: for a body or by its head alone, and who heads it now."""

    unit: str
    collective: str
    head_post_id: int | None
    head_post: str
    head: str  # empty while the post is vacant
    lines: tuple[str, ...]  # above the head's name


def of_person(session: Session, account: Account, unit: Unit, paper: PaperKind | None, moment: datetime) -> Authority:
    """Raises the sentence of what is missing."""
    signatory = signatories(session, unit, moment, [account])[key(account.id)]
    return authority_for(signatory, office_of(session, unit, moment), paper, moment)


def all_who_sign(session: Session, unit: Unit, paper: PaperKind, moment: datetime) -> list[tuple[Account, Authority]]:
    """Everybody who may sign such papers for the unit at that moment, highest post first."""
    accounts = session.exec(
        select(Account)
        .where(col(Account.id).in_(select(Appointment.account_id).where(Appointment.unit_id == unit.id)))
        .where(col(Account.locked_at).is_(None))
    ).all()
    office, found = office_of(session, unit, moment), []
    known = signatories(session, unit, moment, accounts)
    for account in sorted(accounts, key=lambda each: (_rank(known[key(each.id)]), each.full_name)):
        try:
            found.append((account, authority_for(known[key(account.id)], office, paper, moment)))
        except MeetingError:
            continue  # not this one
    return found


def office_of(session: Session, unit: Unit, moment: datetime) -> Office:
    head = session.get(Post, unit.head_post_id) if unit.head_post_id else None
    in_office = head_in_office(session, unit, moment)
    return Office(unit, head, in_office[1].full_name if in_office else "")


def head_in_office(session: Session, unit: Unit, moment: datetime) -> tuple[Appointment, Account] | None:
    rows = session.exec(
        select(Appointment, Account)
        .join(Account, col(Account.id) == Appointment.account_id)
        .where(Appointment.unit_id == unit.id, Appointment.post_id == unit.head_post_id)
    ).all()
    return next(((held, account) for held, account in rows if held.held_at(moment)), None)


def signatories(session: Session, unit: Unit, moment: datetime, accounts: Iterable[Account]) -> dict[int, Signatory]:
    """Each of these people with their posts in the unit and everything that was ever given to them there."""
    posts = appointments_of(session, unit)
    held: defaultdict[int | None, list[tuple[Appointment, Post]]] = defaultdict(list)
    given: defaultdict[int | None, list[Given]] = defaultdict(list)
    for each in posts:
        if each[0].held_at(moment):
            held[each[0].account_id].append(each)
    for one in given_in(session, unit, posts):
        given[one.held.account_id].append(one)
    return {
        key(account.id): Signatory(account.full_name, tuple(held[account.id]), tuple(given[account.id]))
        for account in accounts
    }


def appointments_of(session: Session, unit: Unit) -> list[tuple[Appointment, Post]]:
    """All there ever were in the unit, highest post first."""
    query = (
        select(Appointment, Post)
        .join(Post, col(Post.id) == Appointment.post_id)
        .where(Appointment.unit_id == unit.id)
        .order_by(col(Post.rank), col(Appointment.id))
    )
    return [(held, post) for held, post in session.exec(query).all()]


def given_in(session: Session, unit: Unit, posts: Iterable[tuple[Appointment, Post]]) -> list[Given]:
    """Every delegation of the unit, newest first; `posts` are all its appointments."""
    known = {held.id: (held, post) for held, post in posts}
    query = select(Delegation).where(Delegation.unit_id == unit.id).order_by(col(Delegation.id).desc())
    return [
        Given(row, *known[row.appointment_id], giver=known[row.giver_id][0] if row.giver_id is not None else None)
        for row in session.exec(query).all()
    ]


def administered(work: Work) -> Unit:
    """The unit this administrator looks after, locked until the end: acts on its posts take turns."""
    actor = work.actor
    if actor is None or Right.ADMINISTER not in actor.rights:
        raise NotFound
    return locked_unit(work, actor.unit_id)


def locked_unit(work: Work, unit_id: int) -> Unit:
    # A weaker lock than the register's: rows that merely refer to the unit may be written meanwhile.
    return work.session.exec(select(Unit).where(Unit.id == unit_id).with_for_update(key_share=True)).one()


def office(ports: Ports, actor: Actor) -> OfficeView:
    """How the actor's unit signs, for its administrator."""
    if Right.ADMINISTER not in actor.rights:
        raise NotFound
    with ports.database.reading() as session:
        unit = session.get_one(Unit, actor.unit_id)
        found = office_of(session, unit, ports.clock.now())
    lines = own(unit, found.head).lines if found.head else ()
    head_post = found.head.name if found.head else ""
    return OfficeView(unit.name, unit.collective, unit.head_post_id, head_post, found.head_name, lines)


def settle(ports: Ports, actor: Actor, head_post_id: int, collective: str) -> None:
    """Put down which post heads the unit, and the body it signs for (empty: the head decides alone)."""
    cleaned = " ".join(typed(collective).split())
    if len(cleaned) > LONGEST_COLLECTIVE:
        raise CollectiveTooLong(length=LONGEST_COLLECTIVE)
    with changing(ports, actor) as work:
        unit = administered(work)
        post = work.session.get(Post, head_post_id)
        if post is None or not post.heads:
            raise NotFound
        unit.head_post_id, unit.collective = post.id, cleaned
        work.record("unit.settle", unit=unit.name, head=post.name, collective=cleaned)


def _rank(signatory: Signatory) -> int:
    return min((post.rank for _held, post in signatory.posts), default=1000)
