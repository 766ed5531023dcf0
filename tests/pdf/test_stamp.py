"""Appearances of signatures: sizes, colours, transparency, and which strokes are refused."""

from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from math import sin

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from meeting_app.pdf.stamp import (
    LONGEST_STROKES,
    SEAL_SIZE,
    SIGNATURE_SIZE,
    StrokeMalformed,
    StrokeMissing,
    attachment_stamp,
    seal_stamp,
    signature_stamp,
)
from tests.pdf.reading import line_with, text_of

SIGNED_AT = datetime(2026, 2, 9, 4, 25, 5, tzinfo=UTC)
STROKES = "M20,130 " + " ".join(f"L{x},{130 + 80 * sin(x / 25):.2f}" for x in range(24, 400, 4)) + " M80,240 L300,240"
INK, RED = (0x0B, 0x3D, 0x91), (0xD4, 0, 0)


def pixels(pdf: bytes):
    """RGBA on a transparent ground."""
    with pypdfium2.PdfDocument(pdf) as document:
        return document[0].render(scale=3, fill_color=(0, 0, 0, 0), maybe_alpha=True).to_pil().convert("RGBA")


def test_the_signature_is_blue_ink_on_nothing():
    image = pixels(signature_stamp("Nguyễn Văn An", STROKES, SIGNED_AT))
    solid = [colour for _, colour in image.getcolors(100_000) if colour[3] == 255]
    assert solid == [(*INK, 255)]
    assert image.getpixel((0, 0))[3] == 0
    assert image.getpixel((image.width - 1, image.height - 1))[3] == 0


def test_the_signature_fills_its_box_and_is_centred():
    pdf = signature_stamp("Nguyễn Văn An", STROKES, SIGNED_AT)
    page = PdfReader(BytesIO(pdf)).pages
    assert len(page) == 1
    assert float(page[0].mediabox.width) == pytest.approx(SIGNATURE_SIZE[0], abs=0.1)
    assert float(page[0].mediabox.height) == pytest.approx(SIGNATURE_SIZE[1], abs=0.1)
    drawn = pixels(pdf).getbbox()
    assert drawn[0] + drawn[2] == pytest.approx(SIGNATURE_SIZE[0] * 3, abs=12)
    assert drawn[1] + drawn[3] == pytest.approx(SIGNATURE_SIZE[1] * 3, abs=12)
    assert (drawn[3] - drawn[1]) / 3 >= SIGNATURE_SIZE[1] * 0.7


@pytest.mark.parametrize("strokes", ["", "   ", "M10,10", "M10 10 L10 10", "M10,10 L11,11", "M1,1 M500,1"])
def test_no_stroke_no_signature(strokes):
    with pytest.raises(StrokeMissing):
        signature_stamp("An", strokes, SIGNED_AT)


@pytest.mark.parametrize(
    "strokes",
    [
        "L10,10 L20,20",
        "M10,10 C20,20 30,30 40,40",
        "M10,10 L-5,20",
        "M10,10 L1e3,20",
        "M10,10 L521,20",
        "M10,10 L20,261",
        "M10,10 L999999999,20",
        "M10,10 L20,20 <script>",
        "M10,10 L20,20\x00",
        "M١٠,10 L20,20",
        "M10,10 L20,20 #let",
        "M10,10 L100,100 " * (LONGEST_STROKES // 16 + 1),
    ],
)
def test_anything_but_absolute_lines_within_the_area_is_refused(strokes):
    with pytest.raises(StrokeMalformed):
        signature_stamp("An", strokes, SIGNED_AT)


@given(st.text("ML0123456789., -\nCz", max_size=60))
def test_any_path_is_drawn_or_refused(strokes):
    with suppress(StrokeMissing, StrokeMalformed):
        assert signature_stamp("An", strokes, SIGNED_AT).startswith(b"%PDF-1.7")


def test_a_path_of_the_greatest_length_is_read_at_once():
    strokes = "M10,10" + " L300,200 L10,100" * (LONGEST_STROKES // 17 - 1)
    assert len(strokes) > LONGEST_STROKES * 0.99
    assert signature_stamp("An", strokes, SIGNED_AT)


def test_a_straight_line_is_a_stroke():
    assert signature_stamp("An", "M0,100 L500,100", SIGNED_AT)
    assert signature_stamp("An", "M100,0 L100,250", SIGNED_AT)


def test_the_seal_is_round_red_and_of_real_size():
    pdf = seal_stamp("Sở Khoa học và Công nghệ", "Uỷ ban nhân dân thành phố Hải Phòng")
    page = PdfReader(BytesIO(pdf)).pages[0]
    assert float(page.mediabox.width) == pytest.approx(SEAL_SIZE, abs=0.1)
    assert float(page.mediabox.height) == pytest.approx(SEAL_SIZE, abs=0.1)
    image = pixels(pdf)
    assert {colour for _, colour in image.getcolors(100_000) if colour[3] == 255} == {(*RED, 255)}
    assert image.getpixel((2, 2))[3] == 0
    left, top, right, bottom = image.getbbox()
    assert (right - left) / 3 == pytest.approx(SEAL_SIZE, abs=1)
    assert (bottom - top) / 3 == pytest.approx(SEAL_SIZE, abs=1)


@pytest.mark.parametrize(
    ("agency", "parent"),
    [
        ("", ""),
        ("Sở", ""),
        ("Văn phòng Uỷ ban nhân dân thành phố Hải Phòng", ""),
        ("Uỷ ban nhân dân phường Ngô Quyền", "Uỷ ban nhân dân thành phố Hải Phòng"),
        ("#*_$@<>" * 40, "😀\u202e\x00\n"),
    ],
)
def test_a_seal_for_any_agency(agency, parent):
    assert pixels(seal_stamp(agency, parent)).getcolors(100_000)


def test_an_attachment_shows_agency_number_and_time_to_the_second():
    pdf = attachment_stamp("Sở Khoa học và Công nghệ", "15/BC-SKHCN", SIGNED_AT)
    text = text_of(pdf)
    assert text == "Sở Khoa học và Công nghệ Số: 15/BC-SKHCN 2026-02-09T11:25:05+07:00"
    line = line_with(pdf, "15/BC-SKHCN")
    assert line.size == pytest.approx(10)
    assert all(font.endswith("-Regular") for font in line.fonts)
