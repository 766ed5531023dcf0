"""An id that comes again: by the same person once and for all, by another person theirs alone, whatever it carries."""

import asyncio
from uuid import uuid4

import pytest

from meeting_app.room import refusals
from meeting_app.room.client import Refused

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)]


async def test_with_other_arguments_it_does_nothing_and_for_another_act_it_is_refused_and_noted(
    enter, running_meeting, agenda, hung, caplog
):
    command_id = str(uuid4())
    async with enter(hung, running_meeting) as chair:
        first = await chair.do("item.extend", command_id, item_id=agenda[0], minutes=5)
        assert await chair.do("item.extend", command_id, item_id=agenda[1], minutes=50) == first
        with pytest.raises(Refused, match="trùng số"):
            await chair.do("meeting.close", command_id)
        state = await chair.reaches(first)
    assert [item["minutes"] for item in state["items"]] == [25, 20, 20]
    assert state["version"] == first
    assert [each.getMessage() for each in caplog.records if each.name == refusals.__name__] == [
        f"refused: meeting.close: CommandIdTaken (account {hung.account_id}, from 127.0.0.1)"
    ]


async def test_of_another_person_it_is_their_own_command_with_their_own_rights(
    enter, running_meeting, agenda, hung, lan, minh
):
    command_id = str(uuid4())
    async with (
        enter(hung, running_meeting) as chair,
        enter(lan, running_meeting) as secretary,
        enter(minh, running_meeting) as member,
    ):
        await chair.do("item.extend", command_id, item_id=agenda[0], minutes=5)
        with pytest.raises(Refused, match="không có quyền"):
            await member.do("item.extend", command_id, item_id=agenda[0], minutes=5)
        version = await secretary.do("item.extend", command_id, item_id=agenda[0], minutes=5)
        assert (await chair.reaches(version))["items"][0]["minutes"] == 30


async def test_after_an_hour_it_is_still_the_same_command(enter, clock, running_meeting, agenda, hung):
    command_id = str(uuid4())
    async with enter(hung, running_meeting) as chair:
        first = await chair.do("item.extend", command_id, item_id=agenda[0], minutes=5)
    clock.advance(hours=1)
    async with enter(hung, running_meeting) as chair:
        await chair.do("item.start", item_id=agenda[0])
        assert await chair.do("item.extend", command_id, item_id=agenda[0], minutes=5) == first
        assert (await chair.entered())["items"][0]["minutes"] == 25


async def test_a_refused_one_may_be_tried_again_under_its_id(enter, running_meeting, agenda, hung):
    command_id = str(uuid4())
    async with enter(hung, running_meeting) as chair:
        with pytest.raises(Refused):
            await chair.do("item.finish", command_id, item_id=agenda[0])
        await chair.do("item.start", item_id=agenda[0])
        version = await chair.do("item.finish", command_id, item_id=agenda[0])
        assert (await chair.reaches(version))["items"][0]["state"] == "finished"


async def test_sent_twenty_times_at_once_it_is_done_once(enter, running_meeting, agenda, hung, minh):
    command_id = str(uuid4())
    async with (
        enter(hung, running_meeting) as chair,
        enter(hung, running_meeting) as second,
        enter(minh, running_meeting) as member,
    ):
        for tablet in (chair, second, member):
            await tablet.entered()

        async def extend(tablet) -> list[int]:
            return [await tablet.do("item.extend", command_id, item_id=agenda[0], minutes=5) for _ in range(10)]

        versions = await asyncio.gather(extend(chair), extend(second))
        assert len({version for each in versions for version in each}) == 1
        assert (await member.reaches(versions[0][0]))["items"][0]["minutes"] == 25


async def test_a_tablet_with_a_wrong_clock_is_told_the_rooms_time(enter, clock, running_meeting, minh):
    """Nothing a tablet says carries its time; the room's stands in snapshot, welcome and pong, and counts alone."""
    heard: list[dict] = []
    async with enter(minh, running_meeting) as tablet:
        take = tablet._take

        async def noting(message: dict) -> None:
            heard.append(message)
            await take(message)

        tablet._take = noting
        await tablet.entered()
        clock.advance(hours=3)
        version = await tablet.do("attendee.check_in")
        state = await tablet.reaches(version)
        await tablet.say({"t": "ping"})
        while not any(message["t"] == "pong" for message in heard):
            async with tablet._changed:
                await tablet._changed.wait()
    now = clock.now().isoformat(timespec="milliseconds")
    assert next(message["now"] for message in heard if message["t"] == "pong") == now
    assert next(each["checked_in_at"] for each in state["attendees"] if each["name"] == "Lê Quang Minh") == now
