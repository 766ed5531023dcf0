"""Signing services that are slow, broken or lying; how they know us, and TLS."""

import datetime as dt
import ipaddress
import socket
import ssl
import time
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from meeting_app.domain.key import KeyHandle, KeyPlace, KeyUnreachable, Secret, WrongSignature
from meeting_app.signing.csc_services import Authorization, Version
from meeting_app.signing.remote_keys import RemoteKeys
from tests.csc_answers import Fault
from tests.csc_rings import PIN, enrolled
from tests.csc_service import running
from tests.csc_vault import Phone

CONTENTS = [b"mot", b"hai"]
PATIENCE = 0.2  # seconds


@pytest.fixture(scope="module")
def service(pki):
    with running() as made:
        for held in (*enrolled(pki, "ma"), *enrolled(pki, "ky", phone=Phone.SIGNING)):
            made.enrol(held)
        yield made


@pytest.fixture
def asked(service):
    """What the service is asked in this test."""
    service.asked.clear()
    return service.asked


def keys_at(service, version="v2", **settings):
    return RemoteKeys([service.settings(Version(version), **settings)])


def key_at(version="v2", *, place=KeyPlace.REMOTE, name="p256-ma"):
    return KeyHandle(place, f"{version}/{name}")


# --- bad days ----------------------------------------------------------------------------------

NO_ANSWER = [fault for fault in Fault if fault not in (Fault.FEWER, Fault.FOREIGN)]


@pytest.mark.parametrize("fault", NO_ANSWER)
@pytest.mark.parametrize("method", ["credentials/info", "credentials/authorize", "signatures/signHash"])
def test_a_service_that_gives_no_proper_answer_is_unreachable(service, method, fault):
    keys = keys_at(service, timeout_seconds=PATIENCE)
    started = time.monotonic()
    with service.failing({method: fault}), pytest.raises(KeyUnreachable):
        keys.sign(key_at(), Secret(PIN), CONTENTS)
    assert time.monotonic() - started < PATIENCE + 5
    assert len(keys_at(service).sign(key_at(), Secret(PIN), CONTENTS)) == 2


@pytest.mark.parametrize("fault", [fault for fault in NO_ANSWER if fault is not Fault.ECHO])
def test_a_poll_without_a_proper_answer_may_be_repeated(service, fault):
    keys, key = keys_at(service), key_at(place=KeyPlace.PHONE, name="p256-ky")
    ticket = keys.sign(key, Secret(PIN), CONTENTS).ticket
    with service.failing({"signatures/signPolling": fault}), pytest.raises(KeyUnreachable):
        keys_at(service, timeout_seconds=PATIENCE).collect(key, ticket)
    assert keys.collect(key, ticket) is None


@pytest.mark.parametrize("name", ["rsa-ma", "p256-ma", "p384-ma"])
@pytest.mark.parametrize(("fault", "told"), [(Fault.FOREIGN, WrongSignature), (Fault.FEWER, KeyUnreachable)])
@pytest.mark.parametrize("version", Version)
def test_a_lying_service_is_not_believed(service, version, name, fault, told):
    with service.failing({"signatures": fault}), pytest.raises(told):
        keys_at(service, version).sign(key_at(version, name=name), Secret(PIN), CONTENTS)


@pytest.mark.parametrize("certificates", [[], [b"0"], [b"0" * 1000], ["issuing"] * 11])
def test_certificates_that_are_none_are_no_answer(service, pki, certificates):
    held = replace(service.vault.keys["p256-ma"], name="la")
    held.chain = [pki.certificate(entry) if isinstance(entry, str) else entry for entry in certificates]
    service.enrol(held)
    with pytest.raises(KeyUnreachable):
        keys_at(service).certificates(key_at(name="la"), Secret())


def test_a_redirect_is_not_followed(service, asked):
    with service.failing({"credentials/authorize": Fault.REDIRECT}), pytest.raises(KeyUnreachable):
        keys_at(service).sign(key_at(), Secret(PIN), CONTENTS)
    assert [method for method, _fields in asked if method not in ("info", "credentials/info")] == [
        "credentials/authorize"
    ]


