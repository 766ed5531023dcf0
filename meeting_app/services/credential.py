"""Credentials: enrolling a key, and using it with its holder's PIN."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from meeting_app.domain.account import Account
from meeting_app.domain.credential import (
    PIN_TRIES,
    Credential,
    CredentialKind,
    CredentialKnown,
    CredentialNotInUse,
    NoCredential,
    PinLocked,
)
from meeting_app.domain.credential_life import CredentialAct, CredentialEvent
from meeting_app.domain.key import CertificateFacts, Confirmation, KeyHandle, KeyPlace, Secret
from meeting_app.domain.organisation import Appointment, Unit
from meeting_app.domain.signature import Field as SignatureField
from meeting_app.domain.signature import RouteStep, WrongPin
from meeting_app.ports import Ports
from meeting_app.services.people import appointment_at
from meeting_app.services.unit_of_work import Work, changing, key

_USABLE = (
    col(Credential.stopped_at).is_(None),
    col(Credential.suspended_at).is_(None),
    col(Credential.revoked_at).is_(None),
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A person in a post, or with `unit_id` a unit for its seal."""

    account_id: int | None = None
    unit_id: int | None = None
    appointment_id: int | None = None


def enrol(ports: Ports, pkcs12: bytes, pin: str, *, account_id: int | None = None, unit_id: int | None = None) -> int:
    """Register the key in a file, a person's or with `unit_id` an agency's seal; the PIN only proves that it opens."""
    handle = KeyHandle(KeyPlace.FILE, key_file=pkcs12)
    return enrol_key(ports, handle, Secret(pin), account_id=account_id, unit_id=unit_id)


def enrol_key(
    ports: Ports, handle: KeyHandle, secret: Secret, *, account_id: int | None = None, unit_id: int | None = None
) -> int:
    """Register a key wherever it lives; raises a KeyRefused, or CredentialKnown."""
    certificates = ports.keys.certificates(handle, secret)
    facts = ports.signatures.read(certificates[0])
    with changing(ports, None) as work:
        holder = Holder(account_id, unit_id if account_id is None else None, _highest_post(work, account_id))
        return key(enter(work, holder, handle, certificates, facts).id)


def enter(
    work: Work, holder: Holder, handle: KeyHandle, certificates: Sequence[bytes], facts: CertificateFacts
) -> Credential:
    """Keep a credential; raises CredentialKnown."""
    credential = Credential(
        kind=CredentialKind.SEAL if holder.account_id is None else CredentialKind.PERSON,
        account_id=holder.account_id,
        unit_id=holder.unit_id,
        appointment_id=holder.appointment_id,
        common_name=facts.common_name,
        certificate_sha256=facts.sha256,
        not_before=facts.not_before,
        not_after=facts.not_after,
        place=handle.place,
        reference=handle.reference,
        pkcs12=handle.key_file,
        certificates=b"".join(certificates),
        enrolled_at=work.now,
    )
    work.session.add(credential)
    try:
        work.session.flush()
    except IntegrityError as error:
        raise CredentialKnown(name=facts.common_name) from error
    note(work, CredentialAct.ISSUED, credential_id=key(credential.id))
    work.record("credential.enrol", holder=facts.common_name, sha256=facts.sha256, place=handle.place.value)
    return credential


def note(
    work: Work,
    act: CredentialAct,
    *,
    credential_id: int | None = None,
    request_id: int | None = None,
    reason: str = "",
) -> None:
    """Write down what was done to a credential or a request, by whom and when."""
    by = work.actor
    work.session.add(
        CredentialEvent(
            credential_id=credential_id,
            request_id=request_id,
            act=act,
            at=work.now,
            by_id=by.account_id if by else None,
            by_name=by.full_name if by else "",
            reason=reason,
        )
    )


