"""Phòng họp: mounted for the people of the meeting, closed to everybody else."""

import pytest

from meeting_app.domain.access import Actor
from tests.pages.conftest import Browse, errors


def test_an_attendee_gets_the_live_room(browse: Browse, minh: Actor, running_meeting: int) -> None:
    page = browse(minh, "room", meeting=running_meeting)
    assert errors(page) == []
    (room,) = page.get("bidi_component")
    assert f'"meeting": {running_meeting}' in str(room.proto).replace("\\", "")


@pytest.mark.parametrize("name", ["nam", "thu", "vinh"])
def test_nobody_else_enters(browse: Browse, cast, name: str, running_meeting: int) -> None:
    page = browse(cast.actors[name], "room", meeting=running_meeting)
    assert errors(page) == ["Nội dung này không tồn tại hoặc chưa được mở cho bạn."]
    assert not page.get("bidi_component")


def test_without_a_meeting_one_is_led_to_the_list(browse: Browse, minh: Actor) -> None:
    assert browse(minh, "room").title[0].value == "Cuộc họp"
