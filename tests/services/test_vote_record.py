"""What the minutes say of a vote."""

import pytest

from meeting_app.domain.voting import Base, MotionKind, TieRule
from meeting_app.i18n import speaking
from meeting_app.services import ballot as ballots
from meeting_app.services import vote, vote_record
from tests.voting import approved, come, elector, opened


@pytest.fixture
def told(ports, lan, running_meeting):
    """What is said of all votes by now."""

    def tell():
        with ports.database.reading() as session:
            return vote_record.sentences(session, running_meeting)

    return tell


def all_cast(ports, cast, meeting_id, motion_id, **said):
    for name, ballot in said.items():
        who = cast.actors[name]
        ballots.cast(ports, who, meeting_id, motion_id, elector(ports, motion_id, who), **ballot)


def test_an_open_vote(ports, cast, lan, running_meeting, agenda, told):
    come(ports, running_meeting, *(cast.actors[name] for name in ("hung", "minh", "hoa")))
    motion_id = opened(ports, lan, running_meeting, item_id=agenda[1])
    assert told() == {}
    all_cast(
        ports,
        cast,
        running_meeting,
        motion_id,
        hung={"choice": "agree"},
        minh={"choice": "agree"},
        hoa={"choice": "other"},
    )
    vote.close(ports, lan, running_meeting, motion_id)
    assert list(told()) == [agenda[1]]
    assert told()[agenda[1]][0] == (
        "Thông qua dự toán (biểu quyết công khai, 3/3 phiếu): tán thành 2/3 "
        "(cần từ 2 phiếu: quá nửa số đại biểu có mặt), không tán thành 0, ý kiến khác 1; thông qua."
    )


def test_a_secret_election_without_a_quorum(ports, cast, lan, hung, running_meeting, told):
    come(ports, running_meeting, hung)
    fields = {"kind": MotionKind.CHOICE, "options": "Ông A\nBà B", "secret": True}
    motion_id = approved(ports, lan, running_meeting, **fields)
    vote.open_vote(ports, hung, running_meeting, motion_id, "Việc gấp")
    all_cast(ports, cast, running_meeting, motion_id, hung={"options": (2,), "receipt": "a" * 26})
    vote.close(ports, lan, running_meeting, motion_id)
    assert told()[None][0] == (
        "Thông qua dự toán (bỏ phiếu kín, 1/1 phiếu): Ông A 0 phiếu; Bà B 1 phiếu, trúng "
        "(cần từ 1 phiếu: quá nửa số đại biểu có mặt). "
        "Chưa đủ số đại biểu tối thiểu (1/4); chủ toạ quyết định vẫn biểu quyết: Việc gấp."
    )


def test_the_minutes_are_vietnamese_whoever_draws_them(ports, cast, lan, hung, running_meeting, told):
    come(ports, running_meeting, *(cast.actors[name] for name in ("hung", "minh", "hoa")))
    motion_id = opened(ports, lan, running_meeting, base=Base.ALL, numerator=2, denominator=3, strict=False)
    vote.close(ports, lan, running_meeting, motion_id)
    with speaking("en"):
        [said] = told()[None]
    assert "(cần từ 3 phiếu: ít nhất hai phần ba tổng số đại biểu có quyền biểu quyết)" in said


def test_a_tie_that_the_chair_decided_and_a_second_round(ports, cast, lan, running_meeting, told):
    come(ports, running_meeting, *(cast.actors[name] for name in ("hung", "minh", "hoa", "dung")))
    motion_id = opened(ports, lan, running_meeting, tie=TieRule.CHAIR)
    agree, disagree = {"choice": "agree"}, {"choice": "disagree"}
    all_cast(ports, cast, running_meeting, motion_id, hung=disagree, minh=agree, hoa=agree, dung=disagree)
    vote.close(ports, lan, running_meeting, motion_id)
    vote.repeat(ports, lan, running_meeting, motion_id)
    [first] = told()[None]
    assert first.endswith("tán thành 2/4 (cần từ 3 phiếu: quá nửa số đại biểu có mặt), không tán thành 2; "
                          "ngang phiếu, chủ toạ quyết định: không thông qua.")  # fmt: skip


def test_a_tie_without_the_chairs_vote_was_decided_by_nobody(ports, cast, lan, running_meeting, told):
    come(ports, running_meeting, *(cast.actors[name] for name in ("hung", "minh", "hoa")))
    motion_id = opened(ports, lan, running_meeting, tie=TieRule.CHAIR)
    agree, disagree = {"choice": "agree"}, {"choice": "disagree"}
    all_cast(ports, cast, running_meeting, motion_id, minh=agree, hoa=disagree)
    vote.close(ports, lan, running_meeting, motion_id)
    assert told()[None][0].endswith("không tán thành 1; ngang phiếu: không thông qua.")
