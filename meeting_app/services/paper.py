"""What invitation and minutes have in common: signing the newest file, keeping it, delivering it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, select

from meeting_app.domain.account import Account
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.authority import ROLE_LINE, AuthorityChanged, NoAppointment
from meeting_app.domain.credential import Credential
from meeting_app.domain.invitation import Delivery, Invitation, IssuedPaper
from meeting_app.domain.key import Confirmation, Secret
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.minutes import Minutes
from meeting_app.domain.organisation import Unit
from meeting_app.domain.page_file import page_name
from meeting_app.domain.paper import PaperKind
from meeting_app.domain.signature import (
    INCOMPLETE,
    PROFILES,
    Field,
    FileVerdict,
    Paper,
    Place,
    PreparedSignature,
    SignatureFacts,
    SigningOrder,
    SigningRefused,
    Verdict,
)
from meeting_app.i18n import N_
from meeting_app.pdf.pages import page_count, page_image
from meeting_app.pdf.stamp import seal_stamp, signature_stamp
from meeting_app.ports import Ports, WorkingCopy
from meeting_app.services import authority as authorities
from meeting_app.services import credential as credentials
from meeting_app.services import mail as mails
from meeting_app.services.people import appointment_at
from meeting_app.services.unit_of_work import Work, key

_OWN = frozenset(Field)


class SignatureNotConfirmed(SigningRefused):
    message = N_("The signature was made but its check failed, so it was not kept. Please tell your administrator.")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file to hand out: where its bytes lie, and under which name a person should find it."""

    path: Path
    file_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Signed:
    sha256: str
    verdict: FileVerdict

    @property
    def profile(self) -> str:
        """The least of its signatures' profiles."""
        return min((facts.profile for facts in self.verdict.signatures if facts.field in _OWN), key=PROFILES.index)


@dataclass(frozen=True, slots=True)
class Awaited:
    """The paper with its gap is kept until the holder confirms."""

    prepared_sha256: str
    prepared: PreparedSignature
    confirmation: Confirmation


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody with a post and a key, as a paper prints and a route names them."""

    account: Account
    lines: tuple[str, ...]  # above the name: ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH") or ("CHỦ TOẠ",)
    credential: Credential


def signer(session: Session, account_id: int, unit: Unit, now: datetime, signs: PaperKind | Role) -> Signer:
    """Who may sign today: such a paper for the unit, by authority (L3), or minutes in an own role.

    Raises NoAppointment, NoCredential and, for the unit, the sentence of what authority is missing.
    """
    account = session.get_one(Account, account_id)
    if isinstance(signs, PaperKind):
        lines = authorities.of_person(session, account, unit, signs, now).lines
    else:
        if appointment_at(session, account_id, key(unit.id), now) is None:
            raise NoAppointment(name=account.full_name, unit=unit.name)
        lines = (ROLE_LINE[signs],)
    return Signer(account, lines, credentials.of_person(session, account, now))


def ensure_printed(signer: Signer, printed: tuple[str, ...]) -> None:
    """What the paper says of its signer is what is true today."""
    if signer.lines != printed:
        said, today = " – ".join(printed), " – ".join(signer.lines)
        raise AuthorityChanged(printed=said, name=signer.account.full_name, today=today)


def keep(ports: Ports, paper: Paper) -> tuple[str, str]:
    """Store a rendered paper; returns its SHA-256 and its places as JSON."""
    places = {field.value: asdict(place) for field, place in paper.places.items()}
    return ports.files.put(paper.pdf), json.dumps(places)


def places_of(row: Invitation | Minutes) -> dict[Field, Place]:
    return {Field(name): Place(**place) for name, place in json.loads(row.places).items()}


def order_for(
    field: Field, row: Invitation | Minutes, appearance: bytes, unit: Unit, after: tuple[Field, ...]
) -> SigningOrder:
    """The order of one signature in a paper's route; `after` are the fields still to be signed."""
    places = places_of(row)
    return SigningOrder(
        field=field,
        place=places[field],
        appearance=appearance,
        reason=_REASON[field],
        location=unit.place,
        certify=field is Field.LEADER,
        next_fields=tuple((each, places[each]) for each in after),
    )


