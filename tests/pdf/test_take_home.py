"""The copy that is taken home: real annotations where they were drawn, the original's bytes before them."""

import hashlib
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from meeting_app.domain.annotation import AnnotationKind, Colour
from meeting_app.domain.upload import BrokenPdf, TakesTooLong
from meeting_app.pdf.take_home import Written, annotated
from tests.pdf import hostile

DOCUMENTS = Path(__file__).parents[1] / "documents"
HONEST = sorted(each for each in DOCUMENTS.glob("*.pdf"))
INK, HIGHLIGHT, NOTE = AnnotationKind.INK, AnnotationKind.HIGHLIGHT, AnnotationKind.NOTE
NOON = datetime(2026, 11, 25, 5, tzinfo=UTC)
# A thick stroke across the upper left corner of what is seen, from 10 % to 30 %.
CORNER = {"width": 300, "points": [1000, 1000, 128, 2000, 1000, 128, 3000, 1000, 128]}
MINH = "Lê Quang Minh"


def written(kind: AnnotationKind, body: dict, *, page: int = 0, colour: Colour = Colour.RED, maker: str = MINH):
    return Written(page, kind, colour, body, maker, NOON)


def copied(original: Path, *annotations: Written) -> bytes:
    with annotated(original, annotations) as copy:
        return copy.read_bytes()


def annotations_of(copy: bytes, page: int = 0) -> list:
    return [each.get_object() for each in PdfReader(BytesIO(copy)).pages[page].get("/Annots", [])]


def ours(copy: bytes, page: int = 0) -> list:
    return [each for each in annotations_of(copy, page) if "/NM" in each]


def drawn_by_poppler(folder: Path, pdf: bytes, page: int = 0, dots: int = 60):
    """The page as poppler shows it, pixels of red, green and blue."""
    path = folder / "shown.pdf"
    path.write_bytes(pdf)
    number = str(page + 1)
    subprocess.run(
        ["pdftoppm", "-r", str(dots), "-f", number, "-l", number, "-singlefile", "-cropbox", path, folder / "shown"],
        check=True,
        capture_output=True,
    )
    return _image((folder / "shown.ppm").read_bytes())


def drawn_by_pdfium(pdf: bytes, page: int = 0, dots: int = 60):
    bitmap = pypdfium2.PdfDocument(pdf)[page].render(scale=dots / 72, may_draw_forms=False)
    return bitmap.to_pil().convert("RGB")


def _image(ppm: bytes):
    from PIL import Image

    return Image.open(BytesIO(ppm)).convert("RGB")


def is_red(pixel: tuple[int, ...]) -> bool:
    return pixel[0] > 150 and pixel[1] < 90 and pixel[2] < 90


def red_box(image) -> tuple[float, float, float, float]:
    """Where it is red, as parts of the page: left, top, right, bottom."""
    width, height = image.size
    found = [(x, y) for x in range(width) for y in range(height) if is_red(image.getpixel((x, y)))]
    assert found
    across, down = [x for x, _ in found], [y for _, y in found]
    return min(across) / width, min(down) / height, (max(across) + 1) / width, (max(down) + 1) / height


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "plain.pdf"
    path.write_bytes(hostile.plain("Kế hoạch"))
    return path


def test_ink_highlight_and_note_are_real_annotations(plain: Path):
    copy = copied(
        plain,
        written(INK, CORNER),
        written(HIGHLIGHT, {"areas": [[1000, 2000, 3000, 200], [1000, 2300, 500, 200]], "text": "dự toán năm 2027"}),
        written(NOTE, {"x": 5000, "y": 5000, "text": "Hỏi lại số liệu của phòng Kinh tế, Hạ tầng và Đô thị 😀"}),
    )
    by_kind = {each["/Subtype"]: each for each in ours(copy)}
    assert set(by_kind) == {"/Ink", "/Highlight", "/Text"}
    assert len(by_kind["/Ink"]["/InkList"][0]) == 6
    assert len(by_kind["/Highlight"]["/QuadPoints"]) == 16
    assert by_kind["/Highlight"]["/Contents"] == "dự toán năm 2027"
    assert by_kind["/Text"]["/Contents"] == "Hỏi lại số liệu của phòng Kinh tế, Hạ tầng và Đô thị 😀"
    for each in by_kind.values():
        assert each["/T"] == MINH
        assert each["/M"] == "D:20261125050000Z"
        assert each["/F"] == 4
        assert each["/AP"]["/N"]["/Subtype"] == "/Form"


def test_the_original_is_the_beginning_of_the_copy(plain: Path):
    before = plain.read_bytes()
    copy = copied(plain, written(INK, CORNER))
    assert copy.startswith(before)
    assert plain.read_bytes() == before


