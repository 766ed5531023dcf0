"""Somebody who storms a room until the process is ended: `python -m tests.room.storm PORT COOKIE MEETING`.

Ten thousand frames a second, a megabyte at once, half-open connections; a line on standard output once all has begun.
"""

import base64
import json
import socket
import sys
import threading
from contextlib import suppress

from websockets.frames import Frame, Opcode

PING = Frame(Opcode.TEXT, b'{"t":"ping"}').serialize(mask=True)


def shake_hands(port: int, token: str) -> socket.socket:
    """A raw connection whose handshake is done."""
    wire = socket.create_connection(("127.0.0.1", port), timeout=20)
    key = base64.b64encode(b"a key of 16 byte").decode()
    wire.sendall(
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        f"Sec-WebSocket-Version: 13\r\nCookie: phien={token}\r\n\r\n".encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):  # before the hello the room says nothing else
        piece = wire.recv(4096)
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


def frames(port: int, token: str, meeting_id: int) -> None:
    hello = json.dumps({"t": "hello", "meeting": meeting_id, "version": None, "lang": "vi"}).encode()
    with shake_hands(port, token) as wire:
        wire.sendall(Frame(Opcode.TEXT, hello).serialize(mask=True))
        with suppress(OSError):
            for _ in range(10):
                wire.sendall(PING * 1000)
        until_closed(wire)


def megabyte(port: int, token: str, _meeting_id: int) -> None:
    with shake_hands(port, token) as wire:
        with suppress(OSError):
            wire.sendall(Frame(Opcode.TEXT, b"x" * 1_000_000).serialize(mask=True))
        until_closed(wire)


def half_open(port: int, _token: str, _meeting_id: int) -> None:
    wires = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(200)]
    for wire in wires:
        wire.sendall(b"GET /")
    for wire in wires:
        wire.close()


def _for_ever(act, *arguments) -> None:
    while True:
        with suppress(OSError):
            act(*arguments)


if __name__ == "__main__":
    target = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    for each in (frames, megabyte, half_open):
        threading.Thread(target=_for_ever, args=(each, *target), daemon=True).start()
    print("stormy", flush=True)
    threading.Event().wait()
