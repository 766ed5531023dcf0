"""The promise `ports.Signatures`, kept with pyHanko."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from asn1crypto import x509 as asn1_x509

from meeting_app.domain.key import CertificateFacts
from meeting_app.domain.page_area import ForeignPaper
from meeting_app.domain.signature import FileVerdict, KeyUnreadable, PreparedSignature, RouteStep
from meeting_app.signing.attachments import look_into
from meeting_app.signing.engine import Round, SigningEngine, now_utc
from meeting_app.signing.keys import ensure_in_force, ensure_usable, facts_of
from meeting_app.signing.trust import Trust, standing
from meeting_app.signing.verify import verify
from meeting_app.signing.verify_child import verify_in_child


class PyHankoSignatures:
    """Safe to share between threads."""

    def __init__(
        self,
        timestamp_urls: Sequence[str],
        trust: Trust,
        *,
        fetch_seconds: float = 5.0,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self._trust = standing(trust)
        self._clock = clock
        self._engine = SigningEngine(timestamp_urls, self._trust, fetch_seconds=fetch_seconds, clock=clock)

    def read(self, certificate: bytes) -> CertificateFacts:
        """What a certificate (DER) says, if it may sign papers at all; raises a KeyRefused. Asks nobody."""
        read = _certificate(certificate)
        ensure_usable(read)
        ensure_in_force(read, self._clock())
        return facts_of(read)

    def look_into(self, paper: BinaryIO) -> ForeignPaper:
        return look_into(paper)

    def begin(self, certificates: Sequence[bytes], *, unchecked: bool = False) -> Round:
        return self._engine.begin([_certificate(each) for each in certificates], unchecked=unchecked)

    def finish(self, paper: BinaryIO, prepared: PreparedSignature, value: bytes) -> None:
        self._engine.finish(paper, prepared, value)

    def archive(self, paper: BinaryIO) -> datetime:
        return self._engine.archive(paper)

    def verify(self, pdf: bytes, expected: Sequence[RouteStep] = ()) -> FileVerdict:
        """Judge the file from itself and the trusted roots; raises Unreadable."""
        return verify(pdf, self._trust(), expected, now=self._clock())

    def verify_file(self, path: Path) -> FileVerdict:
        """Judge a stranger's file in a child process with limits; raises Unreadable, VerificationTookTooLong."""
        return verify_in_child(path, self._trust(), now=self._clock())


def _certificate(der: bytes) -> asn1_x509.Certificate:
    try:
        read = asn1_x509.Certificate.load(der, strict=True)
        _ = read.native  # asn1crypto parses only when looked at
    except (ValueError, TypeError, KeyError) as error:
        raise KeyUnreadable from error
    return read
