"""Office files become PDFs by LibreOffice, where it is installed, in a child process (convert_child.py) with limits."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from meeting_app.domain.upload import (
    MEGABYTE,
    OFFICE_ENDINGS,
    ActiveContent,
    LinksElsewhere,
    NoOfficeProgram,
    OfficeNotReadable,
)
from meeting_app.pdf.child import Meter, answered

ACTIVE, LINKED, UNREADABLE = 11, 12, 13  # exit codes of the child before it becomes LibreOffice
_ONCE_MORE, _MOST_STARTS = 81, 3  # LibreOffice says so after it has made a new profile
_CHILD = "meeting_app.pdf.convert_child"
_BEGINNINGS = {
    b"PK\x03\x04": {"docx", "xlsx", "pptx", "odt", "ods", "odp"},
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": {"doc", "xls", "ppt"},
    b"{\\rtf": {"rtf"},
}


@dataclass(frozen=True, slots=True)
class ConversionLimits:
    memory: int = 4_000 * MEGABYTE  # bytes of address space; about 220 MB are really used
    cpu_seconds: int = 60
    wall_seconds: float = 120
    written: int = 200 * MEGABYTE


def office_ending(path: Path, file_name: str) -> str | None:
    """What kind of office file it is, by its name and its first bytes: "docx", "ods", …"""
    ending = Path(file_name).suffix.lower().removeprefix(".")
    if ending not in OFFICE_ENDINGS:
        return None
    with path.open("rb") as file:
        beginning = file.read(8)
    return ending if any(beginning.startswith(mark) and ending in its for mark, its in _BEGINNINGS.items()) else None


def as_pdf(
    path: Path, ending: str, folder: Path, limits: ConversionLimits | None = None, meter: Meter | None = None
) -> Path:
    """The file as a PDF in this folder, which must be empty and go away afterwards.

    Raises NoOfficeProgram, OfficeNotReadable, ActiveContent or LinksElsewhere.
    """
    program = shutil.which("soffice")
    if program is None:
        raise NoOfficeProgram
    limits = limits or ConversionLimits()
    source = folder / f"tai-lieu.{ending}"
    shutil.copyfile(path, source)
    bounds = (limits.memory, limits.cpu_seconds, limits.written)
    code = _ONCE_MORE
    for _ in range(_MOST_STARTS):
        if code == _ONCE_MORE:
            try:
                code, _said = answered(_CHILD, program, source, *bounds, wall_seconds=limits.wall_seconds, meter=meter)
            except TimeoutError as error:
                raise OfficeNotReadable from error
    made = source.with_suffix(".pdf")
    if code or not made.is_file():
        raise {ACTIVE: ActiveContent, LINKED: LinksElsewhere}.get(code, OfficeNotReadable)
    return made
