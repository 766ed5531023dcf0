"""The list of motions before anybody votes."""

import pytest

from meeting_app.domain import motion as rules
from meeting_app.domain.access import Actor
from meeting_app.domain.motion import MotionState
from meeting_app.domain.voting import Base, MotionKind, TieRule
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import meeting as meetings
from meeting_app.services import motion as motions
from meeting_app.services import snapshot
from meeting_app.services.motion import Draft
from tests.voting import approved, motion_row


def listed(ports: Ports, actor: Actor, meeting_id: int) -> list[str]:
    return [each["title"] for each in snapshot.take(ports, actor, meeting_id)[1]["motions"]]


def test_a_draft_is_the_desks_until_it_is_approved(ports, lan, hung, minh, quang, running_meeting):
    motions.draft(ports, lan, running_meeting, Draft("Thông qua dự toán"))
    assert listed(ports, hung, running_meeting) == ["Thông qua dự toán"]
    assert listed(ports, minh, running_meeting) == []
    motions.approve(ports, hung, running_meeting)
    for actor in (minh, quang):
        assert listed(ports, actor, running_meeting) == ["Thông qua dự toán"]


def test_an_approval_is_taken_back_and_nobody_else_knows_of_it_any_more(ports, lan, minh, running_meeting):
    motion_id = approved(ports, lan, running_meeting)
    motions.unapprove(ports, lan, running_meeting, motion_id)
    assert listed(ports, minh, running_meeting) == []
    assert motion_row(ports, motion_id).state is MotionState.DRAFT


def test_an_approved_motion_no_longer_changes(ports, lan, running_meeting):
    motion_id = approved(ports, lan, running_meeting)
    with pytest.raises(rules.MotionNotInState):
        motions.change(ports, lan, running_meeting, motion_id, Draft("Khác"))


def test_approving_nothing_says_so(ports, lan, running_meeting):
    with pytest.raises(rules.NoDrafts):
        motions.approve(ports, lan, running_meeting)


@pytest.mark.parametrize("name", ["minh", "quang"])
def test_only_the_desk_drafts_and_approves(ports, cast, lan, running_meeting, name):
    motions.draft(ports, lan, running_meeting, Draft("Thông qua dự toán"))
    with pytest.raises(NotAllowed):
        motions.draft(ports, cast.actors[name], running_meeting, Draft("Của tôi"))
    with pytest.raises(NotAllowed):
        motions.approve(ports, cast.actors[name], running_meeting)


def test_strangers_learn_nothing(ports, nam, running_meeting):
    for act in (motions.motions, lambda *a: motions.draft(*a, Draft("x")), motions.approve):
        with pytest.raises(NotFound):
            act(ports, nam, running_meeting)


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (Draft(" "), rules.MotionTitleMissing),
        (Draft("a" * 301), rules.MotionTitleTooLong),
        (Draft("a", "b" * 4001), rules.MotionTextTooLong),
        (Draft("a", kind=MotionKind.CHOICE, options="một"), rules.OptionsWrong),
        (Draft("a", kind=MotionKind.CHOICE, options="một\nMỘT"), rules.OptionsWrong),
        (Draft("a", kind=MotionKind.CHOICE, options="một\nhai", winners=3), rules.ChoicesWrong),
        (Draft("a", kind=MotionKind.CHOICE, options="một\nhai", max_choices=0), rules.ChoicesWrong),
        (Draft("a", numerator=3, denominator=2), rules.MajorityWrong),
        (Draft("a", numerator=1, denominator=1, strict=True), rules.MajorityWrong),
        (Draft("a", numerator=0, denominator=2), rules.MajorityWrong),
        (Draft("a", seconds=1), rules.SecondsWrong),
        (Draft("a", secret=True, tie=TieRule.CHAIR), rules.ChairCannotDecide),
        (Draft("a", numerator=2, denominator=3, strict=False, tie=TieRule.CHAIR), rules.ChairCannotDecide),
    ],
)
def test_what_cannot_be_voted_on_is_refused(ports, lan, running_meeting, draft, refusal):
    with pytest.raises(refusal):
        motions.draft(ports, lan, running_meeting, draft)


def test_two_thirds_of_all_is_kept_as_it_was_said(ports, lan, running_meeting):
    motion_id = approved(ports, lan, running_meeting, base=Base.ALL, numerator=2, denominator=3, strict=False)
    row = motion_row(ports, motion_id)
    assert (row.base, row.majority.need(11)) == (Base.ALL, 8)


def test_the_item_of_a_motion_is_of_this_meeting(ports, lan, running_meeting):
    with pytest.raises(NotFound):
        motions.draft(ports, lan, running_meeting, Draft("a", item_id=10_000))


def test_a_motion_outlives_its_item(ports, lan, convened_meeting, agenda):
    motion_id = approved(ports, lan, convened_meeting, item_id=agenda[1])
    agendas.remove(ports, lan, convened_meeting, agenda[1])
    assert motion_row(ports, motion_id).item_id is None


def test_a_removed_motion_comes_back(ports, lan, minh, running_meeting):
    motion_id = approved(ports, lan, running_meeting)
    motions.remove(ports, lan, running_meeting, motion_id)
    assert motion_row(ports, motion_id).state is MotionState.WITHDRAWN
    motions.restore(ports, lan, running_meeting, motion_id)
    assert listed(ports, minh, running_meeting) == ["Thông qua dự toán"]


def test_guests_are_never_given_a_vote(ports, lan, quang, running_meeting):
    state = snapshot.take(ports, lan, running_meeting)[1]
    guest = next(each["id"] for each in state["attendees"] if each["role"] == "guest")
    with pytest.raises(rules.GuestsNeverVote):
        motions.let_vote(ports, lan, running_meeting, guest, votes=True)


def test_the_quorum_is_a_part_of_the_whole(ports, hung, lan, running_meeting):
    with pytest.raises(rules.QuorumWrong):
        motions.set_quorum(ports, hung, running_meeting, 4, 3)
    motions.set_quorum(ports, hung, running_meeting, 1, 2)
    quorum = snapshot.take(ports, lan, running_meeting)[1]["meeting"]["quorum"]
    assert quorum == {"numerator": 1, "denominator": 2}


def test_nobody_but_the_chair_lowers_the_quorum_under_a_session(ports, hung, lan, convened_meeting):
    """Or who may not overrule it would make it small enough."""
    motions.set_quorum(ports, lan, convened_meeting, 3, 4)
    meetings.open_session(ports, lan, convened_meeting)
    with pytest.raises(rules.OnlyChairChangesQuorum):
        motions.set_quorum(ports, lan, convened_meeting, 1, 100)
    motions.set_quorum(ports, hung, convened_meeting, 1, 2)
