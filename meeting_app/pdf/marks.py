"""Finding a mark of secrecy on a page: in its lines of text, and in the distance between its words."""

import re
from typing import Any

from meeting_app.domain.upload import Mark, mark_in, mark_named

MOST_CHARACTERS = 200_000  # of one page; a dense page has about 6,000
_CAPITALS = re.compile(r"\b(?:TUYỆT\s+MẬT|TỐI\s+MẬT|MẬT)\b")
_APART = 1.5  # heights of a letter: a word this far from its neighbours stands in a cell of its own

Box = tuple[float, float, float, float]  # left, bottom, right, top in points


def mark_on(text_page: Any) -> tuple[str, Mark | None]:
    """The page's text, and the mark it bears (also beside another text on the same line)."""
    count = min(text_page.count_chars(), MOST_CHARACTERS)
    text = str(text_page.get_text_range(0, count)) if count > 0 else ""
    return text, mark_in(text) or _set_apart(text_page, text)


def _set_apart(text_page: Any, text: str) -> Mark | None:
    """A mark in capital letters with wide gaps around: "Số: 12/BC-UBND      MẬT      Hải Phòng, …"."""
    if len(text) != text_page.count_chars():
        return None  # positions in the text would not be positions on the page
    for found in _CAPITALS.finditer(text):
        first, last = text_page.get_charbox(found.start()), text_page.get_charbox(found.end() - 1)
        reach = _APART * (first[3] - first[1])
        before = _neighbour(text_page, text, found.start(), -1)
        after = _neighbour(text_page, text, found.end() - 1, 1)
        beside = [box for box in (before, after) if box and _on_line(box, first)]
        if beside and all(_gap(box, first, last) > reach for box in beside):
            return mark_named(found.group())
    return None


def _neighbour(text_page: Any, text: str, start: int, step: int) -> Box | None:
    position = start + step
    while 0 <= position < len(text):
        if not text[position].isspace():
            box: Box = text_page.get_charbox(position)
            return box
        position += step
    return None


def _on_line(box: Box, other: Box) -> bool:
    return box[1] < other[3] and other[1] < box[3]


def _gap(box: Box, first: Box, last: Box) -> float:
    """Points between a neighbour and the mark's nearer end."""
    return first[0] - box[2] if box[0] < first[0] else box[0] - last[2]
