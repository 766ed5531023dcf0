"""In the room or online, late, gone before the end, back again: what is recorded of each."""

from datetime import timedelta
from typing import Any

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import AlreadyClosed, NotPresent, TimeWrong, TookPart, Whereabouts
from meeting_app.domain.floor import RequestKind
from meeting_app.errors import NotAllowed
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import ballot as ballots
from meeting_app.services import event as events
from meeting_app.services import floor, snapshot, turn
from meeting_app.services import meeting as meetings
from meeting_app.services.attendee import AttendeeView
from tests.cast import MORNING, Cast, SettableClock
from tests.voting import come, elector, opened

MINUTE = timedelta(minutes=1)


def view(ports: Ports, meeting_id: int, whom: Actor) -> AttendeeView:
    everybody = attendees.attendees(ports, whom, meeting_id)
    return next(each for each in everybody if each.account_id == whom.account_id)


def body(ports: Ports, meeting_id: int, whom: Actor) -> dict[str, Any]:
    state = snapshot.take(ports, whom, meeting_id)[1]
    return next(each for each in state["attendees"] if each["id"] == state["you"]["attendee_id"])


def test_one_touch_is_present_in_the_room(ports: Ports, minh: Actor, running_meeting: int):
    attendees.check_in(ports, minh, running_meeting)
    seen = body(ports, running_meeting, minh)
    assert (seen["place"], seen["by"], seen["left_at"]) == ("room", "touch", None)


def test_who_is_online_says_so_and_may_come_into_the_room(ports: Ports, minh: Actor, running_meeting: int):
    attendees.check_in(ports, minh, running_meeting, place=Whereabouts.ONLINE)
    assert view(ports, running_meeting, minh).place is Whereabouts.ONLINE
    attendees.check_in(ports, minh, running_meeting)  # a second touch does not move anybody
    assert view(ports, running_meeting, minh).place is Whereabouts.ONLINE
    attendees.move(ports, minh, running_meeting, place=Whereabouts.ROOM)
    assert view(ports, running_meeting, minh).place is Whereabouts.ROOM


def test_the_desks_hand_is_told_from_ones_own(ports: Ports, lan: Actor, minh: Actor, running_meeting: int):
    his = view(ports, running_meeting, minh).id
    attendees.check_in(ports, lan, running_meeting, his, place=Whereabouts.ONLINE)
    seen = body(ports, running_meeting, minh)
    assert (seen["place"], seen["by"]) == ("online", "desk")
    attendees.check_in(ports, lan, running_meeting)
    assert body(ports, running_meeting, lan)["by"] == "touch"


def test_who_leaves_and_comes_back_keeps_the_first_arrival(
    ports: Ports, minh: Actor, running_meeting: int, clock: SettableClock
):
    attendees.check_in(ports, minh, running_meeting)
    at = clock.advance(minutes=30)
    attendees.leave(ports, minh, running_meeting)
    seen = view(ports, running_meeting, minh)
    assert (seen.present, seen.left_at, seen.checked_in_at) == (False, at, MORNING)
    clock.advance(minutes=10)
    attendees.come_back(ports, minh, running_meeting)
    seen = view(ports, running_meeting, minh)
    assert (seen.present, seen.left_at, seen.checked_in_at) == (True, None, MORNING)
    attendees.leave(ports, minh, running_meeting)
    attendees.check_in(ports, minh, running_meeting)  # the bar's one touch does it too
    assert view(ports, running_meeting, minh).checked_in_at == MORNING


def test_doing_it_twice_changes_nothing(ports: Ports, minh: Actor, running_meeting: int):
    attendees.check_in(ports, minh, running_meeting)
    for act in (attendees.check_in, attendees.come_back):
        before = events.version_of(ports, running_meeting)
        assert act(ports, minh, running_meeting) == before
        assert events.version_of(ports, running_meeting) == before
    attendees.leave(ports, minh, running_meeting)
    before = events.version_of(ports, running_meeting)
    assert attendees.leave(ports, minh, running_meeting) == before


def test_who_never_came_neither_leaves_nor_moves(ports: Ports, minh: Actor, running_meeting: int):
    for act in (attendees.leave, attendees.come_back):
        with pytest.raises(NotPresent, match=minh.full_name):
            act(ports, minh, running_meeting)
    with pytest.raises(NotPresent):
        attendees.move(ports, minh, running_meeting, place=Whereabouts.ONLINE)
    attendees.check_in(ports, minh, running_meeting)
    attendees.leave(ports, minh, running_meeting)
    with pytest.raises(NotPresent):
        attendees.move(ports, minh, running_meeting, place=Whereabouts.ONLINE)


