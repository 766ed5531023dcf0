"""Many tablets in one thread, as light as can be: they count bytes, and say when the last of them has all.

Plain sockets under one epoll: a tablet costs some microseconds per change, or the tablets would be measured
instead of the server.
"""

import base64
import json
import secrets
import select
import socket
import time

from websockets.frames import Frame, Opcode

from meeting_app.settings import COOKIE

CONNECTING_AT_ONCE = 40
ANSWER_SECONDS = 30.0
_SHORT, _LONG = 126, 127  # RFC 6455, 5.2: the length follows in 2 or 8 bytes


class Crowd:
    """Everybody who sits in one room."""

    def __init__(self, port: int, token: str = "", hello: dict[str, object] | None = None) -> None:
        self._port, self._token, self._hello = port, token, hello
        self._tablets: dict[int, socket.socket] = {}
        self._poll = select.epoll()
        self._room_for_bytes = bytearray(65536)

    def enter(self, count: int) -> None:
        """Connect, say hello, and wait for everybody's greeting or snapshot."""
        for start in range(0, count, CONNECTING_AT_ONCE):
            group = [
                socket.create_connection(("127.0.0.1", self._port), timeout=ANSWER_SECONDS)
                for _ in range(start, min(count, start + CONNECTING_AT_ONCE))
            ]
            for tablet in group:
                tablet.sendall(self._handshake())
            greetings = [_after_handshake(tablet) for tablet in group]
            for tablet in group if self._hello is not None else []:
                _say(tablet, json.dumps(self._hello).encode())
            for tablet, begun in zip(group, greetings, strict=True):
                _read_frame(tablet, begun)
                tablet.setblocking(False)
                self._tablets[tablet.fileno()] = tablet
                self._poll.register(tablet, select.EPOLLIN)

    def say(self, text: bytes) -> None:
        """One of them speaks."""
        _say(next(iter(self._tablets.values())), text)

    def receive(self, size: int) -> float:
        """Wait until each has received `size` bytes; the moment (monotonic) the last one had."""
        owed = dict.fromkeys(self._tablets, size)
        missing = len(owed)
        deadline = time.monotonic() + ANSWER_SECONDS
        while missing and time.monotonic() < deadline:
            for number, _ in self._poll.poll(1):
                received = self._tablets[number].recv_into(self._room_for_bytes)
                if not received:
                    raise ConnectionError("the server sent a tablet away")
                owed[number] -= received
                missing -= owed[number] <= 0 < owed[number] + received
        if missing:
            raise TimeoutError(f"{missing} tablets did not get the change")
        return time.monotonic()

    def leave(self) -> None:
        self._poll.close()
        for tablet in self._tablets.values():
            tablet.close()

    def __len__(self) -> int:
        return len(self._tablets)

    def _handshake(self) -> bytes:
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        return (
            f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nOrigin: http://127.0.0.1:{self._port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\nCookie: {COOKIE}={self._token}\r\n\r\n"
        ).encode()


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


def _read_frame(tablet: socket.socket, begun: bytes) -> None:
    while len(begun) < _whole_frame(begun):
        piece = tablet.recv(65536)
        if not piece:
            raise ConnectionError("the server sent a tablet away at the door")
        begun += piece


def _whole_frame(head: bytes) -> int:
    """Bytes of an unmasked frame that begins with these; more than there are while its header is incomplete."""
    if len(head) < 10:  # noqa: PLR2004 — the longest header without a mask
        return 10
    length = head[1] & 0x7F
    if length == _SHORT:
        return 4 + int.from_bytes(head[2:4], "big")
    if length == _LONG:
        return 10 + int.from_bytes(head[2:10], "big")
    return 2 + length
