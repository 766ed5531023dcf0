"""The live room over real sockets, on both databases."""

import asyncio
import socket
import urllib.request
from uuid import uuid4

import pytest
from sqlmodel import func, select

from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.event import Kind, MeetingEvent
from meeting_app.room.client import Refused
from meeting_app.services import agenda as agendas
from meeting_app.services import event as events
from meeting_app.services import snapshot
from meeting_app.services.unit_of_work import changing

pytestmark = pytest.mark.anyio


def states(state, item_ids) -> list[str]:
    by_id = {item["id"]: item["state"] for item in state["items"]}
    return [by_id[item_id] for item_id in item_ids]


async def test_a_started_item_reaches_every_tablet(enter, running_meeting, agenda, hung, minh, quang):
    async with (
        enter(hung, running_meeting) as chair,
        enter(minh, running_meeting) as member,
        enter(quang, running_meeting) as guest,
    ):
        for tablet in (chair, member, guest):
            await tablet.entered()
        version = await chair.do("item.start", item_id=agenda[0])
        for tablet in (chair, member, guest):
            assert states(await tablet.reaches(version), agenda) == ["current", "waiting", "waiting"]


async def test_the_state_of_a_tablet_is_the_snapshot_of_that_version(
    enter, waking_ports, running_meeting, agenda, hung, lan, minh
):
    async with enter(hung, running_meeting) as chair, enter(minh, running_meeting) as member:
        await member.entered()
        await member.do("attendee.check_in")
        await chair.do("item.start", item_id=agenda[0])
        await chair.do("item.insert", title="Việc đột xuất", presenter="", minutes=5, position=2)
        await chair.do("conclusion.record", text="Giao phòng Kinh tế.", item_id=agenda[0])
        await chair.do("item.move", item_id=agenda[2], position=1)
        version = await chair.do("meeting.pause")
        for tablet, actor in ((chair, hung), (member, minh)):
            assert await tablet.reaches(version) == snapshot.take(waking_ports, actor, running_meeting)[1]
            assert tablet.snapshots == 1


@pytest.mark.parametrize("poll_seconds", [3600])
async def test_what_another_process_commits_wakes_the_room(enter, waking_ports, running_meeting, agenda, hung, minh):
    """Here the web process is the test itself."""
    async with enter(minh, running_meeting) as member:
        await member.entered()
        version = await asyncio.to_thread(agendas.start, waking_ports, hung, running_meeting, agenda[0])
        await asyncio.wait_for(member.reaches(version), 30)


async def test_a_lost_wake_up_costs_one_poll(enter, ports, wake_ups, running_meeting, agenda, hung, minh):
    async with enter(minh, running_meeting) as member:
        await member.entered()
        version = agendas.start(ports, hung, running_meeting, agenda[0])  # these ports wake nobody
        assert wake_ups.rung[-1] == running_meeting
        await asyncio.wait_for(member.reaches(version), 30)


async def test_conclusions_are_heard_at_the_desk_only(enter, running_meeting, agenda, hung, minh):
    async with enter(hung, running_meeting) as chair, enter(minh, running_meeting) as member:
        await member.entered()
        version = await chair.do("conclusion.record", text="Chưa công bố.", item_id=agenda[0])
        assert (await chair.reaches(version))["conclusions"][0]["text"] == "Chưa công bố."
        assert "Chưa công bố." not in str(await member.reaches(version))


async def test_a_cut_tablet_catches_up_by_version(enter, waking_ports, running_meeting, agenda, hung, minh):
    async with enter(minh, running_meeting) as member:
        state = await member.entered()
        await member.cut()
    for item_id in agenda[:2]:
        agendas.start(waking_ports, hung, running_meeting, item_id)
        version = agendas.finish(waking_ports, hung, running_meeting, item_id)
    async with enter(minh, running_meeting, state) as member:
        assert states(await member.reaches(version), agenda) == ["finished", "finished", "waiting"]
        assert member.snapshots == 0


async def test_a_tablet_cut_off_for_too_long_gets_a_snapshot(enter, waking_ports, running_meeting, agenda, hung, minh):
    async with enter(minh, running_meeting) as member:
        state = await member.entered()
    for _ in range(35):
        agendas.start(waking_ports, hung, running_meeting, agenda[0])
        version = agendas.undo(waking_ports, hung, running_meeting, agenda[0])
    async with enter(minh, running_meeting, state) as member:
        assert states(await member.reaches(version), agenda)[0] == "waiting"
        assert member.snapshots == 1


async def test_a_version_that_never_was_is_mended_by_a_snapshot(enter, running_meeting, minh):
    async with enter(minh, running_meeting) as member:
        state = await member.entered()
    async with enter(minh, running_meeting, {**state, "version": 9000}) as member:
        assert (await member.until(lambda now: now["version"] != 9000)) == state


async def test_a_tablet_that_saw_a_gap_asks_and_gets_what_it_missed(enter, running_meeting, agenda, hung, minh):
    async with enter(hung, running_meeting) as chair, enter(minh, running_meeting) as member:
        await chair.entered()
        before = await member.entered()
        await member.reaches(await chair.do("item.start", item_id=agenda[0]))
        member.state = before  # as if that frame had been lost
        version = await chair.do("item.finish", item_id=agenda[0])
        assert states(await member.reaches(version), agenda)[0] == "finished"
        assert member.snapshots == 1


