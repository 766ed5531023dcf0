"""Building the agenda and running it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.agenda import (
    AnotherItemCurrent,
    ItemMinutesWrong,
    ItemNotCurrent,
    ItemNotWaiting,
    ItemState,
    ItemTitleMissing,
    NothingToUndo,
)
from meeting_app.domain.meeting import NotInState, NotRunning
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services.meeting import Registration
from tests.cast import Cast, SettableClock


def titles(ports: Ports, actor: Actor, meeting_id: int) -> list[str]:
    found = agendas.items(ports, actor, meeting_id)
    assert [item.position for item in found] == list(range(1, len(found) + 1))
    return [item.title[:8] for item in found]


def test_items_are_inserted_where_they_are_wanted(ports: Ports, lan: Actor, draft_meeting: int):
    agendas.insert(ports, lan, draft_meeting, "Khai mạc", position=1)
    agendas.insert(ports, lan, draft_meeting, "Ý kiến khác", position=4)
    assert titles(ports, lan, draft_meeting) == ["Khai mạc", "Báo cáo ", "Thảo luậ", "Ý kiến k", "Kết luận"]


def test_an_item_is_moved_and_the_rest_close_up(ports: Ports, lan: Actor, draft_meeting: int, agenda: list[int]):
    agendas.move(ports, lan, draft_meeting, agenda[2], 1)
    assert titles(ports, lan, draft_meeting) == ["Kết luận", "Báo cáo ", "Thảo luậ"]


def test_an_item_taken_out_leaves_no_hole(ports: Ports, lan: Actor, draft_meeting: int, agenda: list[int]):
    agendas.remove(ports, lan, draft_meeting, agenda[1])
    assert titles(ports, lan, draft_meeting) == ["Báo cáo ", "Kết luận"]


def test_no_item_is_taken_out_once_the_meeting_runs(ports: Ports, lan: Actor, running_meeting: int, agenda: list[int]):
    with pytest.raises(NotInState):
        agendas.remove(ports, lan, running_meeting, agenda[1])


def test_an_item_is_changed_and_kept_as_text(ports: Ports, lan: Actor, draft_meeting: int, agenda: list[int]):
    agendas.change(
        ports, lan, draft_meeting, agenda[0], title=" <i>Báo cáo</i>\x00\nmới ", presenter="\ud800Minh", minutes=45
    )
    first = agendas.items(ports, lan, draft_meeting)[0]
    assert (first.title, first.presenter, first.minutes) == ("<i>Báo cáo</i> mới", "Minh", 45)


def test_what_is_wrong_with_an_item_changes_nothing(ports: Ports, lan: Actor, draft_meeting: int, agenda: list[int]):
    before = agendas.items(ports, lan, draft_meeting), events.version_of(ports, draft_meeting)
    with pytest.raises(ItemTitleMissing):
        agendas.insert(ports, lan, draft_meeting, "  ")
    with pytest.raises(ItemMinutesWrong):
        agendas.change(ports, lan, draft_meeting, agenda[0], title="Khác", presenter="", minutes=0)
    with pytest.raises(ItemMinutesWrong):
        agendas.extend(ports, lan, draft_meeting, agenda[0], -20)
    assert (agendas.items(ports, lan, draft_meeting), events.version_of(ports, draft_meeting)) == before


def test_five_more_minutes(ports: Ports, hung: Actor, running_meeting: int, agenda: list[int]):
    agendas.start(ports, hung, running_meeting, agenda[0])
    agendas.extend(ports, hung, running_meeting, agenda[0], 5)
    assert agendas.items(ports, hung, running_meeting)[0].minutes == 25


def test_the_agenda_is_walked_through(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int, agenda: list[int], clock: SettableClock
):
    begun = clock.now()
    agendas.start(ports, lan, running_meeting, agenda[0])
    clock.advance(minutes=19)
    agendas.finish(ports, lan, running_meeting, agenda[0])
    agendas.skip(ports, lan, running_meeting, agenda[1])
    agendas.start(ports, lan, running_meeting, agenda[2])
    first, second, third = agendas.items(ports, minh, running_meeting)
    assert [each.state for each in (first, second, third)] == [
        ItemState.FINISHED,
        ItemState.SKIPPED,
        ItemState.CURRENT,
    ]
    assert (first.started_at, first.finished_at) == (begun, begun + timedelta(minutes=19))
    assert third.started_at == begun + timedelta(minutes=19)


def test_one_item_at_a_time_and_each_once(ports: Ports, lan: Actor, running_meeting: int, agenda: list[int]):
    agendas.start(ports, lan, running_meeting, agenda[0])
    with pytest.raises(AnotherItemCurrent):
        agendas.start(ports, lan, running_meeting, agenda[1])
    with pytest.raises(ItemNotWaiting):
        agendas.start(ports, lan, running_meeting, agenda[0])
    agendas.finish(ports, lan, running_meeting, agenda[0])
    with pytest.raises(ItemNotCurrent):
        agendas.finish(ports, lan, running_meeting, agenda[0])
    with pytest.raises(ItemNotWaiting):
        agendas.skip(ports, lan, running_meeting, agenda[0])


def test_each_step_is_taken_back(ports: Ports, lan: Actor, running_meeting: int, agenda: list[int]):
    agendas.start(ports, lan, running_meeting, agenda[0])
    agendas.finish(ports, lan, running_meeting, agenda[0])
    for state in (ItemState.CURRENT, ItemState.WAITING):
        agendas.undo(ports, lan, running_meeting, agenda[0])
        assert agendas.items(ports, lan, running_meeting)[0].state is state
    with pytest.raises(NothingToUndo):
        agendas.undo(ports, lan, running_meeting, agenda[0])


def test_nothing_is_started_before_the_meeting_is_open_or_while_it_pauses(
    ports: Ports, lan: Actor, convened_meeting: int, agenda: list[int]
):
    for act in (agendas.start, agendas.finish, agendas.skip, agendas.undo):
        with pytest.raises(NotRunning):
            act(ports, lan, convened_meeting, agenda[0])
    meetings.open_session(ports, lan, convened_meeting)
    agendas.start(ports, lan, convened_meeting, agenda[0])
    meetings.pause(ports, lan, convened_meeting)
    with pytest.raises(NotRunning):
        agendas.finish(ports, lan, convened_meeting, agenda[0])


def test_nothing_changes_after_the_meeting(ports: Ports, lan: Actor, running_meeting: int, agenda: list[int]):
    meetings.close(ports, lan, running_meeting)
    for act in (agendas.start, agendas.skip, agendas.undo):
        with pytest.raises(NotInState):
            act(ports, lan, running_meeting, agenda[0])
    with pytest.raises(NotInState):
        agendas.insert(ports, lan, running_meeting, "Quá muộn")


@pytest.mark.parametrize(
    ("person", "refusal"),
    [("minh", NotAllowed), ("quang", NotAllowed), ("thu", NotAllowed), ("vinh", NotFound), ("nam", NotFound)],
)
def test_only_the_desk_touches_the_agenda(
    ports: Ports, cast: Cast, running_meeting: int, agenda: list[int], person: str, refusal: type[MeetingError]
):
    actor, item = cast.actors[person], agenda[0]
    before = agendas.items(ports, cast.actors["lan"], running_meeting)
    for act in (agendas.start, agendas.finish, agendas.skip, agendas.undo, agendas.remove):
        with pytest.raises(refusal):
            act(ports, actor, running_meeting, item)
    with pytest.raises(refusal):
        agendas.insert(ports, actor, running_meeting, "Của tôi")
    with pytest.raises(refusal):
        agendas.move(ports, actor, running_meeting, item, 3)
    with pytest.raises(refusal):
        agendas.extend(ports, actor, running_meeting, item, 5)
    assert agendas.items(ports, cast.actors["lan"], running_meeting) == before


def test_an_item_of_another_meeting_is_not_found(
    ports: Ports, lan: Actor, nam: Actor, running_meeting: int, cast: Cast, registration: Registration
):
    other = meetings.register(ports, nam, replace(registration, venue_id=cast.venues["phong_le_chan"]))
    agendas.insert(ports, nam, other, "Việc của Lê Chân")
    theirs = agendas.items(ports, nam, other)[0].id
    for act in (agendas.start, agendas.finish, agendas.skip, agendas.undo):
        with pytest.raises(NotFound):
            act(ports, lan, running_meeting, theirs)
    assert agendas.items(ports, nam, other)[0].state is ItemState.WAITING
