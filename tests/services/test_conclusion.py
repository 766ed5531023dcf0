"""Conclusions: written by the desk while the meeting lasts and its minutes are open."""

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.meeting import NotInState
from meeting_app.domain.minutes import ConclusionEmpty, ConclusionTooLong, Minutes, MinutesState, NotBeingWritten
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import conclusion as conclusions
from meeting_app.services import meeting as meetings
from meeting_app.services import snapshot
from tests.cast import Cast, SettableClock


def concluded(ports: Ports, actor: Actor, meeting_id: int) -> list[tuple[int | None, str]]:
    state = snapshot.take(ports, actor, meeting_id)[1]
    return [(row["item_id"], row["text"]) for row in state["conclusions"]]


def test_conclusions_stand_in_the_order_they_were_drawn(
    ports: Ports, hung: Actor, lan: Actor, running_meeting: int, agenda: list[int]
):
    conclusions.record(ports, lan, running_meeting, " Giao Phòng Kinh tế\r\nhoàn thiện dự toán. ", agenda[1])
    conclusions.record(ports, hung, running_meeting, "Thống nhất.")
    assert concluded(ports, lan, running_meeting) == [
        (agenda[1], "Giao Phòng Kinh tế\nhoàn thiện dự toán."),
        (None, "Thống nhất."),
    ]


def test_a_conclusion_taken_back_is_gone_from_the_desk(ports: Ports, lan: Actor, running_meeting: int):
    conclusions.record(ports, lan, running_meeting, "Nhầm.")
    [row] = snapshot.take(ports, lan, running_meeting)[1]["conclusions"]
    conclusions.remove(ports, lan, running_meeting, row["id"])
    assert concluded(ports, lan, running_meeting) == []


@pytest.mark.parametrize(
    ("text", "refusal"), [("", ConclusionEmpty), (" \n\x00", ConclusionEmpty), ("x" * 4001, ConclusionTooLong)]
)
def test_an_empty_or_endless_conclusion_is_refused(
    ports: Ports, lan: Actor, running_meeting: int, text: str, refusal: type[MeetingError]
):
    with pytest.raises(refusal):
        conclusions.record(ports, lan, running_meeting, text)


def test_only_the_desk_concludes(ports: Ports, cast: Cast, running_meeting: int):
    for person, refusal in (("minh", NotAllowed), ("quang", NotAllowed), ("thu", NotAllowed), ("nam", NotFound)):
        with pytest.raises(refusal):
            conclusions.record(ports, cast.actors[person], running_meeting, "Thống nhất.")
    assert concluded(ports, cast.actors["lan"], running_meeting) == []


def test_members_do_not_hear_a_conclusion_before_the_minutes(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int
):
    conclusions.record(ports, lan, running_meeting, "Chưa công bố.")
    assert "Chưa công bố." not in str(snapshot.take(ports, minh, running_meeting)[1])


def test_nothing_is_concluded_before_the_meeting(ports: Ports, lan: Actor, convened_meeting: int):
    with pytest.raises(NotInState):
        conclusions.record(ports, lan, convened_meeting, "Sớm quá.")


def test_the_secretary_may_add_after_the_end_until_the_minutes_are_finished(
    ports: Ports, lan: Actor, running_meeting: int, clock: SettableClock
):
    meetings.close(ports, lan, running_meeting)
    conclusions.record(ports, lan, running_meeting, "Bổ sung.")
    with ports.database.writing() as session:
        session.add(Minutes(meeting_id=running_meeting, state=MinutesState.AWAITING_SECRETARY, drafted_at=clock.now()))
    with pytest.raises(NotBeingWritten):
        conclusions.record(ports, lan, running_meeting, "Quá muộn.")


def test_an_item_or_conclusion_of_another_meeting_is_not_found(ports: Ports, lan: Actor, running_meeting: int):
    with pytest.raises(NotFound):
        conclusions.record(ports, lan, running_meeting, "Thống nhất.", 10_000)
    with pytest.raises(NotFound):
        conclusions.remove(ports, lan, running_meeting, 10_000)
