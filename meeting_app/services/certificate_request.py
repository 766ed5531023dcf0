"""Certificates asked for: the holder makes the key, the authority issues, the administrator enters (S1.1-S1.3)."""

import base64
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from meeting_app.domain import credential_life as rules
from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account, Right
from meeting_app.domain.credential import CredentialKind
from meeting_app.domain.credential_life import (
    AlreadyRequested,
    CertificateRequest,
    CredentialAct,
    NoPostHeld,
    RequestState,
)
from meeting_app.domain.key import KeyAlgorithm, KeyHandle, KeyPlace, Secret, ensure_good_pin
from meeting_app.domain.organisation import Appointment, Post, Unit
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services.credential import Holder, enter, note
from meeting_app.services.credential_life import administered
from meeting_app.services.people import appointment_at
from meeting_app.services.unit_of_work import Work, changing, key

_PEM_LINE = 64  # characters (RFC 7468, 2)


@dataclass(frozen=True, slots=True)
class Asking:
    """What the administrator asks for; without a person it is for the unit's seal."""

    algorithm: KeyAlgorithm
    account_id: int | None = None
    replaces_id: int | None = None


def ask(ports: Ports, actor: Actor, asking: Asking) -> int:
    """Open a request for somebody in the post held today, or for the seal; returns its id."""
    with changing(ports, actor) as work:
        if Right.ADMINISTER not in actor.rights:
            raise NotFound
        return _opened(work, actor.unit_id, asking)


def reissue(ports: Ports, actor: Actor, credential_id: int, algorithm: KeyAlgorithm) -> int:
    """Ask for the certificate that follows one: its holder moved to another post, or it ends soon (S1.3)."""
    with changing(ports, actor) as work:
        old = administered(work, credential_id)
        asking = Asking(algorithm, old.account_id, replaces_id=credential_id)
        return _opened(work, actor.unit_id, asking)


def withdraw(ports: Ports, actor: Actor, request_id: int) -> None:
    """Close a request; its key is forgotten."""
    with changing(ports, actor) as work:
        row = _administered(work, request_id)
        rules.ensure_open(row)
        row.state, row.open_for, row.closed_at, row.key_file = RequestState.WITHDRAWN, None, work.now, b""
        _noted(work, row, CredentialAct.WITHDRAWN)


def make_key(ports: Ports, actor: Actor, request_id: int, pin: str) -> None:
    """The holder chooses a PIN; the key is made and encrypted by it before it is stored."""
    ensure_good_pin(pin)
    with ports.database.reading() as session:
        row = session.get(CertificateRequest, request_id)
        if row is None or not makes_key(actor, row):
            raise NotFound
        rules.ensure_awaits_key(row)
    made = ports.certification.make_key(row.algorithm, row.subject, pin)
    with changing(ports, actor) as work:
        row = _locked(work, request_id)
        rules.ensure_awaits_key(row)
        row.state, row.key_file, row.request = RequestState.KEY_MADE, made.key_file, made.request
        _noted(work, row, CredentialAct.KEY_MADE)


def request_file(ports: Ports, actor: Actor, request_id: int) -> tuple[str, bytes]:
    """File name and content (PEM) of what the authority gets."""
    with ports.database.reading() as session:
        row = session.get(CertificateRequest, request_id)
        if row is None or not actor.having(Right.ADMINISTER, row.unit_id):
            raise NotFound
    rules.ensure_awaits_certificate(row)
    return f"{row.common_name}.csr", _pem(row.request)


def enter_certificate(ports: Ports, actor: Actor, request_id: int, upload: bytes) -> int:
    """Take in what the authority issued for a key that was made here; returns the credential's id.

    Raises UploadUnreadable, KeyDiffers, NameDiffers, and as signing does when it is not trusted or not usable.
    """
    row = _read(ports, actor, request_id)
    rules.ensure_awaits_certificate(row)
    certificates = ports.certification.issued(upload, row.request)
    return _entered(ports, actor, row, KeyHandle(KeyPlace.FILE, key_file=row.key_file), certificates)


def enter_key_file(ports: Ports, actor: Actor, request_id: int, pkcs12: bytes, pin: str) -> int:
    """Take in a whole key file that the authority made; its PIN only proves that it opens."""
    row = _read(ports, actor, request_id)
    rules.ensure_open(row)
    handle = KeyHandle(KeyPlace.FILE, key_file=pkcs12)
    return _entered(ports, actor, row, handle, ports.keys.certificates(handle, Secret(pin)))


