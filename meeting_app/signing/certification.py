"""The promise `ports.Certification`: keys in files, requests, and certificates as authorities send them."""

from datetime import datetime
from typing import Final

from asn1crypto import cms, csr, pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

from meeting_app.domain.key import CertificateFacts, KeyAlgorithm, KeyDiffers, MadeKey, Subject, UploadUnreadable
from meeting_app.domain.signature import KeyUnreadable
from meeting_app.domain.trust_anchor import (
    AnchorEnded,
    AnchorFacts,
    AnchorNotRoot,
    AnchorSignatureFalse,
    AnchorUnreadable,
    AnchorWeak,
)
from meeting_app.signing import names
from meeting_app.signing.keys import SMALLEST_CURVE, SMALLEST_RSA, facts_of, open_key_file

LARGEST_UPLOAD: Final = 64 * 1024  # bytes
MOST_CERTIFICATES: Final = 10  # of one chain
# Of PBKDF2-HMAC-SHA-256: about a fifth of a second here for each guess at a stolen file (OWASP, 2023).
PIN_ITERATIONS: Final = 600_000

_Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_BROKEN = (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError)
_CONTAINERS = ("PKCS7", "CMS")


class LocalCertification:
    """Safe to share between threads."""

    def __init__(self, iterations: int = PIN_ITERATIONS) -> None:
        self._iterations = iterations

    def make_key(self, algorithm: KeyAlgorithm, subject: Subject, pin: str) -> MadeKey:
        private = _generated(algorithm)
        request = x509.CertificateSigningRequestBuilder().subject_name(_name(subject)).sign(private, hashes.SHA256())
        return MadeKey(self._sealed(private, None, [], pin), request.public_bytes(Encoding.DER))

    def change_pin(self, key_file: bytes, old: str, new: str) -> bytes:
        private, certificate, others = open_key_file(key_file, old)
        return self._sealed(private, certificate, others, new)

    def issued(self, upload: bytes, request: bytes) -> tuple[bytes, ...]:
        found = _certificates(upload)
        wanted = csr.CertificationRequest.load(request)["certification_request_info"]["subject_pk_info"].dump()
        own = next((each for each in found if each.public_key.dump() == wanted), None)
        if own is None:
            raise KeyDiffers
        return tuple(each.dump() for each in (own, *(each for each in found if each is not own)))

    def facts(self, certificate: bytes) -> CertificateFacts:
        try:
            return facts_of(_parsed(certificate))
        except _BROKEN as error:
            raise KeyUnreadable from error

    def anchor(self, upload: bytes, now: datetime) -> AnchorFacts:
        try:
            (root,) = _blocks(upload)
        except _BROKEN as error:
            raise AnchorUnreadable from error
        name = names.common_name(root)
        if not root.ca or root.self_signed == "no":
            raise AnchorNotRoot(name=name)
        _ensure_sound(root, name)
        if not root.not_valid_before <= now <= root.not_valid_after:
            raise AnchorEnded(
                name=name,
                not_before=f"{root.not_valid_before:%d/%m/%Y}",
                not_after=f"{root.not_valid_after:%d/%m/%Y}",
            )
        return AnchorFacts(name, root.dump(), root.sha256.hex(), root.not_valid_before, root.not_valid_after)

    def _sealed(
        self,
        private: _Private,
        certificate: x509.Certificate | None,
        others: list[x509.Certificate],
        pin: str,
    ) -> bytes:
        """PKCS#12 with PBES2 (PBKDF2-HMAC-SHA-256, AES-256-CBC)."""
        encryption = (
            PrivateFormat.PKCS12.encryption_builder()
            .kdf_rounds(self._iterations)
            .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
            .hmac_hash(hashes.SHA256())
            .build(pin.encode())
        )
        return pkcs12.serialize_key_and_certificates(None, private, certificate, others or None, encryption)


def _generated(algorithm: KeyAlgorithm) -> _Private:
    match algorithm:
        case KeyAlgorithm.RSA_2048:
            return rsa.generate_private_key(public_exponent=65537, key_size=2048)
        case KeyAlgorithm.EC_P256:
            return ec.generate_private_key(ec.SECP256R1())
        case KeyAlgorithm.EC_P384:
            return ec.generate_private_key(ec.SECP384R1())


def _name(subject: Subject) -> x509.Name:
    """The shorter of a part and its upper bound (RFC 5280, A.1): authorities refuse longer ones."""
    parts = (
        (NameOID.COUNTRY_NAME, "VN", 2),
        (NameOID.LOCALITY_NAME, subject.locality, 128),
        (NameOID.ORGANIZATION_NAME, subject.organisation, 64),
        (NameOID.TITLE, subject.title, 64),
        (NameOID.COMMON_NAME, subject.common_name, 64),
    )
    return x509.Name([x509.NameAttribute(kind, text[:most]) for kind, text, most in parts if text])


def _certificates(upload: bytes) -> tuple[asn1_x509.Certificate, ...]:
    if len(upload) > LARGEST_UPLOAD:
        raise UploadUnreadable
    try:
        found = _blocks(upload)
    except _BROKEN as error:
        raise UploadUnreadable from error
    if not 0 < len(found) <= MOST_CERTIFICATES:
        raise UploadUnreadable
    return found


def _blocks(upload: bytes) -> tuple[asn1_x509.Certificate, ...]:
    """Raises a _BROKEN."""
    if len(upload) > LARGEST_UPLOAD:
        raise ValueError("too large")
    if not pem.detect(upload):
        return _of_der(upload)
    blocks = list(pem.unarmor(upload, multiple=True))[: MOST_CERTIFICATES + 1]
    ders = [der for kind, _, der in blocks if kind in ("CERTIFICATE", *_CONTAINERS)]
    return tuple(certificate for der in ders for certificate in _of_der(der))


def _of_der(der: bytes) -> tuple[asn1_x509.Certificate, ...]:
    """One certificate, or those in a PKCS#7 without content (RFC 5652, 5.1)."""
    try:
        return (_parsed(der),)
    except _BROKEN:
        content = cms.ContentInfo.load(der, strict=True)
        if content["content_type"].native != "signed_data":
            raise
        entries = content["content"]["certificates"]
        return tuple(_parsed(entry.chosen.dump()) for entry in list(entries)[: MOST_CERTIFICATES + 1])


def _parsed(der: bytes) -> asn1_x509.Certificate:
    certificate = asn1_x509.Certificate.load(der, strict=True)
    _ = certificate.native  # asn1crypto parses only when looked at
    return certificate


def _ensure_sound(root: asn1_x509.Certificate, name: str) -> None:
    """Its own signature holds, and its key is one that may still sign (L12)."""
    try:
        same = x509.load_der_x509_certificate(root.dump())
        same.verify_directly_issued_by(same)
        public = same.public_key()
    except InvalidSignature as error:
        raise AnchorSignatureFalse(name=name) from error
    except _BROKEN as error:
        raise AnchorNotRoot(name=name) from error
    rsa_size = public.key_size if isinstance(public, rsa.RSAPublicKey) else SMALLEST_RSA
    curve_size = public.curve.key_size if isinstance(public, ec.EllipticCurvePublicKey) else SMALLEST_CURVE
    known = isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
    if not known or rsa_size < SMALLEST_RSA or curve_size < SMALLEST_CURVE:
        raise AnchorWeak(name=name)
