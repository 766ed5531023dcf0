"""Which certificates a place of keys holds, and how they follow from one another."""

from collections.abc import Iterable, Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm


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


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
