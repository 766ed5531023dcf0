"""Papers to measure with: an ordinary one, a large one, one of very many objects, one with many signatures."""

import os
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject

from meeting_app.domain.paper import InvitationPaper, Letterhead, SignatureBlock
from meeting_app.domain.signature import Field
from meeting_app.pdf.invitation import render_invitation
from meeting_app.signing.cms import DIGEST

_MEGABYTE = 1 << 20


def invitation(guests: int = 280) -> bytes:
    """About 100 kB."""
    today = datetime.now(UTC)
    paper = InvitationPaper(
        letterhead=Letterhead("UỶ BAN NHÂN DÂN", "15/GM-UBND", "Hải Phòng", today.date()),
        subject="Họp thường kỳ",
        inviter="Uỷ ban nhân dân thành phố Hải Phòng",
        guests=tuple(f"Ông Đại biểu {number}, Giám đốc Sở {number}" for number in range(1, guests + 1)),
        attends="Phiên họp thường kỳ",
        chair="Ông Nguyễn Văn An, Chủ tịch Uỷ ban nhân dân thành phố",
        starts_at=today,
        place="Phòng họp số 1",
        signature=SignatureBlock(Field.LEADER, ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Văn An"),
        agenda=tuple(f"Nội dung {number} của phiên họp, do cơ quan chuẩn bị trình bày" for number in range(1, 21)),
    )
    return render_invitation(paper, ()).pdf


def foreign(paper: bytes) -> bytes:
    """The paper without its signing route: anybody may sign it, as in other software."""
    writer = PdfWriter(clone_from=BytesIO(paper))
    for name in ("/Names", "/AF"):
        writer.root_object.pop(NameObject(name), None)
    return _written(writer)


def large(paper: bytes, megabytes: int) -> bytes:
    """The paper with that much of incompressible content, as scans have it."""
    writer = PdfWriter(clone_from=BytesIO(paper))
    for number in range(megabytes):
        stream = StreamObject()
        stream.set_data(os.urandom(_MEGABYTE))
        writer.pages[0][NameObject(f"/Scan{number}")] = writer._add_object(stream)  # noqa: SLF001 — pypdf has no other way
    return _written(writer)


def of_many_objects(paper: bytes, count: int) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(paper))
    each = [
        writer._add_object(DictionaryObject({NameObject("/N"): NumberObject(number)}))  # noqa: SLF001 — as above
        for number in range(count)
    ]
    writer.root_object[NameObject("/Many")] = ArrayObject(each)
    return _written(writer)


def signed_many_times(
    paper: bytes, times: int, signer: SimpleSigner, timestamp_url: str, root: asn1_x509.Certificate
) -> bytes:
    """By pyHanko's own signer, each B-LT: what other software sends us."""
    for number in range(times):
        meta = PdfSignatureMetadata(
            field_name=f"Signature{number}",
            md_algorithm=DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            embed_validation_info=True,
            validation_context=ValidationContext(trust_roots=[root], allow_fetching=True),
        )
        stamper = HTTPTimeStamper(timestamp_url)
        signed = PdfSigner(meta, signer, timestamper=stamper).sign_pdf(IncrementalPdfFileWriter(BytesIO(paper)))
        paper = signed.getvalue()
    return paper


def _written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
