"""Units, the posts people hold in them from day to day, and the rooms they meet in."""

from datetime import date

from sqlmodel import Field, SQLModel


class Unit(SQLModel, table=True):
    """An agency: what stands in the head of its papers and in its register."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    parent_name: str = Field(default="", max_length=200)  # the agency above, first line of the letterhead
    symbol: str = Field(max_length=40)  # "UBND", the second half of "15/GM-UBND"
    place: str = Field(max_length=100)  # where its papers are dated


class Post(SQLModel, table=True):
    """A chức vụ; `rank` orders people in lists, 1 first."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=100, unique=True)
    rank: int = 100


class Appointment(SQLModel, table=True):
    """Person + post + dates: what a signature's authority rests on (L3, W8)."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    post_id: int = Field(foreign_key="post.id")
    authority: str = Field(default="", max_length=200)  # lines above the name: "TM. …\nCHỦ TỊCH"
    since: date
    until: date | None = None

    def held_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def authority_lines(self) -> tuple[str, ...]:
        return tuple(line for line in self.authority.splitlines() if line.strip())


class Venue(SQLModel, table=True):
    """A room with walls (phòng họp); "room" alone is the live one on the tablets."""

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    name: str = Field(max_length=120)
    seats: int = 0
