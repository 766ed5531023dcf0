"""How many signatures a second: ours against pyHanko's own signer, on the same invitation and key.

PAdES B-B on both sides, so that no network is measured.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from meeting_app.domain.paper import InvitationPaper, Letterhead, SignatureBlock
from meeting_app.domain.signature import Field, Paper, Place, SigningOrder
from meeting_app.pdf.invitation import render_invitation
from meeting_app.pdf.stamp import signature_stamp
from meeting_app.signing import appearance, fields
from meeting_app.signing.cms import DIGEST, CmsMaker, sign_bytes
from meeting_app.signing.embedding import fill, open_gap
from meeting_app.signing.engine import now_utc
from meeting_app.signing.keys import UnlockedKey
from meeting_app.signing.writing import AppendingWriter

Bench = dict[str, float]


def bench_sign(seconds: float) -> Bench:
    """Sign for about that long, half of it each way; signatures per second, RSA-2048, one thread."""
    paper, key = _paper(), _key()
    order = SigningOrder(
        field=Field.LEADER,
        place=paper.places[Field.LEADER],
        appearance=signature_stamp("Nguyễn Văn An", "M 10 10 L 200 120 L 400 40", datetime.now(UTC)),
        reason="Ký ban hành giấy mời",
        location="Hải Phòng",
    )
    maker, library = CmsMaker([key.certificate]), _library_signer(key)
    ours = _rate(lambda: sign_baseline(paper.pdf, order, maker, key), seconds / 2)
    stock = _rate(lambda: _library_sign(paper.pdf, order, library), seconds / 2)
    return {
        "ours_per_second": ours,
        "pyhanko_per_second": stock,
        "ratio": ours / stock,
        "document_bytes": float(len(paper.pdf)),
    }


def sign_baseline(pdf: bytes, order: SigningOrder, maker: CmsMaker, key: UnlockedKey) -> bytes:
    """A signature without timestamp or proofs (B-B): what the engine does, less the network."""
    paper = BytesIO(pdf)
    writer = AppendingWriter(paper)
    fields.create_missing(writer, order)
    gap = open_gap(writer, order, maker.room(0), now_utc())
    to_sign = maker.to_sign(gap.digest)
    fill(paper, (gap.start, gap.end), maker.assembled(to_sign, sign_bytes(key, to_sign), None))
    return paper.getvalue()


def _library_sign(pdf: bytes, order: SigningOrder, signer: SimpleSigner) -> bytes:
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
    signed: bytes = library.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))).getvalue()
    return signed


def _rate(act: Callable[[], object], seconds: float) -> float:
    act()  # imports and caches
    count, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds or not count:
        act()
        count += 1
    return count / spent


def _paper() -> Paper:
    """An ordinary invitation to many guests."""
    today = datetime.now(UTC)
    block = SignatureBlock(Field.LEADER, ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Văn An")
    paper = InvitationPaper(
        letterhead=Letterhead("UỶ BAN NHÂN DÂN", "15/GM-UBND", "Hải Phòng", today.date()),
        subject="Họp thường kỳ",
        inviter="Uỷ ban nhân dân thành phố Hải Phòng",
        guests=tuple(f"Ông Đại biểu {number}, Giám đốc Sở {number}" for number in range(1, 151)),
        attends="Phiên họp thường kỳ",
        chair="Ông Nguyễn Văn An, Chủ tịch Uỷ ban nhân dân thành phố",
        starts_at=today,
        place="Phòng họp số 1",
        signature=block,
        agenda=tuple(f"Nội dung {number} của phiên họp, do cơ quan chuẩn bị trình bày" for number in range(1, 21)),
    )
    rendered = render_invitation(paper, ())
    return replace(rendered, places={Field.LEADER: rendered.places.get(Field.LEADER, Place(0, 300, 100, 150, 60))})


def _key() -> UnlockedKey:
    """A key that exists only for the measurement."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Bench")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    return UnlockedKey(private, asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)), ())


def _library_signer(key: UnlockedKey) -> SimpleSigner:
    raw = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=key.certificate,
        signing_key=asn1_keys.PrivateKeyInfo.load(raw),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # pyHanko has no types here
        prefer_pss=True,
    )
