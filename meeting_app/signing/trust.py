"""Trusted roots: from PEM files, and those the administrators added, as they stand now (L16)."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from pyhanko_certvalidator.path import ValidationPath

from meeting_app.domain.trust_anchor import AnchorKind
from meeting_app.ports import AnchorRows

_PURPOSE = "Purpose"  # a header of our own PEM blocks
_TIMESTAMPS = "timestamp"


class TimestampRoot(asn1_x509.Certificate):  # type: ignore[misc]  # asn1crypto has no types
    """A root that vouches for timestamp authorities alone."""


Trust = Sequence[asn1_x509.Certificate] | Callable[[], Sequence[asn1_x509.Certificate]]


def standing(trust: Trust) -> Callable[[], Sequence[asn1_x509.Certificate]]:
    """Asked before each check, so that a change counts from the next one on."""
    if callable(trust):
        return trust
    fixed = tuple(trust)
    return lambda: fixed


class TrustedRoots:
    """Those of the trust file and those in the rows; reads certificates anew only when the rows changed.

    Safe to share between threads.
    """

    def __init__(self, fixed: Sequence[asn1_x509.Certificate], rows: AnchorRows) -> None:
        self._fixed = tuple(fixed)
        self._rows = rows
        self._known: tuple[object, tuple[asn1_x509.Certificate, ...]] = (None, self._fixed)

    def __call__(self) -> tuple[asn1_x509.Certificate, ...]:
        version, known = self._known
        changed = self._rows.changed_since(version)
        if changed is None:
            return known
        fixed = {each.dump() for each in self._fixed}  # what the file trusts no row makes narrower
        roots = (*self._fixed, *(_root(kind, der) for kind, der in changed.anchors if der not in fixed))
        self._known = (changed.version, roots)  # whoever keeps an older one than another thread reads again
        return roots


def vouches_for_signers(path: ValidationPath) -> bool:
    """Whether a signer's chain ends at a root that was trusted for signers."""
    return not isinstance(path.first, TimestampRoot)


def read_roots(paths: Iterable[Path]) -> tuple[asn1_x509.Certificate, ...]:
    """Every certificate in the files; raises OSError, or ValueError for a file without certificates."""
    return tuple(certificate for path in paths for certificate in parse_roots(path.read_bytes()))


def parse_roots(raw: bytes) -> tuple[asn1_x509.Certificate, ...]:
    """Certificates in PEM (any number) or DER (one); raises ValueError if there is none."""
    if not pem.detect(raw):
        return (_parsed(raw),)
    blocks = pem.unarmor(raw, multiple=True)
    roots = tuple(
        _parsed(der, TimestampRoot if headers.get(_PURPOSE) == _TIMESTAMPS else asn1_x509.Certificate)
        for kind, headers, der in blocks
        if kind == "CERTIFICATE"
    )
    if not roots:
        raise ValueError("no certificate")
    return roots


def to_pem(certificates: Iterable[asn1_x509.Certificate]) -> bytes:
    return b"".join(
        pem.armor(
            "CERTIFICATE",
            certificate.dump(),
            headers={_PURPOSE: _TIMESTAMPS} if isinstance(certificate, TimestampRoot) else None,
        )
        for certificate in certificates
    )


def _root(kind: AnchorKind, der: bytes) -> asn1_x509.Certificate:
    return (TimestampRoot if kind is AnchorKind.TIMESTAMP else asn1_x509.Certificate).load(der, strict=True)


def _parsed(der: bytes, kind: type[asn1_x509.Certificate] = asn1_x509.Certificate) -> asn1_x509.Certificate:
    certificate = kind.load(der, strict=True)
    try:
        _ = certificate.native  # asn1crypto parses only when looked at
    except (TypeError, KeyError) as error:
        raise ValueError("not a certificate") from error
    return certificate
