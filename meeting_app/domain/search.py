"""Searching texts in Vietnamese: words are found with or without their marks, exact ones come first."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import Text
from sqlmodel import Field, SQLModel

MOST_LETTERS = 60_000  # of a page that are kept for the search
MOST_WORDS = 12  # of a question
TITLE_PAGE = -1  # the title of a document stands before its first page
_AROUND = 9  # words before the first hit of a passage
_SHOWN = 34  # words of a passage
_WORD = re.compile(r"[^\W_]+")


class PageText(SQLModel, table=True):
    """The text of one page of a version, as it is shown and as it is searched."""

    __tablename__ = "page_text"
    __table_args__ = (
        UniqueConstraint("version_id", "page"),
        Index("ix_page_text_search", "search", postgresql_using="gin"),
    )

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="version.id", index=True)
    page: int  # 0 first; TITLE_PAGE: the title
    text: str
    words: str  # its words in small letters
    folded: str  # … and without their marks
    # What PostgreSQL searches; SQLite has a table of its own for it, page_search.
    search: str = Field(default="", sa_type=Text().with_variant(TSVECTOR(), "postgresql"))


@dataclass(frozen=True, slots=True)
class Question:
    """The words that all have to be found on one page."""

    words: tuple[str, ...]
    folded: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.words


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a passage; a hit is one of the words that were asked for."""

    text: str
    hit: bool = False


def fold(text: str) -> str:
    """In small letters and without marks: "Đấu thầu" becomes "dau thau"."""
    plain = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")


def words_of(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def ask(text: str) -> Question:
    words = words_of(text)[:MOST_WORDS]
    return Question(tuple(words), tuple(fold(word) for word in words))


def passage(text: str, question: Question) -> tuple[Piece, ...]:
    """The part of a text around the first place where most of the words stand, its hits marked."""
    text = unicodedata.normalize("NFC", text)
    found = list(_WORD.finditer(text))
    hits = [fold(each.group()) in question.folded for each in found]
    if not found:
        return ()
    first = max(0, _densest(hits) - _AROUND)
    shown = found[first : first + _SHOWN]
    pieces: list[Piece] = [Piece("… ")] if first else []
    end = shown[0].start()
    for word, hit in zip(shown, hits[first:], strict=False):
        pieces += [Piece(_spaced(text[end : word.start()])), Piece(word.group(), hit)]
        end = word.end()
    if first + _SHOWN < len(found):
        pieces.append(Piece(" …"))
    return _joined(pieces)


def _densest(hits: Sequence[bool]) -> int:
    """Where a window of a passage's length begins with a hit and holds the most of them."""
    places = [place for place, hit in enumerate(hits) if hit]
    best, most, last = 0, 0, 0
    for number, place in enumerate(places):
        last = max(last, number)
        while last < len(places) and places[last] < place + _SHOWN - _AROUND:
            last += 1
        if last - number > most:
            best, most = place, last - number
    return best


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].hit == piece.hit:
            joined[-1] = Piece(joined[-1].text + piece.text, piece.hit)
        elif piece.text:
            joined.append(piece)
    return tuple(joined)
