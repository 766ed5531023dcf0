"""All that is made of a page: pictures in each width, its words in their places, the table of contents."""

import json
from io import BytesIO
from itertools import islice
from pathlib import Path
from time import perf_counter

import psutil
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, NumberObject, RectangleObject

from meeting_app.domain.page_file import PAGE_WIDTHS, THUMBNAIL_WIDTH, outline_name, page_name, text_name
from meeting_app.domain.upload import BrokenPdf, TakesTooLong
from meeting_app.pdf.child import Meter, started
from meeting_app.pdf.drawing import DrawingLimits, _announced, drawing
from tests.pdf import hostile

DOCUMENTS = Path(__file__).parents[1] / "documents"
REPORT = DOCUMENTS / "bao-cao-chromium.pdf"
PLAN = DOCUMENTS / "ke-hoach-libreoffice-200-trang.pdf"


def drawn(path: Path, *, first: int = 0, most: int = 10_000) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    with drawing(path, first) as drawn_file:
        for made in islice(drawn_file.files, most):
            files |= made
    return files


def words(files: dict[str, bytes], page: int = 0) -> dict[str, list[float]]:
    """The first place of each word."""
    found: dict[str, list[float]] = {}
    for line in json.loads(files[text_name(page)])["lines"]:
        for *place, word in line:
            found.setdefault(word, place)
    return found


def test_a_page_is_drawn_in_every_width_and_as_a_thumbnail():
    files = drawn(REPORT)
    for page in range(2):
        for width in (*PAGE_WIDTHS, THUMBNAIL_WIDTH):
            image = Image.open(BytesIO(files[page_name(page, width)]), formats=["JPEG"])
            assert image.width == width
            assert image.height == pytest.approx(width * 297 / 210, abs=2)
    assert len(files) == 2 * 5 + 1


def test_drawing_goes_on_where_it_was_left():
    files = drawn(PLAN, first=150, most=2)
    assert sorted(name for name in files if name.endswith("-800.jpg")) == [page_name(150, 800), page_name(151, 800)]
    assert outline_name() not in files
    assert "151" in words(files, 150)


