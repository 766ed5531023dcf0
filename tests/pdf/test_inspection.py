"""Uploads: documents of other producers are accepted, hostile ones end in a clear sentence."""

import os
import random
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from unicodedata import normalize

import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import create_string_object

from meeting_app.domain import upload
from meeting_app.domain.upload import (
    ClassifiedDocument,
    FileTooLarge,
    Limits,
    Mark,
    TakesTooLong,
    TooManyPages,
    UploadRefused,
    mark_in,
)
from meeting_app.i18n import speaking
from meeting_app.pdf.inspection import inspect
from meeting_app.pdf.invitation import render_invitation
from tests.pdf import hostile
from tests.pdf.papers import INVITATION, LEADER_ROUTE

DOCUMENTS = Path(__file__).parents[1] / "documents"
FONTS = Path(inspect.__code__.co_filename).parent / "fonts"


@pytest.fixture
def file(tmp_path):
    """Writes a file and gives its path."""

    def write(content: bytes) -> Path:
        path = tmp_path / "tai-lieu.pdf"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(
    ("name", "pages", "title", "beginning"),
    [
        ("bao-cao-chromium.pdf", 2, "Báo cáo chuyển đổi số quý I", "Báo cáo tiến độ chuyển đổi số quý I"),
        ("bao-cao-qpdf-linearized.pdf", 2, "Báo cáo chuyển đổi số quý I", "Báo cáo tiến độ"),
        ("bao-cao-cairo.pdf", 2, "", "Báo cáo tiến độ"),
        ("ke-hoach-libreoffice-200-trang.pdf", 200, "Kế hoạch năm 2026", "Nhiệm vụ 1"),
        ("ban-quet.pdf", 3, "ban-quet", ""),
    ],
)
def test_documents_of_other_producers_are_read(name, pages, title, beginning):
    read = inspect(DOCUMENTS / name)
    assert (read.pages, read.title) == (pages, title)
    assert read.text_sample.startswith(beginning)
    assert len(read.page_sizes) == pages
    assert all(590 < width < 620 and 785 < height < 845 for width, height in read.page_sizes)


def test_our_own_papers_are_accepted_with_their_route(file):
    read = inspect(file(render_invitation(INVITATION, LEADER_ROUTE).pdf))
    assert read.attachments == ("luong-ky.json",)
    assert read.title == f"Giấy mời {INVITATION.subject}"


@pytest.mark.parametrize(
    ("make", "refusals"), hostile.HOSTILE.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_hostile_files_are_refused_with_their_reason(make, refusals, file):
    path = file(make())
    began = perf_counter()
    with pytest.raises(refusals) as refused:
        inspect(path)
    assert perf_counter() - began < Limits().wall_seconds + 5
    assert re.search(r"[ạảãăâđêôơư]", str(refused.value))
    assert "{" not in str(refused.value)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), cut=st.floats(0.05, 1), flips=st.integers(0, 300))
def test_any_damage_ends_in_an_answer_or_a_sentence(seed, cut, flips, file):
    chance = random.Random(seed)
    content = bytearray((DOCUMENTS / "bao-cao-chromium.pdf").read_bytes())
    content = content[: int(len(content) * cut)]
    for _ in range(flips):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    with suppress(UploadRefused):
        assert inspect(file(bytes(content))).pages >= 1


def test_a_file_of_fifty_megabytes_and_three_hundred_pages_passes(file):
    path = file(scanned_pages(count=300, side=410))
    assert path.stat().st_size > 50_000_000
    assert inspect(path).pages == 300  # within the limits of time and memory, or it would be refused


def scanned_pages(count: int, side: int) -> bytes:
    """Pages that each show a grey picture of noise."""
    pages, pictures = [], []
    first_picture = count + 3
    for number in range(count):
        picture = f"{first_picture + 2 * number} 0 R".encode()
        contents = f"{first_picture + 2 * number + 1} 0 R".encode()
        frame = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
        pages.append(frame + b"/Resources<</XObject<</P " + picture + b">>>>/Contents " + contents + b">>")
        looks = f"/Subtype/Image/Width {side}/Height {side}/ColorSpace/DeviceGray/BitsPerComponent 8".encode()
        pictures += [hostile.stream(looks, os.urandom(side * side)), hostile.stream(b"", b"595 0 0 842 0 0 cm /P Do")]
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    return hostile.raw_pdf(hostile.CATALOG, b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, kids), *pages, *pictures)


def test_the_size_is_checked_before_anything_is_read(file):
    with pytest.raises(FileTooLarge) as refused:
        inspect(file(bytes(3_000_001)), replace(Limits(), size=3_000_000))
    assert refused.value.values == {"limit": 3}


def test_too_many_pages_are_told_with_both_numbers():
    with pytest.raises(TooManyPages) as refused:
        inspect(DOCUMENTS / "ke-hoach-libreoffice-200-trang.pdf", replace(Limits(), pages=199))
    assert refused.value.values == {"pages": 200, "limit": 199}


