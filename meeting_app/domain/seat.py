"""The plan of a room: its seats on a grid, and how people are seated in it."""

from sqlmodel import Field, SQLModel, UniqueConstraint

LONGEST_LABEL = 8


class Seat(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("venue_id", "x", "y"), UniqueConstraint("venue_id", "label"))

    id: int | None = Field(default=None, primary_key=True)
    venue_id: int = Field(foreign_key="venue.id", index=True)
    label: str = Field(max_length=LONGEST_LABEL)
    x: int  # column of the plan, 0 at the left of who looks at the head table
    y: int  # row of the plan, 0 the head table
