"""A tablet that does not read: it delays nobody, holds little, and is parted with."""

import asyncio
import base64
import json
import socket
import time

import pytest
from websockets.frames import Frame, Opcode
from websockets.protocol import CLIENT, Protocol

from meeting_app.domain.event import Kind, apply
from meeting_app.services.unit_of_work import changing

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)]

UPDATES, UPDATE_BYTES = 100, 4000  # far more than the buffers hold, and published long before anybody is parted with
SLOW = 30


class SlowTablet:
    """Says hello, and reads only when told to."""

    def __init__(self, port: int, token: str, meeting_id: int) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.connect(("127.0.0.1", port))
        key = base64.b64encode(b"a key of 16 byte").decode()
        self._socket.sendall(
            f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\nCookie: phien={token}\r\n\r\n".encode()
        )
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self._socket.recv(1)
        hello = {"t": "hello", "meeting": meeting_id, "version": None, "lang": "vi"}
        self._socket.sendall(Frame(Opcode.TEXT, json.dumps(hello).encode()).serialize(mask=True))

    def read_to(self, version: int) -> tuple[dict, int]:
        """The state at `version`, and how many snapshots it took."""
        wire, state, snapshots = Protocol(CLIENT, max_size=None), {}, 0
        self._socket.settimeout(60)
        while state.get("version", -1) < version:
            wire.receive_data(self._socket.recv(65536))
            for frame in wire.events_received():
                message = json.loads(bytes(frame.data))
                if message["t"] == "snapshot":
                    state, snapshots = message["state"], snapshots + 1
                elif message["t"] == "event":
                    assert message["v"] == state["version"] + 1
                    state = apply(state, message["v"], Kind(message["k"]), message["b"])
        return state, snapshots

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def slow_tablets(room, cookie, running_meeting, minh):
    token = cookie(minh)
    tablets = [SlowTablet(room.port, token, running_meeting) for _ in range(SLOW)]
    yield tablets
    for tablet in tablets:
        tablet.close()


def publish(ports, actor, meeting_id: int) -> tuple[int, list[float]]:
    """Many large updates, one commit each; the last version, and when each was committed."""
    committed = []
    for number in range(UPDATES):
        with changing(ports, actor) as work:
            meeting = work.standing(meeting_id).meeting
            meeting.title = f"Lần {number}"
            version = work.emit(meeting, Kind.MEETING, {"title": meeting.title, "note": "x" * UPDATE_BYTES})
        committed.append(time.perf_counter())
    return version, committed


async def test_slow_tablets_delay_nobody_and_hold_little(
    room, enter, waking_ports, slow_tablets, running_meeting, hung, minh
):
    async with enter(hung, running_meeting) as chair:
        start = (await chair.entered())["version"]
        seen: dict[int, float] = {}

        async def watch() -> None:
            for version in range(start + 1, start + UPDATES + 1):
                await chair.reaches(version)
                seen[version] = time.perf_counter()

        watching = asyncio.create_task(watch())
        last, committed = await asyncio.to_thread(publish, waking_ports, hung, running_meeting)
        await asyncio.wait_for(watching, 60)
        delays = sorted(seen[start + 1 + number] - moment for number, moment in enumerate(committed))
        # Waiting for slow ones would cost seconds; milliseconds depend on the machine's other work (see `bench push`).
        assert delays[len(delays) // 2] < 1

        def held() -> list[int]:
            return [
                connection._transport.get_write_buffer_size()
                for connection in room.server.connections
                if connection.stalled_at is not None
            ]

        buffers = room.ask(held)
        assert len(buffers) == SLOW
        assert max(buffers) < 64 * 1024

        # One that reads again at last has the present state after one snapshot, whatever it missed.
        state, snapshots = await asyncio.to_thread(slow_tablets[0].read_to, last)
        assert state["meeting"]["title"] == f"Lần {UPDATES - 1}"
        assert snapshots <= 2

        slow_tablets[0].close()
        room.age_connections(seconds=9)
    await asyncio.to_thread(room.wait_until_deserted)
