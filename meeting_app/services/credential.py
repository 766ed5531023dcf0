"""Credentials: enrolling a key, and using it with its holder's PIN."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from meeting_app.domain.account import Account
from meeting_app.domain.credential import (
    PIN_TRIES,
    Credential,
    CredentialKind,
    CredentialKnown,
    NoCredential,
    PinLocked,
)
from meeting_app.domain.key import Confirmation, KeyHandle, KeyPlace, Secret
from meeting_app.domain.organisation import Unit
from meeting_app.domain.signature import Field as SignatureField
from meeting_app.domain.signature import RouteStep, WrongPin
from meeting_app.ports import Ports
from meeting_app.services.unit_of_work import Work, changing, key


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
        credential = Credential(
            kind=CredentialKind.SEAL if account_id is None else CredentialKind.PERSON,
            account_id=account_id,
            unit_id=unit_id if account_id is None else None,
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
        work.record("credential.enrol", holder=facts.common_name, sha256=facts.sha256, place=handle.place.value)
        return key(credential.id)


def of_person(session: Session, account: Account, now: datetime) -> Credential:
    """The newest credential with which this person may sign now; raises NoCredential."""
    return _valid(session, Credential.account_id == account.id, now, account.full_name)


def of_seal(session: Session, unit: Unit, now: datetime) -> Credential:
    return _valid(session, (Credential.unit_id == unit.id) & (Credential.kind == CredentialKind.SEAL), now, unit.name)


def stop_for_move(work: Work, account_id: int) -> int:
    """The keys of somebody who leaves a post sign nothing from this second on (W8); returns how many stopped."""
    query = select(Credential).where(Credential.account_id == account_id, Credential.kind == CredentialKind.PERSON)
    rows = work.session.exec(query.where(col(Credential.stopped_at).is_(None)).with_for_update()).all()
    for row in rows:
        row.stopped_at = work.now
    return len(rows)


def step(field: SignatureField, credential: Credential) -> RouteStep:
    return RouteStep(field, credential.common_name, credential.certificate_sha256)


def sign(
    ports: Ports, credential: Credential, secret: Secret, contents: Sequence[bytes]
) -> tuple[bytes, ...] | Confirmation:
    """One signature value for each content; a wrong PIN is counted before it is tried, so parallel guesses cannot win.

    Raises WrongPin, PinLocked and whatever the key's place refuses.
    """
    credential_id = key(credential.id)
    _spend_try(ports, credential_id)
    try:
        answer = ports.keys.sign(credential.handle, secret, contents)
    except WrongPin:
        raise
    except BaseException:
        _give_back_try(ports, credential_id)
        raise
    _reset_tries(ports, credential_id)
    return answer


def _spend_try(ports: Ports, credential_id: int) -> None:
    with ports.database.writing() as session:
        spent = session.execute(
            update(Credential)
            .where(col(Credential.id) == credential_id, col(Credential.wrong_pins) < PIN_TRIES)
            .values(wrong_pins=Credential.wrong_pins + 1)
            .returning(col(Credential.id))
        ).one_or_none()
    if spent is None:
        raise PinLocked(tries=PIN_TRIES)


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
        select(Credential)
        .where(whose, col(Credential.stopped_at).is_(None))  # type: ignore[arg-type]  # a column expression
        .where(Credential.not_before <= now, Credential.not_after > now)
        .order_by(col(Credential.id).desc())
    )
    credential = session.exec(query).first()
    if credential is None:
        raise NoCredential(name=name)
    return credential
