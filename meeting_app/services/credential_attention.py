"""What a unit's administrator must see to: keys that are missing, locked, suspended, or end soon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import col, select

from meeting_app.domain.access import DESK_ROLES, Actor
from meeting_app.domain.account import Account, Right
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.credential import CredentialState
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.organisation import Unit
from meeting_app.domain.paper import PaperKind
from meeting_app.ports import Ports
from meeting_app.services.authority import all_who_sign
from meeting_app.services.credential_overview import CredentialView, credentials
from meeting_app.services.people import persons
from meeting_app.services.unit_of_work import key

_MEETING_OVER = (MeetingState.RECORDED, MeetingState.CANCELLED)


class Need(StrEnum):
    """Why something needs attention, the most urgent first."""

    MISSING = "missing"
    LOCKED = "locked"
    SUSPENDED = "suspended"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Attention:
    need: Need
    holder: str
    post: str
    account_id: int | None  # None: the seal
    credential_id: int | None = None
    ends_at: datetime | None = None


def attention(ports: Ports, actor: Actor) -> list[Attention]:
    """What an administrator must see to, most urgent first."""
    found = credentials(ports, actor)
    now = ports.clock.now()
    usable = {view.account_id for view in found if view.state is CredentialState.IN_USE and view.post_held}
    # Who has a locked or suspended one is told so, and is not missing one besides.
    told = usable | {v.account_id for v in found if v.state in (CredentialState.LOCKED, CredentialState.SUSPENDED)}
    needs = [each for each in _signers(ports, actor, now) if each.account_id not in told]
    for view in found:
        need = _need(view, now)
        # An old one that ends is no matter once its successor is there.
        if need is not None and not (view.account_id in usable and _is_followed(view, found)):
            needs.append(Attention(need, view.holder, view.post, view.account_id, view.id, view.not_after))
    order = list(Need)
    return sorted(needs, key=lambda each: (order.index(each.need), each.ends_at or now, each.holder))


def _need(view: CredentialView, now: datetime) -> Need | None:
    if view.state is CredentialState.LOCKED:
        return Need.LOCKED
    if view.state is CredentialState.SUSPENDED:
        return Need.SUSPENDED
    return Need.ENDING if view.ends_soon(now) else None


def _is_followed(view: CredentialView, found: Iterable[CredentialView]) -> bool:
    return any(
        each.account_id == view.account_id and each.state is CredentialState.IN_USE and each.not_after > view.not_after
        for each in found
    )


def _signers(ports: Ports, actor: Actor, now: datetime) -> list[Attention]:
    """Who must be able to sign: whoever acts for the unit, chairs or records a meeting to come, and its seal."""
    with ports.database.reading() as session:
        unit = session.get_one(Unit, actor.unit_id)
        accounts = session.exec(
            select(Account).where(Account.unit_id == unit.id, col(Account.locked_at).is_(None))
        ).all()
        acting = {account.id for paper in PaperKind for account, _authority in all_who_sign(session, unit, paper, now)}
        running = session.exec(
            select(Attendee)
            .join(Meeting, col(Meeting.id) == Attendee.meeting_id)
            .where(col(Attendee.role).in_(DESK_ROLES), col(Meeting.state).not_in(_MEETING_OVER))
        ).all()
        acting |= {row.account_id for row in running}
        people = persons(session, [key(each.id) for each in accounts if each.id in acting], now)
    needs = [Attention(Need.MISSING, each.name, each.post, each.account_id) for each in people.values()]
    if any(Right.SEAL in each.right_set for each in accounts):
        needs.append(Attention(Need.MISSING, unit.name, "", None))
    return needs
