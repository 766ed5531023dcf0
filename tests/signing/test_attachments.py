"""The agency's seal on files of any origin: seen in the upper right corner, and nobody else's signature suffers."""

import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata
from pyhanko.sign.signers.pdf_signer import PdfSigner
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject
from pypdfium2 import raw

from meeting_app.bench.papers import signed_many_times
from meeting_app.domain.signature import (
    AlreadySigned,
    DocumentLocked,
    DynamicForm,
    EncryptedPaper,
    Field,
    SigningOrder,
    Unreadable,
    Verdict,
)
from meeting_app.pdf.stamp import ATTACHMENT_MARGIN, ATTACHMENT_STAMP_SIZE, attachment_stamp
from meeting_app.ports import Signatures
from meeting_app.signing.demo_pki import DemoPki
from meeting_app.signing.keys import unlock
from tests.pdf.hostile import plain, truncated
from tests.pki import PIN, sign_with_file
from tests.services.attachments import small
from tests.signing.library import library_signer

AGENCY, NUMBER = "Uỷ ban nhân dân thành phố Hải Phòng", "15/GM-UBND"
AT = datetime(2026, 11, 23, 1, 30, 5, tzinfo=UTC)
MADE = Path(__file__).parents[1] / "documents"
SCALE = 2


def sealed(signatures: Signatures, pki: DemoPki, pdf: bytes) -> bytes:
    area = signatures.look_into(BytesIO(pdf)).first_page
    order = SigningOrder(
        Field.ATTACHMENT,
        area.upper_right(*ATTACHMENT_STAMP_SIZE, ATTACHMENT_MARGIN),
        attachment_stamp(AGENCY, NUMBER, AT, turned=area.turned),
        "Đóng dấu",
        "Hải Phòng",
    )
    return sign_with_file(signatures, pdf, order, pki.pkcs12("seal"))


