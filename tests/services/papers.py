"""What the tests of invitation and minutes share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from meeting_app.domain.access import Actor
from meeting_app.domain.credential import CertificateFacts
from meeting_app.domain.signature import FileVerdict, RouteStep, SigningOrder
from meeting_app.ports import Ports, Signatures
from meeting_app.services import waiting
from meeting_app.services.waiting import Errand

STROKES = "M 20 200 L 120 60 L 240 220 L 400 90"


def errands(ports: Ports, actor: Actor) -> list[Errand]:
    return [each.errand for each in waiting.for_actor(ports, actor)]


@dataclass
class Interrupted:
    """The real signatures, and something that happens to the meeting while one is being made."""

    signatures: Signatures
    meanwhile: Callable[[], object]

    def check(self, pkcs12: bytes, pin: str) -> CertificateFacts:
        return self.signatures.check(pkcs12, pin)

    def sign(self, pdf: bytes, order: SigningOrder, pkcs12: bytes, pin: str) -> bytes:
        signed = self.signatures.sign(pdf, order, pkcs12, pin)
        self.meanwhile()
        return signed

    def verify(self, pdf: bytes, expected: Sequence[RouteStep] = ()) -> FileVerdict:
        return self.signatures.verify(pdf, expected)

    def verify_file(self, path: Path) -> FileVerdict:
        return self.signatures.verify_file(path)
