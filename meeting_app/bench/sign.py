"""Signing and checking, each figure beside its yardstick in one run.

Signatures per second are PAdES B-B by one thread, so that no network is measured; the yardstick is
pyHanko's own signer on the same paper and key. The large file is signed by a child process that
reports its own time and memory, and the one of many objects is checked as strangers' files are.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from meeting_app import demo
from meeting_app.bench import papers
from meeting_app.bench.sign_child import order_for, sign_baseline
from meeting_app.domain.signature import Field, Place, SigningOrder, VerificationTookTooLong
from meeting_app.pdf.stamp import signature_stamp
from meeting_app.settings import Settings
from meeting_app.signing import appearance
from meeting_app.signing.cms import DIGEST, CmsMaker
from meeting_app.signing.demo_pki import DemoPki, DemoSubject, prepare
from meeting_app.signing.keys import UnlockedKey, unlock
from meeting_app.signing.trust import read_roots
from meeting_app.signing.verify import verify
from meeting_app.signing.verify_child import verify_in_child

_PIN = "246810"
_PLACE = Place(0, 300, 100, 150, 60)
_MANY_OBJECTS = 100_000
_LARGE_MEGABYTES = 50
_MANY_SIGNATURES = 8
_TIMES = 5  # of which the median counts

Bench = dict[str, Any]

_SIGNER = ("Nguyễn Văn An", "Uỷ ban nhân dân thành phố Hải Phòng", _PIN)
SUBJECTS = (DemoSubject("rsa", *_SIGNER), DemoSubject("curve", *_SIGNER, algorithm="ec"))


def bench_sign(seconds: float) -> Bench:
    """Sign for about that long each way, then the large, the many-object and the often signed paper once each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pki = prepare(folder / "pki", SUBJECTS)
        paper = papers.foreign(papers.invitation())
        stamp = signature_stamp("Nguyễn Văn An", "M 10 10 L 200 120 L 400 40", datetime.now(UTC))
        return {
            "document_bytes": len(paper),
            **rates(paper, stamp, pki, seconds),
            **_large(paper, stamp, folder),
            **_validation(pki),
            **_many_objects(paper, stamp, pki, folder),
        }


def rates(paper: bytes, stamp: bytes, pki: DemoPki, seconds: float) -> Bench:
    """By one thread, with keys that are already open."""
    order = order_for(Field.LEADER, stamp, _PLACE)
    keys = {name: unlock(pki.pkcs12(name), _PIN) for name in ("rsa", "curve")}
    makers = {name: CmsMaker([key.certificate]) for name, key in keys.items()}
    library = _library_signer(keys["rsa"])
    rsa = _rate(lambda: sign_baseline(BytesIO(paper), order, makers["rsa"], keys["rsa"]), seconds)
    curve = _rate(lambda: sign_baseline(BytesIO(paper), order, makers["curve"], keys["curve"]), seconds)
    stock = _rate(lambda: _library_sign(paper, order, library), seconds)
    return {"rsa2048_per_s": rsa, "p256_per_s": curve, "stock_rsa2048_per_s": stock, "ratio": rsa / stock}


def _large(paper: bytes, stamp: bytes, folder: Path) -> Bench:
    """Signed in place by a fresh process; the copy it works on is made before."""
    content = papers.large(paper, _LARGE_MEGABYTES)
    (folder / "stamp.pdf").write_bytes(stamp)
    told = []
    for _ in range(_TIMES):
        (folder / "large.pdf").write_bytes(content)
        arguments = [folder / "large.pdf", folder / "pki" / "rsa.p12", _PIN, folder / "stamp.pdf"]
        command = [sys.executable, "-m", "meeting_app.bench.sign_child", *map(str, arguments)]
        told.append(json.loads(subprocess.run(command, capture_output=True, check=True).stdout))
    return {
        "large_bytes": len(content),
        "large_ms": statistics.median(each["ms"] for each in told),
        "large_rss_mb": max(each["rss_mb"] for each in told),
    }


def _validation(pki: DemoPki) -> Bench:
    """An invitation of thirty guests with eight complete signatures (B-LT) of other software."""
    paper = papers.foreign(papers.invitation(30))
    signer = _library_signer(unlock(pki.pkcs12("rsa"), _PIN))
    (root,) = read_roots([pki.trust_file])
    settings = Settings(data_dir=pki.directory.parent, timestamp_urls=(pki.timestamp_url,))
    with demo.authorities(settings):
        signed = papers.signed_many_times(paper, _MANY_SIGNATURES, signer, pki.timestamp_url, root)
    spent = [_timed(lambda: verify(signed, [root])) for _ in range(_TIMES + 1)][1:]  # the first one imports
    return {"validate_ms_per_signature": statistics.median(spent) * 1000 / _MANY_SIGNATURES}


def _many_objects(paper: bytes, stamp: bytes, pki: DemoPki, folder: Path) -> Bench:
    """Two signatures on a file of very many objects, checked in the child process with its limits."""
    signed = BytesIO(papers.of_many_objects(paper, _MANY_OBJECTS))
    for field, name, later in ((Field.LEADER, "rsa", (Field.SEAL,)), (Field.SEAL, "curve", ())):
        key = unlock(pki.pkcs12(name), _PIN)
        sign_baseline(signed, order_for(field, stamp, _PLACE, *later), CmsMaker([key.certificate]), key)
    path = folder / "many.pdf"
    path.write_bytes(signed.getvalue())
    began = time.perf_counter()
    try:
        answer = verify_in_child(path, read_roots([pki.trust_file])).verdict.value
    except VerificationTookTooLong:
        answer = "limit"
    return {"many_objects_s": time.perf_counter() - began, "many_objects_answer": answer}


def _library_sign(pdf: bytes, order: SigningOrder, signer: SimpleSigner) -> None:
    place = order.place
    box = tuple(map(int, (place.x, place.y, place.x + place.width, place.y + place.height)))
    meta = PdfSignatureMetadata(
        field_name=order.field.value,
        md_algorithm=DIGEST,
        reason=order.reason,
        location=order.location,
        subfilter=SigSeedSubFilter.PADES,
    )
    spec = SigFieldSpec(order.field.value, on_page=place.page, box=box)  # type: ignore[arg-type]  # four of them
    library = PdfSigner(meta, signer, stamp_style=appearance.style(order.appearance), new_field_spec=spec)
    library.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))


def _library_signer(key: UnlockedKey) -> SimpleSigner:
    raw = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko has no types here
    store.register_multiple(key.chain)
    return SimpleSigner(
        signing_cert=key.certificate,
        signing_key=asn1_keys.PrivateKeyInfo.load(raw),
        cert_registry=store,
        prefer_pss=True,
    )


def _rate(act: Callable[[], object], seconds: float) -> float:
    """Per second, the first time not counted."""
    act()  # imports and caches
    count, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds or not count:
        act()
        count += 1
    return count / spent


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
