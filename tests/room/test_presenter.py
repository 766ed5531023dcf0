"""Following the presenter over real sockets: the newest page reaches everybody who may see it, and nothing queues."""

import asyncio
import json
from dataclasses import replace

import pytest
from websockets.frames import Frame, Opcode
from websockets.protocol import CLIENT, Protocol

from meeting_app.domain.document import Audience, DocumentReader
from meeting_app.domain.event import Kind
from meeting_app.room.client import Refused
from meeting_app.room.protocol import Close
from meeting_app.services import document as documents
from meeting_app.services import presenter
from meeting_app.services.unit_of_work import changing
from tests.conftest import hand_out
from tests.laying import lay
from tests.room.test_slow_tablets import SlowTablet, publish

pytestmark = pytest.mark.anyio
sqlite_only = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)


@pytest.fixture
def report(waking_ports, lan, running_meeting) -> int:
    return hand_out(waking_ports, lan, running_meeting, for_guests=True)


@pytest.fixture
def internal(waking_ports, lan, running_meeting) -> int:
    return hand_out(waking_ports, lan, running_meeting, for_guests=False)


def me(tablet) -> int:
    return tablet.state["you"]["attendee_id"]


@pytest.mark.parametrize("poll_seconds", [3600])
async def test_a_turn_reaches_everybody_and_the_late_joiner(enter, running_meeting, report, hung, minh, quang):
    async with enter(hung, running_meeting) as chair, enter(minh, running_meeting) as member:
        await chair.entered()
        await member.entered()
        version = await chair.do("present.take")
        await chair.do("present.turn", document_id=report, page=4)
        for tablet in (chair, member):
            await asyncio.wait_for(tablet.reads(report, 4), 30)
            assert (await tablet.reaches(version))["presenter"]["attendee_id"] == me(chair)
        async with enter(quang, running_meeting) as late:
            await late.entered()
            assert (late.place["document_id"], late.place["page"]) == (report, 4)
            assert late.state["presenter"]["attendee_id"] == me(chair)
            await chair.do("present.turn", document_id=report, page=5)
            await asyncio.wait_for(late.reads(report, 5), 30)


async def test_who_comes_back_lands_on_the_page_of_now(enter, running_meeting, report, hung, minh):
    async with enter(hung, running_meeting) as chair:
        await chair.entered()
        await chair.do("present.take")
        async with enter(minh, running_meeting) as member:
            await chair.do("present.turn", document_id=report, page=1)
            await member.reads(report, 1)
            state = member.state
            await member.cut()
        await chair.do("present.turn", document_id=report, page=7)
        async with enter(minh, running_meeting, state) as member:
            await asyncio.wait_for(member.reads(report, 7), 30)
            assert member.snapshots == 0


async def test_a_forged_turn_is_refused_and_changes_nothing(enter, running_meeting, report, hung, lan, minh):
    async with enter(hung, running_meeting) as chair, enter(minh, running_meeting) as member:
        await chair.entered()
        await member.entered()
        await chair.do("present.take")
        await chair.do("present.turn", document_id=report, page=2)
        with pytest.raises(Refused, match="đang dẫn trang"):
            await member.do("present.turn", document_id=report, page=8)
        with pytest.raises(Refused):
            await member.do("present.take")
        with pytest.raises(Refused):
            await member.do("present.hand", attendee_id=me(member))
        await member.reads(report, 2)
        async with enter(lan, running_meeting) as other:
            await other.entered()
            assert other.place["page"] == 2


async def test_two_who_take_it_at_once_leave_one_presenter(enter, running_meeting, report, hung, lan, minh):
    async with (
        enter(hung, running_meeting) as chair,
        enter(lan, running_meeting) as secretary,
        enter(minh, running_meeting) as member,
    ):
        for tablet in (chair, secretary, member):
            await tablet.entered()
        last = max(await asyncio.gather(*(each.do("present.take") for each in (chair, secretary))))
        leads = (await member.reaches(last))["presenter"]["attendee_id"]
        first, second = (chair, secretary) if leads == me(chair) else (secretary, chair)
        await first.do("present.turn", document_id=report, page=3)
        with pytest.raises(Refused):
            await second.do("present.turn", document_id=report, page=6)
        await member.reads(report, 3)


