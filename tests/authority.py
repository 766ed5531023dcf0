"""An authority's clerk: issues what is asked for, or something that should never be taken in."""

from datetime import UTC, datetime, timedelta

from asn1crypto import cms, pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, load_pem_private_key, pkcs12
from cryptography.x509.oid import NameOID

from meeting_app.signing.demo_pki import DemoPki

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def issue(
    pki: DemoPki, request: bytes, *, name: str = "", days: int = 365, ca: bool = False, public=None, starts: int = -1
) -> bytes:
    """A certificate (DER) for a request (PEM or DER) by the demo's issuing authority."""
    asked = x509.load_pem_x509_csr(request) if request.startswith(b"-----") else x509.load_der_x509_csr(request)
    issuer = x509.load_pem_x509_certificate((pki.directory / "issuing.pem").read_bytes())
    key = load_pem_private_key((pki.directory / "keys" / "issuing.pem").read_bytes(), None)
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(named(name) if name else asked.subject)
        .issuer_name(issuer.subject)
        .public_key(public or asked.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=starts))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )


def self_signed(
    common_name: str, *, key: Key | None = None, ca: bool = True, days: int = 3650, starts: int = -1
) -> tuple[bytes, Key]:
    """DER, and the key that signed it."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(named(common_name))
        .issuer_name(named(common_name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=starts))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.DER), key


def as_pem(*ders: bytes) -> bytes:
    return b"".join(pem.armor("CERTIFICATE", der) for der in ders)


def as_pkcs7(*ders: bytes) -> bytes:
    """A degenerate SignedData, as authorities send chains."""
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [],
            "encap_content_info": {"content_type": "data"},
            "certificates": [asn1_x509.Certificate.load(der) for der in ders],
            "signer_infos": [],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()


def weak_key(bits: int = 1024) -> rsa.RSAPrivateKey:
    """Of a size that the law no longer allows."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def key_file(pki: DemoPki, key: Key, common_name: str, pin: str) -> bytes:
    """A PKCS#12 with a key of somebody else's making and a certificate of ours."""
    request = x509.CertificateSigningRequestBuilder().subject_name(named(common_name))
    asked = request.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    certificate = x509.load_der_x509_certificate(issue(pki, asked))
    issuer = x509.load_der_x509_certificate(pki.certificate("issuing"))
    encryption = BestAvailableEncryption(pin.encode())
    return pkcs12.serialize_key_and_certificates(None, key, certificate, [issuer], encryption)
