"""What is refused before a signature is made: nothing is signed, and the reason is told."""

import copy
import json
import pickle
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from meeting_app.domain.key import KeyHandle, KeyPlace, Secret
from meeting_app.domain.signature import (
    AlreadySigned,
    CredentialExpired,
    CredentialRevoked,
    CredentialUntrusted,
    DocumentLocked,
    Field,
    KeyUnreadable,
    KeyUnusable,
    OutOfRoute,
    RevocationUnknown,
    TimestampUntrusted,
    Unreadable,
    Verdict,
    WrongPin,
    WrongSigner,
)
from meeting_app.i18n import speaking
from meeting_app.signing.demo_pki import DemoSubject, prepare
from meeting_app.signing.engine import SigningEngine
from meeting_app.signing.file_keys import FileKeys
from meeting_app.signing.keys import unlock
from meeting_app.signing.signatures import PyHankoSignatures
from meeting_app.signing.trust import read_roots
from tests.pki import AGENCY, CAST, PIN, serving, sign, sign_with_file
from tests.signing.conftest import INVITATION, MINUTES


@pytest.fixture
def order(desk):
    return desk.order(INVITATION, Field.LEADER)


@pytest.fixture
def plain(desk):
    return desk.compile(())


def read(signatures, pkcs12, pin):
    return signatures.read(FileKeys().certificates(KeyHandle(KeyPlace.FILE, key_file=pkcs12), Secret(pin))[0])


# --- keys -----------------------------------------------------------------------------------


def test_a_key_opens_only_with_its_pin(pki, signatures):
    assert read(signatures, pki.pkcs12("an"), PIN).common_name == "Nguyễn Văn An"
    with pytest.raises(WrongPin) as caught:
        read(signatures, pki.pkcs12("an"), "987123")
    assert "987123" not in repr(caught.value.__cause__) + str(caught.value) + repr(caught.value.__context__)
    assert caught.value.__cause__ is None


def test_the_facts_of_a_certificate_are_told(pki, signatures):
    facts = read(signatures, pki.pkcs12("an"), PIN)
    assert (facts.organisation, facts.unit, facts.issuer) == (AGENCY, "Lãnh đạo", "CA phục vụ trình diễn")
    assert facts.not_before < datetime.now(UTC) < facts.not_after
    assert len(facts.sha256) == 64


def test_an_unlocked_key_stays_where_it_is(pki):
    key = unlock(pki.pkcs12("an"), PIN)
    assert repr(key) == f"<UnlockedKey {key.certificate.sha256.hex()[:16]}>"
    for way_out in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            way_out(key)


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"not a key", b"\x30" * 100_000])
def test_what_is_no_key_file_is_refused(content):
    with pytest.raises(KeyUnreadable):
        unlock(content, PIN)


def test_every_broken_key_file_is_refused(pki):
    good = pki.pkcs12("an")
    for place in range(0, len(good), 97):
        with pytest.raises((KeyUnreadable, WrongPin)):
            unlock(good[:place] + bytes([good[place] ^ 0xFF]) + good[place + 1 :], PIN)


def test_a_key_file_that_would_compute_for_hours_is_refused(pki):
    # 100 000 iterations as DER; 0x7fffff instead.
    with pytest.raises(KeyUnreadable):
        unlock(pki.pkcs12("an").replace(b"\x02\x03\x01\x86\xa0", b"\x02\x03\x7f\xff\xff"), PIN)


def own_certificate(key, usage=None):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ngắn")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
    )
    return (builder.add_extension(usage, critical=True) if usage else builder).sign(key, hashes.SHA256())


def key_file(key, certificate):
    return pkcs12.serialize_key_and_certificates(b"", key, certificate, None, BestAvailableEncryption(PIN.encode()))


def test_a_short_key_is_unusable():
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505 — that is what is refused
    with pytest.raises(KeyUnusable) as caught, speaking("en"):
        unlock(key_file(key, own_certificate(key)), PIN)
    assert "2048" in caught.value.values["reason"]


def test_an_authority_does_not_sign_papers():
    key = rsa.generate_private_key(65537, 2048)
    with pytest.raises(KeyUnusable):
        unlock(key_file(key, own_certificate(key, x509.BasicConstraints(ca=True, path_length=None))), PIN)


def test_a_certificate_for_encryption_does_not_sign(pki, signatures, plain, order):
    with pytest.raises(KeyUnusable):
        sign_with_file(signatures, plain, order, pki.pkcs12("cipher"), PIN)


def test_an_expired_certificate_does_not_sign(pki, signatures, plain, order):
    for refused in (
        lambda: sign_with_file(signatures, plain, order, pki.pkcs12("expired"), PIN),
        lambda: read(signatures, pki.pkcs12("expired"), PIN),
    ):
        with pytest.raises(CredentialExpired):
            refused()


def test_a_revoked_certificate_does_not_sign(pki, signatures, plain, order):
    with pytest.raises(CredentialRevoked) as caught:
        sign_with_file(signatures, plain, order, pki.pkcs12("revoked"), PIN)
    assert "Vũ Thu Hồi" in str(caught.value)
    assert "thu hồi" in str(caught.value)


def test_a_strangers_certificate_does_not_sign(tmp_path, signatures, plain, order):
    made = prepare(tmp_path / "pki", [DemoSubject("x", "Người Lạ", AGENCY, PIN, algorithm="ec")])
    with pytest.raises(CredentialUntrusted):
        sign_with_file(signatures, plain, order, made.pkcs12("x"), PIN)


