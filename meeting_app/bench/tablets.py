"""Many tablets in one thread, as light as can be: they count bytes, and say when the last of them has all.

Plain sockets under one epoll: a tablet costs a microsecond or two per change, or the tablets would be measured
instead of the server.
"""

import base64
import itertools
import json
import resource
import secrets
import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from websockets.frames import Frame, Opcode

from meeting_app.settings import COOKIE

CONNECTING_AT_ONCE = 100
ANSWER_SECONDS = 60.0
SPARE_FILES = 500
_LONGEST_ANSWER = 300  # bytes
_SHORT, _LONG = 126, 127  # RFC 6455, 5.2: the length follows in 2 or 8 bytes


@dataclass(frozen=True, slots=True)
class Manners:
    """How a tablet comes in: the address, what it says first, and whether it is greeted before it says so."""

    path: str = "/"
    hello: bytes | None = None
    greeted_first: bool = False


class Crowd:
    """Everybody who sits in one room."""

    def __init__(self, port: int, token: str | Sequence[str] = "", hello: dict[str, object] | None = None) -> None:
        """With `hello` they come into the live room; without, they are greeted by a plain server.

        All come with the same cookie, or one after the other with those of a list.
        """
        said = None if hello is None else json.dumps(hello).encode()
        self.manners = Manners(hello=said, greeted_first=hello is None)
        self._port = port
        self._tokens = itertools.cycle([token] if isinstance(token, str) else token)
        self._tablets: dict[int, socket.socket] = {}
        self._silent: list[socket.socket] = []
        self._poll = select.epoll()
        self._room_for_bytes = bytearray(65536)

    def enter(self, count: int) -> None:
        """Connect, say hello, and wait for everybody's greeting or snapshot."""
        allow_files(2 * count + SPARE_FILES)
        for start in range(0, count, CONNECTING_AT_ONCE):
            group = [
                socket.create_connection(("127.0.0.1", self._port), timeout=ANSWER_SECONDS)
                for _ in range(start, min(count, start + CONNECTING_AT_ONCE))
            ]
            for tablet in group:
                tablet.sendall(self._handshake())
            self._let_in(group, [_after_handshake(tablet) for tablet in group])

    def come_at_once(self, count: int) -> list[float]:
        """All connect in the same moment; seconds until each was let in and had all it missed, or a snapshot."""
        allow_files(2 * count + SPARE_FILES)
        began = time.monotonic()
        coming: dict[int, _Coming] = {}
        for _ in range(count):
            tablet = socket.socket()
            tablet.setblocking(False)
            tablet.connect_ex(("127.0.0.1", self._port))
            coming[tablet.fileno()] = _Coming(tablet, self._handshake(), self.manners.hello or b"")
            self._poll.register(tablet, select.EPOLLOUT)
        took: list[float] = []
        while coming:
            ready = self._poll.poll(ANSWER_SECONDS, 256)
            if not ready:
                raise TimeoutError(f"{len(coming)} tablets were not let in")
            for number, event in ready:
                if event & select.EPOLLOUT:
                    self._poll.modify(number, select.EPOLLIN)
                if coming[number].go_on():
                    took.append(time.monotonic() - began)
                    self._tablets[number] = coming.pop(number).tablet
        return took

    def say(self, text: bytes) -> None:
        """One of them speaks."""
        _say(next(iter(self._tablets.values())), text)

    def stop_reading(self, count: int) -> None:
        """So many of them read nothing from here on, and are not waited for."""
        for number in list(self._tablets)[:count]:
            self._poll.unregister(number)
            self._silent.append(self._tablets.pop(number))

    @property
    def silent_ports(self) -> set[int]:
        """Where those who stopped reading are connected from."""
        return {tablet.getsockname()[1] for tablet in self._silent}

    def receive(self, size: int) -> float:
        """Wait until each has received `size` bytes; the moment (monotonic) the last one had."""
        owed = dict.fromkeys(self._tablets, size)
        missing, tablets, space = len(owed), self._tablets, self._room_for_bytes
        deadline = time.monotonic() + ANSWER_SECONDS
        while missing and time.monotonic() < deadline:
            for number, _ in self._poll.poll(1, 256):
                received = tablets[number].recv_into(space)
                if not received:
                    raise ConnectionError("the server sent a tablet away")
                left = owed[number] - received
                owed[number] = left
                if left <= 0 < left + received:
                    missing -= 1
        if missing:
            raise TimeoutError(f"{missing} tablets did not get the change")
        return time.monotonic()

    def part(self) -> None:
        """All go, and others may come."""
        for tablet in (*self._tablets.values(), *self._silent):
            tablet.close()  # leaves the poll by itself (epoll(7))
        self._tablets.clear()
        self._silent.clear()

    def answers(self, said: Sequence[tuple[float, str, bytes]]) -> list[float]:
        """Each says a command once: when (seconds from now), under which id, what. Seconds until each had its answer.

        Raises RuntimeError when one was refused.
        """
        began = time.monotonic()
        tablets = list(self._tablets.items())
        waiting: dict[int, tuple[float, str, bytes]] = {}  # by tablet: since when, for what, what came last
        due = sorted(((*each, *tablet) for each, tablet in zip(said, tablets, strict=True)), reverse=True)
        took: list[float] = []
        while due or waiting:
            while due and began + due[-1][0] <= time.monotonic():
                at, command_id, text, number, tablet = due.pop()
                waiting[number] = (began + at, command_id, b"")
                _say(tablet, text)
            pause = max(0.0, began + due[-1][0] - time.monotonic()) if due else ANSWER_SECONDS
            ready = self._poll.poll(pause, 256)
            if not ready and not due:
                raise TimeoutError(f"{len(waiting)} tablets got no answer")
            took += [each for number, _ in ready if (each := self._answer(number, waiting)) is not None]
        return took

    def _answer(self, number: int, waiting: dict[int, tuple[float, str, bytes]]) -> float | None:
        received = self._tablets[number].recv_into(self._room_for_bytes)
        if not received:
            raise ConnectionError("the server sent a tablet away")
        if number not in waiting:
            return None
        since, command_id, before = waiting[number]
        heard = before + bytes(self._room_for_bytes[:received])
        if f'"refused","id":"{command_id}"'.encode() in heard:
            raise RuntimeError(f"a command was refused: {heard[-300:]!r}")
        if f'"done","id":"{command_id}"'.encode() not in heard:
            waiting[number] = (since, command_id, heard[-_LONGEST_ANSWER:])
            return None
        del waiting[number]
        return time.monotonic() - since

    def leave(self) -> None:
        self._poll.close()
        self.part()

    def __len__(self) -> int:
        return len(self._tablets)

    def _let_in(self, group: Sequence[socket.socket], begun: list[bytes]) -> None:
        if self.manners.greeted_first:
            begun = [_read_frame(tablet, read) for tablet, read in zip(group, begun, strict=True)]
        if self.manners.hello is not None:
            for tablet in group:
                _say(tablet, self.manners.hello)
            for tablet, read in zip(group, begun, strict=True):
                _read_frame(tablet, read)
        for tablet in group:
            tablet.setblocking(False)
            self._tablets[tablet.fileno()] = tablet
            self._poll.register(tablet, select.EPOLLIN)

    def _handshake(self) -> bytes:
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        return (
            f"GET {self.manners.path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Origin: http://127.0.0.1:{self._port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\nCookie: {COOKIE}={next(self._tokens)}\r\n\r\n"
        ).encode()


