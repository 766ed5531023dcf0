"""A tablet that applies every event stands where a tablet stands that was just told everything."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from meeting_app.domain.event import Kind, apply

_rows = st.dictionaries(st.integers(1, 6), st.text(max_size=3), max_size=6)

LISTS = [Kind.ITEMS, Kind.ATTENDEES, Kind.DOCUMENTS, Kind.CONCLUSIONS, Kind.REPLIES]


def listed(rows: dict[int, str]) -> list[dict[str, Any]]:
    return [{"id": row_id, "text": text} for row_id, text in rows.items()]


def by_id(rows: list[dict[str, Any]]) -> dict[int, str]:
    return {row["id"]: row["text"] for row in rows}


@given(st.sampled_from(LISTS), _rows, _rows, st.sets(st.integers(1, 6)))
def test_a_list_after_an_event_holds_what_changed_and_not_what_went(kind, before, changed, gone):
    state = {"version": 6, kind.value: listed(before)}
    body = {kind.value: listed(changed), "gone": sorted(gone)}
    after = apply(state, 7, kind, body)
    expected = {row_id: text for row_id, text in {**before, **changed}.items() if row_id not in gone}
    assert after["version"] == 7
    assert by_id(after[kind.value]) == expected


@given(st.permutations([1, 2, 3, 4]))
def test_an_event_with_an_order_puts_the_list_into_it(order):
    state = {"version": 1, "items": listed({1: "a", 2: "b", 3: "c"})}
    after = apply(state, 2, Kind.ITEMS, {"items": listed({4: "d"}), "order": order})
    assert [row["id"] for row in after["items"]] == order


def test_an_order_may_name_what_this_listener_never_saw():
    state = {"version": 1, "items": listed({1: "a"})}
    assert apply(state, 2, Kind.ITEMS, {"items": [], "order": [9, 1]})["items"] == listed({1: "a"})


def test_an_event_of_the_meeting_changes_only_what_it_names():
    state = {"version": 1, "meeting": {"title": "Họp", "state": "convened"}}
    assert apply(state, 2, Kind.MEETING, {"state": "running"})["meeting"] == {"title": "Họp", "state": "running"}


def test_news_of_annotations_only_counts():
    state = {"version": 1, "items": listed({1: "a"})}
    assert apply(state, 2, Kind.ANNOTATIONS, {"document_id": 3}) == {"version": 2, "items": listed({1: "a"})}


def test_an_event_of_an_unheard_channel_only_counts():
    state = {"version": 1, "items": listed({1: "a"})}
    assert apply(state, 2, None, {}) == {"version": 2, "items": listed({1: "a"})}


@given(_rows, _rows)
def test_applying_never_changes_the_state_it_starts_from(before, changed):
    state = {"version": 1, "items": listed(before)}
    apply(state, 2, Kind.ITEMS, {"items": listed(changed), "gone": [1]})
    assert state == {"version": 1, "items": listed(before)}