@pytest.mark.parametrize("path", HONEST, ids=lambda path: path.name)
def test_papers_of_every_maker_open_in_other_programs(path: Path, tmp_path: Path):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    last = len(PdfReader(path).pages) - 1
    copy = copied(
        path,
        written(INK, CORNER),
        written(INK, CORNER, page=last),
        written(HIGHLIGHT, {"areas": [[1000, 2000, 3000, 200]], "text": "đoạn"}),
        written(NOTE, {"x": 9000, "y": 9000, "text": "ghi chú"}, page=last),
    )
    (tmp_path / "copy.pdf").write_bytes(copy)
    checked = subprocess.run(["qpdf", "--check", tmp_path / "copy.pdf"], capture_output=True, text=True, check=False)
    before = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert checked.returncode <= before.returncode, checked.stdout + checked.stderr
    assert {each["/Subtype"] for each in ours(copy)} >= {"/Ink", "/Highlight"}
    assert len(annotations_of(copy, last)) > len(annotations_of(path.read_bytes(), last))
    left, top, right, bottom = red_box(drawn_by_poppler(tmp_path, copy))
    assert (round(left, 1), round(top, 1), round(right, 1), round(bottom, 1)) == (0.1, 0.1, 0.3, 0.1)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (100, 200, 400, 700), (-50, -50, 5000, 300)])
@pytest.mark.parametrize("media", [(0, 0, 595, 842), (-300, 100, 295, 942)])
def test_turned_and_cropped_it_lies_where_the_reader_saw_it(tmp_path: Path, turned, crop, media):
    writer = PdfWriter()
    page = writer.add_blank_page(10, 10)
    page.mediabox = RectangleObject(media)
    if crop is not None:
        left, bottom, right, top = crop
        page.cropbox = RectangleObject((left + media[0], bottom + media[1], right + media[0], top + media[1]))
    page.rotate(turned)
    original = tmp_path / "turned.pdf"
    with original.open("wb") as target:
        writer.write(target)
    copy = copied(original, written(INK, CORNER))
    # As the tablet showed it (pdfium), and as another program shows it.
    for image in (drawn_by_pdfium(copy), drawn_by_poppler(tmp_path, copy)):
        left, top, right, bottom = red_box(image)
        assert (left, right) == (pytest.approx(0.1, abs=0.03), pytest.approx(0.3, abs=0.03))
        assert (top + bottom) / 2 == pytest.approx(0.1, abs=0.02)


def test_a_mark_lets_the_print_through(plain: Path, tmp_path: Path):
    whole = {"areas": [[0, 0, 10_000, 10_000]], "text": ""}
    band = {"width": 600, "points": [0, 800, 0, 10_000, 800, 255]}
    for body in (whole, band):
        image = drawn_by_poppler(tmp_path, copied(plain, written(HIGHLIGHT, body, colour=Colour.YELLOW)), dots=100)
        bare = drawn_by_poppler(tmp_path, plain.read_bytes(), dots=100)
        dark = [(x, y) for x in range(bare.width) for y in range(bare.height) if sum(bare.getpixel((x, y))) < 100]
        assert dark
        marked = {image.getpixel(place) for place in dark}
        assert max(map(sum, marked)) < 150


def test_ten_thousand_strokes_make_few_annotations(plain: Path, tmp_path: Path):
    strokes = [
        written(INK, {"width": 20, "points": [x % 9000, x % 8000, 99, x % 9000 + 300, x % 8000 + 300, 200]})
        for x in range(10_000)
    ]
    copy = copied(plain, *strokes)
    assert len(ours(copy)) == 50
    assert sum(len(each["/InkList"]) for each in ours(copy)) == 10_000
    (tmp_path / "copy.pdf").write_bytes(copy)
    subprocess.run(["qpdf", "--check", tmp_path / "copy.pdf"], check=True, capture_output=True)


def test_hands_and_colours_keep_apart(plain: Path):
    copy = copied(
        plain,
        written(INK, CORNER),
        written(INK, CORNER, maker="Phạm Thị Hoa"),
        written(INK, CORNER, colour=Colour.BLUE),
        written(INK, CORNER),
    )
    assert sorted((each["/T"], len(each["/InkList"])) for each in ours(copy)) == [
        (MINH, 1),
        (MINH, 2),
        ("Phạm Thị Hoa", 1),
    ]


def test_pages_that_are_not_there_are_left_out_and_what_is_there_stays(plain: Path):
    copy = copied(plain, written(INK, CORNER, page=7))
    assert len(PdfReader(BytesIO(copy)).pages) == 1
    assert ours(copy) == []


@pytest.mark.parametrize("make", [hostile.truncated, hostile.flate_bomb, hostile.deep_page_tree, hostile.renamed_html])
def test_a_hostile_file_ends_in_a_sentence_or_a_copy(tmp_path: Path, make):
    path = tmp_path / "hostile.pdf"
    path.write_bytes(make())
    try:
        copy = copied(path, written(INK, CORNER))
    except (BrokenPdf, TakesTooLong):
        return
    assert copy.startswith(path.read_bytes())


def test_what_is_no_pdf_gives_no_copy(tmp_path: Path):
    path = tmp_path / "other.pdf"
    path.write_bytes(b"<html>")
    with pytest.raises(BrokenPdf):
        copied(path, written(INK, CORNER))
