"""The unit's credentials as its administrator sees them: what needs attention, each one's facts and history."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account, Right
from meeting_app.domain.credential import Credential, CredentialKind, CredentialState
from meeting_app.domain.credential_life import (
    ENDS_SOON,
    CertificateRequest,
    CredentialAct,
    CredentialEvent,
    HandOver,
    RequestState,
)
from meeting_app.domain.key import CertificateFacts, KeyAlgorithm, KeyPlace
from meeting_app.domain.meeting import MeetingState
from meeting_app.domain.organisation import Appointment, Post, Unit
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services.certificate_request import makes_key
from meeting_app.services.credential_life import holds, unit_of
from meeting_app.services.unit_of_work import key

OVER = (CredentialState.REVOKED, CredentialState.STOPPED, CredentialState.ENDED)
_MEETING_OVER = (MeetingState.RECORDED, MeetingState.CANCELLED)


@dataclass(frozen=True, slots=True)
class CredentialView:
    """One credential in a list; `post` is the one it is bound to, empty for a seal."""

    id: int
    kind: CredentialKind
    holder: str
    account_id: int | None
    post: str
    post_held: bool  # what it is bound to is held now, or it is bound to nothing
    state: CredentialState
    place: KeyPlace
    not_before: datetime
    not_after: datetime
    sha256: str

    def ends_soon(self, now: datetime) -> bool:
        return self.state not in OVER and self.not_after - now <= ENDS_SOON


@dataclass(frozen=True, slots=True)
class EventView:
    act: CredentialAct
    at: datetime
    by: str  # empty: the system itself
    reason: str


@dataclass(frozen=True, slots=True)
class CredentialCard:
    """Everything about one credential."""

    credential: CredentialView
    facts: CertificateFacts | None  # None: the certificate of an old row is only in its key
    history: tuple[EventView, ...]
    hand_overs: tuple[int, ...]  # newest first
    receivers: tuple[tuple[int, str], ...]  # who may receive it


@dataclass(frozen=True, slots=True)
class RequestView:
    id: int
    kind: CredentialKind
    holder: str
    account_id: int | None
    post: str
    algorithm: KeyAlgorithm
    state: RequestState
    asked_at: datetime
    replaces: bool
    own_key: bool  # the reader is the one to make the key


def credentials(ports: Ports, actor: Actor) -> list[CredentialView]:
    """Every credential of the unit, those in use first; for its administrator."""
    _ensure_administrator(actor)
    with ports.database.reading() as session:
        found = _views(session, _of_unit(session, actor.unit_id), ports.clock.now())
    return sorted(found, key=lambda view: (view.state in OVER, view.kind is CredentialKind.PERSON, view.holder))


def card(ports: Ports, actor: Actor, credential_id: int) -> CredentialCard:
    """For the administrator of its unit and for its holder; to everybody else it does not exist."""
    with ports.database.reading() as session:
        row = session.get(Credential, credential_id)
        if row is None:
            raise NotFound
        if not (actor.having(Right.ADMINISTER, unit_of(session, row)) or holds(actor, row)):
            raise NotFound
        (view,) = _views(session, [row], ports.clock.now())
        records = session.exec(
            select(HandOver.id).where(HandOver.credential_id == credential_id).order_by(col(HandOver.id).desc())
        ).all()
        history, receivers = _history(session, credential_id), _receivers(session, row)
    facts = ports.certification.facts(row.chain[0]) if row.chain else None
    return CredentialCard(view, facts, history, tuple(key(each) for each in records), receivers)


def own(ports: Ports, actor: Actor) -> list[CredentialView]:
    """What the actor signs with: the person's own, for a clerk also the seal; newest first."""
    with ports.database.reading() as session:
        query = select(Credential).where(
            or_(
                Credential.account_id == actor.account_id,
                (Credential.kind == CredentialKind.SEAL) & (Credential.unit_id == actor.unit_id),
            )
        )
        rows = session.exec(query.order_by(col(Credential.id).desc())).all()
        return _views(session, [row for row in rows if holds(actor, row)], ports.clock.now())


