"""The promise `ports.Signatures`, kept with pyHanko and encrypted key files."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from asn1crypto import x509 as asn1_x509

from meeting_app.domain.credential import CertificateFacts
from meeting_app.domain.signature import FileVerdict, RouteStep, SigningOrder
from meeting_app.signing.engine import SigningEngine, now_utc
from meeting_app.signing.keys import ensure_in_force, facts_of, unlock
from meeting_app.signing.verify import verify
from meeting_app.signing.verify_child import verify_in_child


class PyHankoSignatures:
    """Safe to share between threads."""

    def __init__(
        self,
        timestamp_urls: Sequence[str],
        trust: Sequence[asn1_x509.Certificate],
        *,
        fetch_seconds: float = 5.0,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self._trust = tuple(trust)
        self._clock = clock
        self._engine = SigningEngine(timestamp_urls, trust, fetch_seconds=fetch_seconds, clock=clock)

    def check(self, pkcs12: bytes, pin: str) -> CertificateFacts:
        """Unlock the key and say whose it is; raises a KeyRefused. Asks nobody over the network."""
        key = unlock(pkcs12, pin)
        ensure_in_force(key.certificate, self._clock())
        return facts_of(key.certificate)

    def sign(self, pdf: bytes, order: SigningOrder, pkcs12: bytes, pin: str) -> bytes:
        """The PDF with one more signature, PAdES B-LT; raises a MeetingError and signs nothing otherwise."""
        return self._engine.sign(pdf, order, unlock(pkcs12, pin))

    def verify(self, pdf: bytes, expected: Sequence[RouteStep] = ()) -> FileVerdict:
        """Judge the file from itself and the trusted roots; raises Unreadable."""
        return verify(pdf, self._trust, expected, now=self._clock())

    def verify_file(self, path: Path) -> FileVerdict:
        """Judge a stranger's file in a child process with limits; raises Unreadable, VerificationTookTooLong."""
        return verify_in_child(path, self._trust, now=self._clock())
