"""What a place we do not control answers is proven before it is used: certificates and signatures."""

from collections.abc import Iterable, Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from meeting_app.signing.pss import SALT


def readable(certificates: Iterable[bytes]) -> list[x509.Certificate]:
    """Those among the DER strings that are certificates."""
    found = []
    for raw in certificates:
        try:
            found.append(x509.load_der_x509_certificate(raw))
        except ValueError:
            continue
    return found


def chain_of(certificate: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The certificate, its issuer, that one's issuer and so on, as far as they are among the others."""
    chain = [certificate]
    for _step in others:
        issuer = next((other for other in others if other not in chain and _issued(other, chain[-1])), None)
        if issuer is None:
            break
        chain.append(issuer)
    return tuple(chain)


def signed_by(certificate: x509.Certificate, contents: Sequence[bytes], signatures: Sequence[bytes]) -> bool:
    """Whether the signatures are those the port `KeyProvider` promises, each over its content."""
    public = certificate.public_key()
    try:
        for content, signature in zip(contents, signatures, strict=True):
            if isinstance(public, rsa.RSAPublicKey):
                scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=SALT)
                public.verify(signature, content, scheme, hashes.SHA256())
            elif isinstance(public, ec.EllipticCurvePublicKey):
                public.verify(signature, content, ec.ECDSA(hashes.SHA256()))
            else:
                return False
    except (InvalidSignature, ValueError):
        return False
    return True


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
