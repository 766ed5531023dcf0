"""A unit's people as its administrator sees them: posts, the state of their key, and what leaving a post stops."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account, Right
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.authority import OPEN, Given, state_of
from meeting_app.domain.calendar import local
from meeting_app.domain.credential import Credential, CredentialKind
from meeting_app.domain.invitation import Invitation, InvitationState
from meeting_app.domain.minutes import Minutes, MinutesState
from meeting_app.domain.organisation import Appointment, Post, Unit
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import authority as authorities
from meeting_app.services.unit_of_work import key


@dataclass(frozen=True, slots=True)
class PostView:
    id: int
    name: str
    heads: bool


@dataclass(frozen=True, slots=True)
class HeldView:
    """A post somebody holds, or will hold."""

    appointment_id: int
    post_id: int
    post: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody of the unit, with as much of their key as an administrator needs to know."""

    account_id: int
    name: str
    held: tuple[HeldView, ...]  # highest first
    has_key: bool  # of any state
    key_until: datetime | None  # of the key in force; none: stopped, expired, or never had


@dataclass(frozen=True, slots=True)
class Consequences:
    """What stops when somebody leaves a post."""

    keys: int
    delegations: int
    waiting: int  # papers that wait for this signature


def members(ports: Ports, actor: Actor) -> list[MemberView]:
    """Everybody of the unit, highest post first."""
    _ensure_administers(actor)
    now = ports.clock.now()
    with ports.database.reading() as session:
        unit = session.get_one(Unit, actor.unit_id)
        accounts = session.exec(select(Account).where(Account.unit_id == unit.id)).all()
        posts = authorities.appointments_of(session, unit)
        keys = session.exec(
            select(Credential)
            .join(Account, col(Account.id) == Credential.account_id)
            .where(Account.unit_id == unit.id, Credential.kind == CredentialKind.PERSON)
        ).all()
    held: defaultdict[int | None, list[tuple[Appointment, Post]]] = defaultdict(list)
    owned: defaultdict[int | None, list[Credential]] = defaultdict(list)
    for each in posts:
        if _shown(each[0], now):
            held[each[0].account_id].append(each)
    for credential in keys:
        owned[credential.account_id].append(credential)
    ranked = sorted(accounts, key=lambda account: (_rank(held[account.id]), account.full_name))
    return [_member(account, held[account.id], owned[account.id], now) for account in ranked]


def posts(ports: Ports, actor: Actor) -> list[PostView]:
    """The catalogue, highest first."""
    _ensure_administers(actor)
    with ports.database.reading() as session:
        rows = session.exec(select(Post).order_by(col(Post.rank), col(Post.name))).all()
    return [PostView(key(row.id), row.name, row.heads) for row in rows]


def consequences(ports: Ports, actor: Actor, appointment_id: int) -> Consequences:
    """What would stop this second if that post were left."""
    _ensure_administers(actor)
    now = ports.clock.now()
    with ports.database.reading() as session:
        row = session.get(Appointment, appointment_id)
        if row is None or row.unit_id != actor.unit_id:
            raise NotFound
        unit = session.get_one(Unit, actor.unit_id)
        given = authorities.given_in(session, unit, authorities.appointments_of(session, unit))
        keys, waiting = _living_keys(session, row.account_id, now), _waiting(session, row.account_id)
    bound = [each for each in given if _rests_on(each, row) and state_of(each, now) in OPEN]
    return Consequences(keys, len(bound), waiting)


def _ensure_administers(actor: Actor) -> None:
    if Right.ADMINISTER not in actor.rights:
        raise NotFound


def _member(
    account: Account, posts: list[tuple[Appointment, Post]], keys: list[Credential], now: datetime
) -> MemberView:
    in_force = [each.not_after for each in keys if each.stopped_at is None and each.not_before <= now < each.not_after]
    return MemberView(
        key(account.id),
        account.full_name,
        tuple(HeldView(key(held.id), held.post_id, post.name, held.since, held.until) for held, post in posts),
        has_key=bool(keys),
        key_until=max(in_force, default=None),
    )


def _shown(held: Appointment, now: datetime) -> bool:
    """Held now, or from some day on."""
    return held.overlaps(local(now).date(), None)


def _rank(posts: list[tuple[Appointment, Post]]) -> int:
    return min((post.rank for _held, post in posts), default=1000)


def _rests_on(given: Given, row: Appointment) -> bool:
    gave = given.giver is not None and given.giver.id == row.id and given.delegation.kind.personal
    return given.held.id == row.id or gave


def _living_keys(session: Session, account_id: int, now: datetime) -> int:
    query = select(func.count()).where(
        Credential.account_id == account_id,
        Credential.kind == CredentialKind.PERSON,
        col(Credential.stopped_at).is_(None),
        Credential.not_after > now,
    )
    return session.exec(query).one()


def _waiting(session: Session, account_id: int) -> int:
    """Invitations and minutes on their way that still need this signature."""
    invitations = session.exec(
        select(func.count()).where(
            Invitation.leader_id == account_id, Invitation.state == InvitationState.AWAITING_LEADER
        )
    ).one()
    before = select(Minutes.state, Attendee.role).join(Attendee, col(Attendee.meeting_id) == Minutes.meeting_id)
    minutes = session.exec(before.where(Attendee.account_id == account_id)).all()
    return invitations + sum((MinutesState(state), Role(role)) in _TO_SIGN for state, role in minutes)


_TO_SIGN = {
    (MinutesState.AWAITING_SECRETARY, Role.SECRETARY),
    (MinutesState.AWAITING_SECRETARY, Role.CHAIR),
    (MinutesState.AWAITING_CHAIR, Role.CHAIR),
}
