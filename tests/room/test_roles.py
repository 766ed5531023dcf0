"""Whoever is something else in the meeting from now on hears and holds what that may, also when it came while away."""

import asyncio
import threading

import pytest

from meeting_app.domain.account import Account, Right
from meeting_app.services import attendance_delegation as delegations
from meeting_app.services import attendee as attendees
from meeting_app.services import meeting as meetings
from meeting_app.services import motion as motions
from meeting_app.services import snapshot
from meeting_app.services.motion import Draft
from tests.conftest import hand_out

pytestmark = pytest.mark.anyio


@pytest.fixture
def registrar(ports, minh):
    """Minh is invited, and registers the unit's meetings too: until the session opens he is of the desk."""
    with ports.database.writing() as session:
        session.get_one(Account, minh.account_id).rights = Right.REGISTER
    return minh


async def test_a_registrar_hears_nothing_more_of_the_desk_once_the_session_is_open(
    enter, waking_ports, convened_meeting, lan, registrar
):
    async with enter(registrar, convened_meeting) as tablet:
        assert (await tablet.entered())["you"]["desk"]
        meetings.open_session(waking_ports, lan, convened_meeting)
        await tablet.until(lambda state: not state["you"]["desk"])
        motions.draft(waking_ports, lan, convened_meeting, Draft("Việc chưa ai biết"))
        last = meetings.pause(waking_ports, lan, convened_meeting)
        state = await tablet.reaches(last)
        assert state["motions"] == []
        assert "conclusions" not in state


async def test_while_it_is_asked_what_somebody_is_now_they_hear_nothing(
    enter, room, waking_ports, convened_meeting, lan, registrar
):
    async with enter(registrar, convened_meeting) as tablet:
        await tablet.entered()
        admit, answers = room.server.house.admit, threading.Event()

        async def late(*asked):
            await asyncio.to_thread(answers.wait)
            return await admit(*asked)

        room.ask(lambda: setattr(room.server.house, "admit", late))
        meetings.open_session(waking_ports, lan, convened_meeting)
        motions.draft(waking_ports, lan, convened_meeting, Draft("Việc chưa ai biết"))
        version = await tablet.do("attendee.check_in")
        await asyncio.sleep(0.1)
        assert tablet.state["motions"] == []
        answers.set()
        assert (await tablet.reaches(version))["motions"] == []


async def test_who_was_away_when_the_desk_was_left_does_not_keep_what_lay_there(
    enter, waking_ports, convened_meeting, lan, registrar
):
    motions.draft(waking_ports, lan, convened_meeting, Draft("Việc chưa ai biết"))
    async with enter(registrar, convened_meeting) as tablet:
        held = await tablet.entered()
    assert held["motions"]
    meetings.open_session(waking_ports, lan, convened_meeting)
    async with enter(registrar, convened_meeting, state=held) as tablet:
        state = await tablet.until(lambda state: state["version"] > held["version"])
        assert state["motions"] == []
        assert not state["you"]["desk"]


async def test_a_delegate_who_is_only_a_guest_again_gives_the_members_papers_back(
    enter, waking_ports, running_meeting, cast, lan, minh, vinh
):
    hand_out(waking_ports, lan, running_meeting, for_guests=False)
    delegations.choose(waking_ports, minh, running_meeting, vinh.account_id, reason="Đi công tác")
    attendees.check_in(waking_ports, vinh, running_meeting)
    async with enter(vinh, running_meeting) as tablet:
        held = await tablet.entered()
    assert held["documents"]
    version = delegations.withdraw(waking_ports, minh, running_meeting)
    async with enter(vinh, running_meeting, state=held) as tablet:
        assert await tablet.reaches(version) == snapshot.take(waking_ports, vinh, running_meeting)[1]
    delegations.choose(waking_ports, minh, running_meeting, vinh.account_id, reason="Vẫn vắng")
    held = snapshot.take(waking_ports, vinh, running_meeting)[1] | {"documents": [], "version": version}
    async with enter(vinh, running_meeting, state=held) as tablet:
        state = await tablet.until(lambda state: state["version"] > version)
        assert state == snapshot.take(waking_ports, vinh, running_meeting)[1]
