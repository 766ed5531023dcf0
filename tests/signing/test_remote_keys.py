"""Keys at a signing service, over the real API: what every place of keys promises, codes, and many at once."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from meeting_app.domain.key import CodeRequired, Confirmation, KeyLocked, KeyNotFound, KeyPlace, Secret, TooManyAtOnce
from meeting_app.domain.signature import KeyUnusable, WrongPin
from meeting_app.signing.csc_services import Version
from meeting_app.signing.remote_keys import RemoteKeys
from tests.csc_answers import CLIENT_SECRET, Fault
from tests.csc_rings import ALGORITHMS, NAMES, PIN

CONTENTS = ("Giấy mời".encode(), b"", "Biên bản".encode() * 1000)
SIXTY = [f"Giấy mời số {number}".encode() for number in range(60)]


def collected(ring, key, answer):
    """The signatures, once the holder has confirmed on the phone where that is the way."""
    if not isinstance(answer, Confirmation):
        return answer
    ring.confirm(answer.ticket)
    return ring.keys.collect(key, answer.ticket)


def ensure_verifies(certificate, contents, values):
    """As any reader of the paper would, by the certificate alone."""
    public = x509.load_der_x509_certificate(certificate).public_key()
    for content, value in zip(contents, values, strict=True):
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(value, content, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        else:
            assert isinstance(public, ec.EllipticCurvePublicKey)
            public.verify(value, content, ec.ECDSA(hashes.SHA256()))


# --- the promises of every place ---------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("csc_ring", NAMES, indirect=True)
def test_signatures_come_in_order_and_verify_under_the_certificate(csc_ring, algorithm, pki):
    key = csc_ring.handle(algorithm)
    own, issuing, _root = csc_ring.keys.certificates(key, csc_ring.right)
    assert (own, issuing) == (pki.certificate(f"csc_{algorithm}"), pki.certificate("issuing"))
    ensure_verifies(own, CONTENTS, collected(csc_ring, key, csc_ring.keys.sign(key, csc_ring.right, CONTENTS)))


@pytest.mark.parametrize("csc_ring", NAMES, indirect=True)
def test_a_wrong_secret_is_refused_every_time(csc_ring):
    key = csc_ring.handle("p256")
    for _attempt in range(3):
        with pytest.raises(WrongPin):
            csc_ring.keys.sign(key, csc_ring.wrong, CONTENTS)
    with pytest.raises(WrongPin):
        csc_ring.keys.sign(key, Secret("", "123456"), CONTENTS)
    assert collected(csc_ring, key, csc_ring.keys.sign(key, csc_ring.right, CONTENTS))


@pytest.mark.parametrize("csc_ring", NAMES, indirect=True)
def test_an_unknown_key_is_not_found(csc_ring):
    for reference in (csc_ring.unknown.reference, "v9/p256-ma", "v1", "v1/", ""):
        key = replace(csc_ring.unknown, reference=reference)
        with pytest.raises(KeyNotFound):
            csc_ring.keys.certificates(key, csc_ring.right)
        with pytest.raises(KeyNotFound):
            csc_ring.keys.sign(key, csc_ring.right, CONTENTS)
    with pytest.raises(KeyNotFound):
        csc_ring.keys.certificates(replace(csc_ring.handle("p256"), place=KeyPlace.TOKEN), csc_ring.right)


@pytest.mark.parametrize("csc_ring", NAMES, indirect=True)
@pytest.mark.parametrize("fault", [None, Fault.ECHO, Fault.CUT, Fault.TEXT])
def test_nothing_secret_is_told_on(csc_ring, fault, caplog):
    caplog.set_level(logging.DEBUG)
    secret = Secret("bi-mat-cua-toi", "918273")
    faults = {"credentials/authorize": fault} if fault else {}
    with csc_ring.service.failing(faults), pytest.raises(Exception) as caught:
        csc_ring.keys.sign(csc_ring.handle("rsa"), secret, CONTENTS)
    assert isinstance(caught.value, WrongPin) is (fault is None)
    assert caught.value.__cause__ is caught.value.__context__ is None
    told = f"{caught.value!r} {caught.value} {caught.value.__dict__} {secret!r} {caplog.text}"
    for hidden in (secret.pin, secret.code, CLIENT_SECRET, *csc_ring.service.tokens):
        assert hidden not in told


@pytest.mark.parametrize("csc_ring", NAMES, indirect=True)
def test_threads_share_one_provider(csc_ring):
    keys = [csc_ring.handle(algorithm) for algorithm in ("p256", "p384")] * 4
    with ThreadPoolExecutor(len(keys)) as threads:
        answers = list(threads.map(lambda key: csc_ring.keys.sign(key, csc_ring.right, CONTENTS), keys))
    assert all(len(collected(csc_ring, *pair)) == 3 for pair in zip(keys, answers, strict=True))


# --- with a code -------------------------------------------------------------------------------


@pytest.mark.parametrize("csc_ring", ["remote-v1", "remote-v2"], indirect=True)
def test_a_code_is_sent_asked_for_and_good_once(csc_ring):
    key, mailbox = csc_ring.handle("p256"), csc_ring.service.vault.mailbox
    sent = len(mailbox)
    with pytest.raises(CodeRequired):
        csc_ring.keys.sign(key, Secret(PIN), CONTENTS)
    assert len(mailbox) == sent + 1
    assert len(csc_ring.keys.sign(key, Secret(PIN, mailbox[-1]), CONTENTS)) == 3
    with pytest.raises(WrongPin):
        csc_ring.keys.sign(key, Secret(PIN, mailbox[-1]), CONTENTS)
    csc_ring.keys.send_code(key)
    assert len(mailbox) == sent + 2


@pytest.mark.parametrize(
    ("version", "kind", "lacks", "sent"),
    [
        (Version.V1, "sent", "", 1),
        (Version.V1, "own", "", 0),
        (Version.V2, "challenge", "credentials/sendOTP", 1),
        (Version.V2, "sent", "credentials/getChallenge", 1),
        (Version.V2, "own", "credentials/sendOTP", 0),
    ],
)
def test_a_code_comes_the_way_its_holder_has_chosen(csc_key, csc_service, version, kind, lacks, sent):
    key, before = csc_key(version, code=True, code_kind=kind), len(csc_service.vault.mailbox)
    with csc_service.lacking(lacks):
        keys = RemoteKeys([csc_service.settings(version)])
        with pytest.raises(CodeRequired):
            keys.sign(key, Secret(PIN), CONTENTS)
        assert len(csc_service.vault.mailbox) == before + sent
        assert len(keys.sign(key, Secret(PIN, csc_service.vault.new_code()), CONTENTS)) == 3


@pytest.mark.parametrize("version", Version)
def test_no_code_is_sent_where_none_is_needed(csc_key, csc_keys, csc_service, version):
    sent = len(csc_service.vault.mailbox)
    csc_keys.send_code(csc_key(version))
    assert len(csc_keys.sign(csc_key(version), Secret(PIN), CONTENTS)) == 3
    assert len(csc_service.vault.mailbox) == sent


@pytest.mark.parametrize("version", Version)
def test_the_service_locks_a_key_after_wrong_attempts(csc_key, csc_keys, version):
    key = csc_key(version, tries=3)
    for _attempt in range(3):
        with pytest.raises(WrongPin):
            csc_keys.sign(key, Secret("000000"), CONTENTS)
    for secret in (Secret("000000"), Secret(PIN)):
        with pytest.raises(KeyLocked):
            csc_keys.sign(key, secret, CONTENTS)


@pytest.mark.parametrize("version", Version)
def test_an_authorisation_is_bound_to_what_is_signed(csc_key, csc_keys, csc_service, version):
    csc_keys.sign(csc_key(version), Secret(PIN), CONTENTS)
    (allowed,), (signed,) = map(csc_service.fields_of, ("credentials/authorize", "signatures/signHash"))
    named = "hash" if version is Version.V1 else "hashes"
    assert allowed["numSignatures"] == len(allowed[named]) == 3
    assert allowed[named] == signed[named]


def test_what_cannot_sign_says_why(csc_key, csc_keys, csc_service):
    for key in (
        csc_key("v1", enabled=False),
        csc_key("v2", mode="oauth2code"),
        csc_key("v1", algorithms=("1.2.840.10045.4.3.4",)),
        csc_key("v1", KeyPlace.PHONE),
    ):
        with pytest.raises(KeyUnusable) as caught:
            csc_keys.sign(key, Secret(PIN), CONTENTS)
        assert "Hồ Điện Thoại" in str(caught.value)
    assert csc_service.fields_of("credentials/authorize") == []


def test_a_key_that_the_service_authorises_itself_needs_no_secret(csc_key, csc_keys):
    assert len(csc_keys.sign(csc_key("v1", mode="implicit"), Secret(), CONTENTS)) == 3


# --- many at once ------------------------------------------------------------------------------


def authorised(service):
    return [fields["numSignatures"] for fields in service.fields_of("credentials/authorize")]


@pytest.mark.parametrize("version", Version)
def test_sixty_are_signed_under_as_many_authorisations_as_it_takes(csc_key, csc_keys, csc_service, version):
    key = csc_key(version, limit=25)
    values = csc_keys.sign(key, Secret(PIN), SIXTY)
    ensure_verifies(csc_keys.certificates(key, Secret())[0], SIXTY, values)
    assert authorised(csc_service) == [25, 25, 10]


@pytest.mark.parametrize("version", Version)
def test_sixty_are_signed_with_one_code_where_the_service_extends(csc_key, csc_keys, csc_service, version):
    key = csc_key(version, limit=25, code=True, extends=True)
    values = csc_keys.sign(key, Secret(PIN, csc_service.vault.new_code()), SIXTY)
    ensure_verifies(csc_keys.certificates(key, Secret())[0], SIXTY, values)
    assert authorised(csc_service) == [60]
    assert len(csc_service.fields_of("credentials/extendTransaction")) == 2


@pytest.mark.parametrize("lacks", ["", "credentials/extendTransaction"])
def test_too_many_for_one_code_are_refused_and_none_is_signed(csc_key, csc_service, lacks):
    key = csc_key("v2", limit=25, code=True)
    with csc_service.lacking(lacks), pytest.raises(TooManyAtOnce) as caught:
        RemoteKeys([csc_service.settings(Version.V2)]).sign(key, Secret(PIN, csc_service.vault.new_code()), SIXTY)
    assert "25" in str(caught.value)
    assert csc_service.fields_of("signatures/signHash") == []


def test_nothing_is_signed_for_nothing(csc_key, csc_keys, csc_service):
    assert csc_keys.sign(csc_key("v1"), Secret(PIN), []) == ()
    assert csc_service.asked == []
