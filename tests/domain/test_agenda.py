"""The agenda's rules: one current item, one order, every step can be taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting_app.domain import agenda
from meeting_app.domain.agenda import (
    LONGEST_ITEM_MINUTES,
    LONGEST_ITEM_TITLE,
    AgendaItem,
    AnotherItemCurrent,
    ItemMinutesWrong,
    ItemNotCurrent,
    ItemNotWaiting,
    ItemState,
    ItemTitleMissing,
    ItemTitleTooLong,
    NothingToUndo,
)
from meeting_app.errors import MeetingError

EIGHT = datetime(2026, 11, 23, 1, tzinfo=UTC)


def items(count: int = 3) -> list[AgendaItem]:
    return [AgendaItem(id=n, meeting_id=1, position=n, title=f"Nội dung {n}") for n in range(1, count + 1)]


def test_a_waiting_item_is_started():
    first, second, third = all_items = items()
    agenda.start(all_items, first, EIGHT)
    assert first.state is ItemState.CURRENT
    assert first.started_at == EIGHT
    assert {second.state, third.state} == {ItemState.WAITING}


def test_a_second_item_is_not_started_while_one_is_discussed():
    first, second, _ = all_items = items()
    agenda.start(all_items, first, EIGHT)
    with pytest.raises(AnotherItemCurrent, match="Nội dung 1"):
        agenda.start(all_items, second, EIGHT)
    assert second.state is ItemState.WAITING
    assert second.started_at is None


def test_an_item_is_not_started_twice():
    first, *_ = all_items = items()
    agenda.start(all_items, first, EIGHT)
    with pytest.raises(ItemNotWaiting):
        agenda.start(all_items, first, EIGHT + timedelta(minutes=1))
    assert first.started_at == EIGHT


def test_only_the_current_item_is_finished():
    first, second, _ = all_items = items()
    with pytest.raises(ItemNotCurrent):
        agenda.finish(first, EIGHT)
    agenda.start(all_items, first, EIGHT)
    agenda.finish(first, EIGHT + timedelta(minutes=9))
    assert (first.state, first.finished_at) == (ItemState.FINISHED, EIGHT + timedelta(minutes=9))
    with pytest.raises(ItemNotCurrent):
        agenda.finish(first, EIGHT)
    with pytest.raises(ItemNotCurrent):
        agenda.finish(second, EIGHT)


def test_only_a_waiting_item_is_skipped():
    first, second, _ = all_items = items()
    agenda.skip(second)
    assert second.state is ItemState.SKIPPED
    agenda.start(all_items, first, EIGHT)
    for item in (first, second):
        with pytest.raises(ItemNotWaiting):
            agenda.skip(item)


def test_a_start_taken_back_leaves_no_trace():
    first, *_ = all_items = items()
    agenda.start(all_items, first, EIGHT)
    agenda.undo(all_items, first)
    assert (first.state, first.started_at, first.finished_at) == (ItemState.WAITING, None, None)


def test_a_finish_taken_back_goes_on_from_its_start():
    first, *_ = all_items = items()
    agenda.start(all_items, first, EIGHT)
    agenda.finish(first, EIGHT + timedelta(minutes=5))
    agenda.undo(all_items, first)
    assert (first.state, first.started_at, first.finished_at) == (ItemState.CURRENT, EIGHT, None)


def test_a_finish_is_not_taken_back_over_the_next_item():
    first, second, _ = all_items = items()
    agenda.start(all_items, first, EIGHT)
    agenda.finish(first, EIGHT)
    agenda.start(all_items, second, EIGHT)
    with pytest.raises(AnotherItemCurrent, match="Nội dung 2"):
        agenda.undo(all_items, first)
    assert first.state is ItemState.FINISHED


def test_a_waiting_item_has_nothing_to_take_back():
    all_items = items()
    with pytest.raises(NothingToUndo):
        agenda.undo(all_items, all_items[0])


@given(st.lists(st.tuples(st.sampled_from(["start", "finish", "skip", "undo"]), st.integers(0, 3)), max_size=30))
def test_whatever_is_pressed_at_most_one_item_is_current(presses: list[tuple[str, int]]):
    all_items = items(4)
    acts = {
        "start": lambda item: agenda.start(all_items, item, EIGHT),
        "finish": lambda item: agenda.finish(item, EIGHT),
        "skip": agenda.skip,
        "undo": lambda item: agenda.undo(all_items, item),
    }
    for act, place in presses:
        before = [item.model_dump() for item in all_items]
        try:
            acts[act](all_items[place])
        except MeetingError:
            assert [item.model_dump() for item in all_items] == before
        assert sum(item.state is ItemState.CURRENT for item in all_items) <= 1
        for item in all_items:
            assert (item.started_at is not None) == (item.state in {ItemState.CURRENT, ItemState.FINISHED})
            assert (item.finished_at is not None) == (item.state is ItemState.FINISHED)


@given(st.integers(1, 8), st.data())
def test_a_moved_item_stands_where_it_was_put_and_the_others_keep_their_order(count: int, data: st.DataObject):
    all_items = items(count)
    item = data.draw(st.sampled_from(all_items))
    place = data.draw(st.integers(-3, 12))
    others = [each.id for each in all_items if each is not item]
    moved = agenda.move(all_items, item, place)
    assert [each.position for each in moved] == list(range(1, count + 1))
    assert moved.index(item) == max(0, min(place - 1, count - 1))
    assert [each.id for each in moved if each is not item] == others


@pytest.mark.parametrize(
    ("title", "minutes", "refusal"),
    [
        ("", 10, ItemTitleMissing),
        (" \n\t ", 10, ItemTitleMissing),
        ("dài " * LONGEST_ITEM_TITLE, 10, ItemTitleTooLong),
        ("Nội dung", 0, ItemMinutesWrong),
        ("Nội dung", -5, ItemMinutesWrong),
        ("Nội dung", LONGEST_ITEM_MINUTES + 1, ItemMinutesWrong),
    ],
)
def test_an_item_that_is_wrong_says_so(title: str, minutes: int, refusal: type[MeetingError]):
    with pytest.raises(refusal):
        agenda.clean_item(title, minutes)


def test_a_title_stands_on_one_line():
    assert agenda.clean_item("  Báo cáo\n  tháng 11 ", 10) == "Báo cáo tháng 11"
