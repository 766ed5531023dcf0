"""Who may sign for whom, and how the paper says so (L3, W8).

The head signs for the unit: for its collective (TM.) where a body decides, alone where the head does.
Others sign what a delegation in force covers. Secretary and chair sign minutes in their own role: they
hold a post, but represent nobody.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from meeting_app.domain.attendee import Role
from meeting_app.domain.calendar import local
from meeting_app.domain.delegation import (
    PAPER_LABEL,
    ActingFromAbove,
    Delegation,
    DelegationKind,
    ensure_fits,
)
from meeting_app.domain.organisation import Appointment, Post, Unit
from meeting_app.domain.paper import PaperKind
from meeting_app.errors import MeetingError, NotFound
from meeting_app.i18n import N_, _

ROLE_LINE: dict[Role | None, str] = {Role.SECRETARY: "THƯ KÝ", Role.CHAIR: "CHỦ TOẠ"}
_STRENGTH = list(DelegationKind)


@dataclass(frozen=True, slots=True)
class Office:
    """A unit at one moment, as its signatures see it."""

    unit: Unit
    head: Post | None  # the post that heads it
    head_name: str = ""  # who holds that post then; empty while it is vacant


@dataclass(frozen=True, slots=True)
class Given:
    """A delegation and the appointments it rests on."""

    delegation: Delegation
    held: Appointment  # of who received it
    post: Post  # held by that appointment
    giver: Appointment | None  # of the head who gave it


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody, with the posts held in the unit at that moment (highest first), and all that was ever given."""

    name: str
    posts: tuple[tuple[Appointment, Post], ...]
    given: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """The lines above the name in a signature block, and what they rest on."""

    lines: tuple[str, ...]  # ("TM. UỶ BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    kind: DelegationKind | None = None  # none: the head's own

    @property
    def text(self) -> str:
        """In one line: "KT. CHỦ TỊCH – PHÓ CHỦ TỊCH"."""
        return " – ".join(self.lines)


class DelegationState(StrEnum):
    COMING = "coming"
    IN_FORCE = "in_force"
    OVER = "over"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # a post it rests on was left


OPEN = (DelegationState.COMING, DelegationState.IN_FORCE)  # may still be withdrawn
STATE_LABEL = {
    DelegationState.COMING: N_("Not begun"),
    DelegationState.IN_FORCE: N_("In force"),
    DelegationState.OVER: N_("Expired"),
    DelegationState.WITHDRAWN: N_("Withdrawn"),
    DelegationState.LAPSED: N_("Ended with the post"),
}


class NoAppointment(MeetingError):
    message = N_("{name} holds no post in {unit} today and cannot sign for it.")


class NoAuthority(MeetingError):
    message = N_("{name} ({post}) has no authority to sign for {unit} today.")


class HeadUnknown(MeetingError):
    message = N_("Which post heads {unit} has not been put down yet. Please ask your administrator.")


class DelegationNotBegun(MeetingError):
    message = N_("The authority of {name} to sign for {unit} begins on {day}.")


class DelegationOver(MeetingError):
    message = N_("The authority of {name} to sign for {unit} ended on {day}.")


class DelegationWithdrawn(MeetingError):
    message = N_("The authority of {name} to sign for {unit} was withdrawn on {day}.")


class DelegationLapsed(MeetingError):
    message = N_("The authority of {name} to sign for {unit} ended when a post it rests on was left.")


class PaperNotCovered(MeetingError):
    message = N_("The authority of {name} to sign for {unit} does not cover {papers}.")


class HeadInOffice(MeetingError):
    message = N_("{head} is in office as head of {unit}; nobody acts in that post.")


class PassedOn(MeetingError):
    message = N_("Authority to sign that was given ({mark}) is not passed on: only the head of {unit} gives it.")


class AuthorityChanged(MeetingError):
    message = N_(
        "The paper says “{printed}”, but {name} would sign it today as “{today}”. "
        "Nothing was signed; please have it submitted again."
    )


