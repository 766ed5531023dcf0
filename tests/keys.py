"""The keys of the cast, from demo authorities that start with the first test that signs or verifies."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from meeting_app.domain.credential import CertificateFacts
from meeting_app.domain.signature import FileVerdict, RouteStep, SigningOrder
from meeting_app.ports import Signatures
from meeting_app.signing.demo_pki import DemoPki, DemoSubject, prepare
from tests.cast import PARTS, UNITS

PIN = "246810"  # of every key
SEAL = "dau_an_hai"

SUBJECTS = (
    *(
        DemoSubject(name, PARTS[name].full_name, UNITS["an_hai"].name, PIN, title=PARTS[name].post, algorithm="ec")
        for name in ("hung", "lan", "minh")
    ),
    DemoSubject(SEAL, UNITS["an_hai"].name, UNITS["an_hai"].name, PIN, serial_number="MST:0200000002"),
)


@dataclass
class Office:
    """The authorities, their answers over loopback HTTP, and the engine that trusts them."""

    folder: Path
    open_things: ExitStack

    @cached_property
    def pki(self) -> DemoPki:
        from tests.pki import serving

        made = prepare(self.folder, SUBJECTS)
        self.open_things.enter_context(serving(made))
        return made

    @cached_property
    def engine(self) -> Signatures:
        from meeting_app.signing.signatures import PyHankoSignatures
        from meeting_app.signing.trust import read_roots

        return PyHankoSignatures([self.pki.timestamp_url], read_roots([self.pki.trust_file]))


@dataclass
class SignaturesOnDemand:
    """The real engine; most tests never sign and need not wait for its authorities."""

    office: Office
    opened: dict[tuple[bytes, str], CertificateFacts] = field(default_factory=dict)

    def check(self, pkcs12: bytes, pin: str) -> CertificateFacts:
        # Opening a key is slow on purpose; the cast's are enrolled anew in every test that signs.
        if (pkcs12, pin) not in self.opened:
            self.opened[pkcs12, pin] = self.office.engine.check(pkcs12, pin)
        return self.opened[pkcs12, pin]

    def sign(self, pdf: bytes, order: SigningOrder, pkcs12: bytes, pin: str) -> bytes:
        return self.office.engine.sign(pdf, order, pkcs12, pin)

    def verify(self, pdf: bytes, expected: Sequence[RouteStep] = ()) -> FileVerdict:
        return self.office.engine.verify(pdf, expected)

    def verify_file(self, path: Path) -> FileVerdict:
        return self.office.engine.verify_file(path)