def seen(pdf: bytes) -> Image.Image:
    """The first page as people see it, with what signatures show, in shades of grey."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    return document[0].render(scale=SCALE, may_draw_forms=True).to_pil().convert("L")


def ink(page: Image.Image, without: Image.Image) -> tuple[tuple[int, int, int, int], Image.Image]:
    """Where something was added, and what."""
    added = ImageChops.difference(page, without)
    box = added.getbbox()
    assert box is not None
    return box, added.crop(box)


@pytest.mark.parametrize(
    "page",
    [
        b"/MediaBox[0 0 595 842]",
        b"/MediaBox[0 0 595 842]/Rotate 90",
        b"/MediaBox[0 0 595 842]/Rotate 180",
        b"/MediaBox[0 0 595 842]/Rotate -90",
        b"/MediaBox[0 0 595 842]/CropBox[60 40 500 700]",
        b"/MediaBox[0 0 595 842]/CropBox[60 40 500 700]/Rotate 270",
        b"/MediaBox[-300 -200 295 642]/Rotate 90",
        b"/MediaBox[595 842 0 0]",
        b"/MediaBox[0 0 595.5 842.25]/Rotate 45",
    ],
)
def test_the_seal_stands_upright_in_its_real_size_in_the_upper_right_corner(signatures, pki, page):
    original = small(page=page)
    before, after = seen(original), seen(sealed(signatures, pki, original))
    (left, top, right, bottom), drawn = ink(after, before)
    gap = ATTACHMENT_MARGIN * SCALE
    assert before.width - right == pytest.approx(gap, abs=3 * SCALE)
    assert top == pytest.approx(gap, abs=3 * SCALE)
    assert bottom < gap + ATTACHMENT_STAMP_SIZE[1] * SCALE
    assert left > before.width - gap - ATTACHMENT_STAMP_SIZE[0] * SCALE - 2
    stamp = seen(attachment_stamp(AGENCY, NUMBER, AT))
    _, alone = ink(stamp, Image.new("L", stamp.size, 255))
    assert drawn.size == pytest.approx(alone.size, abs=2)
    wrong = ImageChops.difference(drawn, alone.resize(drawn.size)).point(lambda shade: 255 if shade > 128 else 0)
    assert wrong.histogram()[255] < 0.06 * drawn.width * drawn.height  # upside down it is 0.2


def test_the_seal_is_text_without_a_picture(signatures, pki):
    content = sealed(signatures, pki, small())
    document = pypdfium2.PdfDocument(content)
    document.init_forms()
    document[0].flatten()
    text = document[0].get_textpage().get_text_range()
    assert AGENCY in text
    assert f"Số: {NUMBER}" in text
    assert "2026-11-23T08:30:05+07:00" in text
    assert not [each for each in document[0].get_objects() if each.type == raw.FPDF_PAGEOBJ_IMAGE]


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (b"/MediaBox[0 0 595 842]/CropBox[5000 5000 6000 6000]", (0, 0, 595, 842, 0)),
        (b"/MediaBox[0 0 595 842]/CropBox[-50 100 400 5000]", (0, 100, 400, 842, 0)),
        (b"/MediaBox[0 0 595]/Rotate 45", (0, 0, 595.28, 841.89, 0)),
        (b"/MediaBox[0 0 0 0]/Rotate 450", (0, 0, 595.28, 841.89, 90)),
        (b"", (0, 0, 595.28, 841.89, 0)),
    ],
)
def test_what_is_shown_of_an_odd_page(signatures, page, shown):
    area = signatures.look_into(BytesIO(small(page=page))).first_page
    assert (area.left, area.bottom, area.right, area.top, area.turned) == pytest.approx(shown)


def test_boxes_and_turning_are_inherited(signatures):
    content = small(page=b"").replace(b"/Kids[3 0 R]", b"/Kids[3 0 R]/MediaBox[0 0 300 400]/Rotate 270")
    moved = BytesIO(content)
    writer = PdfWriter(clone_from=moved)
    file = BytesIO()
    writer.write(file)
    area = signatures.look_into(file).first_page
    assert (area.right, area.top, area.turned) == (300, 400, 270)


def test_a_page_smaller_than_the_seal_shows_all_of_it(signatures, pki):
    original = small(page=b"/MediaBox[0 0 150 100]")
    before, after = seen(original), seen(sealed(signatures, pki, original))
    (left, top, right, _), _ = ink(after, before)
    assert left > 0
    assert top > 0
    assert right < before.width


def test_units_other_than_points_do_not_change_the_real_size(signatures, pki):
    field = PdfReader(BytesIO(sealed(signatures, pki, small(page=b"/MediaBox[0 0 60 84]/UserUnit 10.0")))).get_fields()
    left, bottom, right, top = (
        float(each) for each in field[Field.ATTACHMENT].indirect_reference.get_object()["/Rect"]
    )
    assert (10 * (right - left), 10 * (top - bottom)) == pytest.approx(ATTACHMENT_STAMP_SIZE, abs=0.1)


@pytest.mark.parametrize(
    "name",
    ["bao-cao-cairo.pdf", "bao-cao-chromium.pdf", "bao-cao-qpdf-linearized.pdf", "ke-hoach-libreoffice-200-trang.pdf"],
)
def test_a_sealed_file_is_valid_for_us_for_poppler_and_for_qpdf(signatures, pki, tmp_path, name):
    original = (MADE / name).read_bytes()
    content = sealed(signatures, pki, original)
    assert content.startswith(original)
    verdict = signatures.verify(content)
    assert (verdict.verdict, [each.profile for each in verdict.signatures]) == (Verdict.VALID, ["B-LT"])
    path = tmp_path / "sealed.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid.") == 1
    assert "Total document signed" in said
    assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="session")
def signed_elsewhere(pki, roots):
    """By the software of two other agencies, long-term valid."""
    signer = library_signer(unlock(pki.pkcs12("an"), PIN))
    return signed_many_times((MADE / "bao-cao-chromium.pdf").read_bytes(), 2, signer, pki.timestamp_url, roots[0])


def test_earlier_signatures_of_others_stay_valid(signatures, pki, signed_elsewhere, tmp_path):
    assert signatures.look_into(BytesIO(signed_elsewhere)).signed
    content = sealed(signatures, pki, signed_elsewhere)
    assert content.startswith(signed_elsewhere)
    verdict = signatures.verify(content)
    assert verdict.verdict is Verdict.VALID
    assert [each.field for each in verdict.signatures] == ["Signature0", "Signature1", Field.ATTACHMENT]
    path = tmp_path / "sealed.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid.") == 3
    assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0


def signed_with(pki: DemoPki, **how) -> bytes:
    field = how.pop("field", SigFieldSpec("Other"))
    writer = IncrementalPdfFileWriter(BytesIO(small()))
    append_signature_field(writer, field)
    meta = PdfSignatureMetadata(field_name="Other", **how)
    return PdfSigner(meta, library_signer(unlock(pki.pkcs12("an"), PIN))).sign_pdf(writer).getvalue()


@pytest.mark.parametrize(
    "how",
    [
        {"certify": True, "docmdp_permissions": MDPPerm.NO_CHANGES},
        {"certify": True, "docmdp_permissions": MDPPerm.FILL_FORMS},
        {"field": SigFieldSpec("Other", field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL))},
        {
            "field": SigFieldSpec(
                "Other",
                field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL),
                doc_mdp_update_value=MDPPerm.NO_CHANGES,
            )
        },
    ],
)
def test_a_file_that_a_signature_locks_is_left_alone(signatures, pki, how):
    with pytest.raises(DocumentLocked):
        signatures.look_into(BytesIO(signed_with(pki, **how)))


def test_a_sealed_file_is_not_sealed_again(signatures, pki):
    with pytest.raises(DocumentLocked):
        signatures.look_into(BytesIO(sealed(signatures, pki, small())))


def altered(change) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(plain()))
    change(writer)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def with_xfa(writer: PdfWriter) -> None:
    form = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
    writer.root_object[NameObject("/AcroForm")] = writer._add_object(form)


def with_our_field(writer: PdfWriter) -> None:
    field = DictionaryObject(
        {NameObject("/FT"): NameObject("/Sig"), NameObject("/T"): TextStringObject(Field.ATTACHMENT.value)}
    )
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([writer._add_object(field)])})
    writer.root_object[NameObject("/AcroForm")] = writer._add_object(form)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (altered(lambda writer: writer.encrypt("", "owner", algorithm="AES-256")), EncryptedPaper),
        (altered(lambda writer: writer.encrypt("secret", algorithm="RC4-128")), EncryptedPaper),
        (altered(with_xfa), DynamicForm),
        (altered(with_our_field), AlreadySigned),
        (truncated(), Unreadable),
        (b"", Unreadable),
        (b"%PDF-1.7 nothing", Unreadable),
        (small().replace(b"/Pages", b"/Pugs", 1), Unreadable),
        (small().replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"), Unreadable),
        (small().replace(b"/Kids[3 0 R]", b"/Kids[9 0 R]"), Unreadable),
    ],
)
def test_what_cannot_be_sealed_says_why(signatures, content, refusal):
    with pytest.raises(refusal):
        signatures.look_into(BytesIO(content))
