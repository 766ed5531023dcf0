"""The hall's screen at the door of the room: what it hears, what it may not, and how it is parted with."""

import asyncio
import json
from contextlib import suppress

import pytest
from websockets.asyncio.client import connect as connect_websocket
from websockets.exceptions import ConnectionClosed

from meeting_app.room.client import Ended, Refused, connect
from meeting_app.room.protocol import Close
from meeting_app.services import agenda as agendas
from meeting_app.services import attendee as attendees
from meeting_app.services import event as events
from meeting_app.services import hall_screen as screens
from meeting_app.services import meeting as meetings
from meeting_app.services import presenter as presenters
from tests.conftest import hand_out

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)]


@pytest.fixture
def screen(waking_ports, running_meeting, lan):
    """The cookie of a screen that shows the running meeting."""
    shown = screens.look(waking_ports, None)
    screens.pair(waking_ports, lan, running_meeting, shown.code)
    return shown.token


async def farewell(screen) -> Ended:
    return await asyncio.wait_for(screen.end(), 30)


async def part(ports, lan, meeting_id) -> None:
    [paired] = screens.screens(ports, lan, meeting_id)
    await asyncio.to_thread(screens.part, ports, lan, meeting_id, paired.id)


async def test_a_screen_shows_what_happens(room, waking_ports, screen, running_meeting, agenda, lan):
    async with connect(room.address, screen, running_meeting, as_screen=True) as wall:
        state = await wall.entered()
        assert state["you"] == {"attendee_id": None, "name": "Màn hình 1", "role": "screen", "desk": False}
        await asyncio.to_thread(agendas.start, waking_ports, lan, running_meeting, agenda[0])
        await wall.until(lambda state: state["items"][0]["state"] == "current")


async def test_a_screen_is_told_of_nothing_but_the_version_of_papers(
    room, waking_ports, screen, running_meeting, agenda, lan
):
    async with connect(room.address, screen, running_meeting, as_screen=True) as wall:
        await wall.entered()
        document = hand_out(waking_ports, lan, running_meeting, for_guests=True, title="Dự toán")
        presenters.take(waking_ports, lan, running_meeting)
        presenters.turn(waking_ports, lan, running_meeting, document, 3)
        last = agendas.start(waking_ports, lan, running_meeting, agenda[0])
        state = await wall.reaches(last)
        assert "Dự toán" not in json.dumps(state, ensure_ascii=False)
        assert set(state).isdisjoint({"documents", "presenter", "screens"})
        assert wall.place["document_id"] is None
    async with connect(room.address, screen, running_meeting, as_screen=True, state=state) as wall:
        await wall.entered()
        assert wall.place["document_id"] is None


@pytest.mark.parametrize(
    ("act", "arguments"),
    [
        ("attendee.check_in", {}),
        ("meeting.close", {}),
        ("screen.pair", {"code": "AAAAAA"}),
        ("present.take", {}),
        ("no.such", {}),
    ],
)
async def test_a_screen_commands_nothing(room, ports, screen, running_meeting, act, arguments):
    before = events.version_of(ports, running_meeting)
    async with connect(room.address, screen, running_meeting, as_screen=True) as wall:
        await wall.entered()
        with pytest.raises(Refused, match="không có quyền"):
            await wall.do(act, **arguments)
    assert events.version_of(ports, running_meeting) == before


async def test_a_browser_that_is_signed_in_beside_commands_nothing_as_a_screen(
    room, ports, screen, cookie, running_meeting, lan
):
    """The secretary's own computer drives the wall: its two cookies do not mix."""
    both = f"phien={cookie(lan)}; man_hinh={screen}"
    async with connect_websocket(
        room.address, additional_headers={"Cookie": both}, origin=f"http://127.0.0.1:{room.port}"
    ) as wire:
        hello = {"t": "hello", "meeting": running_meeting, "version": None, "lang": "vi", "screen": True}
        await wire.send(json.dumps(hello))
        assert json.loads(await wire.recv())["state"]["you"]["role"] == "screen"
        await wire.send(json.dumps({"t": "do", "id": "a1b2c3d4", "act": "meeting.pause", "args": {}}))
        assert json.loads(await wire.recv())["t"] == "refused"


async def test_a_screen_points_at_nothing(room, waking_ports, screen, enter, running_meeting, lan):
    document = hand_out(waking_ports, lan, running_meeting, for_guests=True)
    presenters.take(waking_ports, lan, running_meeting)
    presenters.turn(waking_ports, lan, running_meeting, document, 0)
    async with (
        connect(room.address, screen, running_meeting, as_screen=True) as wall,
        enter(lan, running_meeting) as desk,
    ):
        await wall.entered()
        await desk.reads(document)
        await wall.point(0, 5, 5)
        with pytest.raises(Refused):
            await wall.do("present.stop")
        await desk.do("attendee.check_in")
        assert (desk.points, wall.points) == (0, 0)


async def test_a_screen_that_is_parted_with_goes_at_once(room, waking_ports, screen, running_meeting, lan):
    async with connect(room.address, screen, running_meeting, as_screen=True) as wall:
        await wall.entered()
        await part(waking_ports, lan, running_meeting)
        assert (await farewell(wall)).code == Close.SIGNED_OUT
    async with connect(room.address, screen, running_meeting, as_screen=True) as wall:
        assert (await farewell(wall)).code == Close.SIGNED_OUT
        assert wall.state == {}


