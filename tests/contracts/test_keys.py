"""What `ports.KeyProvider` promises, kept by every place in which a private key may live."""

import logging
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from meeting_app.domain.key import (
    Confirmation,
    ConfirmationExpired,
    ConfirmationRefused,
    KeyHandle,
    KeyNotFound,
    Secret,
)
from meeting_app.domain.signature import KeyRefused, KeyUnreadable, WrongPin
from meeting_app.signing.demo_pki import DemoPki, prepare
from tests.key_rings import HOLDERS, RINGS, KeyRing
from tests.pki import CAST

CONTENT = "Biên bản họp".encode()
CURVES = {"ec": 256, "ec384": 384}


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> DemoPki:
    return prepare(tmp_path_factory.mktemp("keys"), [each for each in CAST if each.label in HOLDERS.values()])


@pytest.fixture(scope="module", params=RINGS)
def ring(
    request: pytest.FixtureRequest, authorities: DemoPki, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KeyRing]:
    with RINGS[request.param](tmp_path_factory.mktemp(request.param), authorities) as opened:
        yield opened


@pytest.fixture(params=HOLDERS)
def algorithm(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def key(ring: KeyRing, algorithm: str) -> KeyHandle:
    return ring.handles[algorithm]


def signed(ring: KeyRing, key: KeyHandle, contents: Sequence[bytes]) -> tuple[bytes, ...]:
    """With the right secret, and confirmed wherever the place asks."""
    answer = ring.provider.sign(key, ring.right(key), contents)
    if isinstance(answer, Confirmation):
        assert ring.provider.collect(key, answer.ticket) is None
        ring.confirm(key, answer)
        answer = ring.provider.collect(key, answer.ticket)
    assert answer is not None
    return answer


def verify(certificate: bytes, content: bytes, signature: bytes) -> None:
    """As the port says, and not by what our own code says of itself; raises InvalidSignature."""
    public = x509.load_der_x509_certificate(certificate).public_key()
    if isinstance(public, rsa.RSAPublicKey):
        public.verify(signature, content, padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32), hashes.SHA256())
    else:
        public.verify(signature, content, ec.ECDSA(hashes.SHA256()))


def test_the_certificate_is_that_of_the_key(ring: KeyRing, key: KeyHandle, algorithm: str):
    own = ring.provider.certificates(key, ring.right(key))[0]
    assert own == ring.certificates[algorithm]
    public = x509.load_der_x509_certificate(own).public_key()
    assert public.key_size == CURVES.get(algorithm, 2048)


def test_each_further_certificate_issued_the_one_before(ring: KeyRing, key: KeyHandle):
    chain = [x509.load_der_x509_certificate(raw) for raw in ring.provider.certificates(key, ring.right(key))]
    for certificate, issuer in pairwise(chain):
        certificate.verify_directly_issued_by(issuer)


def test_a_signature_verifies_under_the_certificate(ring: KeyRing, key: KeyHandle, algorithm: str):
    (signature,) = signed(ring, key, [CONTENT])
    verify(ring.certificates[algorithm], CONTENT, signature)
    with pytest.raises(InvalidSignature):
        verify(ring.certificates[algorithm], CONTENT + b".", signature)


def test_several_contents_come_back_in_their_order(ring: KeyRing, key: KeyHandle, algorithm: str):
    contents = [b"", CONTENT, bytes(100_000), *(b"%d" % number for number in range(5))]
    signatures = signed(ring, key, contents)
    for content, signature in zip(contents, signatures, strict=True):
        verify(ring.certificates[algorithm], content, signature)


def test_a_wrong_secret_is_refused_each_time(ring: KeyRing):
    key = ring.handles["ec"]
    for _round in range(2):
        for _time in range(2):
            with pytest.raises(WrongPin):
                ring.provider.sign(key, ring.wrong(key), [CONTENT])
        assert len(signed(ring, key, [CONTENT])) == 1
        with pytest.raises(WrongPin):  # directly after the right one
            ring.provider.sign(key, ring.wrong(key), [CONTENT])


def test_a_wrong_secret_is_refused_without_signing_where_it_can_be(ring: KeyRing, key: KeyHandle):
    if ring.proves_secret:
        for secret in (ring.wrong(key), Secret(), Secret(pin="\0"), Secret(pin="\ud800"), Secret(pin="9" * 5000)):
            ring.provider.certificates(key, ring.right(key))
            with pytest.raises(WrongPin):
                ring.provider.certificates(key, secret)
    else:
        assert ring.provider.certificates(key, Secret()) == ring.provider.certificates(key, ring.right(key))


def test_right_and_wrong_secrets_do_not_mix_in_eight_threads(ring: KeyRing):
    start = Barrier(8)

    def ask(number: int) -> list[bool]:
        """Whether each answer was the one this thread had to get."""
        key, content = ring.handles["ec"], b"%d" % number
        start.wait()
        fair = []
        for _round in range(2):
            if number % 2:
                try:
                    ring.provider.sign(key, ring.wrong(key), [content])
                except WrongPin:
                    fair.append(True)
                else:
                    fair.append(False)
            else:
                (signature,) = signed(ring, key, [content])
                verify(ring.certificates["ec"], content, signature)
                fair.append(True)
        return fair

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(8))) == [[True, True]] * 8


def test_a_key_that_is_not_there_is_said_to_be_missing(ring: KeyRing):
    for act in (
        lambda: ring.provider.sign(ring.unknown, ring.right(ring.unknown), [CONTENT]),
        lambda: ring.provider.certificates(ring.unknown, ring.right(ring.unknown)),
    ):
        with pytest.raises((KeyNotFound, KeyUnreadable)):
            act()


def test_what_is_asked_elsewhere_can_be_refused_there(ring: KeyRing):
    key = ring.handles["ec"]
    answer = ring.provider.sign(key, ring.right(key), [CONTENT])
    if isinstance(answer, Confirmation):
        ring.refuse(key, answer)
        with pytest.raises(ConfirmationRefused):
            ring.provider.collect(key, answer.ticket)
    else:
        verify(ring.certificates["ec"], CONTENT, answer[0])


def test_nothing_is_collected_under_a_ticket_nobody_gave(ring: KeyRing):
    with pytest.raises(ConfirmationExpired):
        ring.provider.collect(ring.handles["ec"], "no such ticket")


def test_a_code_may_be_asked_for_anywhere(ring: KeyRing):
    ring.provider.send_code(ring.handles["ec"])
    assert len(signed(ring, ring.handles["ec"], [CONTENT])) == 1


def test_no_secret_is_told_in_errors_or_in_the_log(
    ring: KeyRing, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    key, told = ring.handles["rsa"], []
    right, wrong = ring.right(key), ring.wrong(key)
    for asked, secret in ((key, wrong), (ring.unknown, wrong), (ring.unknown, right)):
        for act in (ring.provider.certificates, lambda key, secret: ring.provider.sign(key, secret, [CONTENT])):
            try:
                told.append(repr(act(asked, secret)))
            except KeyRefused as error:
                told += [repr(error), str(error), repr(error.values), *traceback.format_exception(error)]
    told += [record.getMessage() + repr(record.__dict__) for record in caplog.records]
    told += [repr(right), str(wrong), *capfd.readouterr()]
    secrets = [text for secret in (right, wrong) for text in (secret.pin, secret.code) if text]
    assert secrets
    assert [text for text in told for secret in secrets if secret in text] == []