async def test_the_same_command_id_is_done_once(enter, database, running_meeting, agenda, hung):
    command_id = str(uuid4())
    async with enter(hung, running_meeting) as chair:
        versions = [
            await chair.do("item.extend", command_id, item_id=agenda[0], minutes=5),
            await chair.do("item.extend", command_id, item_id=agenda[0], minutes=5),
        ]
    async with enter(hung, running_meeting) as chair:
        versions.append(await chair.do("item.extend", command_id, item_id=agenda[0], minutes=5))
        state = await chair.reaches(versions[0])
    assert len(set(versions)) == 1
    assert state["items"][0]["minutes"] == 25
    with database.reading() as session:
        counted = select(func.count()).where(MeetingEvent.meeting_id == running_meeting)
        assert session.exec(counted).one() == state["version"]


async def test_two_desks_start_different_items_at_once(enter, running_meeting, agenda, hung, lan, minh):
    async with (
        enter(hung, running_meeting) as chair,
        enter(lan, running_meeting) as secretary,
        enter(minh, running_meeting) as member,
    ):
        for tablet in (chair, secretary, member):
            await tablet.entered()
        results = await asyncio.gather(
            chair.do("item.start", item_id=agenda[0]),
            secretary.do("item.start", item_id=agenda[1]),
            return_exceptions=True,
        )
        assert {type(result) for result in results} == {int, Refused}
        version = next(result for result in results if isinstance(result, int))
        assert states(await member.reaches(version), agenda).count("current") == 1
        assert "Đang thảo luận" in str(next(result for result in results if isinstance(result, Refused)))


async def test_fifty_check_ins_at_once_are_all_there(enter, running_meeting, hung, lan, minh, hoa, dung, quang):
    everybody = (hung, lan, minh, hoa, dung, quang)
    contexts = [enter(actor, running_meeting) for actor in everybody for _ in range(8)]
    tablets = [await context.__aenter__() for context in contexts]
    try:
        versions = await asyncio.gather(*(tablet.do("attendee.check_in") for tablet in tablets))
        for tablet in tablets:
            state = await tablet.reaches(max(versions))
            assert all(attendee["checked_in_at"] for attendee in state["attendees"])
    finally:
        for context in contexts:
            await context.__aexit__(None, None, None)


async def test_commands_of_one_tablet_are_done_in_their_order(enter, running_meeting, agenda, hung):
    async with enter(hung, running_meeting) as chair:
        acts = ["item.start", "item.finish", "item.undo", "item.undo", "item.skip", "item.undo", "item.start"]
        versions = await asyncio.gather(*(chair.do(act, item_id=agenda[0]) for act in acts))
        assert versions == sorted(versions)
        assert states(await chair.reaches(versions[-1]), agenda)[0] == "current"


async def test_a_new_role_is_heard_at_once(enter, waking_ports, running_meeting, agenda, hung, minh):
    def promote() -> None:
        with changing(waking_ports, hung) as work:
            meeting = work.standing(running_meeting).meeting
            query = select(Attendee).where(Attendee.meeting_id == running_meeting)
            rows = list(work.session.exec(query).all())
            next(row for row in rows if row.account_id == minh.account_id).role = Role.SECRETARY
            work.emit(meeting, Kind.ATTENDEES, {"attendees": events.attendee_bodies(work.session, meeting, rows)})

    async with enter(hung, running_meeting) as chair, enter(minh, running_meeting) as member:
        await member.entered()
        await chair.do("conclusion.record", text="Đã ghi.", item_id=agenda[0])
        await asyncio.to_thread(promote)
        state = await member.until(lambda state: state["you"]["desk"])
        assert state["conclusions"][0]["text"] == "Đã ghi."
        await member.do("item.start", item_id=agenda[0])


async def test_refusals_are_whole_sentences_in_the_readers_language(enter, running_meeting, agenda, minh):
    async with enter(minh, running_meeting) as member:
        with pytest.raises(Refused, match="không có quyền"):
            await member.do("item.start", item_id=agenda[0])
        with pytest.raises(Refused, match="không nhận ra"):
            await member.do("item.explode", item_id=agenda[0])
        with pytest.raises(Refused, match="không nhận ra"):
            await member.do("item.start", item_id="1 or 1=1")


async def test_a_frame_waits_for_no_acknowledgement_of_the_one_before(room, enter, running_meeting, minh):
    async with enter(minh, running_meeting) as tablet:
        await tablet.entered()
        [own] = [each._transport.get_extra_info("socket") for each in room.server.connections]
        assert own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_the_room_says_that_it_is_healthy(room):
    def ask() -> tuple[int, bytes]:
        with urllib.request.urlopen(f"http://127.0.0.1:{room.port}/health", timeout=5) as answer:
            return answer.status, answer.read()

    assert await asyncio.to_thread(ask) == (200, b"ok\n")


async def test_whoever_does_not_speak_the_protocol_hurts_nobody(room, enter, running_meeting, agenda, hung):
    for rubbish in (
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\r\n" * 5000,
        b"POST /x HTTP/1.0\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", room.port)) as raw:
            raw.sendall(rubbish)
    async with enter(hung, running_meeting) as chair:
        await chair.reaches(await chair.do("item.start", item_id=agenda[0]))
