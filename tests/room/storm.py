"""One raw sender of what the room refuses: `python -m tests.room.storm KIND PORT COOKIE MEETING`.

It storms from the line "go" on its standard input to the line "rest". Each line is answered by what came of its tries
so far, and how many frames it sent in how many seconds.
"""

import base64
import json
import os
import select
import socket
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

from websockets.frames import Frame, Opcode
from websockets.protocol import CLIENT, Protocol

FRAMES_A_SECOND, STEP_SECONDS = 10_000, 0.01
TRIES_A_SECOND = 100  # connections, each with what is refused
AT_ONCE = 30  # commands; the room lets 32 wait
HALF_OPEN = 20
REPLAYED = "the-same-id-again"


def text(words: str | bytes) -> bytes:
    return Frame(Opcode.TEXT, words.encode() if isinstance(words, str) else words).serialize(mask=True)


PING = text('{"t":"ping"}')


def shake_hands(port: int, token: str, origin: str = "") -> socket.socket:
    """A raw connection whose handshake is done."""
    wire = socket.create_connection(("127.0.0.1", port), timeout=20)
    key = base64.b64encode(b"a key of 16 byte").decode()
    wire.sendall(
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {origin or f'http://127.0.0.1:{port}'}\r\n"
        f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        f"Sec-WebSocket-Version: 13\r\nCookie: phien={token}\r\n\r\n".encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):  # one byte at a time: what comes behind it is not ours to take
        piece = wire.recv(1)
        if not piece:
            raise ConnectionError
        head += piece
    return wire


def until_closed(wire: socket.socket) -> bytes:
    """What the room said to the end."""
    said = b""
    with suppress(ConnectionError):
        while piece := wire.recv(65536):
            said += piece
    wire.close()
    return said


def code_told(wire: socket.socket) -> str:
    """The code with which the room closes, or "cut" when it goes without one."""
    room = Protocol(CLIENT, max_size=None)
    with suppress(ConnectionError):
        while room.close_rcvd is None and (piece := wire.recv(65536)):
            room.receive_data(piece)
    return str(int(room.close_rcvd.code)) if room.close_rcvd else "cut"


@dataclass
class Storm:
    """Somebody with a cookie, and what came of each try."""

    port: int
    token: str
    meeting_id: int
    going: threading.Event = field(default_factory=threading.Event)
    outcomes: Counter[str] = field(default_factory=Counter)
    frames: int = 0
    seconds: float = 0

    @property
    def hello(self) -> bytes:
        return text(json.dumps({"t": "hello", "meeting": self.meeting_id, "version": None, "lang": "vi"}))

    def hello_only(self) -> None:
        """With a cookie that opens nothing: of another meeting, or expired."""
        self._say(self.hello)

    def wrong_origin(self) -> None:
        self._say(self.hello, origin="https://evil.example")

    def malformed(self) -> None:
        self._say(self.hello + text('{"t":"do","id":'))

    def megabyte(self) -> None:
        self._say(self.hello + text(b"x" * 1_000_000))

    def forged(self) -> None:
        """Commands of the chair under a member's cookie."""
        acts = (("meeting.close", {}), ("conclusion.record", {"text": "Giả", "item_id": None}))
        self._command([(str(uuid4()), *acts[number % len(acts)]) for number in range(AT_ONCE)])

    def replayed(self) -> None:
        self._command([(REPLAYED, "attendee.check_in", {})] * AT_ONCE)

    def replayed_as_another(self) -> None:
        """The number of what was done once, for something else."""
        self._command([(REPLAYED, "attendee.leave", {})] * AT_ONCE)

    def flood(self) -> None:
        """Ten thousand frames a second on one connection, until the room cuts it."""
        with shake_hands(self.port, self.token) as wire:
            wire.sendall(self.hello)
            room, sent, began = Protocol(CLIENT, max_size=None), 0, time.monotonic()
            with suppress(OSError):
                while self.going.is_set():
                    due = int((time.monotonic() - began) * FRAMES_A_SECOND) - sent
                    wire.sendall(PING * due)
                    sent += due
                    if select.select([wire], [], [], 0)[0] and (piece := wire.recv(65536)):
                        room.receive_data(piece)
                    time.sleep(STEP_SECONDS)
            self.frames += sent
            self.seconds += time.monotonic() - began
        if room.close_rcvd:
            self.outcomes[str(int(room.close_rcvd.code))] += 1

    def half_open(self) -> None:
        wires = [socket.create_connection(("127.0.0.1", self.port), timeout=5) for _ in range(HALF_OPEN)]
        for wire in wires:
            wire.sendall(b"GET /")
        for wire in wires:
            wire.close()
        self.outcomes["left"] += HALF_OPEN

    def _say(self, words: bytes, origin: str = "") -> None:
        with shake_hands(self.port, self.token, origin) as wire:
            with suppress(OSError):
                wire.sendall(words)
            self.outcomes[code_told(wire)] += 1

    def _command(self, commands: list[tuple[str, str, dict]]) -> None:
        frames = [
            text(json.dumps({"t": "do", "id": number, "act": act, "args": given})) for number, act, given in commands
        ]
        with shake_hands(self.port, self.token) as wire:
            wire.sendall(self.hello + b"".join(frames))
            room, waiting = Protocol(CLIENT, max_size=None), len(frames)
            while waiting:
                room.receive_data(wire.recv(65536))
                for frame in room.events_received():
                    answer = json.loads(frame.data)
                    if answer["t"] in ("done", "refused"):
                        waiting -= 1
                        self.outcomes[answer["t"]] += 1

    def for_ever(self, kind: str) -> None:
        while True:
            self.going.wait()
            began = time.monotonic()
            with suppress(OSError):
                getattr(self, kind)()
            time.sleep(max(0, began + 1 / TRIES_A_SECOND - time.monotonic()))


if __name__ == "__main__":
    named, at, cookie, meeting = sys.argv[1:]
    os.nice(19)  # who storms is elsewhere: what that costs there must not be missing here
    storm = Storm(int(at), cookie, int(meeting))
    threading.Thread(target=storm.for_ever, args=(named,), daemon=True).start()
    for line in sys.stdin:
        (storm.going.set if line == "go\n" else storm.going.clear)()
        told = {"outcomes": storm.outcomes, "frames": storm.frames, "seconds": storm.seconds}
        print(json.dumps(told), flush=True)
