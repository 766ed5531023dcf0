"""What may be uploaded: a readable, harmless PDF within limits that bears no mark of secrecy (L20)."""

import re
from dataclasses import dataclass
from enum import Enum
from unicodedata import normalize

from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

OFFICE_ENDINGS = ("docx", "xlsx", "pptx", "odt", "ods", "odp", "doc", "xls", "ppt", "rtf")
MEGABYTE = 1_000_000  # bytes, as people are told


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may ask of us: of the room on the disk, and of the process that reads it."""

    size: int = 100 * MEGABYTE  # bytes
    pages: int = 2_000
    memory: int = 1_500 * MEGABYTE  # bytes of address space; the libraries alone map about 300 MB
    cpu_seconds: int = 20
    wall_seconds: int = 40


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was read in an accepted file; texts are cleaned and cut to the lengths named here."""

    pages: int
    title: str  # of the file's own properties, at most 200 characters, often empty
    text_sample: str  # the beginning of its text, at most 2,000 characters; empty for a scan
    page_sizes: tuple[tuple[float, float], ...]  # points, as shown (rotation applied)
    attachments: tuple[str, ...] = ()  # names of embedded files


class UploadRefused(MeetingError):
    """What all refusals of a file have in common."""

    message = N_("This file cannot be accepted.")


class NotAPdf(UploadRefused):
    message = N_("This file is not a PDF. Please save it as a PDF first, then upload it again.")


class NoOfficeProgram(UploadRefused):
    message = N_(
        "Office files cannot be turned into PDF here, because LibreOffice is not installed. "
        "Please save it as a PDF first, then upload it again."
    )


class OfficeNotReadable(UploadRefused):
    message = N_(
        "This office file could not be turned into a PDF. "
        "Please save it as a PDF with the program it was made with, then upload it again."
    )


class LinksElsewhere(UploadRefused):
    message = N_(
        "Parts of this office file lie elsewhere and would be fetched when it is opened. "
        "Please save it as a PDF first, then upload it again."
    )


class EncryptedPdf(UploadRefused):
    message = N_(
        "This PDF is encrypted or protected by a password. Please save it without protection and upload it again."
    )


class BrokenPdf(UploadRefused):
    message = N_("This PDF is damaged and cannot be read. Please make it again from its source and upload it again.")


class TooManyPages(UploadRefused):
    message = N_("This PDF has {pages} pages; at most {limit} are possible. Please split it into parts.")


class FileTooLarge(UploadRefused):
    message = N_("This file is larger than {limit} MB. Please make it smaller or split it into parts.")


class TakesTooLong(UploadRefused):
    message = N_(
        "This PDF takes too much time or memory to read, so tablets could not show it either. "
        "Please make it again in a simpler form, for example by printing it to a PDF."
    )


class ActiveContent(UploadRefused):
    message = N_(
        "This PDF contains a program or commands that run by themselves. "
        "Please print it to a new PDF and upload that one."
    )


class ClassifiedDocument(UploadRefused):
    message = N_(
        "This document bears the mark “{mark}”. Documents that are state secrets must never enter this system: "
        "nothing was stored. Please handle it as the rules on state secrets demand."
    )


class Mark(Enum):
    """The three marks of secrecy (Luật 29/2018, điều 8)."""

    TUYET_MAT = "TUYỆT MẬT"
    TOI_MAT = "TỐI MẬT"
    MAT = "MẬT"


# Without spaces, so that letters set apart ("M Ậ T") are found too; as written, and as a lost
# encoding or a stamp without diacritics leaves them.
_MARKS = {mark.value.replace(" ", ""): mark for mark in Mark} | {
    "TUYETMAT": Mark.TUYET_MAT,
    "TOIMAT": Mark.TOI_MAT,
    "MAT": Mark.MAT,
}
_STATED = re.compile(
    r"\bđộ\s*mật\s*[:：\n–—-]\s*(?P<mark>tuyệt\s*mật|tối\s*mật|mật)\b(?!\s*(?:độ|khẩu|mã)\b)", re.IGNORECASE
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Words that a line may end or begin with so that "MẬT" alone on the line is the rest of a heading.
_BEFORE = {"BẢO", "BÍ", "CƠ", "KÍN", "THÂN"}
# Not BÁO, NGHỊ, THƯ, VỤ: "BÁO CÁO", "NGHỊ QUYẾT" and the like are what stands below a mark.
_AFTER = {"ĐỘ", "KHẨU", "MÃ"}
_LABELS = ("ĐỘ KHẨN", "ĐỘ MẬT")


def mark_in(text: str) -> Mark | None:
    """The mark that a text bears: alone on a line in capital letters, or stated as "Độ mật: …".

    Words such as "bí mật", "mật độ" and "Bảo mật" in running text are no marks.
    """
    plain = _plain(text)
    if stated := _STATED.search(plain):
        return mark_named(stated["mark"])
    lines = ["", *(line for line in map(str.strip, plain.splitlines()) if line), ""]
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        mark = mark_named(line) if line == line.upper() else None
        if mark and not (mark is Mark.MAT and _continues(before.upper(), after.upper())):
            return mark
    return None


def mark_named(value: str) -> Mark | None:
    """The mark that a value consists of, in capital or small letters, signs around it ignored."""
    return _MARKS.get("".join(sign for sign in _plain(value).upper() if sign.isalpha()))


def _plain(text: str) -> str:
    return normalize("NFC", _INVISIBLE.sub("", text))


def _continues(before: str, after: str) -> bool:
    """Whether the lines around make "MẬT" the end or the beginning of a longer expression."""
    last, first = before.split()[-1:], after.split()[:1]
    return bool(_BEFORE.intersection(last) or (_AFTER.intersection(first) and not after.startswith(_LABELS)))