async def test_a_guest_is_told_no_document_that_is_not_theirs(enter, running_meeting, report, internal, hung, quang):
    async with enter(hung, running_meeting) as chair, enter(quang, running_meeting) as guest:
        await chair.entered()
        await guest.entered()
        await chair.do("present.take")
        await chair.do("present.turn", document_id=report, page=2)
        await guest.reads(report, 2)
        await chair.do("present.turn", document_id=internal, page=5)
        assert await guest.reads(None) == {"n": guest.place["n"], "document_id": None, "page": 0}
        await chair.point(5, 100, 100)
        await chair.do("present.turn", document_id=report, page=3)
        await guest.reads(report, 3)
        assert guest.points == 0
    async with enter(hung, running_meeting) as chair:
        await chair.do("present.turn", document_id=internal, page=6)
        await chair.reads(internal, 6)
        async with enter(quang, running_meeting) as guest:
            await guest.entered()
            assert guest.place["document_id"] is None


async def test_a_withdrawn_document_is_no_place_for_the_late(enter, waking_ports, running_meeting, report, hung, minh):
    async with enter(hung, running_meeting) as chair, enter(minh, running_meeting) as member:
        await chair.entered()
        await chair.do("present.take")
        await chair.do("present.turn", document_id=report, page=2)
        await member.reads(report, 2)
        await asyncio.to_thread(documents.remove, waking_ports, hung, report)
        await asyncio.wait_for(member.reads(None), 30)
        async with enter(minh, running_meeting) as late:
            await late.entered()
            assert late.place["document_id"] is None


async def test_the_pointer_is_seen_by_who_reads_along_and_kept_nowhere(enter, running_meeting, report, hung, minh):
    async with enter(hung, running_meeting) as chair, enter(minh, running_meeting) as member:
        await chair.entered()
        version = (await member.entered())["version"]
        await chair.point(0, 1, 1)  # leads nothing yet
        version = await chair.do("present.take")
        await chair.do("present.turn", document_id=report, page=2)
        await member.reads(report, 2)
        await chair.point(2, 5000, 2500)
        await member.until(lambda _: member.pointer == {"page": 2, "x": 5000, "y": 2500})
        await chair.point(None)
        await member.until(lambda _: member.pointer is None)
        async with enter(minh, running_meeting) as late:
            assert (await late.entered())["version"] == version
            assert (late.points, late.pointer) == (0, None)


@sqlite_only
async def test_a_forged_pointer_shows_nowhere(enter, running_meeting, report, hung, minh, hoa):
    async with (
        enter(hung, running_meeting) as chair,
        enter(minh, running_meeting) as forger,
        enter(hoa, running_meeting) as member,
    ):
        for tablet in (chair, forger, member):
            await tablet.entered()
        await chair.do("present.take")
        await chair.do("present.turn", document_id=report, page=2)
        await forger.point(2, 9999, 9999)
        await chair.do("present.turn", document_id=report, page=3)
        await member.reads(report, 3)
        assert member.points == 0


@sqlite_only
async def test_a_trembling_hand_is_shown_at_a_bearable_rate(enter, running_meeting, report, hung, minh):
    async with enter(hung, running_meeting) as chair, enter(minh, running_meeting) as member:
        await chair.entered()
        await member.entered()
        await chair.do("present.take")
        await chair.do("present.turn", document_id=report, page=2)
        await member.reads(report, 2)
        for number in range(40):  # at once: the newest position matters, not those before
            await chair.point(2, number, number)
        await member.until(lambda _: (member.pointer or {}).get("x") == 39)
        assert member.points <= 10


