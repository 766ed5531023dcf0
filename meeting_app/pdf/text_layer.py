"""The words of a page and where they stand on it, to be marked, found and copied over its picture."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from unicodedata import normalize

import pypdfium2
from pypdfium2 import raw

MOST_CHARACTERS = 100_000  # of one page; a dense page has about 6,000
_LINE_ENDS = {0x0A, 0x0D}
_CANVAS = 1_000_000  # pixels along each side, only to learn where pdfium would place a point
_DIGITS = 5  # of a part of the page: a hundredth of a millimetre on A4

Word = tuple[float, float, float, float, str]  # x, y of the upper left corner, width, height, text
Box = tuple[float, float, float, float]  # left, bottom, right, top in points


@dataclass(frozen=True, slots=True)
class TextLayer:
    width: float  # points, as shown
    height: float
    lines: list[list[Word]]  # in reading order; the numbers are parts (0 to 1) of the page as shown


def text_layer(page: pypdfium2.PdfPage) -> TextLayer:
    width, height = page.get_size()
    text_page = page.get_textpage()
    try:
        lines = [
            words
            for ends, line in groupby(_characters(text_page), key=lambda each: each[1] in _LINE_ENDS)
            if not ends and (words := list(_words(text_page, list(line), _Shown.of(page))))
        ]
    finally:
        text_page.close()
    return TextLayer(round(width, 2), round(height, 2), lines)


def _characters(text_page: pypdfium2.PdfTextPage) -> Iterator[tuple[int, int]]:
    """Place in the page's text and code point of each character."""
    for place in range(min(text_page.count_chars(), MOST_CHARACTERS)):
        yield place, raw.FPDFText_GetUnicode(text_page, place)


def _words(text_page: pypdfium2.PdfTextPage, line: list[tuple[int, int]], shown: "_Shown") -> Iterator[Word]:
    for blank, letters in groupby(line, key=lambda each: not _visible(each[1])):
        if blank:
            continue
        word = list(letters)
        text = normalize("NFC", "".join(chr(code) for _place, code in word))
        if box := _around(text_page, [place for place, _code in word]):
            yield (*shown.parts(box), text)


def _visible(code: int) -> bool:
    return chr(code).isprintable() and not chr(code).isspace() and not 0xD800 <= code <= 0xDFFF  # noqa: PLR2004


def _around(text_page: pypdfium2.PdfTextPage, places: list[int]) -> Box | None:
    """With room for ascents and descents: a box to be marked, also in a rotated line."""
    boxes = [box for place in places if (box := _loose_box(text_page, place))]
    if not boxes:
        return None
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def _loose_box(text_page: pypdfium2.PdfTextPage, place: int) -> Box | None:
    box = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(text_page, place, box):
        return None
    low, high = sorted((box.bottom, box.top))
    left, right = sorted((box.left, box.right))
    return left, low, right, high


@dataclass(frozen=True, slots=True)
class _Shown:
    """From points of the page to parts of what is shown: turned, cropped, counted from the upper left corner."""

    origin: tuple[float, float]
    along_x: tuple[float, float]  # how far one point to the right in the file leads on the screen
    along_y: tuple[float, float]

    @classmethod
    def of(cls, page: pypdfium2.PdfPage) -> "_Shown":
        origin, right, up = (_on_canvas(page, x, y) for x, y in ((0, 0), (1000, 0), (0, 1000)))
        along_x = (right[0] - origin[0]) / 1000, (right[1] - origin[1]) / 1000
        return cls(origin, along_x, ((up[0] - origin[0]) / 1000, (up[1] - origin[1]) / 1000))

    def parts(self, box: Box) -> tuple[float, float, float, float]:
        left, bottom, right, top = box
        corners = [self._part(x, y) for x, y in ((left, bottom), (right, top))]
        (x, far_x), (y, far_y) = (sorted(_within(each) for each in side) for side in zip(*corners, strict=True))
        return round(x, _DIGITS), round(y, _DIGITS), round(far_x - x, _DIGITS), round(far_y - y, _DIGITS)

    def _part(self, x: float, y: float) -> tuple[float, float]:
        return (
            self.origin[0] + x * self.along_x[0] + y * self.along_y[0],
            self.origin[1] + x * self.along_x[1] + y * self.along_y[1],
        )


def _within(part: float) -> float:
    return min(1.0, max(0.0, part)) if part == part else 0.0  # noqa: PLR0124 — not a number


def _on_canvas(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _CANVAS, _CANVAS, 0, x, y, across, down)
    return across.value / _CANVAS, down.value / _CANVAS
