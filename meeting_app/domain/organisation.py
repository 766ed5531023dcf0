"""Units, the posts people hold in them from day to day, and the rooms they meet in."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from meeting_app.domain.calendar import local
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_


class Unit(SQLModel, table=True):
    """An agency: what stands in the head of its papers and in its register."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    parent_name: str = Field(default="", max_length=200)  # the agency above, first line of the letterhead
    symbol: str = Field(max_length=40)  # "UBND", the second half of "15/GM-UBND"
    place: str = Field(max_length=100)  # where its papers are dated
    # The body its head signs for: "Uỷ ban nhân dân" (TM.); empty where the head decides alone.
    collective: str = Field(default="", max_length=100)
    head_post_id: int | None = Field(default=None, foreign_key="post.id")  # the post that heads it


class Post(SQLModel, table=True):
    """A chức vụ; `rank` orders people in lists, 1 first."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=100, unique=True)
    rank: int = 100
    deputy_of_id: int | None = Field(default=None, foreign_key="post.id")  # Phó Chủ tịch: of Chủ tịch
    heads: bool = False  # a unit or a part of one, as Trưởng phòng does


class Appointment(SQLModel, table=True):
    """Person + post + dates: what a signature's authority rests on (L3, W8)."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    post_id: int = Field(foreign_key="post.id")
    since: date
    until: date | None = None  # the last day
    begun_at: datetime | None = None  # to the second, where a move began it
    ended_at: datetime | None = None  # to the second, where a move or an administrator ended it

    def held_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def held_at(self, moment: datetime) -> bool:
        if self.begun_at is not None and moment < self.begun_at:
            return False
        return self.held_on(local(moment).date()) and (self.ended_at is None or moment < self.ended_at)

    def overlaps(self, since: date, until: date | None) -> bool:
        """Whether it is held, or will be, on a day of that time; one that was ended takes no more days."""
        if self.ended_at is not None:
            return False
        return (until is None or self.since <= until) and (self.until is None or since <= self.until)


class Venue(SQLModel, table=True):
    """A room with walls (phòng họp); "room" alone is the live one on the tablets."""

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    name: str = Field(max_length=120)
    seats: int = 0


class NoLongerHeld(MeetingError):
    message = N_("{name} no longer holds this post: somebody has just changed it. Please look at the list again.")


class PostHeldAlready(MeetingError):
    message = N_("{name} already holds the post {post} in that time.")


class HeadTaken(MeetingError):
    message = N_("{unit} has one head: {name} holds the post {post} in that time.")


class LastDayWrong(MeetingError):
    message = N_("The last day must not come before the first, nor lie in the past.")