@dataclass(slots=True)
class _Coming:
    """A tablet on its way in."""

    tablet: socket.socket
    handshake: bytes
    hello: bytes
    heard: bytes = b""

    def go_on(self) -> bool:
        """The next step; True once it is up to date."""
        if self.handshake:
            self.tablet.sendall(self.handshake)
            self.handshake = b""
            return False
        piece = self.tablet.recv(65536)
        if not piece:
            raise ConnectionError("the server sent a tablet away at the door")
        self.heard += piece
        if self.hello:
            if b"\r\n\r\n" in self.heard:
                self.heard = self.heard.partition(b"\r\n\r\n")[2]
                _say(self.tablet, self.hello)
                self.hello = b""
            return False
        return _up_to_date(self.heard)


def allow_files(count: int) -> None:
    """So many files more than are open already, one for each tablet; raises OSError when that is not allowed."""
    count += len(list(Path("/proc/self/fd").iterdir()))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (count, max(hard, count)))
        except ValueError as error:
            raise OSError(f"{count} open files are needed and {hard} allowed (ulimit -n)") from error


def _say(tablet: socket.socket, text: bytes) -> None:
    tablet.sendall(Frame(Opcode.TEXT, text).serialize(mask=True))


def _after_handshake(tablet: socket.socket) -> bytes:
    """Read the answer's head; returns what came behind it."""
    read = b""
    while b"\r\n\r\n" not in read:
        piece = tablet.recv(65536)
        if not piece:
            raise ConnectionError("the server did not answer the handshake")
        read += piece
    return read.partition(b"\r\n\r\n")[2]


def _read_frame(tablet: socket.socket, begun: bytes) -> bytes:
    """Read one frame; returns what came behind it."""
    while len(begun) < _whole_frame(begun):
        piece = tablet.recv(65536)
        if not piece:
            raise ConnectionError("the server sent a tablet away at the door")
        begun += piece
    return begun[_whole_frame(begun) :]


def _up_to_date(heard: bytes) -> bool:
    """Whether a whole welcome or snapshot is among these frames."""
    while len(heard) >= (size := _whole_frame(heard)):
        if b'"t":"welcome"' in heard[:40] or b'"t":"snapshot"' in heard[:40]:
            return True
        heard = heard[size:]
    return False


def _whole_frame(head: bytes) -> int:
    """Bytes of an unmasked frame that begins with these; more than there are while its header is incomplete."""
    if len(head) < 2:  # noqa: PLR2004 — the shortest header
        return 2
    length = head[1] & 0x7F
    header = {_SHORT: 4, _LONG: 10}.get(length, 2)
    if len(head) < header:
        return header
    return header + (int.from_bytes(head[2:header], "big") if header > 2 else length)  # noqa: PLR2004 — as above
