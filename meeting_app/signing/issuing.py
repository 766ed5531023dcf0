"""Which certificates issued which, told by the signatures on them and not by their names alone."""

from collections.abc import Iterable

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm


def issuers(
    certificate: asn1_x509.Certificate, among: Iterable[asn1_x509.Certificate]
) -> tuple[asn1_x509.Certificate, ...]:
    """Those that issued the certificate, those that issued them, and so on; whether to trust them is not asked."""
    left = {entry.dump(): entry for entry in among if entry.dump() != certificate.dump()}
    found, newest = [], [certificate]
    while newest:
        newest = [entry for entry in left.values() if any(issued(entry, below) for below in newest)]
        found += newest
        for entry in newest:
            del left[entry.dump()]
    return tuple(found)


def issued(above: asn1_x509.Certificate, below: asn1_x509.Certificate) -> bool:
    """The name and the key of `above` made the signature on `below`."""
    try:
        issuer, subject = (x509.load_der_x509_certificate(entry.dump()) for entry in (above, below))
        subject.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
