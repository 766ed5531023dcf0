"""The plan of the room and who sits where."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting_app.domain import seat as rules
from meeting_app.domain.access import Actor
from meeting_app.domain.meeting import NotInState
from meeting_app.domain.seat import Plan, PlanTooLarge, RoomInUse, Seat
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import attendance_delegation as delegations
from meeting_app.services import meeting as meetings
from meeting_app.services import seat as seats
from meeting_app.services import snapshot
from meeting_app.services.meeting import Registration
from tests.cast import Cast


def state(ports: Ports, actor: Actor, meeting_id: int) -> dict[str, Any]:
    return snapshot.take(ports, actor, meeting_id)[1]


def seated(ports: Ports, lan: Actor, meeting_id: int) -> dict[str, str]:
    """Labels by the last name of who sits there."""
    found = state(ports, lan, meeting_id)
    labels = {each["id"]: each["label"] for each in found["seats"]}
    return {
        each["name"].split()[-1]: labels[each["seat_id"]] for each in found["attendees"] if each["seat_id"] is not None
    }


def ids(ports: Ports, lan: Actor, meeting_id: int) -> tuple[dict[str, int], dict[str, int]]:
    """People by their last name, and seats by their label."""
    found = state(ports, lan, meeting_id)
    people = {each["name"].split()[-1]: each["id"] for each in found["attendees"]}
    return people, {each["label"]: each["id"] for each in found["seats"]}


def test_a_room_without_a_plan_gets_one_by_its_number_of_seats(ports: Ports, lan: Actor, quang: Actor, running_meeting):
    found = state(ports, quang, running_meeting)["seats"]
    assert [each["label"] for each in found][:6] == ["CT1", "CT2", "CT3", "CT4", "CT5", "A1"]
    assert {(each["x"], each["y"]) for each in found if each["y"] == 0} == {(x, 0) for x in range(2, 7)}


def test_people_are_seated_by_rank_from_the_middle_of_the_head_table(ports: Ports, lan: Actor, running_meeting: int):
    seats.arrange(ports, lan, running_meeting)
    assert seated(ports, lan, running_meeting) == {
        "Hùng": "CT3",
        "Lan": "CT2",
        "Minh": "CT4",
        "Hoa": "CT1",
        "Dũng": "CT5",
        "Quang": "A5",
    }


def test_a_delegate_sits_where_the_giver_would(
    ports: Ports, lan: Actor, minh: Actor, thu: Actor, hoa, dung, running_meeting
):
    delegations.choose(ports, minh, running_meeting, thu.account_id, reason="Bận")
    delegations.choose(ports, hoa, running_meeting, dung.account_id, reason="Bận")
    seats.arrange(ports, lan, running_meeting)
    places = seated(ports, lan, running_meeting)
    assert places["Thu"] == "CT4"
    assert places["Dũng"] == "CT1"
    assert not {"Minh", "Hoa"} & places.keys()


def test_touching_two_seats_changes_places(ports: Ports, lan: Actor, running_meeting: int):
    seats.arrange(ports, lan, running_meeting)
    people, places = ids(ports, lan, running_meeting)
    seats.place(ports, lan, running_meeting, people["Minh"], places["CT1"])
    after = seated(ports, lan, running_meeting)
    assert (after["Minh"], after["Hoa"]) == ("CT1", "CT4")
    seats.place(ports, lan, running_meeting, people["Minh"], places["CT4"])  # and back
    assert seated(ports, lan, running_meeting)["Hoa"] == "CT1"
    seats.place(ports, lan, running_meeting, people["Minh"], places["A1"])
    assert seated(ports, lan, running_meeting)["Minh"] == "A1"
    seats.place(ports, lan, running_meeting, people["Minh"], None)
    seats.place(ports, lan, running_meeting, people["Dũng"], None)  # two without a seat are no two on one
    assert not {"Minh", "Dũng"} & seated(ports, lan, running_meeting).keys()


def test_who_had_no_seat_takes_one_from_who_then_has_none(ports: Ports, lan: Actor, running_meeting: int):
    people, places = ids(ports, lan, running_meeting)
    seats.place(ports, lan, running_meeting, people["Minh"], places["A1"])
    seats.place(ports, lan, running_meeting, people["Hoa"], places["A1"])
    assert seated(ports, lan, running_meeting) == {"Hoa": "A1"}


@pytest.mark.parametrize(("person", "refusal"), [("minh", NotAllowed), ("quang", NotAllowed), ("nam", NotFound)])
def test_only_the_desk_seats_people(ports: Ports, cast: Cast, running_meeting: int, person: str, refusal):
    people, places = ids(ports, cast.actors["lan"], running_meeting)
    with pytest.raises(refusal):
        seats.place(ports, cast.actors[person], running_meeting, people["Minh"], places["A1"])
    with pytest.raises(refusal):
        seats.arrange(ports, cast.actors[person], running_meeting)


def test_a_seat_of_another_room_and_a_person_of_another_meeting_are_not_found(
    ports: Ports, lan: Actor, cast: Cast, registration: Registration, running_meeting: int
):
    later = timedelta(days=1)
    other = meetings.register(
        ports,
        lan,
        replace(
            registration,
            venue_id=cast.venues["phong_giao_ban"],
            starts_at=registration.starts_at + later,
            ends_at=registration.ends_at + later,
        ),
    )
    here, there = ids(ports, lan, running_meeting), ids(ports, lan, other)
    for attendee_id, seat_id in (
        (here[0]["Minh"], there[1]["A1"]),
        (there[0]["Minh"], here[1]["A1"]),
        (here[0]["Minh"], 10_000_000),
        (10_000_000, here[1]["A1"]),
    ):
        with pytest.raises(NotFound):
            seats.place(ports, lan, running_meeting, attendee_id, seat_id)


def test_a_draft_that_moves_to_another_room_is_seated_anew(
    ports: Ports, lan: Actor, cast: Cast, registration: Registration, draft_meeting: int
):
    seats.arrange(ports, lan, draft_meeting)
    meetings.change(ports, lan, draft_meeting, replace(registration, venue_id=cast.venues["phong_giao_ban"]))
    assert seated(ports, lan, draft_meeting) == {}
    assert len(state(ports, lan, draft_meeting)["seats"]) >= 16


def test_the_administrator_lays_another_plan_and_who_still_has_a_seat_keeps_it(
    ports: Ports, lan: Actor, vinh: Actor, cast: Cast, convened_meeting: int
):
    people, places = ids(ports, lan, convened_meeting)
    seats.place(ports, lan, convened_meeting, people["Minh"], places["A1"])
    seats.place(ports, lan, convened_meeting, people["Hoa"], places["C1"])
    hall = cast.venues["hoi_truong"]
    assert seats.lay(ports, vinh, hall, Plan(5, 2, 9)) == 23
    assert seated(ports, lan, convened_meeting) == {"Minh": "A1"}
    assert seats.plan_of(ports, hall) == Plan(5, 2, 9)


def test_nobody_takes_the_chairs_away_under_a_meeting(ports: Ports, vinh: Actor, cast: Cast, running_meeting: int):
    with pytest.raises(RoomInUse, match="Hội trường"):
        seats.lay(ports, vinh, cast.venues["hoi_truong"], Plan(3, 1, 4))


@pytest.mark.parametrize("person", ["lan", "hung", "minh", "nam"])
def test_only_the_units_administrator_lays_plans(ports: Ports, cast: Cast, convened_meeting: int, person: str):
    with pytest.raises(NotFound):
        seats.lay(ports, cast.actors[person], cast.venues["hoi_truong"], Plan(3, 1, 4))


@pytest.mark.parametrize("plan", [Plan(0, 1, 4), Plan(10, 1, 4), Plan(3, 41, 4), Plan(3, 1, 31), Plan(3, -1, 4)])
def test_a_plan_has_its_bounds(ports: Ports, vinh: Actor, cast: Cast, plan: Plan):
    with pytest.raises(PlanTooLarge):
        seats.lay(ports, vinh, cast.venues["hoi_truong"], plan)


def test_after_the_end_nobody_is_moved(ports: Ports, lan: Actor, closed_meeting: int):
    people, places = ids(ports, lan, closed_meeting)
    with pytest.raises(NotInState):
        seats.place(ports, lan, closed_meeting, people["Minh"], places["A1"])
    with pytest.raises(NotInState):
        seats.arrange(ports, lan, closed_meeting)


@given(st.integers(0, 1000))
def test_a_default_plan_holds_everybody(number: int):
    plan = rules.plan_for(number)
    assert plan.seats >= number
    assert len(rules.usual_places(number)) == max(number, 6)
    laid = rules.places(plan)
    assert len({(each.x, each.y) for each in laid}) == len({each.label for each in laid}) == plan.seats
    assert max(len(each.label) for each in laid) <= rules.LONGEST_LABEL


@given(st.integers(1, 9), st.integers(0, 40), st.integers(1, 30))
def test_every_seat_has_its_honour_once(head: int, rows: int, per_row: int):
    laid = [
        Seat(id=number, venue_id=1, label=each.label, x=each.x, y=each.y)
        for number, each in enumerate(rules.places(Plan(head, rows, per_row)))
    ]
    honoured = rules.by_honour(laid)
    assert sorted(each.id or 0 for each in honoured) == list(range(len(laid)))
    assert [each.y for each in honoured] == sorted(each.y for each in honoured)
