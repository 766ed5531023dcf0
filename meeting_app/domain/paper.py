"""What stands in an official paper: plain texts, dates and times, without any layout.

The content of a paper is always Vietnamese, whatever language the screens speak (L8, L10). The
texts come from people: `printed` is the one door between them and the typesetter.
"""

import re
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from unicodedata import normalize

from meeting_app.domain.signature import Field
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

LONGEST_CELL = 600  # characters in one letterhead, signature block or person: it must fit its cell
LONGEST_TEXT = 50_000  # characters in one text of the body
LONGEST_PAPER = 400_000  # characters in a whole paper: about 150 pages, 5 seconds of typesetting
VIETNAM = timezone(timedelta(hours=7))  # no summer time since 1945: a fixed offset is the law

# What may never reach the page: control characters, the directional overrides and isolates
# (U+202A-202E, U+2066-2069: they turn text around and break PDF/A), and other invisible ones.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)
# What the paper's typeface can show; anything else (emoji, CJK) would abort PDF/A.
_UNPRINTABLE = re.compile(
    "[^\n -~\xa0-\u036f\u0370-\u0373\u0384-\u038a\u0391-\u03a1\u03a3-\u052f\u1e00-\u1eff"
    "\u2000-\u200a\u2010-\u2027\u202f-\u205e\u2070\u2071\u2074-\u208e\u20a0-\u20bd\u2100-\u214f"
    "\u2190-\u2195\u2202\u2206\u220f\u2211\u2212\u2215\u2219\u221a\u221e\u221f\u2229\u222b\u2248\u2260\u2261\u2264\u2265"
    "\u25a0\u25a1\u25aa-\u25ac\u25b2\u25ba\u25bc\u25c4\u25ca\u25cb\u25cf\u25e6\ufb01\ufb02]"
)
_PLACEHOLDER = "□"  # shown, so that nobody signs a text that has silently lost a character
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


class PaperTooLong(MeetingError):
    message = N_(
        "A text of {length} characters does not fit in the paper: at most {limit} are possible here. "
        "Nothing was changed; please shorten it."
    )


class PaperKind(StrEnum):
    """Also how `Delivery.paper` spells it."""

    INVITATION = "invitation"
    MINUTES = "minutes"
    OTHER = "other"  # what a delegation may cover besides


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The cells at the head of the paper (L8)."""

    agency: str  # "UỶ BAN NHÂN DÂN"
    number: str  # "15/GM-UBND"; "Số:" is printed before it
    place: str  # "Hải Phòng"
    date: date
    parent_agency: str = ""
    urgency: str | None = None  # "HOẢ TỐC", "THƯỢNG KHẨN" or "KHẨN"


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    field: Field
    authority_lines: tuple[str, ...]  # ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH")
    name: str  # without academic titles (L8)


@dataclass(frozen=True, slots=True)
class InvitationPaper:
    """Form 1.7, giấy mời."""

    letterhead: Letterhead
    subject: str  # "Họp thường kỳ tháng 11 năm 2026"
    inviter: str  # "Uỷ ban nhân dân thành phố Hải Phòng": before "trân trọng kính mời"
    guests: tuple[str, ...]  # as addressed: "Ông Nguyễn Văn An, Giám đốc Sở Tài chính"; many become an annex
    attends: str  # "Tới dự: " goes before it
    chair: str
    starts_at: datetime
    place: str
    signature: SignatureBlock
    agenda: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()  # "Như trên"; the last: "Lưu: VT, TH"


@dataclass(frozen=True, slots=True)
class Participant:
    name: str  # "Ông Nguyễn Văn An"
    post: str = ""
    absence_reason: str = ""  # only of the absent
    remarks: str = ""  # came late, left early, attended online, was represented


@dataclass(frozen=True, slots=True)
class MinutesItem:
    """One point of the meeting; texts with line breaks become several paragraphs."""

    title: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    presenter: str = ""
    discussion: tuple[str, ...] = ()
    votes: tuple[str, ...] = ()  # a sentence for each vote and its result
    conclusions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MinutesPaper:
    """Form 1.9, biên bản: the secretary signs left, the chair right, the agency seals the chair's signature."""

    letterhead: Letterhead
    subject: str
    starts_at: datetime
    ends_at: datetime
    place: str
    present: tuple[Participant, ...]
    absent: tuple[Participant, ...]
    chair: str
    secretary: str
    items: tuple[MinutesItem, ...]
    secretary_block: SignatureBlock
    chair_block: SignatureBlock
    recipients: tuple[str, ...] = ()


def printed(paper: InvitationPaper | MinutesPaper) -> dict[str, object]:
    """The paper as JSON values whose texts are clean, of bounded length and within the typeface.

    Raises PaperTooLong: an official text is never cut silently.
    """
    content = _plain(paper, LONGEST_TEXT)
    assert isinstance(content, dict)  # noqa: S101 — a dataclass becomes a dict
    _ensure_within(sum(len(text) for text in _texts(content)), LONGEST_PAPER)
    return content


def clean(text: str, limit: int = LONGEST_TEXT) -> str:
    """The text as it may be printed: composed (NFC), without control characters, its line ends unified."""
    # NFC can lengthen a text threefold at most: refuse the huge before any work.
    _ensure_within(len(text), limit)
    lines = _LINE_ENDS.sub("\n", normalize("NFC", text)).replace("\t", " ")
    return _UNPRINTABLE.sub(_PLACEHOLDER, _INVISIBLE.sub("", lines)).strip()


def written_date(day: date) -> str:
    """Zero before days below 10 and months below 3, so that no stroke can be added (L8)."""
    return f"ngày {day.day:02} tháng {f'{day.month:02}' if day.month < 3 else day.month} năm {day.year}"  # noqa: PLR2004


def written_time(moment: datetime) -> str:
    """Local time; a naive moment is taken to be local already."""
    local = moment.astimezone(VIETNAM) if moment.tzinfo else moment
    return f"{local.hour:02} giờ {local.minute:02}"


def written_moment(moment: datetime) -> str:
    local = moment.astimezone(VIETNAM) if moment.tzinfo else moment
    return f"{written_time(local)}, {written_date(local)} ({_WEEKDAYS[local.weekday()]})"


_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def _plain(value: object, limit: int) -> object:
    match value:
        case str():
            return clean(value, limit)
        case datetime():
            return {"time": written_time(value), "moment": written_moment(value)}
        case date():
            return {"written": written_date(value), "year": value.year, "month": value.month, "day": value.day}
        case tuple():
            return [_plain(entry, limit) for entry in value]
        case None:
            return None
    if isinstance(value, Letterhead | SignatureBlock | Participant):
        limit = LONGEST_CELL
    assert is_dataclass(value)  # noqa: S101 — the types above are all that papers are made of
    content = {field.name: _plain(getattr(value, field.name), limit) for field in fields(value)}
    if limit == LONGEST_CELL:
        _ensure_within(sum(len(text) for text in _texts(content)), LONGEST_CELL)
    return content


def _texts(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for entry in value.values() for text in _texts(entry)]
        case list():
            return [text for entry in value for text in _texts(entry)]
    return []


def _ensure_within(length: int, limit: int) -> None:
    if length > limit:
        raise PaperTooLong(length=length, limit=limit)
