"""Keys that sign: opened from an encrypted file by a PIN, used, and forgotten.

The PIN is an argument of one call and nothing else: never logged, stored or put into an error.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NoReturn

from asn1crypto import pkcs12 as asn1_pkcs12
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from meeting_app.domain.key import CertificateFacts
from meeting_app.domain.signature import CredentialExpired, KeyUnreadable, KeyUnusable, WrongPin
from meeting_app.i18n import N_, _
from meeting_app.signing import names
from meeting_app.signing.issuing import issuers

LARGEST_KEY_FILE: Final = 64 * 1024  # bytes
MOST_ITERATIONS: Final = 5_000_000  # of a key derivation: about two seconds
SMALLEST_RSA: Final = 2048  # bits (L12)
SMALLEST_CURVE: Final = 256  # bits (L12)

# Extended key usages under which certificates for signing documents are issued in practice.
_SIGNING_PURPOSES: Final = frozenset(
    {
        "any_extended_key_usage",
        "email_protection",
        "client_auth",
        "1.3.6.1.5.5.7.3.36",  # document signing, RFC 9336
        "microsoft_document_signing",
        "1.3.6.1.4.1.311.10.3.12",
        "adobe_authentic_documents_trust",
        "1.2.840.113583.1.1.5",
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class UnlockedKey:
    """A private key in memory with its certificate; cannot be printed, copied or pickled."""

    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    certificate: asn1_x509.Certificate
    chain: tuple[asn1_x509.Certificate, ...]  # issuing authorities that came with the key

    def __repr__(self) -> str:
        return f"<UnlockedKey {self.certificate.sha256.hex()[:16]}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an unlocked key stays in its process")

    __copy__ = __deepcopy__ = __getstate__ = __reduce__  # any way out is closed


def unlock(key_file: bytes, pin: str) -> UnlockedKey:
    """Open a PKCS#12 file; raises KeyUnreadable, WrongPin or KeyUnusable."""
    private, certificate, others = open_key_file(key_file, pin)
    if certificate is None:
        raise KeyUnreadable
    # Only authorities above the certificate: all of them will stand in each signature.
    chain = issuers(_asn1(certificate), map(_asn1, others))
    key = UnlockedKey(private, _asn1(certificate), chain)
    if private.public_key() != certificate.public_key():
        raise KeyUnreadable
    ensure_usable(key.certificate)
    return key


def open_key_file(
    key_file: bytes, pin: str
) -> tuple[rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, x509.Certificate | None, list[x509.Certificate]]:
    """The key, its certificate unless it was made here, and issuers; raises KeyUnreadable or WrongPin."""
    _ensure_reasonable(key_file)
    if "\0" in pin:  # the library would end the thread over it
        raise WrongPin
    try:
        private, certificate, others = pkcs12.load_key_and_certificates(key_file, pin.encode())
    except ValueError:
        # The file is well formed, so it is the PIN; the cause is dropped because it may quote the input.
        raise WrongPin from None
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyUnreadable
    return private, certificate, others


def ensure_usable(certificate: asn1_x509.Certificate) -> None:
    """Algorithm and scope of use allow signing documents (L12, L13); raises KeyUnusable."""
    public = certificate.public_key
    purposes = certificate.extended_key_usage_value
    usage = certificate.key_usage_value
    if certificate.ca:
        _refuse(certificate, N_("it belongs to a certification authority."))
    if public.algorithm == "rsa":
        if public.bit_size < SMALLEST_RSA:
            _refuse(certificate, N_("its RSA key is shorter than 2048 bits."))
    elif public.algorithm != "ec" or public.curve[0] != "named" or public.bit_size < SMALLEST_CURVE:
        _refuse(certificate, N_("its algorithm is not allowed."))
    if usage is not None and not usage.native & {"digital_signature", "non_repudiation"}:
        _refuse(certificate, N_("it was issued for another purpose."))
    if purposes is not None and not _SIGNING_PURPOSES & set(purposes.native):
        _refuse(certificate, N_("it was issued for another purpose."))


def ensure_in_force(certificate: asn1_x509.Certificate, now: datetime) -> None:
    """Within its validity period; raises CredentialExpired."""
    if not certificate.not_valid_before <= now <= certificate.not_valid_after:
        raise CredentialExpired(
            signer=names.common_name(certificate),
            not_before=f"{certificate.not_valid_before:%d/%m/%Y}",
            not_after=f"{certificate.not_valid_after:%d/%m/%Y}",
        )


def facts_of(certificate: asn1_x509.Certificate) -> CertificateFacts:
    return CertificateFacts(
        common_name=names.common_name(certificate),
        organisation=names.subject_part(certificate, "organization_name"),
        unit=names.subject_part(certificate, "organizational_unit_name"),
        issuer=names.issuer_name(certificate),
        not_before=certificate.not_valid_before,
        not_after=certificate.not_valid_after,
        sha256=certificate.sha256.hex(),
        serial=f"{certificate.serial_number:X}",
        algorithm=_algorithm(certificate),
    )


def _algorithm(certificate: asn1_x509.Certificate) -> str:
    public = certificate.public_key
    if public.algorithm == "ec":
        return f"ECDSA P-{public.bit_size}"
    return f"{public.algorithm.upper()} {public.bit_size}"


def _ensure_reasonable(key_file: bytes) -> None:
    """A PKCS#12 structure whose key derivation ends in time."""
    if len(key_file) > LARGEST_KEY_FILE:
        raise KeyUnreadable
    try:
        pfx = asn1_pkcs12.Pfx.load(key_file, strict=True)
        rounds = [pfx["mac_data"]["iterations"].native] if pfx["mac_data"].native else []
        for part in pfx.authenticated_safe:
            if part["content_type"].native == "encrypted_data":
                cipher = part["content"]["encrypted_content_info"]["content_encryption_algorithm"]
                rounds.append(cipher.kdf_iterations)
            else:
                bags = asn1_pkcs12.SafeContents.load(part["content"].native)
                rounds += [
                    bag["bag_value"]["encryption_algorithm"].kdf_iterations
                    for bag in bags
                    if bag["bag_id"].native == "pkcs8_shrouded_key_bag"
                ]
    except (ValueError, TypeError, KeyError) as error:
        raise KeyUnreadable from error
    if max(rounds, default=0) > MOST_ITERATIONS:
        raise KeyUnreadable


def _asn1(certificate: x509.Certificate | pkcs12.PKCS12Certificate) -> asn1_x509.Certificate:
    plain = certificate.certificate if isinstance(certificate, pkcs12.PKCS12Certificate) else certificate
    return asn1_x509.Certificate.load(plain.public_bytes(Encoding.DER))


def _refuse(certificate: asn1_x509.Certificate, reason: str) -> NoReturn:
    raise KeyUnusable(signer=names.common_name(certificate), reason=_(reason))
