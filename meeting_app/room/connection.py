"""One tablet's connection: bytes to messages, frames to the transport.

websockets' `ServerProtocol` keeps the rules of RFC 6455; the frames of the event log are written to
the transport as they are, encoded elsewhere, once for all.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import cast

from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from meeting_app.errors import MeetingError
from meeting_app.i18n import DEFAULT_LANGUAGE, speaking
from meeting_app.room import protocol
from meeting_app.room.delivery import Allowance
from meeting_app.room.door import Ticket, origin_allowed, ticket_of
from meeting_app.room.house import House
from meeting_app.room.protocol import Close, Flood, Malformed, SignedOut, WrongOrigin
from meeting_app.room.visit import Visit

SEND_BUFFER = 16 * 1024  # bytes in the kernel (it takes twice as much): a slow tablet is noticed early, holds little
FRAMES_PER_SECOND, FRAMES_AT_ONCE = 20, 60
PIECE = 1024  # bytes looked at before the frames in them are counted: of a flood no more is parsed
LONGEST_REQUEST = 16 * 1024  # bytes of a handshake
MOST_FROM_STRANGERS = 128 * 1024  # bytes before somebody is let in
MOST_PARTS = 64  # frames of one message
# The library notes whole requests, cookies too, at DEBUG; nothing below a warning may reach a log.
_wire_log = logging.getLogger(f"{__name__}.wire")
_wire_log.setLevel(logging.WARNING)


class Connection(asyncio.Protocol):
    """A tablet from its TCP connection to its end."""

    __slots__ = (
        "_allowance",
        "_deaf",
        "_house",
        "_loop",
        "_parts",
        "_received",
        "_transport",
        "_wire",
        "arrived_at",
        "checked_at",
        "ended",
        "ending_at",
        "heard_at",
        "language",
        "stalled_at",
        "ticket",
        "visit",
    )

    def __init__(self, house: House, ended: Callable[["Connection"], None]) -> None:
        self._house = house
        self._loop = asyncio.get_running_loop()
        self._wire = ServerProtocol(max_size=protocol.LARGEST_FRAME, logger=_wire_log)
        self._transport: asyncio.Transport | None = None
        self._allowance = Allowance(FRAMES_PER_SECOND, FRAMES_AT_ONCE)
        self._parts: list[bytes] = []
        self._received = 0  # bytes so far; counts until somebody is let in
        self._deaf = False
        self.visit = Visit(house, self)
        self.ended = ended
        self.ticket = Ticket()
        self.language = DEFAULT_LANGUAGE
        # Seconds of the loop's clock.
        self.arrived_at = self.heard_at = self.checked_at = self._loop.time()
        self.stalled_at: float | None = None
        self.ending_at: float | None = None

    @property
    def open(self) -> bool:
        return self.ending_at is None

    # From the transport.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        own = self._transport.get_extra_info("socket")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        # asyncio does so only where it opened the door itself. Without, a frame waits until the one before is
        # acknowledged, which takes 40 ms where the tablet has nothing to say (RFC 896, RFC 1122: 4.2.3.2).
        own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.visit.delivery.send = partial(os.write, own.fileno())
        # Live frames go straight to the kernel; the transport closes the socket only after connection_lost.
        self._transport.set_write_buffer_limits(high=0)  # tell us of the first byte that stays behind

    def data_received(self, data: bytes) -> None:
        self.heard_at = self._loop.time()
        for start in range(0, len(data), PIECE):
            if self._deaf or self._too_much():
                return
            piece = data[start : start + PIECE]
            self._received += len(piece)
            self._take_piece(piece)

    def _too_much(self) -> bool:
        """Whether a stranger has sent more than a stranger may; then this is the end."""
        shaking_hands = self._wire.state is State.CONNECTING
        most = LONGEST_REQUEST if shaking_hands else MOST_FROM_STRANGERS
        if self.visit.listener is not None or self._received <= most:
            return False
        if shaking_hands:
            self.abort("a handshake too long")
        else:
            self.end(Close.FLOOD, Flood())
        return True

    def _take_piece(self, piece: bytes) -> None:
        was_open = self.open
        self._wire.receive_data(piece)
        for event in self._wire.events_received():
            if isinstance(event, Request):
                self._answer_request(event)
            elif self.open and isinstance(event, Frame):
                self._take_frame(event)
        self._flush()
        if not was_open:
            self._deaf = True  # a last piece after the end, in which the other side's closing may be
        if self._wire.close_expected():
            if self.open and self._wire.parser_exc is not None:
                self._note(f"what is no websocket message ({type(self._wire.parser_exc).__name__})")
            self._begin_end()

    def eof_received(self) -> None:
        self._wire.receive_eof()
        self._flush()

    def connection_lost(self, _error: Exception | None) -> None:
        self._begin_end()
        self._transport = None
        self.ended(self)

    def pause_writing(self) -> None:
        self.visit.delivery.clear = False
        self.stalled_at = self._loop.time()

    def resume_writing(self) -> None:
        self.visit.delivery.clear = True
        self.stalled_at = None
        self.visit.settle()

    # To the transport.

    def write(self, frames: bytes) -> None:
        if self.ending_at is None and self._transport is not None:
            self._transport.write(frames)

    def end(self, code: Close | CloseCode, error: MeetingError | None = None) -> None:
        """Say why, and close; once."""
        if not self.open or self._wire.state is not State.OPEN:
            return
        if error is not None:
            with speaking(self.language):
                self.write(protocol.bye_frame(str(error)))
            self._note(type(error).__name__)
        self._wire.send_close(code, code.name.lower().replace("_", " "))
        self._flush()
        self._begin_end()
        if code in (Close.FLOOD, Close.MALFORMED):
            self._hear_no_more()

    def abort(self, reason: str = "") -> None:
        """Cut the connection; the reason, if any, is noted."""
        if reason:
            self._note(reason)
        if self._transport is not None:
            self._transport.abort()

    def _answer_request(self, request: Request) -> None:
        if request.path == "/health":
            self._wire.send_response(self._wire.reject(200, "ok\n"))
            return
        self._wire.send_response(self._wire.accept(request))
        self._flush()
        if self._wire.state is not State.OPEN:
            return
        origins, hosts = request.headers.get_all("Origin"), request.headers.get_all("Host")
        self.ticket = ticket_of(request.headers.get_all("Cookie"), self._address())
        request.headers.clear()  # the parser holds the request as long as the connection lives: 2.5 kB
        # Refused after the handshake: a browser cannot tell a refused handshake from an unreachable room.
        public = self._house.public_origins
        if len(origins) != 1 or len(hosts) != 1 or not origin_allowed(origins[0], hosts[0], public):
            self.end(Close.WRONG_ORIGIN, WrongOrigin())
        elif self.ticket.is_empty:
            self.end(Close.SIGNED_OUT, SignedOut())

    def _take_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            return
        if not self._allowance.take(self.heard_at):
            self.end(Close.FLOOD, Flood())
        elif frame.opcode not in (Opcode.PING, Opcode.PONG):
            self._parts.append(bytes(frame.data))
            if len(self._parts) > MOST_PARTS:  # empty ones cost memory too
                self.end(Close.FLOOD, Flood())
            elif frame.fin:
                self._take_text()

    def _take_text(self) -> None:
        whole, self._parts = b"".join(self._parts), []
        try:
            self.visit.take(protocol.read(whole.decode()))
        except (Malformed, UnicodeDecodeError):
            with speaking(self.language):
                self.write(protocol.refused_frame(None, str(Malformed())))
            self._note("a malformed message")
            self.end(Close.MALFORMED)

    def _hear_no_more(self) -> None:
        """Whatever still comes is thrown away unread. They are told at once that nothing follows."""
        self._deaf = True
        if self._transport is not None and not self._transport.is_closing():
            with suppress(OSError):
                self._transport.write_eof()

    def _note(self, reason: str) -> None:
        listener = self.visit.listener
        self._house.refusals.note(reason, self._address(), listener.account_id if listener else None)

    def _address(self) -> str:
        peer = self._transport.get_extra_info("peername") if self._transport is not None else None
        return str(peer[0]) if peer else ""

    def _begin_end(self) -> None:
        """From here on nothing is sent; the server drops us soon should the other side not answer."""
        if self.open:
            self.ending_at = self._loop.time()
            self.visit.leave()

    def _flush(self) -> None:
        """Send what RFC 6455 itself wants sent: the handshake, pongs, the closing."""
        transport = self._transport
        for piece in self._wire.data_to_send():
            if transport is None or transport.is_closing():
                continue
            if piece:
                transport.write(piece)
            else:
                # Half-closed, not closed: closing with unread bytes would reset the connection and lose our reason.
                with suppress(OSError):
                    transport.write_eof()
