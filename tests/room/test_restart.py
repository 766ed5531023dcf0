"""The room as a process of its own: killed, it comes back and nobody misses anything."""

import asyncio
import signal
from datetime import UTC, datetime

import pytest

from meeting_app.room.client import connect
from meeting_app.room.protocol import Close
from meeting_app.services import agenda as agendas
from tests.room.room_process import RoomProcess

pytestmark = pytest.mark.anyio


@pytest.fixture
def process(settings, running_meeting, clock):
    clock.set(datetime.now(UTC))  # what the process goes by: a sign-in of this morning may be over
    process = RoomProcess(settings)
    yield process
    process.end()


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
    assert not list(settings.wake_up_folder.glob("*"))


@pytest.mark.parametrize("poll_seconds", [3600])
async def test_two_rooms_over_the_same_rows_are_both_woken(
    process, settings, cookie, running_meeting, agenda, hung, minh
):
    """Tablets of both rooms see what is done in either, and one that is killed does not silence the other."""
    other = RoomProcess(settings)
    await process.start()
    await other.start()
    try:
        async with (
            connect(process.address, cookie(hung), running_meeting) as chair,
            connect(other.address, cookie(minh), running_meeting) as member,
        ):
            await asyncio.gather(chair.entered(), member.entered())
            version = await chair.do("item.start", item_id=agenda[0])
            await asyncio.wait_for(member.reaches(version), 30)
            version = await member.do("attendee.check_in")
            assert (await asyncio.wait_for(chair.reaches(version), 30)) is not None
            await process.stop(signal.SIGKILL)
        async with (
            connect(other.address, cookie(hung), running_meeting) as chair,
            connect(other.address, cookie(minh), running_meeting) as member,
        ):
            await member.entered()
            await asyncio.wait_for(member.reaches(await chair.do("item.finish", item_id=agenda[0])), 30)
    finally:
        other.end()
