"""Trusted roots from PEM files (L16)."""

from collections.abc import Iterable
from pathlib import Path

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509


def read_roots(paths: Iterable[Path]) -> tuple[asn1_x509.Certificate, ...]:
    """Every certificate in the files; raises OSError, or ValueError for a file without certificates."""
    return tuple(certificate for path in paths for certificate in parse_roots(path.read_bytes()))


def parse_roots(raw: bytes) -> tuple[asn1_x509.Certificate, ...]:
    """Certificates in PEM (any number) or DER (one); raises ValueError if there is none."""
    if not pem.detect(raw):
        return (_parsed(raw),)
    blocks = pem.unarmor(raw, multiple=True)
    roots = tuple(_parsed(der) for kind, _, der in blocks if kind == "CERTIFICATE")
    if not roots:
        raise ValueError("no certificate")
    return roots


def to_pem(certificates: Iterable[asn1_x509.Certificate]) -> bytes:
    return b"".join(pem.armor("CERTIFICATE", certificate.dump()) for certificate in certificates)


def _parsed(der: bytes) -> asn1_x509.Certificate:
    certificate = asn1_x509.Certificate.load(der, strict=True)
    try:
        _ = certificate.native  # asn1crypto parses only when looked at
    except (TypeError, KeyError) as error:
        raise ValueError("not a certificate") from error
    return certificate
