"""Timestamps of other makers in our spelling: the same to every verifier, and only one way to write them."""

import hashlib
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import algos, cms, core, keys, tsp
from asn1crypto import x509 as asn1_x509
from certomancer.services import TimeStamper
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from meeting_app.signing.issuing import issuers
from meeting_app.signing.running import finished
from meeting_app.signing.tokens import plain, spelled

STAMPED = hashlib.sha256(b"what is stamped").digest()
PSS = {
    "hash_algorithm": {"algorithm": "sha256"},
    "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
    "salt_length": 32,
}
CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
"""


def issue(name, key, issuer=None, *, ca=False):
    """A certificate by (certificate, key), or by itself."""
    above, signing = issuer or (None, key)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if not ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(signing, hashes.SHA256())


def asn1(certificate):
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


@pytest.fixture(scope="module")
def authority():
    """Root and two timestamp certificates, one for each kind of key."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = issue("Gốc", root_key, ca=True)
    private = {"rsa": rsa.generate_private_key(65537, 2048), "ec": ec.generate_private_key(ec.SECP384R1())}
    return root, {kind: (issue(f"TSA {kind}", key, (root, root_key)), key) for kind, key in private.items()}


def by_openssl(folder, authority, kind):
    root, stamping = authority
    certificate, key = stamping[kind]
    (folder / "tsa.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "config").write_text(CONFIG.format(folder=folder), encoding="utf-8")
    (folder / "serial").write_text("01\n", encoding="ascii")
    ask = ["openssl", "ts", "-query", "-digest", STAMPED.hex(), "-sha256", "-cert", "-out", folder / "query"]
    answer = ["openssl", "ts", "-reply", "-config", folder / "config", "-queryfile", folder / "query"]
    answer += ["-signer", folder / "tsa.pem", "-inkey", folder / "key.pem", "-chain", folder / "root.pem"]
    answer += ["-token_out", "-out", folder / "token"]
    for command in (ask, answer):
        subprocess.run(command, check=True, capture_output=True)
    return cms.ContentInfo.load((folder / "token").read_bytes())["content"]


def by_certomancer(authority, kind, scheme):
    certificate, key = authority[1][kind]
    raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stamper = TimeStamper(asn1(certificate), keys.PrivateKeyInfo.load(raw), scheme, [asn1(authority[0])])
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": STAMPED}
    request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True})
    return stamper.request_tsa_response(request)["time_stamp_token"]["content"].untag()


@pytest.fixture(params=["openssl rsa", "openssl ec", "certomancer rsa", "certomancer ec", "certomancer pss"])
def token(request, authority, tmp_path):
    maker, kind = request.param.split()
    if maker == "openssl":
        return by_openssl(tmp_path, authority, kind)
    pss = algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": PSS})
    return by_certomancer(authority, "ec" if kind == "ec" else "rsa", pss if kind == "pss" else None)


def holds(token, authority):
    context = ValidationContext(trust_roots=[asn1(authority[0])])
    status = finished(validate_tst_signed_data(token, context, lambda _: STAMPED))
    return status["intact"] and status["valid"] and status["trust_problem_indic"] is None


def test_a_timestamp_in_our_spelling_says_the_same(token, authority):
    ours = plain(token)
    assert holds(token, authority)
    assert holds(ours, authority)
    before, after = (entry["encap_content_info"]["content"].parsed.dump() for entry in (token, ours))
    assert before == after
    assert len(token["certificates"]) > len(ours["certificates"]) == 1


def test_our_spelling_of_our_spelling_is_the_same(token):
    again = cms.ContentInfo.load(spelled(token), strict=True)["content"]
    assert spelled(again) == spelled(token)
    assert again.untag().dump() == plain(token).dump()


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_openssl_takes_a_timestamp_in_our_spelling(authority, tmp_path, kind):
    """Its command knows no RSASSA-PSS in timestamps, so that this is not asked."""
    (tmp_path / "ours").write_bytes(spelled(by_openssl(tmp_path, authority, kind)))
    check = ["openssl", "ts", "-verify", "-digest", STAMPED.hex(), "-in", tmp_path / "ours", "-token_in"]
    said = subprocess.run([*check, "-CAfile", tmp_path / "root.pem"], capture_output=True, text=True, check=False)
    assert "Verification: OK" in said.stdout + said.stderr, said.stderr


def test_what_the_authority_did_not_sign_falls_away(token):
    noisy = token.copy()
    (signer,) = noisy["signer_infos"]
    signer["unsigned_attrs"] = [{"type": "1.2.3.4.5", "values": [core.OctetString(b"hidden")]}]
    signer["digest_algorithm"] = {"algorithm": "sha256", "parameters": core.Null()}
    noisy["digest_algorithms"] = [{"algorithm": "sha256"}, {"algorithm": "sha512"}]
    assert spelled(cms.SignedData.load(noisy.untag().dump(force=True))) == spelled(token)


def test_a_scheme_is_named_in_one_way(authority):
    """RSA with its digest or without (RFC 3370, 3.2): verifiers take both."""
    token = by_certomancer(authority, "rsa", None)
    named = token.copy()
    named["signer_infos"][0]["signature_algorithm"] = {"algorithm": "rsassa_pkcs1v15", "parameters": core.Null()}
    named = cms.SignedData.load(named.dump(force=True))
    assert holds(named, authority)
    assert named.dump() != token.dump()
    assert spelled(named) == spelled(token)


def test_of_twin_signatures_one_is_taken(authority):
    """(r, s) and (r, -s) are both good (SEC 1, 4.1.4)."""
    token = by_certomancer(authority, "ec", None)
    twin = token.copy()
    first, second = decode_dss_signature(twin["signer_infos"][0]["signature"].native)
    twin["signer_infos"][0]["signature"] = encode_dss_signature(first, ec.SECP384R1().group_order - second)
    assert holds(twin, authority)
    assert spelled(twin) == spelled(token)


def test_only_those_who_issued_a_certificate_are_its_issuers(authority):
    root, stamping = authority
    own, other = (asn1(stamping[kind][0]) for kind in ("rsa", "ec"))
    namesake = asn1(issue("Gốc", ec.generate_private_key(ec.SECP256R1()), ca=True))
    assert [entry.dump() for entry in issuers(own, [other, namesake, asn1(root), own])] == [asn1(root).dump()]
    assert issuers(own, [other, namesake]) == ()


def test_issuers_are_found_up_to_the_top():
    private = [ec.generate_private_key(ec.SECP256R1()) for _ in range(4)]
    made = [issue("0", private[0], ca=True)]
    for number in range(1, 4):
        made.append(issue(str(number), private[number], (made[-1], private[number - 1]), ca=number < 3))
    chain = [asn1(entry) for entry in made]
    assert issuers(chain[3], chain) == (chain[2], chain[1], chain[0])
