"""What is done to a credential after its issue: by the unit's administrator, or by its holder (S1.2-S1.4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from meeting_app.domain import credential_life as rules
from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account, Right
from meeting_app.domain.credential import Credential, CredentialKind
from meeting_app.domain.credential_life import (
    LONGEST_REASON,
    CredentialAct,
    HandOver,
    KeyChangedMeanwhile,
    KeyElsewhere,
    NotTheReceiver,
)
from meeting_app.domain.key import KeyPlace, ensure_good_pin
from meeting_app.domain.wording import typed
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services.credential import note, trying
from meeting_app.services.unit_of_work import Work, changing, key

_LONGEST_DEVICE = 60


@dataclass(frozen=True, slots=True)
class HandOverForm:
    """What the administrator writes into the record of a hand-over."""

    receiver_id: int
    device: str = ""
    note: str = ""


def suspend(ports: Ports, actor: Actor, credential_id: int, reason: str) -> None:
    """No signature from now on, until it is resumed."""

    def change(credential: Credential, now: datetime) -> None:
        rules.ensure_may_suspend(credential)
        rules.ensure_reason(reason)
        credential.suspended_at = now

    _administer(ports, actor, credential_id, CredentialAct.SUSPENDED, change, reason)


def resume(ports: Ports, actor: Actor, credential_id: int, reason: str) -> None:
    def change(credential: Credential, _now: datetime) -> None:
        rules.ensure_may_resume(credential)
        rules.ensure_reason(reason)
        credential.suspended_at = None

    _administer(ports, actor, credential_id, CredentialAct.RESUMED, change, reason)


def revoke(ports: Ports, actor: Actor, credential_id: int, reason: str) -> None:
    """For good. The authority that issued the certificate must be told as well: others ask it, not us."""

    def change(credential: Credential, now: datetime) -> None:
        rules.ensure_may_revoke(credential)
        rules.ensure_reason(reason)
        credential.revoked_at = now

    _administer(ports, actor, credential_id, CredentialAct.REVOKED, change, reason)


def unlock(ports: Ports, actor: Actor, credential_id: int, identity_check: str) -> None:
    """New tries after a lock by wrong PINs; the note says how the holder's identity was checked."""

    def change(credential: Credential, _now: datetime) -> None:
        if credential.place is not KeyPlace.FILE and credential.wrong_pins == 0:
            raise KeyElsewhere
        rules.ensure_may_unlock(credential, identity_check)
        credential.wrong_pins = 0

    _administer(ports, actor, credential_id, CredentialAct.UNLOCKED, change, identity_check)


def hand_over(ports: Ports, actor: Actor, credential_id: int, form: HandOverForm) -> int:
    """Record that the holder has received the key (S1.4); returns the record's id."""
    with changing(ports, actor) as work:
        credential = administered(work, credential_id)
        rules.ensure_not_over(credential)
        receiver = work.session.get(Account, form.receiver_id)
        if receiver is None or not _may_receive(receiver, credential):
            raise NotTheReceiver(name=credential.common_name)
        record = HandOver(
            credential_id=credential_id,
            giver_id=actor.account_id,
            receiver_id=form.receiver_id,
            device=_short(form.device)[:_LONGEST_DEVICE],
            note=_short(form.note),
            at=work.now,
        )
        work.session.add(record)
        work.session.flush()
        note(work, CredentialAct.HANDED_OVER, credential_id=credential_id, reason=receiver.full_name)
        work.record(
            "credential.hand_over",
            holder=credential.common_name,
            sha256=credential.certificate_sha256,
            receiver=receiver.full_name,
            device=record.device,
        )
        return key(record.id)


def suspend_own(ports: Ports, actor: Actor, credential_id: int, reason: str) -> None:
    """The holder's emergency brake: at once, with or without a reason; only an administrator resumes."""
    with changing(ports, actor) as work:
        credential = held(work, actor, credential_id)
        rules.ensure_may_suspend(credential)
        credential.suspended_at = work.now
        _noted(work, credential, CredentialAct.SUSPENDED, reason)


def change_pin(ports: Ports, actor: Actor, credential_id: int, old: str, new: str) -> None:
    """Encrypt the key file anew; a wrong old PIN counts as when signing. Raises WrongPin and PinLocked."""
    with ports.database.reading() as session:
        credential = _held(session, actor, credential_id)
    rules.ensure_not_over(credential)
    if credential.place is not KeyPlace.FILE:
        raise KeyElsewhere
    ensure_good_pin(new)
    with trying(ports, credential_id):
        fresh = ports.certification.change_pin(credential.pkcs12, old, new)
    with changing(ports, actor) as work:
        row = held(work, actor, credential_id)
        if row.pkcs12 != credential.pkcs12:
            raise KeyChangedMeanwhile
        row.pkcs12 = fresh
        _noted(work, row, CredentialAct.PIN_CHANGED, "")


def administered(work: Work, credential_id: int) -> Credential:
    """A credential of the administrator's unit, locked until the end: two acts on it take turns."""
    credential = _locked(work, credential_id)
    if work.actor is None or not work.actor.having(Right.ADMINISTER, unit_of(work.session, credential)):
        raise NotFound
    return credential


def held(work: Work, actor: Actor, credential_id: int) -> Credential:
    """A credential the actor holds, locked."""
    _held(work.session, actor, credential_id)
    return _locked(work, credential_id)


def holds(actor: Actor, credential: Credential) -> bool:
    """One's own, or the unit's seal for its clerks."""
    if credential.kind is CredentialKind.SEAL:
        return credential.unit_id is not None and actor.having(Right.SEAL, credential.unit_id)
    return credential.account_id == actor.account_id


def unit_of(session: Session, credential: Credential) -> int:
    """Whose administrator looks after it."""
    if credential.account_id is not None:
        return session.get_one(Account, credential.account_id).unit_id
    return credential.unit_id or 0


def _held(session: Session, actor: Actor, credential_id: int) -> Credential:
    credential = session.get(Credential, credential_id)
    if credential is None or not holds(actor, credential):
        raise NotFound
    return credential


def _locked(work: Work, credential_id: int) -> Credential:
    query = select(Credential).where(Credential.id == credential_id).with_for_update()
    credential = work.session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if credential is None:
        raise NotFound
    return credential


def _administer(
    ports: Ports,
    actor: Actor,
    credential_id: int,
    act: CredentialAct,
    change: Callable[[Credential, datetime], None],
    reason: str,
) -> None:
    with changing(ports, actor) as work:
        credential = administered(work, credential_id)
        change(credential, work.now)
        _noted(work, credential, act, reason)


def _noted(work: Work, credential: Credential, act: CredentialAct, reason: str) -> None:
    note(work, act, credential_id=key(credential.id), reason=_short(reason))
    work.record(
        f"credential.{act.value}",
        holder=credential.common_name,
        sha256=credential.certificate_sha256,
        reason=_short(reason),
    )


def _may_receive(receiver: Account, credential: Credential) -> bool:
    if credential.kind is CredentialKind.SEAL:
        return receiver.unit_id == credential.unit_id and Right.SEAL in receiver.right_set
    return receiver.id == credential.account_id


def _short(text: str) -> str:
    return typed(text).strip()[:LONGEST_REASON]
