"""A running demo PKI for the whole test session, on a free loopback port."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import x509

from meeting_app.bench.sign_child import sign_baseline
from meeting_app.domain.key import KeyHandle, KeyPlace, Secret
from meeting_app.domain.signature import SigningOrder
from meeting_app.ports import Signatures
from meeting_app.signing.cms import CmsMaker, sign_bytes
from meeting_app.signing.demo_pki import DemoPki, DemoSubject, prepare
from meeting_app.signing.engine import SigningEngine
from meeting_app.signing.file_keys import FileKeys
from meeting_app.signing.keys import UnlockedKey
from meeting_app.signing.signatures import PyHankoSignatures
from meeting_app.signing.trust import read_roots

ROOT = Path(__file__).parent.parent
PIN = "246810"

AGENCY = "Uỷ ban nhân dân thành phố Hải Phòng"

CAST = (
    DemoSubject(
        "an", "Nguyễn Văn An", AGENCY, PIN, unit="Lãnh đạo", title="Chủ tịch", serial_number="CCCD:031000000001"
    ),
    DemoSubject("binh", "Trần Thị Bình", AGENCY, PIN, unit="Văn phòng", title="Thư ký", algorithm="ec"),
    DemoSubject("hung", "Lê Quốc Hùng", AGENCY, PIN, unit="Sở Tài chính", title="Giám đốc", algorithm="ec"),
    DemoSubject("mai", "Hoàng Thị Mai", AGENCY, PIN, unit="Sở Nội vụ", title="Giám đốc", algorithm="ec384"),
    DemoSubject("seal", AGENCY, AGENCY, PIN, serial_number="MST:0200000001"),
    DemoSubject("expired", "Phạm Hết Hạn", AGENCY, PIN, algorithm="ec", starts_days=-30, ends_days=-2),
    DemoSubject("revoked", "Vũ Thu Hồi", AGENCY, PIN, algorithm="ec"),
    DemoSubject("cipher", "Đỗ Mã Hoá", AGENCY, PIN, algorithm="rsa", usage="encipherment"),
)


# Ends with the test run, even with one that is killed: its standard input closes then.
_SERVER = """
import os, sys, threading
from pathlib import Path
from meeting_app.signing.demo_pki import run
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
run(Path(sys.argv[1]), started=lambda: print("listening", flush=True))
"""


@contextmanager
def serving(pki: DemoPki) -> Iterator[None]:
    """The authorities in a process of their own, listening when this returns."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(pki.directory)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "listening\n"
            yield
        finally:
            child.terminate()


def sign(engine: SigningEngine, pdf: bytes, order: SigningOrder, key: UnlockedKey, *, forced: bool = False) -> bytes:
    """All three steps of a signature; `forced`: also where our own software would refuse to sign."""
    begun = engine.begin([key.certificate, *key.chain])
    paper = BytesIO(pdf)
    prepared = (begun.prepare_unasked if forced else begun.prepare)(paper, order)
    engine.finish(paper, prepared, sign_bytes(key, prepared.to_sign))
    return paper.getvalue()


def sign_bare(pdf: bytes, order: SigningOrder, key: UnlockedKey) -> bytes:
    """A signature with neither timestamp nor proofs (B-B)."""
    paper = BytesIO(pdf)
    sign_baseline(paper, order, CmsMaker([key.certificate, *key.chain]), key)
    return paper.getvalue()


def sign_with_file(signatures: Signatures, pdf: bytes, order: SigningOrder, pkcs12: bytes, pin: str = PIN) -> bytes:
    """The same through the ports, with a key in a file."""
    keys, handle = FileKeys(), KeyHandle(KeyPlace.FILE, key_file=pkcs12)
    begun = signatures.begin(keys.certificates(handle, Secret(pin)))
    paper = BytesIO(pdf)
    prepared = begun.prepare(paper, order)
    signed = keys.sign(handle, Secret(pin), [prepared.to_sign])
    signatures.finish(paper, prepared, signed[0])
    return paper.getvalue()


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoPki]:
    """Root, issuing authority, OCSP, CRL and timestamps for the cast; every PIN is PIN."""
    made = prepare(tmp_path_factory.mktemp("pki"), CAST)
    made.revoke("revoked")
    with serving(made):
        yield made


@pytest.fixture(scope="session")
def roots(pki: DemoPki) -> tuple[x509.Certificate, ...]:
    return read_roots([pki.trust_file])


@pytest.fixture(scope="session")
def signatures(pki: DemoPki, roots: tuple[x509.Certificate, ...]) -> PyHankoSignatures:
    return PyHankoSignatures([pki.timestamp_url], roots)
