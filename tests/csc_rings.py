"""Rings of remote keys: what the contract of all key providers needs to know of each way to sign remotely.

with csc_rings.running_rings(pki) as rings:
    for ring in rings: ring.keys.sign(ring.handle("rsa"), ring.right, [b"…"])
"""

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from meeting_app.domain.key import KeyHandle, KeyPlace, Secret
from meeting_app.signing.csc_services import Version
from meeting_app.signing.demo_pki import DemoPki, DemoSubject, prepare
from meeting_app.signing.remote_keys import RemoteKeys
from tests.csc_answers import CscService
from tests.csc_service import running
from tests.csc_vault import Decision, Held, Phone

PIN = "135790"
_OFFICE = "Sở Thông tin"
SUBJECTS = (
    DemoSubject("csc_rsa", "Đặng Từ Xa", _OFFICE, PIN, algorithm="rsa"),
    DemoSubject("csc_p256", "Hồ Điện Thoại", _OFFICE, PIN, algorithm="ec"),
    DemoSubject("csc_p384", "Bùi Đám Mây", _OFFICE, PIN, algorithm="ec384"),
)
ALGORITHMS = tuple(subject.label.removeprefix("csc_") for subject in SUBJECTS)  # rsa, p256, p384


@dataclass(frozen=True)
class CscRing:
    """Three keys of one kind at one service."""

    name: str
    service: CscService
    keys: RemoteKeys
    place: KeyPlace
    version: Version
    suffix: str  # of its credentials' names
    code: bool

    def handle(self, algorithm: str) -> KeyHandle:
        """The key of kind "rsa" (2048 bits), "p256" or "p384"."""
        return KeyHandle(self.place, f"{self.version}/{algorithm}-{self.suffix}")

    @property
    def unknown(self) -> KeyHandle:
        return KeyHandle(self.place, f"{self.version}/khong-co")

    @property
    def right(self) -> Secret:
        """For one call of `sign`: a code is good for one authorisation, each access gives a new one."""
        return Secret(PIN, self.service.vault.new_code() if self.code else "")

    @property
    def wrong(self) -> Secret:
        return Secret("000000", "000000" if self.code else "")

    def confirm(self, ticket: str, decision: Decision = Decision.CONFIRM) -> None:
        """What the holder does on the phone, over HTTP: every question that the ticket is about."""
        for _asked, name, _count in json.loads(ticket)["requests"]:
            body = json.dumps({"request": name, "decision": decision}).encode()
            urllib.request.urlopen(f"http://127.0.0.1:{self.service.port}/phone", body).close()


_KINDS = (
    # name, place, version, suffix of the credentials, with a code, when the phone rings
    ("remote-v1", KeyPlace.REMOTE, Version.V1, "ma", True, Phone.NEVER),
    ("remote-v2", KeyPlace.REMOTE, Version.V2, "ma", True, Phone.NEVER),
    ("phone-signing", KeyPlace.PHONE, Version.V2, "ky", False, Phone.SIGNING),
    ("phone-allowing", KeyPlace.PHONE, Version.V2, "duyet", False, Phone.ALLOWING),
)
NAMES = tuple(kind[0] for kind in _KINDS)


@contextmanager
def running_rings(pki: DemoPki) -> Iterator[tuple[CscRing, ...]]:
    """Every kind of remote key at one running service, with certificates of the demo's authority."""
    with running() as service:
        keys = RemoteKeys([service.settings(version) for version in Version])
        for _name, _place, _version, suffix, code, phone in _KINDS:
            for held in enrolled(pki, suffix, code=code, phone=phone):
                service.enrol(held)
        yield tuple(
            CscRing(name, service, keys, place, version, suffix, code)
            for name, place, version, suffix, code, _phone in _KINDS
        )


def enrolled(pki: DemoPki, suffix: str, **settings: object) -> tuple[Held, ...]:
    """The three keys of the vault, each "kind-suffix"; the certificates are issued at the first call."""
    prepare(pki.directory, SUBJECTS)
    return tuple(
        Held(
            name=f"{subject.label.removeprefix('csc_')}-{suffix}",
            private=_private(pki.directory, subject.label),
            chain=[pki.certificate(label) for label in (subject.label, "issuing", "root")],
            **{"pin": PIN} | settings,
        )
        for subject in SUBJECTS
    )


@cache  # RSA keys are checked at each loading
def _private(directory: Path, label: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    key = load_pem_private_key((directory / "keys" / f"{label}.pem").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    return key


@pytest.fixture(scope="session")
def csc_rings(pki: DemoPki) -> Iterator[dict[str, CscRing]]:
    """By name."""
    with running_rings(pki) as rings:
        yield {ring.name: ring for ring in rings}


@pytest.fixture
def csc_ring(csc_rings: dict[str, CscRing], request: pytest.FixtureRequest) -> CscRing:
    """The one named by the test's parameter."""
    return csc_rings[request.param]


@pytest.fixture
def csc_service(csc_rings: dict[str, CscRing]) -> CscService:
    """Where all rings are; what it was asked is forgotten."""
    service = csc_rings[NAMES[0]].service
    service.asked.clear()
    return service


@pytest.fixture
def csc_keys(csc_rings: dict[str, CscRing]) -> RemoteKeys:
    return csc_rings[NAMES[0]].keys


@pytest.fixture
def csc_key(csc_service: CscService, pki: DemoPki) -> Callable[..., KeyHandle]:
    """Enrol a P-256 key of one's own kind: `csc_key("v1", limit=25)`."""

    def handle(version: str, place: KeyPlace = KeyPlace.REMOTE, **settings: object) -> KeyHandle:
        held = enrolled(pki, f"rieng{len(csc_service.vault.keys)}", **settings)[ALGORITHMS.index("p256")]
        csc_service.enrol(held)
        return KeyHandle(place, f"{version}/{held.name}")

    return handle
