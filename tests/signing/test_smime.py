"""Signed mail, judged by OpenSSL: what it accepts, and what every tampering costs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, x509
from cryptography.hazmat.primitives.serialization import Encoding

from meeting_app.domain.signature import (
    CredentialExpired,
    CredentialRevoked,
    CredentialUntrusted,
    KeyRefused,
    KeyUnreadable,
    KeyUnusable,
    RevocationUnknown,
    WrongPin,
)
from meeting_app.mail.message import message
from meeting_app.signing.demo_pki import DemoPki, DemoSubject, prepare
from meeting_app.signing.smime import CHECKED_FOR, REFUSED_FOR, MailSigner
from meeting_app.signing.trust import read_roots
from tests.mail.certificates import Authority
from tests.mail.letters import INVITATION, MINUTES, SENDER, TITLE, opened, signed_part, verified
from tests.pki import PIN, serving

CONTENT = b"Content-Type: text/plain\r\n\r\nTh\r\n"


def signer(
    pki: DemoPki,
    roots: tuple[x509.Certificate, ...],
    who: str,
    *,
    password: str = PIN,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> MailSigner:
    return MailSigner(pki.directory / f"{who}.p12", lambda: password, SENDER, roots, clock)


@pytest.fixture(scope="session")
def signed(pki: DemoPki, roots: tuple[x509.Certificate, ...]) -> bytes:
    return message(INVITATION, SENDER, signer(pki, roots, "an").sign)


# `openssl smime` knows only the older PKCS#7, which has no word for RSASSA-PSS.
@pytest.mark.parametrize(("who", "tool"), [("an", "cms"), ("binh", "cms"), ("binh", "smime")])
def test_openssl_confirms_a_signed_mail(pki: DemoPki, roots: tuple[x509.Certificate, ...], who: str, tool: str):
    raw = message(MINUTES, SENDER, signer(pki, roots, who).sign)
    holds, content = verified(raw, pki.trust_file, tool)
    assert holds
    assert content == signed_part(raw)


@pytest.mark.parametrize(("who", "algorithm"), [("an", "rsassa_pss"), ("binh", "ecdsa")])
def test_the_algorithms_are_those_the_law_allows(
    pki: DemoPki, roots: tuple[x509.Certificate, ...], who: str, algorithm: str
):
    (info,) = cms.ContentInfo.load(signer(pki, roots, who).sign(CONTENT))["content"]["signer_infos"]
    assert info["signature_algorithm"].signature_algo == algorithm
    assert info["signature_algorithm"].hash_algo == info["digest_algorithm"]["algorithm"].native == "sha256"


def test_the_signature_says_when_by_whom_and_carries_its_chain(pki: DemoPki, roots: tuple[x509.Certificate, ...]):
    now = datetime.now(UTC).replace(microsecond=0)
    content = cms.ContentInfo.load(signer(pki, roots, "an", clock=lambda: now).sign(CONTENT))["content"]
    (info,) = content["signer_infos"]
    attributes = {attribute["type"].native: attribute["values"][0] for attribute in info["signed_attrs"]}
    assert attributes["signing_time"].native == now
    certificate = x509.Certificate.load(pki.certificate("an"))
    assert attributes["signing_certificate_v2"]["certs"][0]["cert_hash"].native == certificate.sha256
    assert content["encap_content_info"]["content"].native is None  # detached
    carried = {each.chosen.subject.native["common_name"] for each in content["certificates"]}
    assert carried == {"Nguyễn Văn An", "CA phục vụ trình diễn"}


def test_a_mail_of_another_authority_is_not_confirmed(signed: bytes, tmp_path: Path):
    assert not verified(signed, Authority(tmp_path).root_file)[0]


@pytest.mark.parametrize(
    "part", ["text", "paper", "calendar", "inner_subject", "inner_recipient", "signature", "file_name"]
)
def test_a_tampered_mail_is_not_confirmed(pki: DemoPki, signed: bytes, part: str):
    """Its twin is confirmed above: one sign makes the difference."""
    raw = tampered(signed, part)
    assert raw != signed
    assert len(raw) == len(signed)
    assert not verified(raw, pki.trust_file)[0]


def tampered(raw: bytes, part: str) -> bytes:
    marks = {
        "text": b"Content-Type: text/plain",
        "paper": b"Content-Type: application/pdf",
        "calendar": b"Content-Type: text/calendar",
        "signature": b'name="smime.p7s"',
    }
    if part == "inner_subject":
        place = raw.rindex(b"Subject: =?utf-8?") + len(b"Subject: =?utf-8?b?")
    elif part == "inner_recipient":
        place = raw.rindex(b"<minh@") + 1
    elif part == "file_name":
        place = raw.index(b"giay-moi-15")
    else:
        place = raw.index(b"\r\n\r\n", raw.index(marks[part])) + 40
    return raw[:place] + (b"B" if raw[place : place + 1] == b"A" else b"A") + raw[place + 1 :]


def test_headers_outside_the_signature_stand_inside_too(signed: bytes):
    """A subject that somebody changed on the way differs from the signed one (RFC 9788)."""
    mail = opened(signed)
    assert mail.inner.get_param("hp") == "clear"
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        assert mail.inner[name] == mail.outer[name]
    assert TITLE in mail.inner["Subject"]


def test_line_ends_changed_on_the_way_are_noticed(pki: DemoPki, signed: bytes):
    assert b"\n" not in signed.replace(b"\r\n", b"")
    assert signed.isascii()
    assert not verified(signed.replace(b"JVBERi0xLjcK", b"JVBERi0xLjcK\r\n", 1), pki.trust_file)[0]


# --- keys that may not sign


def refused(mail_signer: MailSigner) -> KeyRefused:
    with pytest.raises(KeyRefused) as caught:
        mail_signer.sign(CONTENT)
    return caught.value


@pytest.mark.parametrize(
    ("who", "error"), [("revoked", CredentialRevoked), ("expired", CredentialExpired), ("cipher", KeyUnusable)]
)
def test_a_key_that_may_not_sign_papers_signs_no_mail(
    pki: DemoPki, roots: tuple[x509.Certificate, ...], who: str, error: type[KeyRefused]
):
    assert isinstance(refused(signer(pki, roots, who)), error)


def test_a_key_of_an_unknown_authority_signs_nothing(pki: DemoPki, tmp_path: Path):
    strangers = x509.Certificate.load(Authority(tmp_path).root.public_bytes(Encoding.DER))
    assert isinstance(refused(signer(pki, (strangers,), "an")), CredentialUntrusted)


def test_a_key_whose_authority_does_not_answer_signs_nothing(tmp_path: Path):
    authority = Authority(tmp_path)  # answers nobody about revocation
    key_file = authority.key_file("Văn phòng", PIN, SENDER)
    root = x509.Certificate.load(authority.root.public_bytes(Encoding.DER))
    now = [datetime.now(UTC)]
    silent = MailSigner(key_file, lambda: PIN, SENDER, (root,), lambda: now[0])
    first = refused(silent)
    assert isinstance(first, RevocationUnknown)
    assert refused(silent) is first  # not asked for each of many mails
    now[0] += REFUSED_FOR
    assert refused(silent) is not first


def test_a_wrong_password_opens_nothing_and_is_not_quoted(pki: DemoPki, roots: tuple[x509.Certificate, ...]):
    error = refused(signer(pki, roots, "an", password="mật khẩu sai"))
    assert isinstance(error, WrongPin)
    assert "sai" not in repr(error)
    assert error.__cause__ is None


def test_what_is_no_key_file_is_refused(pki: DemoPki, roots: tuple[x509.Certificate, ...], tmp_path: Path):
    (tmp_path / "mail.p12").write_bytes(b"no key")
    nothing = MailSigner(tmp_path / "mail.p12", lambda: PIN, SENDER, roots, lambda: datetime.now(UTC))
    assert isinstance(refused(nothing), KeyUnreadable)
    with pytest.raises(FileNotFoundError):
        MailSigner(tmp_path / "none.p12", lambda: PIN, SENDER, roots, lambda: datetime.now(UTC)).sign(CONTENT)


@pytest.mark.parametrize(("mailbox", "usable"), [(SENDER.upper(), True), ("khac@anhai.gov.vn", False)])
def test_a_certificate_of_another_mailbox_is_refused(tmp_path: Path, mailbox: str, usable: bool):
    key_file = Authority(tmp_path).key_file("Văn phòng", PIN, mailbox)
    mail_signer = MailSigner(key_file, lambda: PIN, SENDER, (), lambda: datetime.now(UTC))
    if usable:
        assert mail_signer.key().certificate.subject.native["common_name"] == "Văn phòng"
    else:
        with pytest.raises(KeyUnusable):
            mail_signer.key()


def test_a_replaced_key_file_is_used_for_the_next_mail(
    pki: DemoPki, roots: tuple[x509.Certificate, ...], tmp_path: Path
):
    path = tmp_path / "mail.p12"
    mail_signer = MailSigner(path, lambda: PIN, SENDER, roots, lambda: datetime.now(UTC))
    for who, name in (("an", "Nguyễn Văn An"), ("binh", "Trần Thị Bình")):
        path.write_bytes(pki.pkcs12(who))
        assert mail_signer.key().certificate.subject.native["common_name"] == name
        assert verified(message(INVITATION, SENDER, mail_signer.sign), pki.trust_file)[0]


def test_revocation_is_asked_anew_after_an_hour(tmp_path: Path):
    now = [datetime.now(UTC)]
    own = prepare(tmp_path, [DemoSubject("hop_thu", "Văn phòng", "Uỷ ban nhân dân phường An Hải", PIN, algorithm="ec")])
    with serving(own):
        mail_signer = signer(own, read_roots([own.trust_file]), "hop_thu", clock=lambda: now[0])
        mail_signer.sign(CONTENT)
        own.revoke("hop_thu")
        mail_signer.sign(CONTENT)  # the answer of a moment ago still serves
        now[0] += CHECKED_FOR + timedelta(seconds=1)
        assert isinstance(refused(mail_signer), CredentialRevoked)


def test_the_same_letter_is_the_same_message_at_each_try(pki: DemoPki, roots: tuple[x509.Certificate, ...]):
    mail_signer = signer(pki, roots, "an")
    first, second = (message(INVITATION, SENDER, mail_signer.sign) for _ in range(2))
    assert signed_part(first) == signed_part(second)
    other = message(replace(INVITATION, message_id="<khac@gov.vn>"), SENDER, mail_signer.sign)
    assert signed_part(other) != signed_part(first)