def test_a_failed_authorisation_is_not_tried_again(service, asked):
    with service.failing({"credentials/authorize": Fault.BROKEN}), pytest.raises(KeyUnreachable):
        keys_at(service).sign(key_at(), Secret(PIN), CONTENTS)
    assert len(service.fields_of("credentials/authorize")) == 1


def test_a_huge_answer_is_not_read_to_its_end(service):
    service.poured = 0
    with service.failing({"credentials/authorize": Fault.HUGE}), pytest.raises(KeyUnreachable):
        keys_at(service).sign(key_at(), Secret(PIN), CONTENTS)
    assert service.poured < 64 * 2**20


def test_the_surroundings_do_not_come_between(service, monkeypatch, tmp_path):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login x password y")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert len(keys_at(service).sign(key_at(), Secret(PIN), CONTENTS)) == 2


def test_a_service_that_is_away_is_unreachable():
    with running() as gone:
        pass
    with pytest.raises(KeyUnreachable):
        keys_at(gone).certificates(key_at(), Secret())


# --- its account of ours -----------------------------------------------------------------------


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("authorization", Authorization)
def test_the_service_knows_us_by_each_way_it_offers(service, version, authorization):
    given = {"client_secret": service._new_token()} if authorization is Authorization.BEARER else {}
    keys = keys_at(service, version, authorization=authorization, **given)
    assert len(keys.sign(key_at(version), Secret(PIN), CONTENTS)) == 2


@pytest.mark.parametrize("authorization", Authorization)
def test_an_account_that_is_refused_makes_the_service_unreachable(service, authorization):
    keys = keys_at(service, authorization=authorization, client_secret="sai")
    with pytest.raises(KeyUnreachable):
        keys.sign(key_at(), Secret(PIN), CONTENTS)


def test_a_token_that_has_ended_is_fetched_anew(service):
    keys = keys_at(service)
    keys.sign(key_at(), Secret(PIN), CONTENTS)
    service.tokens.clear()
    assert len(keys.sign(key_at(), Secret(PIN), CONTENTS)) == 2


def test_our_secret_goes_to_no_host_that_the_operator_did_not_name(service, asked):
    elsewhere = f"http://localhost:{service.port}/csc/v2"  # the service says its tokens are at 127.0.0.1
    with pytest.raises(KeyUnreachable):
        keys_at(service, url=elsewhere).certificates(key_at(), Secret())
    assert [method for method, _fields in asked] == ["info"]
    named = f"http://127.0.0.1:{service.port}/oauth2/token"
    assert keys_at(service, url=elsewhere, token_url=named).certificates(key_at(), Secret())


@pytest.mark.parametrize("version", Version)
def test_the_keys_of_a_holder_are_listed(service, version):
    listed = keys_at(service, version).references(version, "031000000001")
    assert sorted(listed) == [f"{version}/{name}" for name in sorted(service.vault.keys)]


# --- TLS ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tls_files(tmp_path_factory):
    """A self-signed certificate for 127.0.0.1 and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ky.example.vn")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder


def server_side(tls_files):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls_files / "ca.pem", tls_files / "key.pem")
    return context


def test_tls_needs_a_certificate_that_is_trusted(service, tls_files):
    with running(server_side(tls_files)) as closed:
        closed.vault = service.vault
        assert keys_at(closed, ca_file=tls_files / "ca.pem").certificates(key_at(), Secret())
        with pytest.raises(KeyUnreachable):
            keys_at(closed).certificates(key_at(), Secret())


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_tls_below_1_2_is_refused(service, tls_files):
    old = server_side(tls_files)
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    careless = ssl.create_default_context(cafile=tls_files / "ca.pem")
    careless.set_ciphers("DEFAULT:@SECLEVEL=0")
    careless.minimum_version = ssl.TLSVersion.TLSv1
    with running(old) as closed:
        closed.vault = service.vault
        with (
            socket.create_connection(("127.0.0.1", closed.port)) as raw,
            careless.wrap_socket(raw, server_hostname="127.0.0.1") as opened,
        ):
            assert opened.version() == "TLSv1.1"
        with pytest.raises(KeyUnreachable):
            keys_at(closed, ca_file=tls_files / "ca.pem").certificates(key_at(), Secret())