def stop_for_move(work: Work, account_id: int) -> int:
    """The keys of somebody who leaves a post sign nothing from this second on (W8); returns how many stopped.

    Those bound to a post that has ended, and those bound to none.
    """
    query = (
        select(Credential, Appointment)
        .join(Appointment, col(Appointment.id) == Credential.appointment_id, isouter=True)
        .where(Credential.account_id == account_id, col(Credential.stopped_at).is_(None))
        .with_for_update(of=Credential)
    )
    stopped = 0
    for credential, appointment in work.session.exec(query).all():
        if appointment is not None and appointment.held_at(work.now):
            continue
        credential.stopped_at = work.now
        note(work, CredentialAct.STOPPED, credential_id=key(credential.id))
        work.record("credential.stop", holder=credential.common_name, sha256=credential.certificate_sha256)
        stopped += 1
    return stopped


def of_person(session: Session, account: Account, now: datetime) -> Credential:
    """The newest credential with which this person may sign now; raises NoCredential."""
    return _valid(session, Credential.account_id == account.id, now, account.full_name)


def of_seal(session: Session, unit: Unit, now: datetime) -> Credential:
    return _valid(session, (Credential.unit_id == unit.id) & (Credential.kind == CredentialKind.SEAL), now, unit.name)


def step(field: SignatureField, credential: Credential) -> RouteStep:
    return RouteStep(field, credential.common_name, credential.certificate_sha256)


def sign(
    ports: Ports, credential: Credential, secret: Secret, contents: Sequence[bytes]
) -> tuple[bytes, ...] | Confirmation:
    """One signature value for each content; a wrong PIN is counted before it is tried, so parallel guesses cannot win.

    Raises WrongPin, PinLocked, CredentialNotInUse and whatever the key's place refuses.
    """
    with trying(ports, key(credential.id)):
        return ports.keys.sign(credential.handle, secret, contents)


@contextmanager
def trying(ports: Ports, credential_id: int) -> Iterator[None]:
    """Inside, a PIN is tried; the right one begins the count anew, another failure than the PIN costs no try."""
    _spend_try(ports, credential_id)
    try:
        yield
    except WrongPin:
        raise
    except BaseException:
        _give_back_try(ports, credential_id)
        raise
    _reset_tries(ports, credential_id)


def _spend_try(ports: Ports, credential_id: int) -> None:
    """Also the last look at whether the key may be used: what was suspended a moment ago signs nothing."""
    with ports.database.writing() as session:
        spent = session.execute(
            update(Credential)
            .where(col(Credential.id) == credential_id, col(Credential.wrong_pins) < PIN_TRIES, *_USABLE)
            .values(wrong_pins=Credential.wrong_pins + 1)
            .returning(col(Credential.id))
        ).one_or_none()
        credential = session.get_one(Credential, credential_id)
    if spent is None and credential.wrong_pins >= PIN_TRIES:
        raise PinLocked(tries=PIN_TRIES)
    if spent is None:
        raise CredentialNotInUse


def _give_back_try(ports: Ports, credential_id: int) -> None:
    """Something else than the PIN was wrong."""
    with ports.database.writing() as session:
        credential = session.get_one(Credential, credential_id)
        credential.wrong_pins = max(0, credential.wrong_pins - 1)


def _reset_tries(ports: Ports, credential_id: int) -> None:
    with ports.database.writing() as session:
        session.get_one(Credential, credential_id).wrong_pins = 0


def _valid(session: Session, whose: object, now: datetime, name: str) -> Credential:
    query = (
        select(Credential, Appointment)
        .join(Appointment, col(Appointment.id) == Credential.appointment_id, isouter=True)
        .where(whose, *_USABLE)  # type: ignore[arg-type]  # a column expression
        .where(Credential.not_before <= now, Credential.not_after > now)
        .order_by(col(Credential.id).desc())
    )
    for credential, appointment in session.exec(query).all():
        if appointment is None or appointment.held_at(now):
            return credential
    raise NoCredential(name=name)


def _highest_post(work: Work, account_id: int | None) -> int | None:
    """The appointment a person's key is for when nobody says which."""
    if account_id is None:
        return None
    unit_id = work.session.get_one(Account, account_id).unit_id
    held = appointment_at(work.session, account_id, unit_id, work.now)
    return held[0].id if held else None