def makes_key(actor: Actor, row: CertificateRequest) -> bool:
    """The person named, or for a seal a clerk of the unit."""
    if row.kind is CredentialKind.SEAL:
        return actor.having(Right.SEAL, row.unit_id)
    return row.account_id == actor.account_id


def _entered(
    ports: Ports, actor: Actor, row: CertificateRequest, handle: KeyHandle, certificates: tuple[bytes, ...]
) -> int:
    facts = ports.signatures.read(certificates[0])
    rules.ensure_names(row.common_name, facts.common_name)
    # Chain and revocation as before a signature; an authority that is silent just now does not stop us.
    ports.signatures.begin(certificates, unchecked=True)
    with changing(ports, actor) as work:
        fresh = _administered(work, key(row.id))
        rules.ensure_open(fresh)
        if fresh.key_file != row.key_file:
            raise rules.KeyChangedMeanwhile
        holder = Holder(row.account_id, row.unit_id if row.account_id is None else None, row.appointment_id)
        credential = enter(work, holder, handle, certificates, facts)
        fresh.state, fresh.open_for, fresh.closed_at = RequestState.ISSUED, None, work.now
        fresh.credential_id, fresh.key_file = credential.id, b""
        if row.replaces_id is not None:
            note(work, CredentialAct.REISSUED, credential_id=row.replaces_id)
        return key(credential.id)


def _opened(work: Work, unit_id: int, asking: Asking) -> int:
    unit = work.session.get_one(Unit, unit_id)
    row = CertificateRequest(
        kind=CredentialKind.SEAL,
        unit_id=unit_id,
        common_name=unit.name,
        organisation=unit.name,
        locality=unit.place,
        algorithm=asking.algorithm,
        replaces_id=asking.replaces_id,
        open_for=f"seal {unit_id}",
        asked_at=work.now,
    )
    if asking.account_id is not None:
        account, appointment, post = _in_post(work.session, asking.account_id, unit, work)
        row.kind, row.account_id, row.appointment_id = CredentialKind.PERSON, account.id, appointment.id
        row.common_name, row.title = account.full_name, post.name
        row.open_for = f"appointment {appointment.id}"
    work.session.add(row)
    try:
        work.session.flush()
    except IntegrityError as error:
        raise AlreadyRequested(name=row.common_name) from error
    _noted(work, row, CredentialAct.REQUESTED)
    return key(row.id)


def _in_post(session: Session, account_id: int, unit: Unit, work: Work) -> tuple[Account, Appointment, Post]:
    account = session.get(Account, account_id)
    if account is None or account.unit_id != unit.id:
        raise NotFound
    found = appointment_at(session, account_id, account.unit_id, work.now)
    if found is None:
        raise NoPostHeld(name=account.full_name)
    return account, *found


def _read(ports: Ports, actor: Actor, request_id: int) -> CertificateRequest:
    with ports.database.reading() as session:
        row = session.get(CertificateRequest, request_id)
    if row is None or not actor.having(Right.ADMINISTER, row.unit_id):
        raise NotFound
    return row


def _administered(work: Work, request_id: int) -> CertificateRequest:
    row = _locked(work, request_id)
    if work.actor is None or not work.actor.having(Right.ADMINISTER, row.unit_id):
        raise NotFound
    return row


def _locked(work: Work, request_id: int) -> CertificateRequest:
    query = select(CertificateRequest).where(CertificateRequest.id == request_id).with_for_update()
    row = work.session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _noted(work: Work, row: CertificateRequest, act: CredentialAct) -> None:
    note(work, act, request_id=key(row.id))
    work.record(f"certificate_request.{act.value}", holder=row.common_name, post=row.title, request=row.id)


def _pem(der: bytes) -> bytes:
    text = base64.b64encode(der).decode()
    lines = [text[start : start + _PEM_LINE] for start in range(0, len(text), _PEM_LINE)]
    marker = "CERTIFICATE REQUEST"
    return "\n".join((f"-----BEGIN {marker}-----", *lines, f"-----END {marker}-----", "")).encode()
