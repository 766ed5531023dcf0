"""From the request to the certificate: the holder makes the key, the authority issues, the administrator enters."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.calendar import local
from meeting_app.domain.credential import Credential, CredentialKind, CredentialKnown, CredentialState
from meeting_app.domain.credential_life import (
    AlreadyRequested,
    CertificateRequest,
    CredentialAct,
    KeyAlreadyMade,
    KeyNotMade,
    NameDiffers,
    NoPostHeld,
    RequestClosed,
    RequestState,
)
from meeting_app.domain.key import KeyAlgorithm, KeyDiffers, PinTooSimple, Secret, UploadUnreadable
from meeting_app.domain.organisation import Appointment, Unit
from meeting_app.domain.signature import (
    CredentialExpired,
    CredentialRevoked,
    CredentialUntrusted,
    KeyUnreadable,
    KeyUnusable,
    WrongPin,
)
from meeting_app.errors import MeetingError, NotFound
from meeting_app.ports import Ports
from meeting_app.services import audit, credential_overview
from meeting_app.services import certificate_request as requests
from meeting_app.services import credential as credentials
from meeting_app.services import credential_life as life
from meeting_app.services.certificate_request import Asking
from tests import authority
from tests.cast import Cast
from tests.keys import PIN, Office

CHOSEN = "mùa lúa 73"


@pytest.fixture
def asked(ports: Ports, vinh: Actor, hoa: Actor) -> int:
    """A certificate for Hoa, who is to make the key."""
    return requests.ask(ports, vinh, Asking(KeyAlgorithm.EC_P256, hoa.account_id))


@pytest.fixture
def made(ports: Ports, hoa: Actor, asked: int) -> int:
    """Hoa has made the key."""
    requests.make_key(ports, hoa, asked, CHOSEN)
    return asked


def stored(ports: Ports, request_id: int) -> CertificateRequest:
    with ports.database.reading() as session:
        return session.get_one(CertificateRequest, request_id)


def csr(ports: Ports, vinh: Actor, request_id: int) -> bytes:
    return requests.request_file(ports, vinh, request_id)[1]


def of_person(ports: Ports, actor: Actor) -> Credential:
    with ports.database.reading() as session:
        return credentials.of_person(session, session.get_one(Account, actor.account_id), ports.clock.now())


@pytest.mark.parametrize("algorithm", list(KeyAlgorithm))
def test_a_request_becomes_a_key_that_signs(
    ports: Ports, vinh: Actor, hoa: Actor, office: Office, algorithm: KeyAlgorithm
):
    request_id = requests.ask(ports, vinh, Asking(algorithm, hoa.account_id))
    assert [each.id for each in credential_overview.keys_to_make(ports, hoa)] == [request_id]
    requests.make_key(ports, hoa, request_id, CHOSEN)
    assert credential_overview.keys_to_make(ports, hoa) == []
    name, content = requests.request_file(ports, vinh, request_id)
    assert name == "Phạm Thị Hoa.csr"
    parsed = x509.load_pem_x509_csr(content)
    assert parsed.is_signature_valid
    said = {each.oid: each.value for each in parsed.subject}
    assert said[NameOID.COMMON_NAME] == "Phạm Thị Hoa"
    assert said[NameOID.TITLE] == "Trưởng phòng"
    assert said[NameOID.ORGANIZATION_NAME] == "Uỷ ban nhân dân phường An Hải"
    expected = {KeyAlgorithm.RSA_2048: 2048, KeyAlgorithm.EC_P256: 256, KeyAlgorithm.EC_P384: 384}[algorithm]
    assert parsed.public_key().key_size == expected
    certificate = authority.issue(office.pki, content)
    chain = authority.as_pkcs7(office.pki.certificate("issuing"), certificate)
    credential_id = requests.enter_certificate(ports, vinh, request_id, chain)
    credential = of_person(ports, hoa)
    assert credential.id == credential_id
    assert len(credential.chain) == 2
    (value,) = credentials.sign(ports, credential, Secret(CHOSEN), ["chữ ký".encode()])
    assert value
    with pytest.raises(WrongPin):
        credentials.sign(ports, credential, Secret("000000"), [b"x"])
    row = stored(ports, request_id)
    assert (row.state, row.key_file, row.credential_id) == (RequestState.ISSUED, b"", credential_id)
    card = credential_overview.card(ports, vinh, credential_id)
    assert [each.act for each in reversed(card.history)] == [
        CredentialAct.REQUESTED,
        CredentialAct.KEY_MADE,
        CredentialAct.ISSUED,
    ]
    assert card.credential.post == "Trưởng phòng"
    assert card.facts is not None
    assert card.facts.serial
    assert CHOSEN not in str(list(audit.export(ports)))


def test_a_signature_made_with_such_a_key_is_valid(ports: Ports, vinh: Actor, hoa: Actor, office: Office, made: int):
    certificate = authority.issue(office.pki, csr(ports, vinh, made))
    upload = authority.as_pem(certificate, office.pki.certificate("issuing"))
    requests.enter_certificate(ports, vinh, made, upload)
    credential = of_person(ports, hoa)
    (value,) = credentials.sign(ports, credential, Secret(CHOSEN), [b"x"])
    public = x509.load_der_x509_certificate(certificate).public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    from cryptography.hazmat.primitives import hashes

    public.verify(value, b"x", ec.ECDSA(hashes.SHA256()))


def test_the_seal_is_requested_for_the_unit_and_made_by_its_clerk(
    ports: Ports, vinh: Actor, thu: Actor, hung: Actor, cast: Cast, office: Office
):
    request_id = requests.ask(ports, vinh, Asking(KeyAlgorithm.RSA_2048))
    with pytest.raises(NotFound):
        requests.make_key(ports, hung, request_id, CHOSEN)
    requests.make_key(ports, thu, request_id, CHOSEN)
    content = csr(ports, vinh, request_id)
    assert isinstance(x509.load_pem_x509_csr(content).public_key(), rsa.RSAPublicKey)
    certificate = authority.issue(office.pki, content)
    requests.enter_certificate(
        ports, vinh, request_id, authority.as_pem(certificate, office.pki.certificate("issuing"))
    )
    with ports.database.reading() as session:
        seal = credentials.of_seal(session, session.get_one(Unit, cast.units["an_hai"]), ports.clock.now())
    assert (seal.kind, seal.appointment_id) == (CredentialKind.SEAL, None)
    assert credentials.sign(ports, seal, Secret(CHOSEN), [b"x"])


def test_one_request_at_a_time_for_each_holder(ports: Ports, vinh: Actor, hoa: Actor, asked: int):
    with pytest.raises(AlreadyRequested, match="Phạm Thị Hoa"):
        requests.ask(ports, vinh, Asking(KeyAlgorithm.RSA_2048, hoa.account_id))
    requests.withdraw(ports, vinh, asked)
    assert requests.ask(ports, vinh, Asking(KeyAlgorithm.RSA_2048, hoa.account_id)) != asked


def test_two_administrators_ask_at_once_and_one_request_stands(ports: Ports, vinh: Actor, hoa: Actor):
    start = Barrier(4)

    def ask(_number: int) -> type[MeetingError] | None:
        start.wait()
        try:
            requests.ask(ports, vinh, Asking(KeyAlgorithm.EC_P256, hoa.account_id))
        except MeetingError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(4)))
    assert answers.count(None) == 1
    assert answers.count(AlreadyRequested) == 3


def test_a_key_is_made_once_even_in_two_windows(ports: Ports, hoa: Actor, asked: int):
    start = Barrier(3)

    def make(number: int) -> type[MeetingError] | None:
        start.wait()
        try:
            requests.make_key(ports, hoa, asked, f"{CHOSEN}{number}")
        except MeetingError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(make, range(3)))
    assert answers.count(None) == 1
    assert answers.count(KeyAlreadyMade) == 2


@pytest.mark.parametrize("name", ["hung", "thu", "vinh", "nam"])
def test_nobody_chooses_the_pin_of_another(ports: Ports, cast: Cast, asked: int, name: str):
    with pytest.raises(NotFound):
        requests.make_key(ports, cast.actors[name], asked, CHOSEN)


@pytest.mark.parametrize("name", ["hoa", "hung", "thu", "nam"])
def test_only_the_administrator_asks_and_enters(ports: Ports, cast: Cast, made: int, office: Office, name: str):
    actor = cast.actors[name]
    with pytest.raises(NotFound):
        requests.ask(ports, actor, Asking(KeyAlgorithm.EC_P256, cast.actors["dung"].account_id))
    for act in (
        lambda: requests.withdraw(ports, actor, made),
        lambda: requests.request_file(ports, actor, made),
        lambda: requests.enter_certificate(ports, actor, made, b"x"),
        lambda: requests.enter_key_file(ports, actor, made, office.pki.pkcs12("hung"), PIN),
    ):
        with pytest.raises(NotFound):
            act()


def test_nobody_is_asked_for_in_another_unit(ports: Ports, vinh: Actor, nam: Actor):
    with pytest.raises(NotFound):
        requests.ask(ports, vinh, Asking(KeyAlgorithm.EC_P256, nam.account_id))


def test_who_holds_no_post_gets_no_certificate(ports: Ports, vinh: Actor, hoa: Actor):
    with ports.database.writing() as session:
        for row in session.exec(select(Appointment).where(Appointment.account_id == hoa.account_id)):
            row.until = local(ports.clock.now()).date().replace(year=2025)
    with pytest.raises(NoPostHeld, match="Phạm Thị Hoa"):
        requests.ask(ports, vinh, Asking(KeyAlgorithm.EC_P256, hoa.account_id))


def test_a_simple_pin_makes_no_key(ports: Ports, hoa: Actor, asked: int):
    with pytest.raises(PinTooSimple):
        requests.make_key(ports, hoa, asked, "111111")
    assert stored(ports, asked).state is RequestState.ASKED


def test_before_the_key_there_is_nothing_to_send_or_enter(ports: Ports, vinh: Actor, asked: int):
    with pytest.raises(KeyNotMade, match="Phạm Thị Hoa"):
        requests.request_file(ports, vinh, asked)
    with pytest.raises(KeyNotMade):
        requests.enter_certificate(ports, vinh, asked, b"x")


def test_a_withdrawn_request_forgets_its_key(ports: Ports, vinh: Actor, hoa: Actor, made: int):
    requests.withdraw(ports, vinh, made)
    assert stored(ports, made).key_file == b""
    for act in (
        lambda: requests.withdraw(ports, vinh, made),
        lambda: requests.make_key(ports, hoa, made, CHOSEN),
        lambda: requests.enter_certificate(ports, vinh, made, b"x"),
        lambda: requests.request_file(ports, vinh, made),
    ):
        with pytest.raises(RequestClosed):
            act()


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("upload", "refusal"),
    [
        (b"", UploadUnreadable),
        (b"\x30", UploadUnreadable),
        (b"\x30\x84\xff\xff\xff\xff", UploadUnreadable),
        (b"\x30\x80" * 5000, UploadUnreadable),
        (b"not a certificate", UploadUnreadable),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", UploadUnreadable),
        (b"-----BEGIN CERTIFICATE-----\n", UploadUnreadable),
        (b"-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n", UploadUnreadable),
        (b"x" * 70_000, UploadUnreadable),
    ],
)
def test_what_is_no_certificate_is_refused_in_a_sentence(
    ports: Ports, vinh: Actor, made: int, upload: bytes, refusal: type[MeetingError]
):
    with pytest.raises(refusal) as refused:
        requests.enter_certificate(ports, vinh, made, upload)
    assert "chứng thư" in str(refused.value)
    assert stored(ports, made).state is RequestState.KEY_MADE


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_certificate_that_must_not_be_taken_in_is_refused(ports: Ports, vinh: Actor, made: int, office: Office):
    request, pki = csr(ports, vinh, made), office.pki
    weak = authority.weak_key().public_key()
    issuing = pki.certificate("issuing")
    hostile: list[tuple[bytes, type[MeetingError], str]] = [
        (pki.certificate("hung"), KeyDiffers, "không có chứng thư nào"),
        (authority.issue(pki, request, public=weak), KeyDiffers, "không có chứng thư nào"),
        (authority.as_pem(*[issuing] * 11), UploadUnreadable, "chứng thư"),
        (authority.as_pkcs7(), UploadUnreadable, "chứng thư"),
        (authority.issue(pki, request, name="Nguyễn Văn Hùng"), NameDiffers, "Nguyễn Văn Hùng"),
        (authority.issue(pki, request, days=-1, starts=-30), CredentialExpired, "hiệu lực"),
        (authority.issue(pki, request, days=60, starts=30), CredentialExpired, "hiệu lực"),
        (authority.issue(pki, request, ca=True), KeyUnusable, "chứng thư"),
    ]
    for upload, refusal, word in hostile:
        with pytest.raises(refusal) as refused:
            requests.enter_certificate(ports, vinh, made, upload)
        assert word.casefold() in str(refused.value).casefold()
        assert str(refused.value) != refused.value.message  # in Vietnamese
    assert stored(ports, made).state is RequestState.KEY_MADE
    assert credential_overview.credentials(ports, vinh) == []


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_certificate_of_an_authority_nobody_trusts_is_refused(ports: Ports, vinh: Actor, made: int, tmp_path):
    from meeting_app.signing.demo_pki import prepare

    request = csr(ports, vinh, made)
    stranger = prepare(tmp_path / "stranger", [])
    upload = authority.as_pem(
        authority.issue(stranger, request), stranger.certificate("issuing"), stranger.certificate("root")
    )
    with pytest.raises(CredentialUntrusted, match="Phạm Thị Hoa"):
        requests.enter_certificate(ports, vinh, made, upload)


def test_a_whole_key_file_is_taken_in_with_its_pin(ports: Ports, vinh: Actor, hung: Actor, hoa: Actor, office: Office):
    request_id = requests.ask(ports, vinh, Asking(KeyAlgorithm.RSA_2048, hung.account_id))
    for content, pin, refusal in (
        (b"no key file", PIN, KeyUnreadable),
        (office.pki.pkcs12("hung"), "000000", WrongPin),
        (office.pki.pkcs12("lan"), PIN, NameDiffers),
        (authority.key_file(office.pki, authority.weak_key(), "Nguyễn Văn Hùng", PIN), PIN, KeyUnusable),
    ):
        with pytest.raises(refusal):
            requests.enter_key_file(ports, vinh, request_id, content, pin)
    requests.enter_key_file(ports, vinh, request_id, office.pki.pkcs12("hung"), PIN)
    assert credentials.sign(ports, of_person(ports, hung), Secret(PIN), [b"x"])
    again = requests.ask(ports, vinh, Asking(KeyAlgorithm.RSA_2048, hung.account_id))
    with pytest.raises(CredentialKnown):
        requests.enter_key_file(ports, vinh, again, office.pki.pkcs12("hung"), PIN)
    assert stored(ports, again).state is RequestState.ASKED


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_revoked_certificate_is_not_taken_in(ports: Ports, vinh: Actor, minh: Actor, office: Office):
    from meeting_app.signing.demo_pki import DemoSubject, prepare

    subjects = [DemoSubject("minh_cu", "Lê Quang Minh", "UBND", PIN, algorithm="ec")]
    prepare(office.pki.directory, subjects)
    office.pki.revoke("minh_cu")
    request_id = requests.ask(ports, vinh, Asking(KeyAlgorithm.EC_P256, minh.account_id))
    with pytest.raises(CredentialRevoked):
        requests.enter_key_file(ports, vinh, request_id, office.pki.pkcs12("minh_cu"), PIN)


def test_entering_twice_at_once_enters_once(ports: Ports, vinh: Actor, made: int, office: Office):
    content = csr(ports, vinh, made)
    issuing = office.pki.certificate("issuing")
    uploads = [authority.as_pem(authority.issue(office.pki, content), issuing) for _ in range(2)]
    start = Barrier(2)

    def enter(upload: bytes) -> type[MeetingError] | None:
        start.wait()
        try:
            requests.enter_certificate(ports, vinh, made, upload)
        except MeetingError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(enter, uploads))
    assert answers.count(None) == 1
    assert answers.count(RequestClosed) == 1
    assert len(credential_overview.credentials(ports, vinh)) == 1


def test_who_moves_gets_a_new_certificate_for_the_new_post(
    ports: Ports, vinh: Actor, lan: Actor, hoa: Actor, enrolled: str, office: Office
):
    old = of_person(ports, lan)
    with ports.database.writing() as session:
        today = local(ports.clock.now()).date()
        held = session.get_one(Appointment, old.appointment_id)
        held.until = today.replace(year=2025)
        other = session.exec(select(Appointment).where(Appointment.account_id == hoa.account_id)).one()
        session.add(Appointment(account_id=lan.account_id, unit_id=lan.unit_id, post_id=other.post_id, since=today))
    request_id = requests.reissue(ports, vinh, old.id, KeyAlgorithm.EC_P256)
    row = stored(ports, request_id)
    assert (row.title, row.replaces_id) == ("Trưởng phòng", old.id)
    requests.make_key(ports, lan, request_id, CHOSEN)
    content = csr(ports, vinh, request_id)
    upload = authority.as_pem(authority.issue(office.pki, content), office.pki.certificate("issuing"))
    fresh = requests.enter_certificate(ports, vinh, request_id, upload)
    assert of_person(ports, lan).id == fresh
    assert credential_overview.card(ports, vinh, old.id).history[0].act is CredentialAct.REISSUED
    assert credential_overview.card(ports, vinh, fresh).credential.state is CredentialState.IN_USE


def test_a_revoked_one_is_followed_by_another_request(
    ports: Ports, vinh: Actor, hung: Actor, nam: Actor, enrolled: str
):
    old = of_person(ports, hung)
    life.revoke(ports, vinh, old.id, "Lộ khoá")
    with pytest.raises(NotFound):
        requests.reissue(ports, nam, old.id, KeyAlgorithm.EC_P256)
    assert stored(ports, requests.reissue(ports, vinh, old.id, KeyAlgorithm.EC_P256)).replaces_id == old.id