async def test_only_the_one_that_was_parted_with_goes(room, waking_ports, screen, running_meeting, lan):
    other = screens.look(waking_ports, None)
    screens.pair(waking_ports, lan, running_meeting, other.code)
    async with (
        connect(room.address, screen, running_meeting, as_screen=True) as first,
        connect(room.address, other.token, running_meeting, as_screen=True) as second,
    ):
        await first.entered()
        await second.entered()
        gone = screens.screens(waking_ports, lan, running_meeting)[0].id
        last = await asyncio.to_thread(screens.part, waking_ports, lan, running_meeting, gone)
        assert (await farewell(first)).code == Close.SIGNED_OUT
        await second.reaches(last)


async def test_a_silent_screen_whose_meeting_is_long_over(room, waking_ports, screen, running_meeting, lan, clock):
    meetings.close(waking_ports, lan, running_meeting)
    async with connect(room.address, screen, running_meeting, as_screen=True) as wall:
        await wall.entered()
        clock.advance(hours=3)
        room.make_rechecks_due()
        assert (await farewell(wall)).code == Close.SIGNED_OUT


async def test_a_screen_that_was_parted_with_behind_the_rooms_back(room, ports, screen, running_meeting, lan):
    """No wake-up came: the regular look at every cookie finds it."""
    async with connect(room.address, screen, running_meeting, as_screen=True) as wall:
        await wall.entered()
        await part(ports, lan, running_meeting)
        room.make_rechecks_due()
        assert (await farewell(wall)).code == Close.SIGNED_OUT


async def test_the_screen_of_another_meeting(room, screen):
    async with connect(room.address, screen, 10_000, as_screen=True) as wall:
        assert (await farewell(wall)).code == Close.NOT_FOUND
        assert wall.state == {}


@pytest.mark.parametrize("forged", ["", "x" * 43, "đ" * 10])
async def test_a_forged_cookie(room, running_meeting, screen, forged):
    async with connect(room.address, forged.encode().decode("latin-1"), running_meeting, as_screen=True) as wall:
        assert (await farewell(wall)).code == Close.SIGNED_OUT
        assert wall.state == {}


async def test_a_cookie_of_one_kind_is_none_of_the_other(room, screen, cookie, running_meeting, lan):
    signed_in = cookie(lan)
    for name, token, as_screen in (("phien", screen, False), ("man_hinh", signed_in, True), ("phien", signed_in, True)):
        async with connect_websocket(
            room.address, additional_headers={"Cookie": f"{name}={token}"}, origin=f"http://127.0.0.1:{room.port}"
        ) as wire:
            hello = {"t": "hello", "meeting": running_meeting, "version": None, "lang": "vi", "screen": as_screen}
            with suppress(ConnectionClosed):
                await wire.send(json.dumps(hello))
            await asyncio.wait_for(wire.wait_closed(), 30)
            assert wire.close_code == Close.SIGNED_OUT


@pytest.mark.parametrize("wrong", ["1", "null", '"yes"', "[]"])
async def test_a_hello_that_is_half_a_screens(room, screen, running_meeting, wrong):
    async with connect_websocket(
        room.address, additional_headers={"Cookie": f"man_hinh={screen}"}, origin=f"http://127.0.0.1:{room.port}"
    ) as wire:
        await wire.send(f'{{"t":"hello","meeting":{running_meeting},"version":null,"lang":"vi","screen":{wrong}}}')
        await asyncio.wait_for(wire.wait_closed(), 30)
        assert wire.close_code == Close.MALFORMED


async def test_a_screen_goes_on_where_it_was(room, waking_ports, screen, running_meeting, agenda, lan, minh):
    async with connect(room.address, screen, running_meeting, as_screen=True) as wall:
        state = await wall.entered()
        await wall.cut()
    last = attendees.check_in(waking_ports, minh, running_meeting)
    async with connect(room.address, screen, running_meeting, as_screen=True, state=state) as wall:
        state = await wall.reaches(last)
        assert wall.snapshots == 0
        assert [each["name"] for each in state["attendees"] if each["checked_in_at"]] == [minh.full_name]


async def test_eight_screens_share_one_snapshot_and_hear_the_same(room, waking_ports, running_meeting, agenda, lan):
    tokens = []
    for _ in range(8):
        shown = screens.look(waking_ports, None)
        screens.pair(waking_ports, lan, running_meeting, shown.code)
        tokens.append(shown.token)
    contexts = [connect(room.address, token, running_meeting, as_screen=True) for token in tokens]
    walls = [await each.__aenter__() for each in contexts]
    try:
        for wall in walls:
            await wall.entered()
        last = await asyncio.to_thread(agendas.start, waking_ports, lan, running_meeting, agenda[0])
        states = [await wall.reaches(last) for wall in walls]
        for state in states:
            state.pop("you")
        assert all(state == states[0] for state in states)
    finally:
        for each in contexts:
            await each.__aexit__(None, None, None)