def test_a_page_without_colours_is_grey_and_one_with_colours_is_not(tmp_path):
    grey = Image.open(BytesIO(drawn(PLAN, most=1)[page_name(0, 1200)]))
    assert grey.mode == "L"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 700]/Contents 4 0 R>>"
    red = hostile.raw_pdf(hostile.CATALOG, hostile.ONE_PAGE, page, hostile.stream(b"", b"1 0 0 rg 0 0 250 700 re f"))
    (tmp_path / "a.pdf").write_bytes(red)
    for name, content in drawn(tmp_path / "a.pdf").items():
        if name.endswith(".jpg"):
            image = Image.open(BytesIO(content))
            red, green, blue = image.getpixel((image.width // 4, 9))
            assert red > 240
            assert max(green, blue) < 20


def test_words_stand_where_they_are_seen():
    """Ink lies inside the box of each word, and the boxes together hold nearly all of it."""
    files = drawn(PLAN, most=1)
    image = Image.open(BytesIO(files[page_name(0, 2000)])).convert("L").point(lambda shade: 255 * (shade < 128))
    for line in json.loads(files[text_name(0)])["lines"]:
        for x, y, width, height, word in line:
            box = (x * image.width, y * image.height, (x + width) * image.width + 1, (y + height) * image.height + 1)
            assert image.crop(tuple(map(int, box))).getbbox() is not None, word
            image.paste(0, tuple(map(int, (box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2))))
    assert image.histogram()[255] < 200


def test_words_are_read_in_their_order():
    read = json.loads(drawn(PLAN, most=1)[text_name(0)])
    assert [word for *_place, word in read["lines"][0]] == ["Nhiệm", "vụ", "1"]
    assert (read["width"], read["height"]) == (pytest.approx(595, abs=1), pytest.approx(842, abs=1))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_of_a_turned_and_cropped_page_are_found_on_its_picture(turn, tmp_path):
    writer = PdfWriter(clone_from=PLAN)
    page = writer.pages[0]
    page[NameObject("/Rotate")] = NumberObject(turn)
    page.cropbox = RectangleObject((30, 400, 560, 820))
    turned = PdfWriter()
    turned.add_page(page)
    (tmp_path / "a.pdf").write_bytes(hostile.written(turned))
    files = drawn(tmp_path / "a.pdf")
    image = Image.open(BytesIO(files[page_name(0, 1200)])).convert("L")
    assert (image.width > image.height) == (turn in {0, 180})
    for word in ("Nhiệm", "quý", "98,7%"):
        x, y, width, height = words(files)[word]
        box = (x * image.width, y * image.height, (x + width) * image.width, (y + height) * image.height)
        assert (width > height) == (turn in {0, 180})
        assert image.crop(tuple(map(int, box))).getextrema()[0] < 128, word


def test_a_scan_has_no_words():
    assert json.loads(drawn(DOCUMENTS / "ban-quet.pdf", most=1)[text_name(0)])["lines"] == []


def test_the_outline_leads_to_pages():
    entries = json.loads(drawn(PLAN, most=1)[outline_name()])
    assert entries[0] == {"title": "Nhiệm vụ 1", "page": 0, "children": []}
    assert [entry["page"] for entry in entries] == list(range(200))


def test_an_outline_keeps_its_levels_and_nothing_that_leads_nowhere(tmp_path):
    writer = PdfWriter(clone_from=REPORT)
    first = writer.add_outline_item(title="Phần I\u202e\n ", page_number=0)
    writer.add_outline_item(title="Mục 1", page_number=1, parent=first)
    writer.add_outline_item(title="", page_number=1)
    writer.add_outline_item(title="Phần II", page_number=1)
    (tmp_path / "a.pdf").write_bytes(hostile.written(writer))
    assert json.loads(drawn(tmp_path / "a.pdf")[outline_name()]) == [
        {"title": "Phần I", "page": 0, "children": [{"title": "Mục 1", "page": 1, "children": []}]},
        {"title": "Phần II", "page": 1, "children": []},
    ]


def test_an_outline_in_a_circle_ends(tmp_path):
    outlines = b"<</Type/Outlines/First 5 0 R/Last 5 0 R/Count 2>>"
    entry = b"<</Title(A)/Dest[3 0 R/Fit]/Next 5 0 R/First 4 0 R/Parent 5 0 R>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    catalog = b"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>"
    (tmp_path / "a.pdf").write_bytes(hostile.raw_pdf(catalog, hostile.ONE_PAGE, page, outlines, entry))
    assert len(json.loads(drawn(tmp_path / "a.pdf")[outline_name()])) <= 2


@pytest.mark.parametrize("limits", [DrawingLimits(memory=10_000_000), DrawingLimits(wall_seconds=0.05)])
def test_a_child_that_meets_its_limits_says_so(limits):
    with pytest.raises(TakesTooLong), drawing(PLAN, limits=limits) as drawn_file:
        list(drawn_file.files)


def test_a_page_that_takes_too_long_keeps_no_other_waiting(tmp_path):
    (tmp_path / "a.pdf").write_bytes(hostile.flate_bomb())
    began = perf_counter()
    with pytest.raises(TakesTooLong), drawing(tmp_path / "a.pdf", limits=DrawingLimits(page_seconds=1)) as drawn_file:
        list(drawn_file.files)
    assert perf_counter() - began < 20


def test_a_child_that_is_killed_tells_what_it_drew_before():
    meter, here = Meter(), psutil.Process()
    others = here.children()  # databases and authorities of other tests
    with drawing(PLAN, meter=meter) as drawn_file:
        assert len(list(islice(drawn_file.files, 3))) == 3
        [child] = set(here.children()) - set(others)
        child.kill()
        with pytest.raises(TakesTooLong):
            list(drawn_file.files)
    assert 20_000_000 < meter.peak_bytes < 500_000_000


@pytest.mark.parametrize(
    "line",
    [
        b"1\n",
        b"nothing\n",
        b'{"../../a": 1, "b": 1}\n',
        b'{"pages": 1}\n',
        b'{"pages": -1, "signatures": 1}\n',
        b'{"pages": 1, "signatures": 1000000000000}\n',
        b'{"pages": [], "signatures": 0}\n',
        b"x" * 1_000_000,
        b"",
    ],
)
def test_a_child_that_was_taken_over_is_not_believed(line):
    with started("json.tool", wall_seconds=0) as child:
        child._process.stdout = BytesIO(line)
        with pytest.raises((BrokenPdf, TakesTooLong)):
            _announced(child, {"pages", "signatures"})


def test_the_original_is_not_touched(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(REPORT.read_bytes())
    path.chmod(0o400)
    drawn(path)
    assert path.read_bytes() == REPORT.read_bytes()
    assert len(PdfReader(path).pages) == 2
