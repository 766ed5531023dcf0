"""The event log of a meeting: what every tablet must show, in one order without gaps.

A tablet's state is the snapshot at some version with all later events applied (`apply`); the same
rule stands in the browser (ui/components/state.js). A listener who may not see an event's channel
is sent its version alone, so that a missing number always means a lost frame.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_


class Channel(StrEnum):
    EVERYONE = "everyone"
    MEMBERS = "members"  # everyone but guests
    DESK = "desk"  # chair and secretary
    SCREEN = "screen"  # the hall's big screen
    PERSON = "person"  # one account: the event's `account_id`


class Kind(StrEnum):
    MEETING = "meeting"  # body: changed fields of the meeting
    ITEMS = "items"  # body: {"items": [changed], "order": [all ids]?}
    ATTENDEES = "attendees"  # body: {"attendees": [changed], "gone": [ids]?}
    DOCUMENTS = "documents"  # body: {"documents": [changed], "gone": [ids]?}
    CONCLUSIONS = "conclusions"  # body: {"conclusions": [changed], "gone": [ids]?}
    MINUTES = "minutes"  # body: {"state": …}: where the minutes stand
    ANNOTATIONS = "annotations"  # body: {"document_id"}: what is shared on it changed; each reads what is theirs
    PRESENTER = "presenter"  # body: {"attendee_id", "since"}: who leads the reading; both empty for nobody
    REPLIES = "replies"  # body: {"replies": [{attendee id, reply, reason}]}
    MOTIONS = "motions"  # body: {"motions": [changed], "gone": [ids]?, "order"?}
    READY = "ready"  # body: {"ready": [{"id": attendee id}]?, "gone"?}: who is ready for the motion that was called
    ELECTORS = "electors"  # body: {"electors": [changed], "gone"?}: whose votes count in the open motion, and who voted
    BALLOTS = "ballots"  # what a recount needs of a motion; no part of the state
    FLOOR = "floor"  # body: {"floor": [changed], "gone"?}: who asks to speak, who speaks, who has a question
    FLOOR_RULES = "floor_rules"  # body: changed fields of how the floor is given
    MESSAGES = "messages"  # body: {"messages": [changed], "gone"?}
    HELP = "help"  # body: {"help": [changed], "gone"?}
    SEATS = "seats"  # body: {"seats": [changed], "gone"?}: the places of the room
    SCREENS = "screens"  # body: {"screens": [changed], "gone"?}: the walls that show this meeting


class MeetingEvent(SQLModel, table=True):
    __tablename__ = "meeting_event"

    meeting_id: int = Field(foreign_key="meeting.id", primary_key=True)
    version: int = Field(primary_key=True)  # 1, 2, 3 … taken under the meeting's row lock
    channel: Channel = Field(sa_type=stored_words(Channel))
    account_id: int | None = Field(default=None, foreign_key="account.id")  # whom alone it reaches, by PERSON
    kind: Kind = Field(sa_type=stored_words(Kind))
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    actor_id: int | None = Field(default=None, foreign_key="account.id")
    at: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as the room reads it, after every commit: made many times faster than a row that can be stored."""

    version: int
    channel: Channel
    account_id: int | None
    kind: Kind
    body: dict[str, Any]
    at: datetime


class CommandReceipt(SQLModel, table=True):
    """A client-made command id that took effect, and at which version: the same id is done once."""

    __tablename__ = "command_receipt"

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    command_id: str = Field(max_length=64, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    act: str = Field(default="", max_length=61)  # empty: done before acts were noted
    version: int
    at: datetime


def is_same_command(done: tuple[int, str], asked: tuple[int, str]) -> bool:
    """Whether what came under one id is one command: its meeting, and its act where that was kept."""
    return done[0] == asked[0] and done[1] in ("", asked[1])


class CommandIdTaken(MeetingError):
    message = N_("This command came under the number of another one and was not done. Please try again.")


_NEWS = {Kind.ANNOTATIONS, Kind.BALLOTS}  # something to look at, not a part of the state
_LISTS = {
    Kind.ITEMS: "items",
    Kind.ATTENDEES: "attendees",
    Kind.DOCUMENTS: "documents",
    Kind.CONCLUSIONS: "conclusions",
    Kind.REPLIES: "replies",
    Kind.MOTIONS: "motions",
    Kind.READY: "ready",
    Kind.ELECTORS: "electors",
    Kind.FLOOR: "floor",
    Kind.MESSAGES: "messages",
    Kind.HELP: "help",
    Kind.SEATS: "seats",
    Kind.SCREENS: "screens",
}


# What is made for the wall of the hall. Of everything else a screen is told the version alone, even where everybody
# of the meeting may hear it: whoever passes by reads what stands there.
ON_THE_WALL = frozenset(
    {
        Kind.MEETING,
        Kind.ITEMS,
        Kind.ATTENDEES,
        Kind.MOTIONS,
        Kind.READY,
        Kind.ELECTORS,
        Kind.FLOOR,
        Kind.FLOOR_RULES,
        Kind.MESSAGES,
    }
)


def hears(channels: frozenset[Channel], account_id: int | None, event: MeetingEvent | Happened) -> bool:
    """Whether a listener is told what happened, or only its version."""
    if Channel.SCREEN in channels and event.kind not in ON_THE_WALL:
        return False
    if event.channel is Channel.PERSON:
        return event.account_id is not None and event.account_id == account_id
    return event.channel in channels


def apply(state: dict[str, Any], version: int, kind: Kind | None, body: dict[str, Any]) -> dict[str, Any]:
    """The state after one event; `kind` None is an event of a channel this listener does not hear."""
    after = {**state, "version": version}
    if kind is None or kind in _NEWS:
        return after
    if kind in _LISTS:
        name = _LISTS[kind]
        after[name] = _merged(state.get(name, []), body.get(name, []), body.get("gone", []), body.get("order"))
        if kind is Kind.DOCUMENTS:
            after[name].sort(key=lambda row: row["id"])  # one that was put back stands where it stood
    else:
        after[kind.value] = {**state.get(kind.value, {}), **body}
    return after


def _merged(
    rows: list[dict[str, Any]], changed: list[dict[str, Any]], gone: list[int], order: list[int] | None
) -> list[dict[str, Any]]:
    by_id = {row["id"]: row for row in rows}
    by_id.update({row["id"]: row for row in changed})
    for row_id in gone:
        by_id.pop(row_id, None)
    if order is not None:
        return [by_id[row_id] for row_id in order if row_id in by_id]
    return list(by_id.values())