# --- authorities ----------------------------------------------------------------------------


def test_without_a_timestamp_authority_nobody_waits(desk, pki, roots, plain, order):
    for urls in ((), ("http://127.0.0.1:9/tsa",), (pki.timestamp_url.replace("/tsa/tsa", "/ocsp/ocsp"),)):
        signed = sign_with_file(PyHankoSignatures(urls, roots), plain, order, pki.pkcs12("an"), PIN)
        (facts,) = desk.verdict(signed).signatures
        assert (facts.verdict, facts.profile, facts.intact) == (Verdict.UNCONFIRMED, "B-B", True)


def test_the_next_timestamp_authority_is_asked(desk, pki, roots, plain, order):
    pair = PyHankoSignatures(["http://127.0.0.1:9/tsa", pki.timestamp_url], roots)
    signed = sign_with_file(pair, plain, replace(order, next_fields=()), pki.pkcs12("an"), PIN)
    assert desk.verdict(signed).verdict is Verdict.VALID


def test_a_strangers_timestamp_authority_is_not_used(pki, roots, plain, order, tmp_path):
    other = prepare(tmp_path / "other", [])
    with serving(other), pytest.raises(TimestampUntrusted):
        sign_with_file(PyHankoSignatures([other.timestamp_url], roots), plain, order, pki.pkcs12("an"), PIN)


def test_when_no_authority_answers_about_revocation_the_signer_is_warned(plain, order, tmp_path):
    made = prepare(tmp_path / "pki", [subject for subject in CAST if subject.label == "binh"])
    silent = PyHankoSignatures([made.timestamp_url], read_roots([made.trust_file]))
    with pytest.raises(RevocationUnknown):
        sign_with_file(silent, plain, order, made.pkcs12("binh"), PIN)


# --- papers ---------------------------------------------------------------------------------


def test_nobody_signs_before_his_turn(desk, blank):
    with pytest.raises(OutOfRoute) as caught:
        desk.sign(blank, INVITATION, Field.SEAL, "seal")
    assert caught.value.values["signer"] == "Nguyễn Văn An"


def test_nobody_signs_for_another(desk, blank):
    with pytest.raises(WrongSigner) as caught:
        desk.sign(blank, INVITATION, Field.LEADER, "hung")
    assert caught.value.values == {"planned": "Nguyễn Văn An", "signer": "Lê Quốc Hùng"}


def test_a_place_outside_the_route_is_not_signed(desk, blank, led):
    with pytest.raises(OutOfRoute):
        desk.sign(blank, MINUTES, Field.CHAIR, "hung")
    with pytest.raises(DocumentLocked):
        desk.sign(led, MINUTES, Field.CHAIR, "hung")


def test_a_place_is_signed_once(desk, led, sealed):
    with pytest.raises(AlreadySigned):
        desk.sign(led, INVITATION, Field.LEADER, "an")
    with pytest.raises(AlreadySigned):
        desk.sign(sealed, INVITATION, Field.SEAL, "seal")


def test_a_sealed_paper_takes_no_further_signature(desk, sealed):
    with pytest.raises(DocumentLocked):
        desk.sign(sealed, MINUTES, Field.CHAIR, "hung")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%%EOF", b"no paper"])
def test_what_is_no_pdf_is_not_signed(desk, order, content):
    with pytest.raises(Unreadable):
        sign(desk.engine, content, order, desk.keys["an"])


def test_many_sign_at_once(desk, pki, roots, blank):
    engine = SigningEngine([pki.timestamp_url], roots)
    order = desk.order(INVITATION, Field.LEADER)
    with ThreadPoolExecutor(4) as pool:
        papers = list(pool.map(lambda _: sign(engine, blank, order, desk.keys["an"]), range(6)))
    assert len({*papers}) == 6
    assert all(desk.verdict(paper).signatures[0].verdict is Verdict.VALID for paper in papers)


# --- the demo's authorities -----------------------------------------------------------------


def test_the_demo_pki_is_made_once(pki):
    before = {path: path.read_bytes() for path in pki.directory.rglob("*") if path.is_file()}
    assert prepare(pki.directory, CAST) == pki
    assert before == {path: path.read_bytes() for path in pki.directory.rglob("*") if path.is_file()}


def test_the_demo_pki_takes_in_newcomers(tmp_path):
    first, second = (subject for subject in CAST if subject.label in {"binh", "hung"})
    made = prepare(tmp_path / "pki", [first])
    certificate = made.certificate(first.label)
    again = prepare(tmp_path / "pki", [first, second])
    assert (again.port, again.certificate(first.label)) == (made.port, certificate)
    assert unlock(again.pkcs12(second.label), PIN).certificate.subject.native["common_name"] == second.common_name


def test_the_demos_keys_are_for_their_owner_alone(pki):
    secrets = [*pki.directory.glob("keys/*.pem"), *pki.directory.glob("*.p12")]
    known = json.loads((pki.directory / "pki.json").read_text(encoding="utf-8"))["subjects"]
    assert len(secrets) == 4 + 2 * len(known)
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}


def test_key_files_are_encrypted_by_todays_rules(pki):
    told = subprocess.run(
        ["openssl", "pkcs12", "-info", "-noout", "-in", pki.directory / "an.p12", "-passin", f"pass:{PIN}"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert told.count("PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256") == 2
    assert "MAC: sha256" in told