@sqlite_only
async def test_a_storm_of_pointing_ends_the_connection_and_nobody_elses(enter, running_meeting, report, hung, minh):
    async with enter(hung, running_meeting) as chair, enter(minh, running_meeting) as member:
        await chair.entered()
        await member.entered()
        for number in range(500):
            await chair.point(0, number, number)
        assert (await asyncio.wait_for(chair.end(), 30)).code == Close.FLOOD
        await member.do("attendee.check_in")


@sqlite_only
async def test_a_slow_tablet_is_owed_one_place_and_no_pointer(
    room, enter, cookie, waking_ports, running_meeting, report, hung, minh
):
    slow = SlowTablet(room.port, cookie(minh), running_meeting)
    try:
        async with enter(hung, running_meeting) as chair:
            await chair.entered()
            await chair.do("present.take")
            await asyncio.to_thread(publish, waking_ports, hung, running_meeting)  # its buffers are full by now

            def stalled() -> list[int]:
                return [
                    each._transport.get_write_buffer_size()
                    for each in room.server.connections
                    if each.stalled_at is not None
                ]

            (before,) = room.ask(stalled)
            for page in range(9):
                await chair.do("present.turn", document_id=report, page=page)
                await chair.point(page, 5, 5)
            await chair.reads(report, 8)
            assert room.ask(stalled) == [before]
            version = chair.version
            heard = await asyncio.to_thread(heard_until, slow, version, report)
            assert [message["page"] for message in heard["place"]] == [8]
            assert heard["point"] == []
    finally:
        slow.close()


def heard_until(slow: SlowTablet, version: int, document_id: int) -> dict[str, list[dict]]:
    """What a tablet that reads again is told of places and pointers, until it has state and place."""
    wire, held = Protocol(CLIENT, max_size=None), -1
    heard: dict[str, list[dict]] = {"place": [], "point": []}
    slow._socket.settimeout(60)
    while held < version or not heard["place"]:
        wire.receive_data(slow._socket.recv(65536))
        for frame in wire.events_received():
            assert isinstance(frame, Frame)
            assert frame.opcode is Opcode.TEXT
            message = json.loads(bytes(frame.data))
            held = message["state"]["version"] if message["t"] == "snapshot" else message.get("v", held)
            place = message.get("place")
            if place is not None and place["document_id"] == document_id:
                heard["place"].append(place)
            if message["t"] == "point":
                heard["point"].append(message)
    return heard


@sqlite_only
async def test_the_place_outlives_the_room(room, enter, waking_ports, running_meeting, report, hung, minh):
    """It is a row: another room process, or this one after a restart, tells the same."""
    await asyncio.to_thread(presenter.take, waking_ports, hung, running_meeting)
    await asyncio.to_thread(presenter.turn, waking_ports, replace(hung), running_meeting, report, 6)
    async with enter(minh, running_meeting) as member:
        state = await member.entered()
        assert member.place["page"] == 6
        assert Kind.PRESENTER.value in state


async def test_readers_by_name_follow_and_nobody_else_learns_which_document(
    enter, waking_ports, running_meeting, lan, hung, minh, hoa
):
    with changing(waking_ports, lan) as work:
        meeting = work.standing(running_meeting).meeting
        document, _version = lay(work, running_meeting, pages=9, prepared=True, audience=Audience.NAMED)
        work.session.add(DocumentReader(document_id=document.id, account_id=minh.account_id))
        work.session.flush()
        assert meeting.id == running_meeting
    async with (
        enter(hung, running_meeting) as chair,
        enter(minh, running_meeting) as named,
        enter(hoa, running_meeting) as other,
    ):
        for tablet in (chair, named, other):
            await tablet.entered()
        await chair.do("present.take")
        await chair.do("present.turn", document_id=document.id, page=4)
        await asyncio.wait_for(named.reads(document.id, 4), 30)
        await asyncio.wait_for(other.until(lambda _: other.place["n"] == named.place["n"]), 30)
        assert other.place["document_id"] is None
        async with enter(minh, running_meeting) as late:
            await late.entered()
            assert late.place["page"] == 4