@pytest.mark.parametrize("limit", [{"cpu_seconds": 1}, {"wall_seconds": 1}, {"memory": 400_000_000}])
def test_each_limit_ends_the_reading(limit, file):
    path = file(hostile.flate_bomb())
    began = perf_counter()
    with pytest.raises(TakesTooLong):
        inspect(path, replace(Limits(), **limit))
    assert perf_counter() - began < Limits().wall_seconds  # which none of these limits leaves to it


def test_every_refusal_is_said_in_vietnamese():
    values = {"limit": 1, "pages": 2, "mark": "MẬT"}
    for refusal in [UploadRefused, *UploadRefused.__subclasses__()]:
        with speaking("vi"):
            vietnamese = str(refusal(**values))
        assert vietnamese != refusal.message.format(**values)
        assert "Đề nghị" in vietnamese or refusal is UploadRefused
    assert upload.MEGABYTE == 1_000_000


# --- marks of secrecy (L20) -------------------------------------------------------------------

MARKED = [
    ("MẬT", Mark.MAT),
    ("Số: 12/BC-UBND\nTỐI MẬT\nHải Phòng", Mark.TOI_MAT),
    ("  TUYỆT   MẬT  ", Mark.TUYET_MAT),
    ("[ MẬT ]", Mark.MAT),
    ("— TỐI MẬT —", Mark.TOI_MAT),
    ("M Ậ T", Mark.MAT),
    ("T U Y Ệ T  M Ậ T", Mark.TUYET_MAT),
    ("TUYET MAT", Mark.TUYET_MAT),
    ("TOI MAT", Mark.TOI_MAT),
    ("MAT", Mark.MAT),
    ("Độ mật: Mật", Mark.MAT),
    ("ĐỘ MẬT: TỐI MẬT", Mark.TOI_MAT),
    ("Mức độ mật : tuyệt mật.", Mark.TUYET_MAT),
    ("Độ mật\nTối mật", Mark.TOI_MAT),
    ("MẬT\nĐộ khẩn: Hoả tốc", Mark.MAT),
    ("M\u200bẬT", Mark.MAT),
]
UNMARKED = [
    "Bảo mật thông tin là bí mật nghề nghiệp",
    "Mật độ dân số",
    "mật",
    "Mật",
    "Quy chế bảo\nmật",
    "QUY CHẾ BẢO VỆ BÍ\nMẬT",
    "DANH MỤC BÍ\nMẬT\nNHÀ NƯỚC",
    "BẢNG\nMẬT\nĐỘ DÂN CƯ",
    "MẬT ĐỘ",
    "MẬT KHẨU",
    "Độ mật: Không",
    "Độ mật:\nMật độ: 3",
    "đổi mật khẩu: mật khẩu mới",
    "văn bản đóng dấu MẬT thì gửi riêng",
    "MẶT",
    "MẮT",
    "Ong mật",
    "",
]


@pytest.mark.parametrize(("text", "mark"), MARKED)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_are_found_in_every_spelling(text, mark, form):
    assert mark_in(normalize(form, text)) is mark


@pytest.mark.parametrize("text", UNMARKED)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_words_of_the_language_are_no_marks(text, form):
    assert mark_in(normalize(form, text)) is None


def test_a_marked_page_anywhere_is_refused(file):
    writer = PdfWriter()
    for text in ("Trang một", "Trang hai, bí mật đời tư", "Báo cáo\nTỐI MẬT\nnội dung"):
        writer.append(file(hostile.plain(text)))
    with pytest.raises(ClassifiedDocument) as refused:
        inspect(file(hostile.written(writer)))
    assert refused.value.values == {"mark": "TỐI MẬT"}
    assert "TỐI MẬT" in str(refused.value)


def test_a_mark_beside_other_cells_is_found(file):
    assert_marked(file(typeset("#grid(columns: (1fr, 1fr, 1fr))[Số: 12/BC][MẬT][Hải Phòng, ngày 09]")))


def test_a_mark_inside_a_line_is_a_word(file):
    assert inspect(file(typeset("Văn bản đóng dấu MẬT thì gửi riêng, TUYỆT MẬT thì không gửi."))).pages == 1


@pytest.mark.parametrize("key", ["/Title", "/Subject", "/Keywords", "/DoMat"])
def test_a_mark_in_the_properties_is_found(key, file):
    def mark(writer):
        writer.add_metadata({key: create_string_object("Tối mật")})

    assert_marked(file(hostile.altered(mark)))


def test_a_title_that_speaks_of_secrets_is_no_mark(file):
    content = hostile.altered(lambda writer: writer.add_metadata({"/Title": "Bảo vệ bí mật nhà nước"}))
    assert inspect(file(content)).title == "Bảo vệ bí mật nhà nước"


def test_a_title_with_control_characters_is_shown_without_them(file):
    content = hostile.altered(lambda writer: writer.add_metadata({"/Title": "a\u202efdp.exe\x07b" + "x" * 999}))
    assert inspect(file(content)).title == "afdp.exeb" + "x" * 191


def assert_marked(path: Path) -> None:
    with pytest.raises(ClassifiedDocument):
        inspect(path)


def typeset(source: str) -> bytes:
    page = f'#set text(font: "Tinos")\n{source}'
    return typst.compile(page.encode(), font_paths=[str(FONTS)], ignore_system_fonts=True)
