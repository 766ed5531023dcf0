"""Reads a PDF back as lines of text and ruled lines with their places: what the layout tests measure."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

MILLIMETRE = 72 / 25.4  # points


@dataclass(frozen=True)
class Line:
    """Letters on one baseline without a wide gap; lengths in points, origin at the lower left corner."""

    page: int
    text: str
    left: float
    right: float
    baseline: float
    size: float
    fonts: frozenset[str]

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Shape:
    page: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


def lines_of(pdf: bytes) -> list[Line]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [line for number, page in enumerate(document) for line in _lines(number, page)]


def line_with(pdf: bytes, text: str) -> Line:
    return next(line for line in lines_of(pdf) if text in line.text)


def text_of(pdf: bytes) -> str:
    """All lines joined as a reader reads them."""
    return " ".join(line.text for line in lines_of(pdf))


def shapes_of(pdf: bytes) -> list[Shape]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            Shape(number, *thing.get_bounds())
            for number, page in enumerate(document)
            for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH])
        ]


def rule_below(pdf: bytes, line: Line) -> Shape:
    """The first horizontal rule under the line, in its column."""
    under = [
        shape
        for shape in shapes_of(pdf)
        if shape.page == line.page
        and shape.height < 2
        and shape.top < line.baseline
        and shape.left >= line.left - 5
        and shape.right <= line.right + 5
    ]
    return max(under, key=lambda shape: shape.top)


def _lines(number: int, page: pypdfium2.PdfPage) -> Iterator[Line]:
    text_page = page.get_textpage()
    signs: list[tuple[str, float, float, float, float, str]] = []
    for index in range(text_page.count_chars()):
        sign = chr(raw.FPDFText_GetUnicode(text_page, index))
        if sign in "\r\n" or raw.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        letter = _letter(text_page, index, sign)
        if signs and (abs(letter[3] - signs[-1][3]) > 0.5 or letter[1] - signs[-1][2] > 2 * letter[4]):
            yield _line(number, signs)
            signs = []
        signs.append(letter)
    if signs:
        yield _line(number, signs)


def _letter(text_page, index, sign):
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text_page, index, x, y)
    right = text_page.get_charbox(index, loose=True)[2]
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text_page, index, name, 128, flags)
    size = raw.FPDFText_GetFontSize(text_page, index)
    return sign, x.value, right, y.value, size, name.value.decode()


def _line(number, signs):
    text = "".join(sign for sign, *_ in signs)
    visible = [sign for sign in signs if not sign[0].isspace()] or signs
    return Line(
        page=number,
        text=" ".join(text.split()),
        left=visible[0][1],
        right=visible[-1][2],
        baseline=signs[0][3],
        size=visible[0][4],
        fonts=frozenset(sign[5] for sign in visible),
    )
