"""Ink, highlights and notes as annotations of PDF, each with the appearance that every viewer shows.

ISO 32000-2, 12.5.6: ink 12.5.6.13, text markup 12.5.6.10, text 12.5.6.4; appearances 12.5.5.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from unicodedata import normalize
from uuid import uuid4

from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from meeting_app.pdf.page_view import PageView, Point

Body = dict[str, Any]
Keep = Callable[[PdfObject], IndirectObject]  # makes an object of the file out of a stream
_INKS = {"blue": "1746b8", "red": "c2160f", "green": "0a6b35", "black": "14181f", "yellow": "b07d00"}
_MARKS = {"blue": "b9dcff", "red": "ffc4c0", "green": "b4f0bd", "black": "d3d7dd", "yellow": "ffe45c"}
_PRINTED = 4  # annotation flag, ISO 32000-2 table 167
_LEVELS = 5  # bits of pressure that do not change the width, as in strokes.js
_USUAL_PRESSURE = 128
_NOTE = 20.0  # points, width and height of its sign


def ink(view: PageView, strokes: Sequence[Body], keep: Keep, *, multiplied: bool = False) -> DictionaryObject:
    """Strokes of one hand and colour; `multiplied` a marker's band, through which the print is seen."""
    first = strokes[0]
    paint = (_MARKS if multiplied else _INKS)[first["colour"]]
    lines, drawing, widest = ArrayObject(), [_stroking(paint)], 0.0
    places: list[Point] = []
    for stroke in strokes:
        points = _points(view, stroke["body"]["points"], even=multiplied)
        width = stroke["body"]["width"] / 10_000 * view.width
        widest = max(widest, *(_width(width, pressure) for _x, _y, pressure in points))
        drawing += _line(points, width)
        lines.append(_numbers(number for x, y, _pressure in points for number in (x, y)))
        places += [(x, y) for x, y, _pressure in points]
    box = _around(places, widest)
    made = _annotation("/Ink", first, paint, box)
    made[NameObject("/InkList")] = lines
    made[NameObject("/BS")] = DictionaryObject(
        {NameObject("/W"): FloatObject(round(widest, 2)), NameObject("/S"): NameObject("/S")}
    )
    return _shown(made, box, drawing, keep, multiplied=multiplied)


def highlight(view: PageView, mark: Body, keep: Keep) -> DictionaryObject:
    """Areas over words, with the words themselves as their text."""
    paint, areas = _MARKS[mark["colour"]], mark["body"]["areas"]
    drawing, quads, places = [f"{_colour(paint)} rg"], ArrayObject(), list[Point]()
    for x, y, width, height in areas:
        corners = [view.at(*corner) for corner in ((x, y), (x + width, y), (x, y + height), (x + width, y + height))]
        upper_left, upper_right, lower_left, lower_right = corners
        # Viewers take the order upper left, upper right, lower left, lower right, whatever the norm says.
        quads.extend(_numbers(number for corner in corners for number in corner))
        drawing.append(_path((upper_left, upper_right, lower_right, lower_left)) + " f")
        places += corners
    box = _around(places, 0)
    made = _annotation("/Highlight", mark, paint, box, mark["body"].get("text", ""))
    made[NameObject("/QuadPoints")] = quads
    return _shown(made, box, drawing, keep, multiplied=True)


def note(view: PageView, written: Body, keep: Keep) -> DictionaryObject:
    """A note where it was put; its sign stands over the place, as on the tablet."""
    body, paint = written["body"], _MARKS[written["colour"]]
    x, y = view.at(body["x"], body["y"])
    half = _NOTE / 2
    box = (x - half, y - half, x + half, y + half)
    sheet = _path(
        ((box[0] + 1, box[1] + 1), (box[2] - 1, box[1] + 1), (box[2] - 1, box[3] - 1), (box[0] + 1, box[3] - 1))
    )
    lines = [f"{_at(box[0] + 5, y + off)} m {_at(box[2] - 5, y + off)} l S" for off in (-4, 0, 4)]
    drawing = [f"{_colour(paint)} rg 0.08 0.1 0.13 RG 1 w", f"{sheet} b", *lines]
    made = _annotation("/Text", written, paint, box, body["text"])
    made[NameObject("/Name")] = NameObject("/Comment")
    return _shown(made, box, drawing, keep)


