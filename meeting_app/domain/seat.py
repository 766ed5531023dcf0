"""The plan of a room: its seats on a grid, and how people are seated in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from sqlmodel import Field, SQLModel, UniqueConstraint

from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

LONGEST_LABEL = 8


class Seat(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("venue_id", "x", "y"), UniqueConstraint("venue_id", "label"))

    id: int | None = Field(default=None, primary_key=True)
    venue_id: int = Field(foreign_key="venue.id", index=True)
    label: str = Field(max_length=LONGEST_LABEL)
    x: int  # column of the plan, 0 at the left of who looks at the head table
    y: int  # row of the plan, 0 the head table


@dataclass(frozen=True, slots=True)
class Place:
    """A seat that is to be: its label, column and row."""

    label: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The head table, and rows of seats before it."""

    head: int
    rows: int
    per_row: int

    @property
    def seats(self) -> int:
        return self.head + self.rows * self.per_row


class PlanTooLarge(MeetingError):
    message = N_("A plan has 1 to {head} seats at the head table, at most {rows} rows and {per_row} seats in a row.")


class RoomInUse(MeetingError):
    message = N_("A meeting is in session in {venue}. Its plan can be changed afterwards.")


_LEAST = 6
MOST_HEAD, MOST_ROWS, MOST_PER_ROW = 9, 40, 30
_ROWS = "ABCDEGHIKLMNOPQRSTUVX"  # of the Vietnamese alphabet, without its marked letters


def usual_places(seats: int) -> list[Place]:
    """So many seats as a room without a plan probably has them."""
    return places(plan_for(seats))[: max(seats, _LEAST)]


def plan_for(seats: int) -> Plan:
    """A plan that holds so many people: a head table, and rows that are wider than the room is deep."""
    seats = max(seats, _LEAST)
    head = 3 if seats < 30 else 5  # noqa: PLR2004 — a small room and a hall
    rest = seats - head
    per_row = min(max(4, round((rest * 1.6) ** 0.5)), 12)
    return Plan(head, -(-rest // per_row), per_row)


def ensure_fits(plan: Plan) -> None:
    fits = 1 <= plan.head <= MOST_HEAD and 0 <= plan.rows <= MOST_ROWS and 0 <= plan.per_row <= MOST_PER_ROW
    if not fits:
        raise PlanTooLarge(head=MOST_HEAD, rows=MOST_ROWS, per_row=MOST_PER_ROW)


def places(plan: Plan) -> list[Place]:
    """Row by row, the head table first: CT1, CT2 …, A1, A2 …"""
    width = max(plan.head, plan.per_row)
    left = (width - plan.head) // 2
    head = [Place(f"CT{number + 1}", left + number, 0) for number in range(plan.head)]
    left = (width - plan.per_row) // 2
    rows = [
        Place(f"{_letter(row)}{number + 1}", left + number, row + 1)
        for row in range(plan.rows)
        for number in range(plan.per_row)
    ]
    return head + rows


def by_honour(seats: Iterable[Seat]) -> list[Seat]:
    """The best seat first: the middle of the head table, then from the middle outwards, row by row."""
    rows: dict[int, list[Seat]] = {}
    for seat in seats:
        rows.setdefault(seat.y, []).append(seat)
    ordered: list[Seat] = []
    for y in sorted(rows):
        columns = sorted(each.x for each in rows[y])
        middle = (columns[0] + columns[-1]) / 2
        ordered += sorted(rows[y], key=partial(_from_middle, middle))
    return ordered


def _from_middle(middle: float, seat: Seat) -> tuple[float, int]:
    return abs(seat.x - middle), seat.x


def _letter(row: int) -> str:
    again, at = divmod(row, len(_ROWS))
    return _ROWS[at] * (again + 1)