def authority_for(signatory: Signatory, office: Office, paper: PaperKind | None, moment: datetime) -> Authority:
    """By what right, and in whose name, somebody signs such a paper for the unit (None: any paper).

    Raises the sentence of what is missing: of several delegations, that of the newest.
    """
    unit, head = office.unit, office.head
    if not signatory.posts:
        raise NoAppointment(name=signatory.name, unit=unit.name)
    if head is None:
        raise HeadUnknown(unit=unit.name)
    if any(post.id == head.id for _held, post in signatory.posts):
        return own(unit, head)
    good: list[Given] = []
    refused: list[MeetingError] = []
    for given in sorted(signatory.given, key=lambda each: each.delegation.id or 0, reverse=True):
        try:
            _ensure_good(given, signatory.name, office, head, paper, moment)
            good.append(given)
        except MeetingError as obstacle:
            refused.append(obstacle)
    if good:
        best = min(good, key=lambda each: _STRENGTH.index(each.delegation.kind))
        return delegated(best.delegation.kind, best.post, unit, head)
    raise next(iter(refused), NoAuthority(name=signatory.name, post=signatory.posts[0][1].name, unit=unit.name))


def state_of(given: Given, moment: datetime) -> DelegationState:
    delegation, day = given.delegation, local(moment).date()
    if delegation.withdrawn_at is not None and delegation.withdrawn_at <= moment:
        return DelegationState.WITHDRAWN
    if delegation.until is not None and delegation.until < day:
        return DelegationState.OVER
    rests_on = (given.held, given.giver) if delegation.kind.personal else (given.held,)
    if any(each is not None and not each.held_at(moment) for each in rests_on):
        return DelegationState.LAPSED
    return DelegationState.COMING if day < delegation.since else DelegationState.IN_FORCE


def own(unit: Unit, head: Post) -> Authority:
    """The head's."""
    return Authority((*_collective(unit), _title(head)))


def delegated(kind: DelegationKind, post: Post, unit: Unit, head: Post) -> Authority:
    """The lines by Phụ lục I, phần I, mục II.7 of Nghị định 30/2020: TM. stands above whoever stands for the head."""
    match kind:
        case DelegationKind.ACTING:
            return Authority((*_collective(unit), f"{kind.mark} {_title(head)}"), kind)
        case DelegationKind.DEPUTY:
            return Authority((*_collective(unit), f"{kind.mark} {_title(head)}", _title(post)), kind)
    return Authority((f"{kind.mark} {_title(head)}", _title(post)), kind)


def ensure_gives(authority: Authority | None, kind: DelegationKind, unit: Unit) -> None:
    """Whether somebody who signs by this authority (None: by none) may give authority to others."""
    if authority is None:
        raise NotFound
    if authority.kind not in (None, DelegationKind.ACTING):
        raise PassedOn(mark=authority.kind.mark, unit=unit.name)
    if kind is DelegationKind.ACTING:
        raise ActingFromAbove


def _ensure_good(
    given: Given, name: str, office: Office, head: Post, paper: PaperKind | None, moment: datetime
) -> None:
    delegation, unit = given.delegation, office.unit.name
    match state_of(given, moment):
        case DelegationState.WITHDRAWN:
            raise DelegationWithdrawn(name=name, unit=unit, day=_day(local(delegation.withdrawn_at or moment).date()))
        case DelegationState.OVER:
            raise DelegationOver(name=name, unit=unit, day=_day(delegation.until or delegation.since))
        case DelegationState.LAPSED:
            raise DelegationLapsed(name=name, unit=unit)
        case DelegationState.COMING:
            raise DelegationNotBegun(name=name, unit=unit, day=_day(delegation.since))
    if delegation.kind is DelegationKind.ACTING and office.head_name:
        raise HeadInOffice(head=office.head_name, unit=unit)
    if paper is not None and paper not in delegation.paper_set:
        raise PaperNotCovered(name=name, unit=unit, papers=_(PAPER_LABEL[paper]))
    ensure_fits(delegation.kind, name, given.post, head)  # the catalogue may have changed since


def _collective(unit: Unit) -> tuple[str, ...]:
    return (f"TM. {unit.collective.upper()}",) if unit.collective else ()


def _title(post: Post) -> str:
    return post.name.upper()


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