def _annotation(
    subtype: str, written: Body, paint: str, box: tuple[float, ...], contents: str = ""
) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject(subtype),
            NameObject("/Rect"): _numbers(box),
            NameObject("/C"): _numbers(_parts(paint), 4),
            NameObject("/F"): NumberObject(_PRINTED),
            NameObject("/T"): TextStringObject(normalize("NFC", written["maker"])),
            NameObject("/Contents"): TextStringObject(normalize("NFC", contents)),
            NameObject("/NM"): TextStringObject(str(uuid4())),
            NameObject("/M"): TextStringObject(f"D:{datetime.fromisoformat(written['at']):%Y%m%d%H%M%S}Z"),
        }
    )


def _shown(
    made: DictionaryObject, box: tuple[float, ...], drawing: Iterable[str], keep: Keep, *, multiplied: bool = False
) -> DictionaryObject:
    """Its appearance, drawn in the page's own coordinates: the box is the same inside and outside."""
    form = DecodedStreamObject()
    blend = ["/Blend gs"] if multiplied else []
    form.set_data("\n".join([*blend, *drawing]).encode("ascii"))
    packed = form.flate_encode()
    resources = DictionaryObject()
    if multiplied:
        state = DictionaryObject({NameObject("/BM"): NameObject("/Multiply")})
        resources[NameObject("/ExtGState")] = DictionaryObject({NameObject("/Blend"): state})
    packed.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): _numbers(box),
            NameObject("/Resources"): resources,
        }
    )
    made[NameObject("/AP")] = DictionaryObject({NameObject("/N"): keep(packed)})
    return made


def _points(view: PageView, flat: Sequence[int], *, even: bool) -> list[tuple[float, float, int]]:
    points = []
    for place in range(0, len(flat), 3):
        x, y = view.at(flat[place], flat[place + 1])
        points.append((x, y, _USUAL_PRESSURE if even else flat[place + 2]))
    return points


def _line(points: Sequence[tuple[float, float, int]], width: float) -> list[str]:
    """Smooth and as wide as the hand pressed: the same line as `paint` in strokes.js."""
    drawing: list[str] = []
    level = -1
    for place, (x, y, pressure) in enumerate(points):
        here = pressure >> _LEVELS
        start = (x, y) if place == 0 else _middle(points[place - 1], points[place])
        end = (x, y) if place == len(points) - 1 else _middle(points[place], points[place + 1])
        if here != level:
            drawing += ["S"] if drawing else []
            drawing.append(f"{_width(width, pressure):.2f} w {_at(*start)} m")
            level = here
        drawing.append(f"{_at(*end)} l" if place == 0 else _curve(start, (x, y), end))
    return [*drawing, "S"]


def _curve(start: Point, control: Point, end: Point) -> str:
    """A quadratic curve as the cubic one that PDF knows."""
    first = tuple(a + 2 / 3 * (c - a) for a, c in zip(start, control, strict=True))
    second = tuple(b + 2 / 3 * (c - b) for b, c in zip(end, control, strict=True))
    return f"{_at(*first)} {_at(*second)} {_at(*end)} c"


def _middle(one: Sequence[float], other: Sequence[float]) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _width(width: float, pressure: int) -> float:
    return width * (0.45 + 1.1 * pressure / 255)


def _stroking(paint: str) -> str:
    return f"{_colour(paint)} RG 1 J 1 j"


def _path(corners: Sequence[Point]) -> str:
    first, *others = corners
    return " ".join([f"{_at(*first)} m", *(f"{_at(*corner)} l" for corner in others), "h"])


def _around(places: Sequence[Point], width: float) -> tuple[float, float, float, float]:
    margin = width / 2 + 1
    across, up = [x for x, _y in places], [y for _x, y in places]
    return min(across) - margin, min(up) - margin, max(across) + margin, max(up) + margin


def _parts(paint: str) -> tuple[float, ...]:
    return tuple(int(paint[place : place + 2], 16) / 255 for place in (0, 2, 4))


def _colour(paint: str) -> str:
    return " ".join(f"{part:.3f}" for part in _parts(paint))


def _at(x: float, y: float) -> str:
    return f"{x:.2f} {y:.2f}"


def _numbers(values: Iterable[float], digits: int = 2) -> ArrayObject:
    return ArrayObject(FloatObject(round(value, digits)) for value in values)
