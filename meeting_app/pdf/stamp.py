"""What a signature looks like on the page: one-page PDFs with a transparent ground (L9).

A picture proves nothing (L17): each is drawn into the field of a real signature.
"""

import re
from datetime import datetime

from meeting_app.domain.paper import LONGEST_CELL, VIETNAM, clean
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_
from meeting_app.pdf.typesetting import draw

MILLIMETRE = 72 / 25.4  # points
SIGNATURE_SIZE = (52 * MILLIMETRE, 26 * MILLIMETRE)  # width, height; the same as in templates/paper.typ
SEAL_SIZE = 36 * MILLIMETRE
ATTACHMENT_STAMP_SIZE = (90 * MILLIMETRE, 17 * MILLIMETRE)
ATTACHMENT_MARGIN = 7 * MILLIMETRE  # between the stamp and the edges of the page

VIEWBOX = (520.0, 260.0)  # width, height of the area that is drawn in; a drawing pad must keep within it
LONGEST_STROKES = 200_000  # characters of path text; a long signature takes about 10,000
SMALLEST_EXTENT = 0.02  # of the drawing area's larger side: less is a dot, not a signature
_INK = 1.5  # points
_MARGIN = 5.0  # points
_LARGEST_SCALE = 1.0  # points per unit: a small scribble is not blown up to the box

_NUMBER = r"[0-9]{1,5}(?:\.[0-9]{1,4})?"
_POINT = rf"{_NUMBER}[ ,]{_NUMBER}"
_STROKE = rf"M ?{_POINT}(?: ?L ?{_POINT})*"
_STROKES = re.compile(rf"{_STROKE}(?: ?{_STROKE})*")
_COORDINATES = re.compile(rf"({_NUMBER})[ ,]({_NUMBER})")

Stroke = list[tuple[float, float]]


class StrokeMissing(MeetingError):
    message = N_("Nothing has been drawn yet. Please sign in the box before you confirm.")


class StrokeMalformed(MeetingError):
    message = N_("The drawn signature could not be read. Nothing was signed; please draw it again.")


def signature_stamp(name: str, strokes: str, signed_at: datetime, viewbox: tuple[float, float] = VIEWBOX) -> bytes:
    """The drawn strokes in blue ink, centred in SIGNATURE_SIZE; the name and time are the file's title only.

    `strokes` is an SVG path of absolute M and L inside the viewbox (width, height). The form asks for
    the picture alone: post and name are printed around it. Raises StrokeMissing and StrokeMalformed.
    """
    drawn = _parsed(strokes, viewbox)
    name = clean(name, LONGEST_CELL)
    return draw(
        "signature-stamp.typ",
        {
            "title": f"Chữ ký của {name}, {_written(signed_at)}",
            "author": name,
            "box": {"width": SIGNATURE_SIZE[0], "height": SIGNATURE_SIZE[1]},
            "ink": _INK,
            "strokes": _fitted(drawn),
        },
    )


def seal_stamp(agency: str, parent: str = "") -> bytes:
    """A round red seal at its real size, 36 mm: the superior body above, the agency below."""
    agency, parent = clean(agency, LONGEST_CELL), clean(parent, LONGEST_CELL)
    one_line = " ".join
    return draw(
        "seal-stamp.typ",
        {
            "title": f"Dấu của {agency}",
            "agency": one_line(agency.split()),
            "parent": one_line(parent.split()),
        },
    )


def attachment_stamp(agency: str, number: str, signed_at: datetime, *, turned: int = 0) -> bytes:
    """The agency's signature on an attachment: text only, for the top right corner of its first page.

    `turned`: by how many degrees clockwise that page is shown; the text then stands upright.
    """
    lines = [clean(agency, LONGEST_CELL), f"Số: {clean(number, LONGEST_CELL)}", _written(signed_at)]
    width, height = ATTACHMENT_STAMP_SIZE
    box = {"width": width, "height": height}
    return draw("attachment-stamp.typ", {"lines": lines, "box": box, "turned": turned})


def _written(moment: datetime) -> str:
    """ISO 8601 with seconds and the offset of Vietnam."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")


def _parsed(strokes: str, viewbox: tuple[float, float]) -> list[Stroke]:
    text = strokes.strip()
    if not text:
        raise StrokeMissing
    if len(text) > LONGEST_STROKES or not _STROKES.fullmatch(text):
        raise StrokeMalformed
    drawn = [[(float(x), float(y)) for x, y in _COORDINATES.findall(stroke)] for stroke in text.split("M") if stroke]
    width, height = viewbox
    if any(x > width or y > height for stroke in drawn for x, y in stroke):
        raise StrokeMalformed
    lines = [stroke for stroke in drawn if len(stroke) > 1]  # a single point is the dot of an "i"
    if not lines or _extent(lines) < SMALLEST_EXTENT * max(width, height):
        raise StrokeMissing
    return drawn


def _extent(drawn: list[Stroke]) -> float:
    left, top, right, bottom = _bounds(drawn)
    return max(right - left, bottom - top)


def _bounds(drawn: list[Stroke]) -> tuple[float, float, float, float]:
    across = [x for stroke in drawn for x, _ in stroke]
    down = [y for stroke in drawn for _, y in stroke]
    return min(across), min(down), max(across), max(down)


def _fitted(drawn: list[Stroke]) -> list[Stroke]:
    """Scaled to the box and centred in it, in points from its upper left corner."""
    left, top, right, bottom = _bounds(drawn)
    width, height = SIGNATURE_SIZE
    scale = min(
        (width - 2 * _MARGIN) / max(right - left, 1e-6),
        (height - 2 * _MARGIN) / max(bottom - top, 1e-6),
        _LARGEST_SCALE,
    )
    across = (width - (right - left) * scale) / 2 - left * scale
    down = (height - (bottom - top) * scale) / 2 - top * scale
    return [[(round(x * scale + across, 2), round(y * scale + down, 2)) for x, y in stroke] for stroke in drawn]
