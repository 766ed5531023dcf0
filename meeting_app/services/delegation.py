"""Giving the head's signature to others, and taking it back; each an act of the head or of the administrator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account, Right
from meeting_app.domain.authority import (
    OPEN,
    Authority,
    DelegationState,
    Given,
    HeadInOffice,
    HeadUnknown,
    NoAppointment,
    Office,
    delegated,
    ensure_gives,
    state_of,
)
from meeting_app.domain.calendar import local
from meeting_app.domain.delegation import (
    AlreadyWithdrawn,
    Delegation,
    DelegationKind,
    DelegationStands,
    HeadNeedsNone,
    Terms,
    clean_terms,
    ensure_fits,
    fits,
)
from meeting_app.domain.organisation import Appointment, Unit
from meeting_app.errors import MeetingError, NotFound
from meeting_app.ports import Ports
from meeting_app.services import authority as authorities
from meeting_app.services.unit_of_work import Work, changing, key


@dataclass(frozen=True, slots=True)
class DelegationView:
    """One delegation as lists show it."""

    id: int
    account_id: int
    name: str
    lines: tuple[str, ...]  # as the papers print it
    state: DelegationState
    giver: str  # empty where it was decided above
    terms: Terms

    @property
    def open(self) -> bool:
        """May be withdrawn."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who may be given authority of a kind."""

    account_id: int
    name: str
    post: str
    lines: tuple[str, ...]  # as papers would print it


def delegate(ports: Ports, actor: Actor, account_id: int, terms: Terms) -> int:
    """Give somebody of the unit authority to sign; returns the delegation's id.

    The head gives it, and the administrator puts down what the head gave in writing; who was given
    authority does not pass it on (PassedOn). Everybody else gets NotFound.
    """
    with changing(ports, actor) as work:
        unit = _unit(work, actor, terms.kind)
        terms = clean_terms(terms, local(work.now).date())
        held, receiver = _receiver(work, unit, account_id, terms.kind)
        _ensure_none_stands(work, held, terms, receiver.full_name)
        head = authorities.head_in_office(work.session, unit, work.now)
        if terms.kind is DelegationKind.ACTING and head is not None:
            raise HeadInOffice(head=head[1].full_name, unit=unit.name)
        row = Delegation(
            unit_id=key(unit.id),
            kind=terms.kind,
            appointment_id=key(held.id),
            giver_id=head[0].id if head else None,
            papers=" ".join(sorted(terms.papers)),
            basis=terms.basis,
            content=terms.content,
            since=terms.since,
            until=terms.until,
            given_by=actor.account_id,
            given_at=work.now,
        )
        work.session.add(row)
        work.session.flush()
        work.record("delegation.give", **_told(row, receiver))
        return key(row.id)


def withdraw(ports: Ports, actor: Actor, delegation_id: int) -> None:
    """From this second on nothing is signed by it."""
    with changing(ports, actor) as work:
        row = work.session.get(Delegation, delegation_id)
        if row is None or row.unit_id != actor.unit_id:
            raise NotFound
        _unit(work, actor, row.kind)
        work.session.refresh(row)  # another withdrawal may have come first
        if row.withdrawn_at is not None:
            raise AlreadyWithdrawn
        row.withdrawn_at, row.withdrawn_by = work.now, actor.account_id
        held = work.session.get_one(Appointment, row.appointment_id)
        work.record("delegation.withdraw", **_told(row, work.session.get_one(Account, held.account_id)))


def of_unit(ports: Ports, actor: Actor) -> list[DelegationView]:
    """Every delegation of the unit, newest first, for its administrator and its head."""
    now = ports.clock.now()
    with ports.database.reading() as session:
        unit = _known(session, actor, now)
        office = authorities.office_of(session, unit, now)
        given = authorities.given_in(session, unit, authorities.appointments_of(session, unit))
        people = {each.held.account_id for each in given} | {each.giver.account_id for each in given if each.giver}
        rows = session.exec(select(Account).where(col(Account.id).in_(people))).all()
    names = {row.id: row.full_name for row in rows}
    return [_view(each, office, names, now) for each in given]


