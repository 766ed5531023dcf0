"""The keys of the cast, from demo authorities that start with the first test that signs or verifies."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from meeting_app.domain.key import CertificateFacts, KeyHandle, Secret
from meeting_app.domain.page_area import ForeignPaper
from meeting_app.domain.signature import FileVerdict, PreparedSignature, RouteStep
from meeting_app.ports import Signatures, SigningRound
from meeting_app.signing.demo_pki import DemoPki, DemoSubject, prepare
from meeting_app.signing.file_keys import FileKeys
from tests.cast import PARTS, UNITS

PIN = "246810"  # of every key
SEAL = "dau_an_hai"
MAILBOX = "thu_an_hai"  # An Hải's key for official mail

SUBJECTS = (
    *(
        DemoSubject(name, PARTS[name].full_name, UNITS["an_hai"].name, PIN, title=PARTS[name].post, algorithm="ec")
        for name in ("hung", "lan", "minh")
    ),
    DemoSubject(SEAL, UNITS["an_hai"].name, UNITS["an_hai"].name, PIN, serial_number="MST:0200000002"),
    DemoSubject(MAILBOX, UNITS["an_hai"].name, UNITS["an_hai"].name, PIN, algorithm="ec"),
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

    def read(self, certificate: bytes) -> CertificateFacts:
        return self.office.engine.read(certificate)

    def look_into(self, paper: BinaryIO) -> ForeignPaper:
        return self.office.engine.look_into(paper)

    def begin(self, certificates: Sequence[bytes], *, unchecked: bool = False) -> SigningRound:
        return self.office.engine.begin(certificates, unchecked=unchecked)

    def finish(self, paper: BinaryIO, prepared: PreparedSignature, value: bytes) -> None:
        self.office.engine.finish(paper, prepared, value)

    def archive(self, paper: BinaryIO) -> datetime:
        return self.office.engine.archive(paper)

    def verify(self, pdf: bytes, expected: Sequence[RouteStep] = ()) -> FileVerdict:
        return self.office.engine.verify(pdf, expected)

    def verify_file(self, path: Path) -> FileVerdict:
        return self.office.engine.verify_file(path)


class RememberedKeys(FileKeys):
    """Opening a key is slow on purpose; the cast's are enrolled anew in every test that signs."""

    def __init__(self) -> None:
        self._opened: dict[tuple[bytes, str], tuple[bytes, ...]] = {}

    def certificates(self, key: KeyHandle, secret: Secret) -> tuple[bytes, ...]:
        known = (key.key_file, secret.pin)
        if known not in self._opened:
            self._opened[known] = super().certificates(key, secret)
        return self._opened[known]
