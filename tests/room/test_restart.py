"""The room as a process of its own: killed, it comes back and nobody misses anything."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest

from meeting_app.room.client import connect
from meeting_app.room.protocol import Close
from meeting_app.services import agenda as agendas

pytestmark = pytest.mark.anyio


class RoomProcess:
    """`python -m meeting_app room`, on a port that stays the same."""

    def __init__(self, settings) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"ws://127.0.0.1:{self.port}/"
        self._environment = {
            **os.environ,
            "MEETING_DATA_DIR": str(settings.data_dir),
            "DATABASE_URL": settings.database_address,
            "MEETING_ROOM_PORT": str(self.port),
            "MEETING_ROOM_POLL_SECONDS": str(settings.room_poll_seconds),
        }
        self.process: subprocess.Popen | None = None

    async def start(self) -> None:
        await asyncio.to_thread(self._start)

    async def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return await asyncio.to_thread(self.process.wait, 20)

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "meeting_app", "room"], env=self._environment, stderr=subprocess.PIPE, text=True
        )
        said = []
        for line in self.process.stderr:
            said.append(line)
            if "the room listens" in line:
                threading.Thread(target=self.process.stderr.read, daemon=True).start()  # a full pipe would stop it
                return
        raise AssertionError("".join(said))


@pytest.fixture
def process(settings, running_meeting, clock):
    clock.set(datetime.now(UTC))  # what the process goes by: a sign-in of this morning may be over
    process = RoomProcess(settings)
    yield process
    if process.process is not None:
        process.process.kill()
        process.process.wait()


@pytest.mark.parametrize("poll_seconds", [3600])
async def test_a_killed_room_comes_back_and_tablets_go_on_where_they_were(
    process, waking_ports, cookie, running_meeting, agenda, hung, minh
):
    await process.start()
    chair, member = cookie(hung), cookie(minh)
    async with connect(process.address, member, running_meeting) as tablet:
        async with connect(process.address, chair, running_meeting) as desk:
            version = await desk.do("item.start", item_id=agenda[0])
        state = await tablet.reaches(version)
        await process.stop(signal.SIGKILL)
        assert (await tablet.end()).code == 1006
    agendas.finish(waking_ports, hung, running_meeting, agenda[0])  # nobody hears this wake-up
    await process.start()
    async with connect(process.address, member, running_meeting, state=state) as tablet:
        async with connect(process.address, chair, running_meeting) as desk:
            version = await desk.do("item.start", item_id=agenda[1])
        now = await tablet.reaches(version)
        assert [item["state"] for item in now["items"]] == ["finished", "current", "waiting"]
        assert tablet.snapshots == 0
        # The stale socket file of the killed process is no obstacle to being woken.
        version = await asyncio.to_thread(agendas.finish, waking_ports, hung, running_meeting, agenda[1])
        await asyncio.wait_for(tablet.reaches(version), 30)


async def test_a_command_whose_answer_was_lost_with_the_room_is_done_once(
    process, cookie, running_meeting, agenda, hung
):
    await process.start()
    async with connect(process.address, cookie(hung), running_meeting) as desk:
        first = await desk.do("item.extend", "the-same-id-1", item_id=agenda[0], minutes=5)
        await process.stop(signal.SIGKILL)
    await process.start()
    async with connect(process.address, cookie(hung), running_meeting) as desk:
        again = await desk.do("item.extend", "the-same-id-1", item_id=agenda[0], minutes=5)
        assert again == first
        assert (await desk.reaches(first))["items"][0]["minutes"] == 25


async def test_a_stopped_room_says_come_back_at_once(process, settings, cookie, running_meeting, minh):
    await process.start()
    async with connect(process.address, cookie(minh), running_meeting) as tablet:
        await tablet.entered()
        stopping = asyncio.create_task(process.stop(signal.SIGTERM))
        assert (await tablet.end()).code == Close.RESTARTING
        assert await stopping == 0
    assert not settings.wake_up_socket.exists()
