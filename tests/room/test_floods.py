"""Who goes beyond what a tablet says is refused, sent away, and noted in a calm line."""

import asyncio
import logging
import socket
from contextlib import suppress

import pytest
from websockets.frames import Frame, Opcode

from meeting_app.room import refusals
from meeting_app.room.connection import LONGEST_REQUEST, MOST_PARTS
from meeting_app.room.protocol import Close
from meeting_app.room.refusals import LINES_AT_ONCE, Refusals
from meeting_app.services import agenda as agendas
from tests.room.storm import PING, shake_hands, until_closed
from tests.room.test_refusals import hello, said_after

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)]
EMPTY_PART, TEXT_BEGUN = (
    Frame(Opcode.CONT, b"", fin=False).serialize(mask=True),
    Frame(Opcode.TEXT, b"{", fin=False).serialize(mask=True),
)


@pytest.fixture
def noted(caplog) -> list[str]:
    caplog.set_level(logging.WARNING, logger=refusals.__name__)
    return lambda: [record.getMessage() for record in caplog.records if record.name == refusals.__name__]


async def test_a_malformed_message_leaves_a_line_without_its_content(room, cookie, running_meeting, minh, noted):
    token = cookie(minh)
    await said_after(room, token, hello(running_meeting), '{"t":"shout","secret":"bí mật"}')
    assert noted() == ["refused: a malformed message (account unknown, from 127.0.0.1)"] or noted() == [
        f"refused: a malformed message (account {minh.account_id}, from 127.0.0.1)"
    ]
    assert token not in str(noted())


@pytest.mark.parametrize("who", ["minh", "quang"])
async def test_a_forged_command_of_the_chair_is_refused_and_noted(
    enter, cast, running_meeting, agenda, waking_ports, hung, noted, who
):
    actor = cast.actors[who]
    async with enter(actor, running_meeting) as tablet:
        state = await tablet.entered()
        chair = next(each["id"] for each in state["attendees"] if each["role"] == "chair")
        for act, arguments in {
            "item.start": {"item_id": agenda[0]},
            "meeting.close": {},
            "conclusion.record": {"text": "Giả", "item_id": agenda[0]},
            "attendee.check_in": {"attendee_id": chair},
        }.items():
            with pytest.raises(Exception, match=r"quyền|không tồn tại|mở cho"):
                await tablet.do(act, **arguments)
    assert len(noted()) == 4
    assert all(f"account {actor.account_id}, from 127.0.0.1" in line for line in noted())
    assert all(item.state.value == "waiting" for item in agendas.items(waking_ports, hung, running_meeting))


async def test_an_unknown_act_is_noted_without_its_name(enter, running_meeting, minh, noted):
    async with enter(minh, running_meeting) as tablet:
        with pytest.raises(Exception, match="không nhận ra"):
            await tablet.do("item.steal_everything")
    assert noted() == [f"refused: an unknown act: UnknownCommand (account {minh.account_id}, from 127.0.0.1)"]


def test_a_flood_cannot_fill_the_log(database_address, noted):
    now = 0.0
    several = Refusals(lambda: now)
    for _ in range(100_000):
        several.note("x", "127.0.0.1")
    assert len(noted()) == LINES_AT_ONCE
    several.tell_rest()
    assert len(noted()) == LINES_AT_ONCE
    now = 1.0
    several.tell_rest()
    assert noted()[-1] == f"refused: {100_000 - LINES_AT_ONCE} more that are not listed one by one"
    several.tell_rest()
    assert len(noted()) == LINES_AT_ONCE + 1


async def test_empty_parts_without_end_are_not_collected(room, cookie, running_meeting, minh):
    def storm() -> bytes:
        with shake_hands(room.port, cookie(minh)) as wire:
            with suppress(ConnectionError):
                wire.sendall(TEXT_BEGUN + EMPTY_PART * (2 * MOST_PARTS))
            return until_closed(wire)

    assert Close.FLOOD.to_bytes(2, "big") in await asyncio.to_thread(storm)


async def test_a_compressed_frame_is_no_message(room, cookie, running_meeting, minh, noted):
    def say() -> bytes:
        with shake_hands(room.port, cookie(minh)) as wire:
            compressed = bytearray(PING)
            compressed[0] |= 0x40  # RSV1, without an extension that was agreed on (RFC 6455, 5.2)
            wire.sendall(bytes(compressed))
            return until_closed(wire)

    assert (1002).to_bytes(2, "big") in await asyncio.to_thread(say)
    await asyncio.to_thread(room.wait_until_deserted)  # and has noted why: the farewell is sent first
    assert "no websocket message" in noted()[0]


async def test_a_handshake_without_end(room, noted):
    def say() -> bytes:
        with socket.create_connection(("127.0.0.1", room.port), timeout=20) as wire:
            with suppress(ConnectionError):
                wire.sendall(b"GET / HTTP/1.1\r\n" + (b"X-A: %b\r\n" % (b"b" * 8000)) * (LONGEST_REQUEST // 8000 + 2))
            return until_closed(wire)

    assert await asyncio.to_thread(say) == b""
    assert await asyncio.to_thread(lambda: room.ask(lambda: len(room.server.connections))) == 0


async def test_a_slow_handshake_and_half_open_connections_have_ten_seconds(room, noted):
    wires = [socket.create_connection(("127.0.0.1", room.port), timeout=20) for _ in range(50)]
    for wire in wires[:25]:
        wire.sendall(b"GET / HT")

    def wait_for_all() -> None:
        while room.ask(lambda: len(room.server.connections)) < len(wires):
            pass

    await asyncio.to_thread(wait_for_all)
    room.age_connections(seconds=11)
    await asyncio.to_thread(room.wait_until_deserted)
    assert set(noted()) >= {"refused: nobody came in (account unknown, from 127.0.0.1)"}
    for wire in wires:
        wire.close()
