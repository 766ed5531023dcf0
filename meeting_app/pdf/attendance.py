"""The list of attendance as a PDF: everybody in one table, the absent with their reasons."""

from dataclasses import dataclass
from datetime import datetime

from meeting_app.domain.paper import Letterhead, clean, written_date, written_moment, written_time
from meeting_app.pdf.typesetting import typeset

_LONGEST_CELL = 800  # characters: a reason with a delegate's name


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    name: str
    post: str
    part: str  # "Chủ trì", "Đại biểu"
    came: bool
    arrived_at: datetime | None
    remarks: str


@dataclass(frozen=True, slots=True)
class AttendancePaper:
    letterhead: Letterhead
    subject: str
    starts_at: datetime
    place: str
    at: datetime  # when the list was made
    rows: tuple[AttendanceRow, ...]


def render_attendance(paper: AttendancePaper) -> bytes:
    head = paper.letterhead
    content = {
        "letterhead": {
            "agency": clean(head.agency),
            "parent_agency": clean(head.parent_agency),
            "number": "",
            "urgency": None,
            "place": clean(head.place),
            "date": {
                "day": head.date.day,
                "month": head.date.month,
                "year": head.date.year,
                "written": written_date(head.date),
            },
        },
        "subject": clean(paper.subject),
        "starts_at": written_moment(paper.starts_at),
        "place": clean(paper.place),
        "at": written_moment(paper.at),
        "invited": len(paper.rows),
        "came": sum(row.came for row in paper.rows),
        "rows": [
            {
                "name": clean(row.name, _LONGEST_CELL),
                "post": clean(row.post, _LONGEST_CELL),
                "part": row.part,
                "came": row.came,
                "arrived": written_time(row.arrived_at) if row.arrived_at else "",
                "remarks": clean(row.remarks, 2 * _LONGEST_CELL),
            }
            for row in paper.rows
        ],
    }
    return typeset("attendance.typ", content)[0]
