"""The agenda: items in one order, at most one of them current."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from meeting_app.domain.wording import one_line
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

LONGEST_ITEM_MINUTES = 24 * 60
LONGEST_ITEM_TITLE = 300


class ItemState(StrEnum):
    WAITING = "waiting"
    CURRENT = "current"
    FINISHED = "finished"
    SKIPPED = "skipped"


class AgendaItem(SQLModel, table=True):
    __tablename__ = "agenda_item"

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    position: int  # 1, 2, 3 … in the order of the day
    title: str = Field(max_length=LONGEST_ITEM_TITLE)
    presenter: str = Field(default="", max_length=200)
    minutes: int = 10
    state: ItemState = Field(default=ItemState.WAITING, sa_type=stored_words(ItemState))
    started_at: datetime | None = None
    finished_at: datetime | None = None
    paused_seconds: float = 0  # of the time since started_at, how long the meeting stood still


class ItemTitleMissing(MeetingError):
    message = N_("The agenda item needs a title.")


class ItemTitleTooLong(MeetingError):
    message = N_("The title of an item may have at most {length} characters.")


class ItemMinutesWrong(MeetingError):
    message = N_("An item lasts between 1 and {minutes} minutes.")


class AnotherItemCurrent(MeetingError):
    message = N_("“{title}” is being discussed. Finish it first.")


class ItemNotWaiting(MeetingError):
    message = N_("“{title}” is no longer waiting: someone else has just started, finished or skipped it.")


class ItemNotCurrent(MeetingError):
    message = N_("“{title}” is not being discussed now: someone else may just have finished it.")


class NothingToUndo(MeetingError):
    message = N_("“{title}” has not been started, finished or skipped.")


def clean_item(title: str, minutes: int) -> str:
    cleaned = one_line(title)
    if not cleaned:
        raise ItemTitleMissing
    if len(cleaned) > LONGEST_ITEM_TITLE:
        raise ItemTitleTooLong(length=LONGEST_ITEM_TITLE)
    if not 1 <= minutes <= LONGEST_ITEM_MINUTES:
        raise ItemMinutesWrong(minutes=LONGEST_ITEM_MINUTES)
    return cleaned


def start(items: list[AgendaItem], item: AgendaItem, now: datetime) -> None:
    """Make this waiting item the current one; another current one must be finished first."""
    for other in items:
        if other.state is ItemState.CURRENT and other.id != item.id:
            raise AnotherItemCurrent(title=other.title)
    if item.state is not ItemState.WAITING:
        raise ItemNotWaiting(title=item.title)
    item.state, item.started_at, item.finished_at, item.paused_seconds = ItemState.CURRENT, now, None, 0


def finish(item: AgendaItem, now: datetime) -> None:
    if item.state is not ItemState.CURRENT:
        raise ItemNotCurrent(title=item.title)
    item.state, item.finished_at = ItemState.FINISHED, now


def skip(item: AgendaItem) -> None:
    if item.state is not ItemState.WAITING:
        raise ItemNotWaiting(title=item.title)
    item.state = ItemState.SKIPPED


def undo(items: list[AgendaItem], item: AgendaItem) -> None:
    """Take the last step of this item back: a start or skip to waiting, a finish to current."""
    if item.state is ItemState.FINISHED:
        for other in items:
            if other.state is ItemState.CURRENT:
                raise AnotherItemCurrent(title=other.title)
        item.state, item.finished_at = ItemState.CURRENT, None
    elif item.state in (ItemState.CURRENT, ItemState.SKIPPED):
        item.state, item.started_at, item.finished_at = ItemState.WAITING, None, None
    else:
        raise NothingToUndo(title=item.title)


def move(items: list[AgendaItem], item: AgendaItem, position: int) -> list[AgendaItem]:
    """Put the item at this place (1 first, too large means last) and number all anew, in order."""
    others = sorted((other for other in items if other.id != item.id), key=lambda other: other.position)
    others.insert(max(0, min(position - 1, len(others))), item)
    for number, each in enumerate(others, start=1):
        each.position = number
    return others