def drawn(ports: Ports, name: str, strokes: str) -> bytes:
    return signature_stamp(name, strokes, ports.clock.now())


def sealed(unit: Unit) -> bytes:
    return seal_stamp(unit.name, unit.parent_name)


def sign(
    ports: Ports, credential: Credential, secret: Secret, sha256: str, order: SigningOrder, *, unchecked: bool = False
) -> Signed | Awaited:
    """Sign a copy of a stored file, check the result, and only then keep it."""
    with ports.files.copy(sha256) as copy:
        # A key enrolled before its certificates were kept tells them itself.
        chain = credential.chain or ports.keys.certificates(credential.handle, secret)
        signing = ports.signatures.begin(chain, unchecked=unchecked)
        prepared = signing.prepare(copy.file, order)
        answer = credentials.sign(ports, credential, secret, [prepared.to_sign])
        if isinstance(answer, Confirmation):
            return Awaited(copy.keep(), prepared, answer)
        return finish(ports, copy, prepared, answer[0], order.field)


def finish(ports: Ports, copy: WorkingCopy, prepared: PreparedSignature, value: bytes, field: Field) -> Signed:
    """Put the key's answer into a prepared paper and keep it if its check passes; raises SignatureNotConfirmed."""
    ports.signatures.finish(copy.file, prepared, value)
    copy.file.seek(0)
    verdict = ports.signatures.verify(copy.file.read())
    ours = [facts for facts in verdict.signatures if facts.field == field.value]
    if verdict.verdict is Verdict.INVALID or len(ours) != 1 or not holds(ours[0]):
        raise SignatureNotConfirmed
    return Signed(copy.keep(), verdict)


def holds(facts: SignatureFacts) -> bool:
    """Valid, or what only lacks a timestamp or proofs that the worker will add when an authority answers."""
    sound = facts.intact and facts.covers_file and facts.trusted
    incomplete = facts.verdict is Verdict.UNCONFIRMED and facts.profile in INCOMPLETE
    return facts.verdict is Verdict.VALID or (sound and incomplete)


def deliver(work: Work, meeting: Meeting, issued: IssuedPaper, only: Attendee | None = None) -> int:
    """One delivery to each attendee, or to one who came later, and its mail; returns how many."""
    everybody = select(Attendee).where(Attendee.meeting_id == meeting.id)
    attendees = [only] if only is not None else work.session.exec(everybody).all()
    deliveries = [
        Delivery(
            meeting_id=key(meeting.id),
            attendee_id=key(attendee.id),
            paper=issued.kind.value,
            issued_at=work.now,
            delivered_at=work.now,
        )
        for attendee in attendees
    ]
    work.session.add_all(deliveries)
    work.session.flush()
    mails.queue(work, meeting, deliveries, issued)
    return len(deliveries)


def mark_opened(ports: Ports, meeting_id: int, attendee_id: int | None, paper: str) -> None:
    """The first opening counts; later ones change nothing."""
    if attendee_id is None:
        return
    query = select(Delivery).where(
        Delivery.meeting_id == meeting_id, Delivery.attendee_id == attendee_id, Delivery.paper == paper
    )
    with ports.database.reading() as session:
        delivery = session.exec(query).one_or_none()
    if delivery is None or delivery.opened_at is not None:
        return
    with ports.database.writing() as session:
        row = session.exec(query.with_for_update()).one_or_none()
        if row is not None and row.opened_at is None:
            row.opened_at = ports.clock.now()


def pages(ports: Ports, sha256: str) -> int:
    return page_count(ports.files.path(sha256))


def page(ports: Ports, sha256: str, number: int, width: int) -> bytes:
    """A page of a paper as JPEG, drawn once and kept beside the file."""
    name = page_name(number, width)
    derived = ports.files.derived_path(sha256, name)
    if derived.exists():
        return derived.read_bytes()
    image = page_image(ports.files.path(sha256), number, width)
    ports.files.put_derived(sha256, name, image)
    return image


_REASON = {
    Field.LEADER: "Ký ban hành giấy mời",
    Field.SECRETARY: "Ký biên bản với tư cách thư ký",
    Field.CHAIR: "Ký biên bản với tư cách chủ toạ",
    Field.SEAL: "Đóng dấu số của cơ quan",
}