def requests(ports: Ports, actor: Actor) -> list[RequestView]:
    """The unit's requests, newest first."""
    _ensure_administrator(actor)
    query = select(CertificateRequest).where(CertificateRequest.unit_id == actor.unit_id)
    with ports.database.reading() as session:
        rows = session.exec(query.order_by(col(CertificateRequest.id).desc())).all()
    return [_request(row, actor) for row in rows]


def keys_to_make(ports: Ports, actor: Actor) -> list[RequestView]:
    """Requests for which the actor is to choose a PIN now."""
    query = select(CertificateRequest).where(CertificateRequest.state == RequestState.ASKED)
    with ports.database.reading() as session:
        rows = session.exec(query.where(CertificateRequest.unit_id == actor.unit_id)).all()
    return [_request(row, actor) for row in rows if makes_key(actor, row)]


def _of_unit(session: Session, unit_id: int) -> list[Credential]:
    query = (
        select(Credential)
        .join(Account, col(Account.id) == Credential.account_id, isouter=True)
        .where(or_(col(Account.unit_id) == unit_id, Credential.unit_id == unit_id))
        .order_by(col(Credential.id).desc())
    )
    return list(session.exec(query).all())


def _views(session: Session, rows: list[Credential], now: datetime) -> list[CredentialView]:
    accounts = session.exec(select(Account).where(col(Account.id).in_({row.account_id for row in rows}))).all()
    units = session.exec(select(Unit).where(col(Unit.id).in_({row.unit_id for row in rows}))).all()
    people, agencies = {each.id: each.full_name for each in accounts}, {each.id: each.name for each in units}
    posts = _posts(session, rows)
    return [
        CredentialView(
            key(row.id),
            row.kind,
            people[row.account_id] if row.account_id is not None else agencies[row.unit_id],
            row.account_id,
            posts[row.appointment_id][1] if row.appointment_id in posts else "",
            row.appointment_id not in posts or posts[row.appointment_id][0].held_at(now),
            row.state(now),
            row.place,
            row.not_before,
            row.not_after,
            row.certificate_sha256,
        )
        for row in rows
    ]


def _posts(session: Session, rows: list[Credential]) -> dict[int | None, tuple[Appointment, str]]:
    query = (
        select(Appointment, Post)
        .join(Post, col(Post.id) == Appointment.post_id)
        .where(col(Appointment.id).in_({row.appointment_id for row in rows}))
    )
    return {appointment.id: (appointment, post.name) for appointment, post in session.exec(query).all()}


def _history(session: Session, credential_id: int) -> tuple[EventView, ...]:
    """Newest first, from the request on."""
    origin = select(CertificateRequest.id).where(CertificateRequest.credential_id == credential_id)
    query = (
        select(CredentialEvent)
        .where(
            or_(
                CredentialEvent.credential_id == credential_id,
                col(CredentialEvent.request_id).in_(origin),
            )
        )
        .order_by(col(CredentialEvent.id).desc())
    )
    return tuple(EventView(row.act, row.at, row.by_name, row.reason) for row in session.exec(query).all())


def _receivers(session: Session, row: Credential) -> tuple[tuple[int, str], ...]:
    if row.account_id is not None:
        return ((row.account_id, session.get_one(Account, row.account_id).full_name),)
    accounts = session.exec(select(Account).where(Account.unit_id == row.unit_id, col(Account.locked_at).is_(None)))
    return tuple((key(each.id), each.full_name) for each in accounts if Right.SEAL in each.right_set)


def _request(row: CertificateRequest, actor: Actor) -> RequestView:
    own_key = row.state is RequestState.ASKED and makes_key(actor, row)
    return RequestView(
        key(row.id),
        row.kind,
        row.common_name,
        row.account_id,
        row.title,
        row.algorithm,
        row.state,
        row.asked_at,
        row.replaces_id is not None,
        own_key,
    )


def _ensure_administrator(actor: Actor) -> None:
    if Right.ADMINISTER not in actor.rights:
        raise NotFound
