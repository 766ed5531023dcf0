"""Who and what the room does not let in, and how it says so."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace

import pytest
from websockets.asyncio.client import connect as connect_websocket
from websockets.exceptions import ConnectionClosed

from meeting_app.domain.account import Account
from meeting_app.room.client import Ended, connect
from meeting_app.room.protocol import Close
from meeting_app.services import account
from meeting_app.services import meeting as meetings
from meeting_app.services.unit_of_work import changing

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)]


async def farewell(tablet) -> Ended:
    return await asyncio.wait_for(tablet.end(), 30)


async def test_a_page_from_elsewhere(room, cookie, running_meeting, minh):
    async with connect(room.address, cookie(minh), running_meeting, origin="https://evil.example") as tablet:
        ended = await farewell(tablet)
    assert (ended.code, tablet.state) == (Close.WRONG_ORIGIN, {})
    assert "địa chỉ của phòng họp" in ended.reason


@pytest.mark.parametrize("token", ["", "x" * 43, "đ" * 10])
async def test_whoever_is_not_signed_in(room, running_meeting, token):
    async with connect(room.address, token.encode().decode("latin-1"), running_meeting) as tablet:
        ended = await farewell(tablet)
    assert (ended.code, tablet.state) == (Close.SIGNED_OUT, {})


@pytest.mark.parametrize("name", ["nam", "vinh", "thu"])
async def test_whoever_does_not_belong_to_the_meeting(room, cookie, cast, running_meeting, name):
    async with connect(room.address, cookie(cast.actors[name]), running_meeting) as tablet:
        ended = await farewell(tablet)
    assert (ended.code, tablet.state) == (Close.NOT_FOUND, {})


async def test_a_meeting_that_does_not_exist(room, cookie, hung):
    async with connect(room.address, cookie(hung), 999) as tablet:
        assert (await farewell(tablet)).code == Close.NOT_FOUND


async def test_a_draft_is_open_to_its_desk_only(room, cookie, draft_meeting, lan, minh):
    async with connect(room.address, cookie(minh), draft_meeting) as tablet:
        assert (await farewell(tablet)).code == Close.NOT_FOUND
    async with connect(room.address, cookie(lan), draft_meeting) as tablet:
        assert (await tablet.entered())["meeting"]["state"] == "draft"


async def test_a_command_after_signing_out(room, ports, cookie, running_meeting, agenda, hung):
    token = cookie(hung)
    async with connect(room.address, token, running_meeting) as chair:
        await chair.entered()
        account.sign_out(ports, token)
        with pytest.raises(Ended) as ended:
            await chair.do("item.start", item_id=agenda[0])
    assert ended.value.code == Close.SIGNED_OUT


@pytest.mark.parametrize("how", ["signed out", "expired", "locked", "password changed"])
async def test_a_silent_tablet_whose_sign_in_ended(room, ports, clock, cast, cookie, running_meeting, minh, how):
    token = cookie(minh)
    async with connect(room.address, token, running_meeting) as tablet:
        await tablet.entered()
        if how == "signed out":
            account.sign_out(ports, token)
        elif how == "expired":
            clock.advance(hours=13)
        elif how == "password changed":
            account.change_password(ports, minh, "mật khẩu của An Hải", "một mật khẩu mới")
        else:
            with changing(ports, None) as work:
                work.session.get_one(Account, minh.account_id).locked_at = work.now
        room.make_rechecks_due()
        assert (await farewell(tablet)).code == Close.SIGNED_OUT


async def test_a_chair_who_was_replaced(enter, waking_ports, registration, draft_meeting, lan, hung, minh):
    async with enter(hung, draft_meeting) as tablet:
        await tablet.entered()
        members = tuple(each for each in registration.member_ids if each != minh.account_id)
        changed = replace(registration, chair_id=minh.account_id, member_ids=members)
        await asyncio.to_thread(meetings.change, waking_ports, lan, draft_meeting, changed)
        assert (await farewell(tablet)).code == Close.NOT_FOUND


def raw(room, token: str):
    """A connection on which anything can be said."""
    return connect_websocket(
        room.address,
        additional_headers={"Cookie": f"phien={token}"},
        origin=f"http://127.0.0.1:{room.port}",
        compression=None,
        max_queue=None,  # read on however much the room says
    )


async def said_after(room, token: str, *frames: str | bytes) -> tuple[list[dict], int]:
    """What the room says to these frames, and the code with which it closes."""
    async with raw(room, token) as wire:
        with suppress(ConnectionClosed):  # the room may close while we still speak
            for frame in frames:
                await wire.send(frame)
        await asyncio.wait_for(wire.wait_closed(), 30)
        heard = []
        with suppress(ConnectionClosed):
            while True:
                heard.append(json.loads(await wire.recv()))
        return heard, wire.close_code or 1006


def hello(meeting_id: int) -> str:
    return json.dumps({"t": "hello", "meeting": meeting_id, "version": None, "lang": "vi"})


@pytest.mark.parametrize("frame", ["{", "[]", '{"t":"shout"}', b"\xff\xfe", '{"t":"do","id":"a1b2c3d4"}', "[" * 60_000])
async def test_a_malformed_message_is_refused_and_the_connection_closed(room, cookie, running_meeting, minh, frame):
    heard, code = await said_after(room, cookie(minh), hello(running_meeting), frame)
    assert code == Close.MALFORMED
    assert heard[-1]["t"] == "refused"
    assert "không hiểu" in heard[-1]["reason"]


async def test_a_command_before_the_hello(room, cookie, minh):
    command = json.dumps({"t": "do", "id": "a1b2c3d4", "act": "attendee.check_in", "args": {}})
    assert (await said_after(room, cookie(minh), command))[1] == Close.MALFORMED


async def test_a_second_hello(room, cookie, running_meeting, minh):
    _, code = await said_after(room, cookie(minh), hello(running_meeting), hello(running_meeting))
    assert code == Close.MALFORMED


async def test_a_frame_of_one_megabyte(room, cookie, running_meeting, minh):
    _, code = await said_after(room, cookie(minh), hello(running_meeting), "x" * 1_000_000)
    assert code == Close.TOO_BIG


async def test_one_megabyte_in_small_fragments(room, cookie, running_meeting, minh):
    async with raw(room, cookie(minh)) as wire:
        with suppress(ConnectionClosed):
            await wire.send("x" * 10_000 for _ in range(100))
        await asyncio.wait_for(wire.wait_closed(), 30)
        assert wire.close_code == Close.TOO_BIG


async def test_a_flood(room, cookie, running_meeting, minh):
    _, code = await said_after(room, cookie(minh), hello(running_meeting), *['{"t":"ping"}'] * 500)
    assert code == Close.FLOOD


async def test_a_guest_of_the_port_who_never_says_hello(room, cookie, minh):
    async with raw(room, cookie(minh)) as wire:
        room.age_connections(seconds=11)
        await asyncio.wait_for(wire.wait_closed(), 30)