def test_a_mistaken_check_out_is_undone_with_the_hour_of_the_arrival(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int, clock: SettableClock
):
    his = view(ports, running_meeting, minh).id
    attendees.check_in(ports, minh, running_meeting)
    clock.advance(minutes=20)
    attendees.check_out(ports, lan, running_meeting, his)
    assert body(ports, running_meeting, minh)["place"] is None
    attendees.check_in(ports, lan, running_meeting, his, at=MORNING)
    assert view(ports, running_meeting, minh).checked_in_at == MORNING
    clock.advance(minutes=20)
    attendees.leave(ports, lan, running_meeting, his, at=MORNING + 30 * MINUTE)
    assert view(ports, running_meeting, minh).left_at == MORNING + 30 * MINUTE


def test_who_has_voted_or_spoken_was_here(ports: Ports, cast: Cast, lan: Actor, running_meeting: int):
    """To be taken back is a slip, not what somebody did; that the desk marked the wrong one stays a slip."""
    hung, minh, hoa = (cast.actors[name] for name in ("hung", "minh", "hoa"))
    come(ports, running_meeting, hung, minh, hoa)
    ids = {each.account_id: each.id for each in attendees.attendees(ports, lan, running_meeting)}
    motion_id = opened(ports, lan, running_meeting)
    ballots.cast(ports, minh, running_meeting, motion_id, elector(ports, motion_id, minh), choice="agree")
    floor.ask(ports, hung, running_meeting, RequestKind.SPEECH)
    turn.call_next(ports, lan, running_meeting)
    for who in (minh, hung):
        with pytest.raises(TookPart):
            attendees.check_out(ports, who, running_meeting, ids[who.account_id])
        with pytest.raises(TookPart):
            attendees.check_out(ports, lan, running_meeting, ids[who.account_id])
    attendees.check_out(ports, lan, running_meeting, ids[hoa.account_id])


def test_nobody_leaves_before_having_come(ports: Ports, lan: Actor, minh: Actor, running_meeting, clock):
    his = view(ports, running_meeting, minh).id
    clock.advance(minutes=20)
    attendees.check_in(ports, minh, running_meeting)
    attendees.leave(ports, lan, running_meeting, his, at=MORNING)
    assert view(ports, running_meeting, minh).left_at == MORNING + 20 * MINUTE


@pytest.mark.parametrize("minutes", [-31, 1, 60 * 24 * 365])
def test_no_hour_is_noted_outside_of_the_meeting(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int, minutes: int
):
    his = view(ports, running_meeting, minh).id
    with pytest.raises(TimeWrong):
        attendees.check_in(ports, lan, running_meeting, his, at=MORNING + minutes * MINUTE)
    assert not view(ports, running_meeting, minh).present


def test_only_the_desk_notes_another_hour_and_other_people(
    ports: Ports, minh: Actor, hoa: Actor, quang: Actor, running_meeting: int
):
    hers = view(ports, running_meeting, hoa).id
    attendees.check_in(ports, hoa, running_meeting)
    for actor in (minh, quang):
        with pytest.raises(NotAllowed):
            attendees.check_in(ports, actor, running_meeting, at=MORNING)
        for act in (attendees.leave, attendees.come_back, attendees.check_in):
            with pytest.raises(NotAllowed):
                act(ports, actor, running_meeting, hers)
        with pytest.raises(NotAllowed):
            attendees.move(ports, actor, running_meeting, hers, place=Whereabouts.ONLINE)


def test_nothing_of_this_changes_after_the_end(ports: Ports, lan: Actor, minh: Actor, running_meeting: int):
    attendees.check_in(ports, minh, running_meeting)
    meetings.close(ports, lan, running_meeting)
    for act in (attendees.leave, attendees.come_back, attendees.check_in):
        with pytest.raises(AlreadyClosed):
            act(ports, minh, running_meeting)
    with pytest.raises(AlreadyClosed):
        attendees.move(ports, minh, running_meeting, place=Whereabouts.ONLINE)


def test_late_is_who_came_after_the_opening(ports: Ports, cast: Cast, running_meeting: int, clock: SettableClock):
    minh, hoa = cast.actors["minh"], cast.actors["hoa"]
    attendees.check_in(ports, minh, running_meeting)
    clock.advance(minutes=1)
    attendees.check_in(ports, hoa, running_meeting)
    opened = snapshot.take(ports, minh, running_meeting)[1]["meeting"]["opened_at"]
    assert body(ports, running_meeting, minh)["checked_in_at"] == opened
    assert body(ports, running_meeting, hoa)["checked_in_at"] > opened
