"""Keys whose holder is asked on the phone: the signatures are collected later, in any process."""

import hashlib
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from meeting_app.domain.key import (
    Confirmation,
    ConfirmationExpired,
    ConfirmationRefused,
    KeyNotFound,
    KeyPlace,
    Secret,
    TooManyAtOnce,
    WrongSignature,
)
from meeting_app.signing.remote_keys import RemoteKeys
from tests.csc_answers import CLIENT_SECRET, Fault
from tests.csc_rings import NAMES, PIN
from tests.csc_service import write_settings
from tests.csc_vault import Decision, Phone
from tests.pki import ROOT

CONTENTS = ("Giấy mời".encode(), b"", "Biên bản".encode() * 1000)
PHONES = [name for name in NAMES if name.startswith("phone")]
each_phone = pytest.mark.parametrize("csc_ring", PHONES, indirect=True)


def ensure_verifies(certificate, contents, values):
    public = x509.load_der_x509_certificate(certificate).public_key()
    for content, value in zip(contents, values, strict=True):
        public.verify(value, content, ec.ECDSA(hashes.SHA256()))


@each_phone
def test_signatures_wait_for_the_phone(csc_ring):
    key = csc_ring.handle("rsa")
    answer = csc_ring.keys.sign(key, csc_ring.right, CONTENTS)
    assert isinstance(answer, Confirmation)
    assert timedelta(0) < answer.expires_at - datetime.now(UTC) <= timedelta(seconds=300)
    assert csc_ring.keys.collect(key, answer.ticket) is None
    csc_ring.confirm(answer.ticket)
    assert len(csc_ring.keys.collect(key, answer.ticket)) == 3


@each_phone
@pytest.mark.parametrize(
    ("decision", "told"), [(Decision.REFUSE, ConfirmationRefused), (Decision.EXPIRE, ConfirmationExpired)]
)
def test_refused_or_expired_gives_no_signature(csc_ring, decision, told):
    key = csc_ring.handle("p384")
    answer = csc_ring.keys.sign(key, csc_ring.right, CONTENTS)
    csc_ring.confirm(answer.ticket, decision)
    for _again in range(2):
        with pytest.raises(told):
            csc_ring.keys.collect(key, answer.ticket)


@each_phone
def test_a_phone_that_stays_silent_ends_by_our_own_clock(csc_ring):
    key = csc_ring.handle("p256")
    answer = csc_ring.keys.sign(key, csc_ring.right, CONTENTS)
    services = [csc_ring.service.settings(csc_ring.version)]
    punctual = RemoteKeys(services, clock=lambda: answer.expires_at)
    late = RemoteKeys(services, clock=lambda: answer.expires_at + timedelta(seconds=1))
    assert punctual.collect(key, answer.ticket) is None
    with pytest.raises(ConfirmationExpired):
        late.collect(key, answer.ticket)
    csc_ring.confirm(answer.ticket)
    assert len(late.collect(key, answer.ticket)) == 3  # said yes after all: what is signed is signed


_COLLECTING = """
import sys
from pathlib import Path
from meeting_app.domain.key import KeyHandle, KeyPlace
from meeting_app.signing.csc_services import read_services
from meeting_app.signing.remote_keys import RemoteKeys
keys = RemoteKeys(read_services(Path(sys.argv[1])))
print(*(value.hex() for value in keys.collect(KeyHandle(KeyPlace.PHONE, sys.argv[2]), sys.stdin.read())))
"""


@each_phone
def test_another_process_collects_after_a_restart(csc_ring, tmp_path):
    key = csc_ring.handle("p256")
    answer = RemoteKeys([csc_ring.service.settings(csc_ring.version)]).sign(key, csc_ring.right, CONTENTS)
    csc_ring.confirm(answer.ticket)
    settings = write_settings(tmp_path / "services.json", csc_ring.service.settings(csc_ring.version))
    done = subprocess.run(
        [sys.executable, "-c", _COLLECTING, settings, key.reference],
        cwd=ROOT,
        input=answer.ticket,
        capture_output=True,
        text=True,
        check=True,
    )
    certificate = csc_ring.keys.certificates(key, csc_ring.right)[0]
    ensure_verifies(certificate, CONTENTS, map(bytes.fromhex, done.stdout.split()))


@each_phone
def test_a_ticket_holds_no_secret_and_fits_its_key_alone(csc_ring):
    key = csc_ring.handle("p256")
    ticket = csc_ring.keys.sign(key, csc_ring.right, CONTENTS).ticket
    for hidden in (PIN, CLIENT_SECRET, *csc_ring.service.tokens, *csc_ring.service.vault.activations):
        assert hidden not in ticket
    csc_ring.confirm(ticket)
    with pytest.raises(KeyNotFound):
        csc_ring.keys.collect(csc_ring.handle("rsa"), ticket)
    written = json.loads(ticket)
    for broken in ("", "{}", "[]", "[" * 100_000, json.dumps(written | {"requests": []}), json.dumps(written)[:-9]):
        with pytest.raises(ConfirmationExpired):
            csc_ring.keys.collect(key, broken)


@each_phone
def test_what_was_confirmed_is_checked_against_what_was_asked(csc_ring):
    key = csc_ring.handle("rsa")
    ticket = csc_ring.keys.sign(key, csc_ring.right, CONTENTS).ticket
    csc_ring.confirm(ticket)
    with csc_ring.service.failing({"signatures": Fault.FOREIGN}), pytest.raises(WrongSignature):
        csc_ring.keys.collect(key, ticket)
    other = json.loads(ticket) | {"certificate_sha256": hashlib.sha256().hexdigest()}
    with pytest.raises(ConfirmationExpired):
        csc_ring.keys.collect(key, json.dumps(other))


def test_sixty_are_confirmed_by_three_questions(csc_key, csc_keys, csc_service):
    key = csc_key("v2", KeyPlace.PHONE, limit=25, phone=Phone.SIGNING)
    contents = [f"Giấy mời số {number}".encode() for number in range(60)]
    ticket = csc_keys.sign(key, Secret(PIN), contents).ticket
    questions = [name for _asked, name, _count in json.loads(ticket)["requests"]]
    assert len(questions) == 3
    for name in questions:
        assert csc_keys.collect(key, ticket) is None
        csc_service.vault.decide(name, Decision.CONFIRM)
    ensure_verifies(csc_keys.certificates(key, Secret())[0], contents, csc_keys.collect(key, ticket))


@pytest.mark.parametrize("phone", [Phone.SIGNING, Phone.ALLOWING])
def test_nobody_is_asked_more_often_than_reasonable(csc_key, csc_keys, csc_service, phone):
    key = csc_key("v2", KeyPlace.PHONE, limit=1, phone=phone)
    with pytest.raises(TooManyAtOnce) as caught:
        csc_keys.sign(key, Secret(PIN), [b"x"] * 21)
    assert "20" in str(caught.value)
    assert csc_service.fields_of("credentials/authorize") == []
    assert len(json.loads(csc_keys.sign(key, Secret(PIN), [b"x"] * 20).ticket)["requests"]) == 20
