"""The published ballots of a vote, over HTTP: for members and the desk once it is closed, for nobody else ever."""

import pytest

from meeting_app.services import ballot as ballots
from meeting_app.services import vote
from tests.voting import approved, come, elector
from tests.web.stages import running
from tests.web.web_house import WebHouse

GONE = "/motions/999999/ballots"


@pytest.fixture
def motion(house: WebHouse) -> tuple[int, int]:
    """(meeting, motion): Minh has voted, the vote is open."""
    meeting_id, lan, minh = running(house), house.actor("lan"), house.actor("minh")
    come(house.ports, meeting_id, house.actor("hung"), minh, house.actor("hoa"))
    motion_id = approved(house.ports, lan, meeting_id)
    vote.open_vote(house.ports, lan, meeting_id, motion_id)
    ballots.cast(
        house.ports,
        minh,
        meeting_id,
        motion_id,
        elector(house.ports, motion_id, minh),
        choice="other",
        comment="<b>Xem lại</b>",
    )
    return meeting_id, motion_id


def test_members_and_desk_read_what_was_voted_once_it_is_closed(house: WebHouse, motion: tuple[int, int]):
    meeting_id, motion_id = motion
    path = f"/motions/{motion_id}/ballots"
    for name in ("lan", "hung", "minh"):
        answer, nothing = house.visitor(name).get(path), house.visitor(name).get(GONE)
        assert (answer.status_code, answer.content) == (404, nothing.content)
    vote.close(house.ports, house.actor("lan"), meeting_id, motion_id)
    for name in ("lan", "hung", "minh", "hoa"):
        answer = house.visitor(name).get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, no-store"
        [ballot] = answer.json()["ballots"]
        assert (ballot["choice"], ballot["comment"]) == ("other", "<b>Xem lại</b>")


@pytest.mark.parametrize("name", ["quang", "nam", "thu", "vinh"])
def test_to_everybody_else_there_is_no_such_vote(house: WebHouse, motion: tuple[int, int], name: str):
    meeting_id, motion_id = motion
    vote.close(house.ports, house.actor("lan"), meeting_id, motion_id)
    answer, nothing = house.visitor(name).get(f"/motions/{motion_id}/ballots"), house.visitor(name).get(GONE)
    assert (answer.status_code, answer.content) == (404, nothing.content)


def test_the_signed_out_are_asked_to_sign_in(house: WebHouse, motion: tuple[int, int]):
    assert house.nobody().get(f"/motions/{motion[1]}/ballots").status_code == 401
