"""The room's messages, without I/O: what a tablet may say, and how the answers look on the wire.

PROTOCOL.md says the same for people. Everything that comes in is bounded here: size, depth, types,
numbers and characters that no service should ever have to think about.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from websockets.frames import Frame, Opcode

from meeting_app.domain.event import Happened
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

LARGEST_FRAME = 64 * 1024  # bytes, in; a conclusion of 4,000 letters is 12 kB
WHOLE_PAGE = 10_000  # parts of a page's width or height
LARGEST_NUMBER = 2**31 - 1  # what PostgreSQL holds as an integer
MOST_ARGUMENTS = 16
LONGEST_LIST = 64

Argument = str | int | bool | list[int] | None
PlaceBody = dict[str, int | None]  # {"n": turn, "document_id": …, "page": …}; the document is null for nowhere


class Close(IntEnum):
    """Why the room ends a connection; 4400–4499 are ours (RFC 6455, 7.4.2), after the HTTP status of that sense."""

    TOO_BIG = 1009
    RESTARTING = 1012  # come back at once, here or at another room
    MALFORMED = 4400
    SIGNED_OUT = 4401
    WRONG_ORIGIN = 4403
    NOT_FOUND = 4404
    TOO_SLOW = 4408
    FLOOD = 4429


class Malformed(MeetingError):
    message = N_("The room did not understand this message. Please reload the page.")


class SignedOut(MeetingError):
    message = N_("You are signed out. Please sign in again; what you have open stays on the screen.")


class WrongOrigin(MeetingError):
    message = N_("This page does not come from the meeting room's own address.")


class Flood(MeetingError):
    message = N_("Too many messages came from this tablet at once. It will connect again by itself.")


@dataclass(frozen=True, slots=True)
class Hello:
    meeting_id: int
    version: int | None  # the last one this tablet holds; None: it holds nothing
    language: str
    as_screen: bool = False  # by the cookie of a hall screen, not by that of whoever is signed in


@dataclass(frozen=True, slots=True)
class Do:
    command_id: str
    act: str
    arguments: dict[str, Argument]


@dataclass(frozen=True, slots=True)
class Ask:
    """The tablet saw a gap: send again what came after `version`."""

    version: int


@dataclass(frozen=True, slots=True)
class Ping:
    """Browsers cannot send control frames, and cannot see the server's."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where the presenter points on the page, in ten-thousandths of its width and height; `page` None: no longer."""

    page: int | None
    x: int = 0
    y: int = 0


Message = Hello | Do | Ask | Ping | Point

_ACT = re.compile(r"[a-z_]{1,30}\.[a-z_]{1,30}")
_COMMAND_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_NAME = re.compile(r"[a-z_]{1,30}")
_LANGUAGE = re.compile(r"[a-z]{2}")


def read(text: str) -> Message:
    """The message in a text frame; raises Malformed for anything else."""
    try:
        raw = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:  # ValueError: also a number of thousands of digits
        raise Malformed from error
    if not isinstance(raw, dict):
        raise Malformed
    match raw.get("t"):
        case "hello":
            return Hello(
                _number(raw.get("meeting")),
                _version(raw.get("version")),
                _matching(_LANGUAGE, raw.get("lang")),
                as_screen=_flag(raw.get("screen", False)),
            )
        case "do":
            return Do(
                _matching(_COMMAND_ID, raw.get("id")), _matching(_ACT, raw.get("act")), _arguments(raw.get("args"))
            )
        case "ask":
            return Ask(_number(raw.get("version")))
        case "ping":
            return Ping()
        case "point":
            return _point(raw)
    raise Malformed


def _point(raw: dict[str, object]) -> Point:
    if raw.get("page") is None:
        return Point(None)
    point = Point(_number(raw.get("page")), _number(raw.get("x")), _number(raw.get("y")))
    if point.x > WHOLE_PAGE or point.y > WHOLE_PAGE:
        raise Malformed
    return point


def _refuse(_constant: str) -> None:
    raise Malformed  # NaN and Infinity are not JSON


def _number(value: object) -> int:
    # bool is an int to Python, not to us.
    if type(value) is not int or not 0 <= value <= LARGEST_NUMBER:
        raise Malformed
    return value


def _version(value: object) -> int | None:
    return None if value is None else _number(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Malformed
    return value


def _matching(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Malformed
    return value


def _arguments(value: object) -> dict[str, Argument]:
    if not isinstance(value, dict) or len(value) > MOST_ARGUMENTS:
        raise Malformed
    return {_matching(_NAME, name): _argument(each) for name, each in value.items()}


def _argument(value: object) -> Argument:
    if isinstance(value, list):
        if len(value) > LONGEST_LIST:
            raise Malformed
        return [_number(each) for each in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_NUMBER:
            raise Malformed
        return value
    # Half a surrogate pair cannot be stored as UTF-8, NUL not in PostgreSQL.
    if isinstance(value, str) and "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value):
        return value
    raise Malformed


def frame(message: dict[str, Any]) -> bytes:
    """A whole websocket text frame, ready for any number of transports (server to client: never masked)."""
    return _framed(_json(message))


def event_frame(event: Happened) -> bytes:
    return frame(
        {"t": "event", "v": event.version, "k": event.kind.value, "b": event.body, "at": iso(event.at)},
    )


def skip_frame(version: int) -> bytes:
    """The version alone of an event this listener may not hear, so that a missing number always means a loss."""
    return frame({"t": "skip", "v": version})


def snapshot_frame(state: bytes, you: dict[str, Any], now: datetime, place: PlaceBody) -> bytes:
    """A snapshot whose shared part, the JSON object `state`, was encoded once for many listeners."""
    own, beside = _json({"you": you}), _json({"now": iso(now), "place": place})
    return _framed(b'{"t":"snapshot",%b,"state":%b,%b}' % (beside[1:-1], state[:-1], own[1:]))


def state_bytes(state: dict[str, Any]) -> bytes:
    """The shared part of a snapshot: `state` without what differs per person."""
    return _json({name: value for name, value in state.items() if name != "you"})


def welcome_frame(version: int, now: datetime, place: PlaceBody) -> bytes:
    return frame({"t": "welcome", "v": version, "now": iso(now), "place": place})


def place_frame(place: PlaceBody) -> bytes:
    return frame({"t": "place", "place": place})


def point_frame(point: Point) -> bytes:
    if point.page is None:
        return frame({"t": "point", "page": None})
    return frame({"t": "point", "page": point.page, "x": point.x, "y": point.y})


def pong_frame(version: int, now: datetime) -> bytes:
    return frame({"t": "pong", "v": version, "now": iso(now)})


def done_frame(command_id: str, version: int) -> bytes:
    return frame({"t": "done", "id": command_id, "version": version})


def refused_frame(command_id: str | None, reason: str) -> bytes:
    return frame({"t": "refused", "id": command_id, "reason": reason})


def bye_frame(reason: str) -> bytes:
    return frame({"t": "bye", "reason": reason})


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _framed(payload: bytes) -> bytes:
    return Frame(Opcode.TEXT, payload).serialize(mask=False)