def receivers(ports: Ports, actor: Actor) -> dict[DelegationKind, list[Receiver]]:
    """Whose post permits which kind of authority, highest post first."""
    now = ports.clock.now()
    with ports.database.reading() as session:
        unit = _known(session, actor, now)
        office = authorities.office_of(session, unit, now)
        posts = [each for each in authorities.appointments_of(session, unit) if each[0].held_at(now)]
        people = {held.account_id for held, _post in posts}
        rows = session.exec(select(Account).where(col(Account.id).in_(people), col(Account.locked_at).is_(None))).all()
    names = {row.id: row.full_name for row in rows}
    head = office.head
    return {
        kind: [
            Receiver(held.account_id, names[held.account_id], post.name, delegated(kind, post, unit, head).lines)
            for held, post in posts
            if held.account_id in names and head is not None and fits(kind, post, head)
        ]
        for kind in DelegationKind
    }


def _known(session: Session, actor: Actor, now: datetime) -> Unit:
    """The actor's unit, for whoever may know who was given what in it."""
    unit = session.get_one(Unit, actor.unit_id)
    if Right.ADMINISTER not in actor.rights:
        authority = _own_authority(session, actor, unit, now)
        if authority is None or authority.kind not in (None, DelegationKind.ACTING):
            raise NotFound
    return unit


def _unit(work: Work, actor: Actor, kind: DelegationKind) -> Unit:
    """The actor's unit, locked, for whoever may give authority of this kind in it."""
    if Right.ADMINISTER in actor.rights:
        return authorities.administered(work)
    unit = authorities.locked_unit(work, actor.unit_id)
    ensure_gives(_own_authority(work.session, actor, unit, work.now), kind, unit)
    return unit


def _own_authority(session: Session, actor: Actor, unit: Unit, now: datetime) -> Authority | None:
    try:
        return authorities.of_person(session, session.get_one(Account, actor.account_id), unit, None, now)
    except MeetingError:
        return None


def _receiver(work: Work, unit: Unit, account_id: int, kind: DelegationKind) -> tuple[Appointment, Account]:
    """The post, held now, to which authority of this kind may be bound."""
    account = work.session.get(Account, account_id)
    if account is None or account.unit_id != unit.id:
        raise NotFound
    head = authorities.office_of(work.session, unit, work.now).head
    if head is None:
        raise HeadUnknown(unit=unit.name)
    posts = authorities.signatories(work.session, unit, work.now, [account])[account_id].posts
    if not posts:
        raise NoAppointment(name=account.full_name, unit=unit.name)
    if any(post.id == head.id for _held, post in posts):
        raise HeadNeedsNone(name=account.full_name)
    held, post = next((each for each in posts if fits(kind, each[1], head)), posts[0])
    ensure_fits(kind, account.full_name, post, head)
    return held, account


def _ensure_none_stands(work: Work, held: Appointment, terms: Terms, name: str) -> None:
    """Twice the same authority would have to be withdrawn twice."""
    rows = work.session.exec(
        select(Delegation).where(
            Delegation.appointment_id == held.id,
            Delegation.kind == terms.kind,
            col(Delegation.withdrawn_at).is_(None),
        )
    ).all()
    if any(row.paper_set & terms.papers and row.overlaps(terms.since, terms.until) for row in rows):
        raise DelegationStands(name=name)


def _view(given: Given, office: Office, names: dict[int | None, str], now: datetime) -> DelegationView:
    row, head = given.delegation, office.head
    lines = delegated(row.kind, given.post, office.unit, head).lines if head else (row.kind.mark, given.post.name)
    return DelegationView(
        id=key(row.id),
        account_id=given.held.account_id,
        name=names[given.held.account_id],
        lines=lines,
        state=state_of(given, now),
        giver=names[given.giver.account_id] if given.giver else "",
        terms=Terms(row.kind, row.paper_set, row.basis, row.since, row.until, row.content),
    )


def _told(row: Delegation, receiver: Account) -> dict[str, Any]:
    """What the audit trail keeps of it."""
    return {
        "delegation": row.id,
        "kind": row.kind.value,
        "to": receiver.full_name,
        "papers": row.papers,
        "basis": row.basis,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
    }
