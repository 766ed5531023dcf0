"""The record of attendance: who came when and where, left, was absent and why, was represented by whom.

For the minutes, and as a list for the desk to take along (F36, F37). Papers are Vietnamese whatever the screens
speak; a cell of the table that a spreadsheet would take for a formula is marked as text.
"""

import csv
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor, ensure_desk
from meeting_app.domain.attendance_delegation import AttendanceDelegation
from meeting_app.domain.attendee import Attendee, CheckInWay, Role, Whereabouts
from meeting_app.domain.calendar import local
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.organisation import Unit, Venue
from meeting_app.domain.paper import Letterhead, written_time
from meeting_app.domain.seat import Seat
from meeting_app.errors import NotFound
from meeting_app.pdf.attendance import AttendancePaper, AttendanceRow, render_attendance
from meeting_app.ports import Ports
from meeting_app.services import event as events
from meeting_app.services.people import Person, persons
from meeting_app.services.unit_of_work import key, reading_standing

_ROLES = {Role.CHAIR: "Chủ trì", Role.SECRETARY: "Thư ký", Role.MEMBER: "Đại biểu", Role.GUEST: "Khách mời"}
_WAYS = {CheckInWay.TOUCH: "Tự điểm danh", CheckInWay.CODE: "Quét mã", CheckInWay.DESK: "Thư ký ghi"}
_PLACES = {Whereabouts.ROOM: "Tại phòng họp", Whereabouts.ONLINE: "Trực tuyến"}
_COLUMNS = (
    "STT", "Họ và tên", "Chức vụ", "Đơn vị", "Thành phần", "Có mặt", "Giờ đến", "Giờ về", "Hình thức", "Điểm danh",
    "Lý do vắng", "Dự thay", "Người dự thay", "Ghế",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the record."""

    attendee: Attendee
    person: Person
    came: bool  # was there at any time of the session
    late: bool
    stands_for: str  # a name, or empty
    delegate: str
    delegate_came: bool
    seat: str

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the minutes say behind the name."""
        row = self.attendee
        said = []
        if self.stands_for:
            said.append(f"dự thay {self.stands_for}")
        if self.came and row.place is Whereabouts.ONLINE:
            said.append("dự trực tuyến")
        if self.late and row.checked_in_at:
            said.append(f"đến muộn, {written_time(row.checked_in_at)}")
        if self.came and row.left_at:
            said.append(f"về sớm, {written_time(row.left_at)}")
        if self.delegate:
            said.append(f"{self.delegate} dự thay" if self.delegate_came else f"đã cử {self.delegate} dự thay")
        return tuple(said)


def lines(session: Session, meeting: Meeting) -> list[Line]:
    """Everybody by role and rank; who was only a delegate, no longer is and never came is nobody's business."""
    rows = events.attendees_of(session, meeting)
    by_id = {row.id: row for row in rows}
    people = persons(session, [row.account_id for row in rows], local(meeting.starts_at).date())
    order = {body["id"]: place for place, body in enumerate(events.attendee_bodies(session, meeting, rows))}
    seats = {seat.id: seat.label for seat in session.exec(select(Seat).where(Seat.venue_id == meeting.venue_id)).all()}
    former = _former(session, meeting)
    opened_at = meeting.opened_at

    def name(row_id: int | None) -> str:
        return people[by_id[row_id].account_id].name if row_id in by_id else ""

    found = []
    for row in sorted(rows, key=lambda row: order[row.id]):
        came = row.took_part(opened_at)
        if not came and row.account_id in former and row.stands_for_id is None:
            continue
        delegate = by_id.get(row.delegate_id)
        represented = next((each for each in rows if each.delegate_id == row.id), None)
        found.append(
            Line(
                attendee=row,
                person=people[row.account_id],
                came=came,
                late=came and row.came_late(opened_at),
                stands_for=name(represented.id if represented else None),
                delegate=name(row.delegate_id),
                delegate_came=delegate is not None and delegate.took_part(opened_at),
                seat=seats.get(row.seat_id, ""),
            )
        )
    return found


def table(ports: Ports, actor: Actor, meeting_id: int) -> tuple[str, bytes]:
    """File name and CSV (UTF-8 with its mark, so that spreadsheets read the accents), for the desk."""
    meeting, rows, _, _ = _read(ports, actor, meeting_id)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for number, line in enumerate(rows, start=1):
        writer.writerow([_inert(cell) for cell in (str(number), *_cells(line))])
    return f"diem-danh-{meeting.id}.csv", text.getvalue().encode("utf-8-sig", "replace")


def paper(ports: Ports, actor: Actor, meeting_id: int) -> tuple[str, bytes]:
    """File name and PDF in the layout of the house, for the desk."""
    meeting, rows, unit, venue = _read(ports, actor, meeting_id)
    now = ports.clock.now()
    written = AttendancePaper(
        letterhead=Letterhead(unit.name, "", unit.place, local(now).date(), unit.parent_name),
        subject=meeting.title,
        starts_at=meeting.opened_at or meeting.starts_at,
        place=venue.name,
        at=now,
        rows=tuple(
            AttendanceRow(
                name=line.person.name,
                post=", ".join(each for each in (line.person.post, line.person.unit) if each),
                part=_ROLES[line.attendee.role],
                came=line.came,
                arrived_at=line.attendee.checked_in_at if line.came else None,
                remarks="; ".join((*line.remarks, *_reason(line))),
            )
            for line in rows
        ),
    )
    return f"diem-danh-{meeting.id}.pdf", render_attendance(written)


def _read(ports: Ports, actor: Actor, meeting_id: int) -> tuple[Meeting, list[Line], Unit, Venue]:
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_desk(standing)
        meeting = standing.meeting
        unit, venue = session.get(Unit, meeting.unit_id), session.get(Venue, meeting.venue_id)
        if unit is None or venue is None:
            raise NotFound
        return meeting, lines(session, meeting), unit, venue


def _cells(line: Line) -> tuple[str, ...]:
    row, person = line.attendee, line.person
    came = row if line.came else None
    return (
        person.name,
        person.post,
        person.unit,
        _ROLES[row.role],
        _state(line),
        _clock(came.checked_in_at if came else None),
        _clock(came.left_at if came else None),
        _PLACES[row.place] if came and row.place else "",
        _WAYS[row.checked_in_by] if came and row.checked_in_by else "",
        "" if line.came else row.why_absent,
        line.stands_for,
        line.delegate,
        line.seat,
    )


def _state(line: Line) -> str:
    if not line.came:
        return "Vắng"
    return "Có mặt, đến muộn" if line.late else "Có mặt"


def _reason(line: Line) -> tuple[str, ...]:
    return (f"lý do: {line.attendee.why_absent}",) if not line.came and line.attendee.why_absent else ()


def _clock(moment: datetime | None) -> str:
    return f"{local(moment):%H:%M}" if moment else ""


def _inert(cell: str) -> str:
    """Text that no spreadsheet calculates: a quote before what would begin a formula (CSV injection, OWASP)."""
    return f"'{cell}" if cell.lstrip(" \u00a0\u200b").startswith(_FORMULA) else cell


def _former(session: Session, meeting: Meeting) -> set[int]:
    query = select(AttendanceDelegation.delegate_id).where(
        AttendanceDelegation.meeting_id == key(meeting.id), col(AttendanceDelegation.added).is_(True)
    )
    return set(session.exec(query).all())
