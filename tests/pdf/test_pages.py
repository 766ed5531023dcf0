"""Page images and texts: right sizes, bounded memory, many threads."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from meeting_app.domain.upload import BrokenPdf
from meeting_app.pdf.canvas import MOST_PIXELS
from meeting_app.pdf.pages import page_count, page_image, page_text
from tests.pdf import hostile

DOCUMENTS = Path(__file__).parents[1] / "documents"
REPORT = DOCUMENTS / "bao-cao-chromium.pdf"


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(BytesIO(jpeg), formats=["JPEG"])


@pytest.mark.parametrize("width", [800, 1200, 2000])
def test_a_page_image_is_as_wide_as_asked(width):
    image = opened(page_image(REPORT, 1, width))
    assert image.width == pytest.approx(width, abs=1)
    assert image.height == pytest.approx(width * 297 / 210, abs=3)
    assert image.mode == "RGB"
    assert image.getpixel((2, 2)) == (255, 255, 255)


def test_a_scan_is_shown_too():
    image = opened(page_image(DOCUMENTS / "ban-quet.pdf", 0, 800)).convert("L")
    assert 200 < sum(image.histogram()[230:]) < image.width * image.height
    assert image.getextrema()[0] < 120


def test_counting_and_reading():
    assert page_count(DOCUMENTS / "ke-hoach-libreoffice-200-trang.pdf") == 200
    assert "Nhiệm vụ 200" in page_text(DOCUMENTS / "ke-hoach-libreoffice-200-trang.pdf", 199)
    assert page_text(DOCUMENTS / "ban-quet.pdf", 0) == ""


@pytest.mark.parametrize("sides", ["9 9000000", "9000000 9", "14400 14400", "0 0", "-5 -5", "1 1"])
def test_a_page_of_absurd_size_costs_bounded_memory(sides, tmp_path):
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {sides}]>>".encode()
    (tmp_path / "a.pdf").write_bytes(hostile.raw_pdf(hostile.CATALOG, hostile.ONE_PAGE, page))
    image = opened(page_image(tmp_path / "a.pdf", 0, 1600))
    assert image.width * image.height <= MOST_PIXELS * 1.1


@pytest.mark.parametrize("page", [2, 5_000, -1])
def test_a_page_that_does_not_exist_is_told(page):
    with pytest.raises(BrokenPdf):
        page_image(REPORT, page, 800)


def test_an_unreadable_file_is_told(tmp_path):
    (tmp_path / "a.pdf").write_bytes(hostile.truncated())
    for read in (lambda path: page_image(path, 0, 800), page_count, lambda path: page_text(path, 0)):
        with pytest.raises(BrokenPdf):
            read(tmp_path / "a.pdf")


def test_threads_draw_the_same_pages_as_one():
    expected = [page_image(REPORT, number % 2, 400) for number in range(2)]
    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(lambda number: page_image(REPORT, number % 2, 400), range(24)))
    assert drawn == expected * 12
