"""One person's visit to a live room: let in, shown the state, heard, and checked again."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from websockets.frames import CloseCode

from meeting_app.domain.access import Actor, Wall
from meeting_app.domain.event import Channel
from meeting_app.errors import MeetingError, NotFound
from meeting_app.room import protocol
from meeting_app.room.delivery import Delivery
from meeting_app.room.door import Admitted, Ticket
from meeting_app.room.house import House
from meeting_app.room.live import LiveRoom
from meeting_app.room.performing import Asked
from meeting_app.room.protocol import Ask, Close, Do, Flood, Hello, Malformed, Message, Ping, Point, SignedOut
from meeting_app.room.snapshots import AudienceChanged
from meeting_app.services.event import Listener

COMMANDS_WAITING = 32


class Line(Protocol):
    """The connection the visit goes over."""

    ticket: Ticket
    language: str

    @property
    def open(self) -> bool: ...

    def write(self, frames: bytes) -> None: ...

    def end(self, code: Close | CloseCode, error: MeetingError | None = None) -> None: ...


class Visit:
    """From the tablet's hello to the end of its connection."""

    __slots__ = (
        "_commands",
        "_fetching",
        "_house",
        "_line",
        "_looks",
        "_performing",
        "_room",
        "delivery",
        "listener",
        "who",
    )

    def __init__(self, house: House, line: Line) -> None:
        self._house, self._line = house, line
        self._room: LiveRoom | None = None
        self._commands: list[tuple[Do, datetime]] | None = None  # none before the tablet's hello
        self._performing = self._fetching = False
        self._looks = 0  # at what this person is in the meeting, under way
        self.delivery = Delivery()
        self.who: Actor | Wall | None = None
        self.listener: Listener | None = None

    def take(self, message: Message) -> None:
        """Act on what the tablet says; raises Malformed when it is out of place."""
        match message:
            case Hello():
                if self._commands is not None:
                    raise Malformed
                self._commands = []
                self._line.language = message.language
                self._line.ticket = replace(self._line.ticket, as_screen=message.as_screen)
                self._house.spawn(self._enter(message))
            case Do():
                self._queue(message)
            case Ask():
                if self._room is not None:
                    self.delivery.sent = min(self.delivery.sent, message.version)
                    self.settle()
            case Ping():
                if self._room is not None and self.delivery.clear:
                    self.write(protocol.pong_frame(self._room.ring.version, self._now()))
            case Point():
                if self._room is not None and self.listener is not None and self.listener.account_id is not None:
                    self._room.point(self.listener.account_id, message)

    def leave(self) -> None:
        if self._room is not None:
            self._room.leave(self)

    # What the room and the transport ask of a tablet.

    def write(self, frames: bytes) -> None:
        self._line.write(frames)

    def settle(self) -> None:
        """Send what is owed, as far as it can be sent now."""
        delivery, room = self.delivery, self._room
        if room is None or not self._line.open:
            return
        frames = delivery.owed(room.ring, room.snapshots.size(delivery.channels, delivery.account_id))
        if frames:
            self.write(b"".join(frames))
        if place := delivery.owed_place(protocol.place_frame(room.place_body(delivery.channels, delivery.account_id))):
            self.write(place)
        if delivery.needs_snapshot and delivery.entered and delivery.clear and not self._fetching:
            self._fetching = True
            self._house.spawn(self._send_snapshot(room))

    def look_again(self) -> None:
        self._looks += 1
        self._house.spawn(self._look_again())

    def signed_out(self) -> None:
        """The end for whoever has signed out meanwhile. A new role in the meeting comes as an event."""
        self._line.end(Close.SIGNED_OUT, SignedOut())

    async def _enter(self, hello: Hello) -> None:
        try:
            admitted = await self._house.admit(self._line.ticket, hello.meeting_id)
            if admitted is None:
                self._line.end(Close.SIGNED_OUT, SignedOut())
                return
            async with self._house.entering(hello.meeting_id) as room:
                if hello.version is not None:
                    # What they are now was read beside the log: what made them so must be in the ring.
                    await room.catch_up(admitted.listener.at_version)
                    if hello.version > room.ring.version:
                        await room.look()
                if self._line.open:
                    self._begin(room, admitted, hello.version)
        except NotFound as error:
            self._line.end(Close.NOT_FOUND, error)
        except Exception:
            self._line.end(CloseCode.INTERNAL_ERROR)
            raise

    def _begin(self, room: LiveRoom, admitted: Admitted, version: int | None) -> None:
        self._room, self.who, self.listener = room, admitted.who, admitted.listener
        # The room has looked when somebody named a later version than it knew: that one never was.
        known = version if version is not None and version <= room.ring.version else None
        if known is not None and not room.can_resume(admitted.listener, min(known, admitted.listener.at_version)):
            known = None
        self.delivery.begin(admitted.listener.channels, admitted.listener.account_id, known)
        room.enter(self)
        place = room.place_body(self.delivery.channels, self.delivery.account_id)
        self.delivery.place = protocol.place_frame(place)  # both greetings say it
        self.settle()
        if not self.delivery.needs_snapshot:  # a snapshot is welcome enough
            self._answer(protocol.welcome_frame(room.ring.version, self._now(), place))
        self._perform_next()

    async def _send_snapshot(self, room: LiveRoom) -> None:
        who, listener = self.who, self.listener
        if who is None or listener is None:
            raise ValueError("nobody was let in here")
        try:
            snapshot = await room.snapshots.take(who, listener, room.ring.version)
        except (AudienceChanged, NotFound):
            await self._admit_again()
        else:
            if self.delivery.clear and self.delivery.entered and self.listener == listener:
                place = room.place_body(listener.channels, listener.account_id)
                self.write(protocol.snapshot_frame(snapshot.state, _you(who, listener), self._now(), place))
                self.delivery.snapshot_sent(snapshot.version, protocol.place_frame(place))
        finally:
            self._fetching = False
        self.settle()
        if self.delivery.sent > room.ring.version:
            await room.look()  # the rows are ahead of what woke the room

    async def _look_again(self) -> None:
        try:
            await self._admit_again()
        except Exception:
            self._line.end(CloseCode.INTERNAL_ERROR)  # they would hear nothing more
            raise
        self._looks -= 1
        if not self._looks:  # an earlier answer may know less
            self.delivery.entered = True
            self.settle()

    async def _admit_again(self) -> None:
        """Ask once more who this is; the end for whoever has signed out or was let go."""
        if self.listener is None or not self._line.open:
            return
        try:
            admitted = await self._house.admit(self._line.ticket, self.listener.meeting_id)
        except NotFound as error:
            self._line.end(Close.NOT_FOUND, error)
            return
        if admitted is None:
            self._line.end(Close.SIGNED_OUT, SignedOut())
            return
        if admitted.listener != self.listener:
            self.delivery.hear(admitted.listener.channels)
            self.delivery.needs_snapshot = True
        self.who, self.listener = admitted.who, admitted.listener
        self.settle()

    def _queue(self, command: Do) -> None:
        if self._commands is None:
            raise Malformed
        if len(self._commands) >= COMMANDS_WAITING:
            self._line.end(Close.FLOOD, Flood())
            return
        self._commands.append((command, self._now()))
        self._perform_next()

    def _perform_next(self) -> None:
        """One command of this tablet at a time, in the order they came."""
        if self._commands and not self._performing and self._room is not None and self._line.open:
            self._performing = True
            self._house.spawn(self._perform(self._room, *self._commands.pop(0)))

    async def _perform(self, room: LiveRoom, command: Do, arrived_at: datetime) -> None:
        asked = Asked(self._line.ticket, self._line.language, room.meeting_id, command, arrived_at)
        try:
            answer = await self._house.perform(asked)
        finally:
            self._performing = False
        if answer is None:
            self._line.end(Close.SIGNED_OUT, SignedOut())
            return
        self._answer(answer)
        self._perform_next()
        await room.look()

    def _answer(self, frame: bytes) -> None:
        if self.delivery.clear:
            self.write(frame)
        else:
            self.delivery.answers += (frame,)

    def _now(self) -> datetime:
        return self._house.ports.clock.now()


def _you(who: Actor | Wall, listener: Listener) -> dict[str, object]:
    """What the snapshot says of its reader."""
    return {
        "attendee_id": listener.attendee_id,
        "name": who.name if isinstance(who, Wall) else who.full_name,
        "role": listener.role,
        "desk": Channel.DESK in listener.channels,
    }
