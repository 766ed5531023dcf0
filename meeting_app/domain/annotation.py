"""What somebody writes on a page: ink, highlights, notes; their own until they share it on purpose.

Places and sizes are whole ten-thousandths of the page as it is shown (turned and cropped as a reader
sees it), so that they hold at every width and in every program. An annotation belongs to one version;
the id its maker's tablet gave it makes it one, however often it is sent.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel, UniqueConstraint

from meeting_app.domain.wording import typed
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

WHOLE = 10_000  # parts of a page's width or height
WHOLE_PRESSURE = 255
MOST_POINTS = 2000  # of one stroke: a hand that never rests is cut into several
MOST_AREAS = 200  # lines of a highlighted text
WIDEST_LINE = 600  # of the page's width
LONGEST_NOTE, LONGEST_QUOTE = 4000, 2000
LONGEST_CLIENT_ID = 64
MOST_ANNOTATIONS = 20_000  # of one person on one version
MOST_BYTES = 20_000_000  # of all their bodies together


class AnnotationKind(StrEnum):
    INK = "ink"  # {"width": 12, "points": [x, y, pressure, x, y, pressure, …]}
    HIGHLIGHT = "highlight"  # {"areas": [[x, y, width, height], …], "text": "…"}, or a band as ink is
    NOTE = "note"  # {"x": 100, "y": 200, "text": "…"}


class Colour(StrEnum):
    BLUE = "blue"
    RED = "red"
    GREEN = "green"
    BLACK = "black"
    YELLOW = "yellow"


COLOUR_LABEL = {
    Colour.BLUE: N_("Blue"),
    Colour.RED: N_("Red"),
    Colour.GREEN: N_("Green"),
    Colour.BLACK: N_("Black"),
    Colour.YELLOW: N_("Yellow"),
}


class Annotation(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("account_id", "client_id"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    client_id: str = Field(max_length=LONGEST_CLIENT_ID)
    version_id: int = Field(foreign_key="version.id", index=True)
    page: int  # 0 is the first
    kind: AnnotationKind = Field(sa_type=stored_words(AnnotationKind))
    colour: Colour = Field(sa_type=stored_words(Colour))
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    change: int  # its place among its maker's changes on this version: another tablet asks for what came after
    made_at: datetime
    changed_at: datetime
    shared_at: datetime | None = None  # with everybody who may read the document
    removed_at: datetime | None = None  # kept, so that it can be put back
    carried_from: int | None = Field(default=None, foreign_key="annotation.id", index=True)  # of an older version


class AnnotationShare(SQLModel, table=True):
    """One person with whom an annotation is shared."""

    __tablename__ = "annotation_share"

    annotation_id: int = Field(foreign_key="annotation.id", primary_key=True)
    account_id: int = Field(foreign_key="account.id", primary_key=True, index=True)
    shared_at: datetime


class AnnotationCount(SQLModel, table=True):
    """How much one person has written on one version: numbers their changes, and bounds them."""

    __tablename__ = "annotation_count"

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    version_id: int = Field(foreign_key="version.id", primary_key=True)
    changes: int = 0
    kept: int = 0  # annotations, removed ones too
    bytes: int = 0


class AnnotationMalformed(MeetingError):
    message = N_("This note could not be read and was not kept. Please reload the page.")


class NoteEmpty(MeetingError):
    message = N_("The note has no text.")


class NoteTooLong(MeetingError):
    message = N_("A note may have at most {length} characters.")


class TooManyAnnotations(MeetingError):
    message = N_("There is no room for more on this document. Remove something before you write on.")


def clean_client_id(client_id: object) -> str:
    if not isinstance(client_id, str) or not 8 <= len(client_id) <= LONGEST_CLIENT_ID:  # noqa: PLR2004 — as commands
        raise AnnotationMalformed
    if not all(sign.isascii() and (sign.isalnum() or sign == "-") for sign in client_id):
        raise AnnotationMalformed
    return client_id


def clean_body(kind: AnnotationKind, body: object) -> dict[str, Any]:
    """The body with what its kind needs and nothing else, in whole numbers; raises AnnotationMalformed."""
    if not isinstance(body, dict):
        raise AnnotationMalformed
    if kind is AnnotationKind.NOTE:
        return {"x": _within(body.get("x")), "y": _within(body.get("y")), "text": clean_note(body.get("text"))}
    if kind is AnnotationKind.INK or "points" in body:
        return {"width": _within(body.get("width"), 1, WIDEST_LINE), "points": _points(body.get("points"))}
    return {"areas": _areas(body.get("areas")), "text": _text(body.get("text", ""))[:LONGEST_QUOTE]}


def clean_note(text: object) -> str:
    cleaned = _text(text).strip()
    if not cleaned:
        raise NoteEmpty
    if len(cleaned) > LONGEST_NOTE:
        raise NoteTooLong(length=LONGEST_NOTE)
    return cleaned


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise AnnotationMalformed
    return typed(value)


def _within(value: object, least: int = 0, most: int = WHOLE) -> int:
    # bool is an int to Python, not to us.
    if type(value) is not int or not least <= value <= most:
        raise AnnotationMalformed
    return value


def _points(value: object) -> list[int]:
    limits = (WHOLE, WHOLE, WHOLE_PRESSURE)
    if not isinstance(value, list) or not value or len(value) % len(limits) or len(value) > len(limits) * MOST_POINTS:
        raise AnnotationMalformed
    return [_within(number, 0, limits[place % len(limits)]) for place, number in enumerate(value)]


def _areas(value: object) -> list[list[int]]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_AREAS:
        raise AnnotationMalformed
    areas = []
    for area in value:
        if not isinstance(area, list) or len(area) != 4:  # noqa: PLR2004 — left, top, width, height
            raise AnnotationMalformed
        left, top = _within(area[0]), _within(area[1])
        areas.append([left, top, _within(area[2], 1, WHOLE - left), _within(area[3], 1, WHOLE - top)])
    return areas
