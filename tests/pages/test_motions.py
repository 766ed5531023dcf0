"""The section "Biểu quyết" of a meeting's page: drafted, put in order, approved, and what came of it."""

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.motion import Motion, MotionState
from meeting_app.domain.voting import Base, MotionKind, TieRule
from meeting_app.ports import Ports
from meeting_app.services import ballot as ballots
from meeting_app.services import meeting as meetings
from meeting_app.services import motion as motions
from meeting_app.services import vote
from meeting_app.services.motion import Draft
from tests.pages.conftest import Browse, errors, said
from tests.voting import approved, come, elector, opened, receipt


def voting_tab(browse: Browse, actor: Actor, meeting_id: int):
    page = browse(actor, "meeting", meeting=meeting_id)
    page.session_state[f"desk_{meeting_id}"] = "Biểu quyết"
    return page.run()


def listed(ports: Ports, actor: Actor, meeting_id: int) -> list[Motion]:
    return motions.motions(ports, actor, meeting_id)


def drafted(ports: Ports, actor: Actor, meeting_id: int, *titles: str) -> list[int]:
    for title in titles:
        motions.draft(ports, actor, meeting_id, Draft(title=title))
    return [each.id or 0 for each in listed(ports, actor, meeting_id)]


def test_an_empty_list_says_how_to_begin(browse: Browse, lan: Actor, draft_meeting: int):
    text = said(voting_tab(browse, lan, draft_meeting))
    assert "Chưa có vấn đề biểu quyết nào." in text
    assert "Duyệt danh sách" not in text


def test_a_motion_by_a_template_in_secret_with_a_limit(browse: Browse, ports: Ports, lan: Actor, draft_meeting: int):
    page = voting_tab(browse, lan, draft_meeting)
    prefix = f"new_motion_{draft_meeting}_0"
    page.text_input(key=f"{prefix}_title").set_value("Thông qua *dự toán*")
    page.radio(key=f"{prefix}_secret").set_value(True)
    page.selectbox(key=f"{prefix}_rule").set_value("two_thirds_all")
    page.selectbox(key=f"{prefix}_seconds").set_value(120)
    page.checkbox(key=f"{prefix}_proxies").check()
    page.button(key="motion_add").click().run()
    assert errors(page) == []
    (motion,) = listed(ports, lan, draft_meeting)
    assert (motion.title, motion.secret, motion.seconds, motion.proxies) == ("Thông qua *dự toán*", True, 120, True)
    assert (motion.base, motion.numerator, motion.denominator, motion.strict) == (Base.ALL, 2, 3, False)
    text = said(page)
    assert "1. Thông qua *dự toán*" in text
    assert "Bỏ phiếu kín · ít nhất hai phần ba" in text
    assert "2 phút" in text
    assert page.text_input(key=f"new_motion_{draft_meeting}_1_title").value == ""


def test_options_and_a_part_of_ones_own_are_asked_only_where_they_are_chosen(
    browse: Browse, ports: Ports, lan: Actor, draft_meeting: int, agenda: list[int]
):
    page = voting_tab(browse, lan, draft_meeting)
    prefix = f"new_motion_{draft_meeting}_0"
    assert not [each for each in page.text_area if each.key == f"{prefix}_options"]
    page.text_input(key=f"{prefix}_title").set_value("Chọn phương án")
    page.radio(key=f"{prefix}_kind").set_value(MotionKind.CHOICE)
    page.selectbox(key=f"{prefix}_rule").set_value("own")
    page.selectbox(key=f"{prefix}_item").set_value(agenda[0])
    page.run()
    page.text_area(key=f"{prefix}_options").set_value("Phương án 1\nPhương án 2\n\nPhương án 3")
    page.number_input(key=f"{prefix}_most").set_value(2)
    page.number_input(key=f"{prefix}_numerator").set_value(3)
    page.number_input(key=f"{prefix}_denominator").set_value(4)
    page.selectbox(key=f"{prefix}_base").set_value(Base.CAST)
    page.selectbox(key=f"{prefix}_strict").set_value(False)
    page.button(key="motion_add").click().run()
    assert errors(page) == []
    (motion,) = listed(ports, lan, draft_meeting)
    assert [each["text"] for each in motion.options] == ["Phương án 1", "Phương án 2", "Phương án 3"]
    assert (motion.max_choices, motion.winners, motion.item_id) == (2, 1, agenda[0])
    assert (motion.base, motion.numerator, motion.denominator, motion.strict) == (Base.CAST, 3, 4, False)
    assert "- Phương án 2" in said(page)


def test_what_is_wrong_is_said_and_what_was_typed_stays(browse: Browse, ports: Ports, lan: Actor, draft_meeting: int):
    page = voting_tab(browse, lan, draft_meeting)
    prefix = f"new_motion_{draft_meeting}_0"
    page.text_area(key=f"{prefix}_text").set_value("Theo tờ trình")
    page.button(key="motion_add").click().run()
    assert errors(page) == ["Vấn đề biểu quyết cần có tiêu đề."]
    assert page.text_area(key=f"{prefix}_text").value == "Theo tờ trình"
    assert listed(ports, lan, draft_meeting) == []


def test_a_draft_is_changed_and_the_form_closes(browse: Browse, ports: Ports, lan: Actor, draft_meeting: int):
    (first,) = drafted(ports, lan, draft_meeting, "Thông qua dự toán")
    page = voting_tab(browse, lan, draft_meeting)
    page.button(key=f"motion_change_{first}").click().run()
    page.text_input(key=f"motion_{first}_title").set_value("Thông qua quyết toán")
    page.checkbox(key=f"motion_{first}_tie").check()
    page.button(key=f"motion_save_{first}").click().run()
    assert errors(page) == []
    (motion,) = listed(ports, lan, draft_meeting)
    assert (motion.title, motion.tie) == ("Thông qua quyết toán", TieRule.CHAIR)
    assert "bằng phiếu theo chủ trì" in said(page)
    assert not [each for each in page.text_input if each.key == f"motion_{first}_title"]
    page.button(key=f"motion_change_{first}").click().run()
    page.text_input(key=f"motion_{first}_title").set_value("Khác")
    page.button(key=f"motion_leave_{first}").click().run()
    assert listed(ports, lan, draft_meeting)[0].title == "Thông qua quyết toán"


def test_the_order_is_changed_and_what_was_removed_comes_back(
    browse: Browse, ports: Ports, lan: Actor, draft_meeting: int
):
    first, second = drafted(ports, lan, draft_meeting, "Một", "Hai")
    page = voting_tab(browse, lan, draft_meeting)
    assert page.button(key=f"motion_up_{first}").disabled
    page.button(key=f"motion_up_{second}").click().run()
    assert [each.id for each in listed(ports, lan, draft_meeting)] == [second, first]
    page.button(key=f"motion_remove_{second}").click().run()
    assert [each.id for each in listed(ports, lan, draft_meeting)] == [first]
    page.button(key="take_back").click().run()
    assert [each.id for each in listed(ports, lan, draft_meeting)] == [second, first]


def test_the_list_is_approved_at_once_and_the_approval_taken_back(
    browse: Browse, ports: Ports, lan: Actor, minh: Actor, convened_meeting: int
):
    first, _second = drafted(ports, lan, convened_meeting, "Một", "Hai")
    assert "Một" not in said(browse(minh, "meeting", meeting=convened_meeting))
    page = voting_tab(browse, lan, convened_meeting)
    page.button(key="motions_approve").click().run()
    assert errors(page) == []
    assert {each.state for each in listed(ports, lan, convened_meeting)} == {MotionState.APPROVED}
    assert "Duyệt danh sách" not in said(page)
    page.button(key="take_back").click().run()
    assert {each.state for each in listed(ports, lan, convened_meeting)} == {MotionState.DRAFT}
    page.button(key="motions_approve").click().run()
    page.button(key=f"motion_unapprove_{first}").click().run()
    page = browse(minh, "meeting", meeting=convened_meeting)
    assert "1. Một" not in said(page)
    assert "2. Hai" in said(page)
    assert not [each for each in page.button if (each.key or "").startswith("motion")]


def test_the_quorum_and_who_votes(browse: Browse, ports: Ports, lan: Actor, dung: Actor, convened_meeting: int):
    page = voting_tab(browse, lan, convened_meeting)
    assert not [each for each in page.checkbox if (each.key or "").startswith("votes_")]
    page.session_state[f"electors_{convened_meeting}"] = True
    page.run()
    before = said(page)
    page.selectbox(key=f"quorum_{convened_meeting}_2_3").set_value((1, 2)).run()
    with ports.database.reading() as session:
        meeting = session.get_one(Meeting, convened_meeting)
        his = session.exec(select(Attendee.id).where(Attendee.account_id == dung.account_id)).one()
    assert (meeting.quorum_numerator, meeting.quorum_denominator) == (1, 2)
    page.session_state[f"electors_{convened_meeting}"] = True  # a browser says so with every run
    page.checkbox(key=f"votes_{his}_1").uncheck().run()
    assert not page.checkbox(key=f"votes_{his}_0").value
    assert said(page) != before
    with ports.database.reading() as session:
        assert not session.get_one(Attendee, his).votes


def test_a_box_that_is_older_than_an_answer_from_the_room_does_not_say_it_back(
    browse: Browse, ports: Ports, lan: Actor, hung: Actor, convened_meeting: int
):
    page = voting_tab(browse, lan, convened_meeting)
    motions.set_quorum(ports, hung, convened_meeting, 3, 4)
    page.run()
    assert page.selectbox(key=f"quorum_{convened_meeting}_3_4").value == (3, 4)
    with ports.database.reading() as session:
        assert session.get_one(Meeting, convened_meeting).quorum_numerator == 3


def test_a_result_is_a_bar_for_each_answer_and_a_sentence(
    browse: Browse, ports: Ports, lan: Actor, hung: Actor, minh: Actor, hoa: Actor, running_meeting: int
):
    come(ports, running_meeting, hung, minh, hoa)
    motion_id = opened(ports, lan, running_meeting)
    for who, choice in ((hung, "agree"), (minh, "agree"), (hoa, "other")):
        ballots.cast(ports, who, running_meeting, motion_id, elector(ports, motion_id, who), choice=choice)
    text = said(voting_tab(browse, lan, running_meeting))
    assert "Đang biểu quyết" in text
    assert "phiếu (" not in text
    vote.close(ports, lan, running_meeting, motion_id)
    for reader in (lan, minh):
        page = voting_tab(browse, reader, running_meeting) if reader is lan else browse(
            reader, "meeting", meeting=running_meeting
        )  # fmt: skip
        bars = [(each.proto.text, each.proto.value) for each in page.get("progress")]
        assert bars == [("Tán thành: **2**/3", 66), ("Không tán thành: **0**/3", 0), ("Ý kiến khác: **1**/3", 33)]
        assert "**Được thông qua.** 3/3 đại biểu đã biểu quyết, cần ít nhất 2 phiếu" in said(page)


def test_who_voted_what_is_read_by_those_who_may_when_it_is_opened(
    browse: Browse,
    ports: Ports,
    lan: Actor,
    hung: Actor,
    minh: Actor,
    hoa: Actor,
    quang: Actor,
    running_meeting: int,
):
    come(ports, running_meeting, hung, minh, hoa)
    motion_id = opened(ports, lan, running_meeting)
    said_by = ((hung, "agree", ""), (minh, "disagree", ""), (hoa, "other", "*Rà soát* lại"))
    for who, choice, comment in said_by:
        mine = elector(ports, motion_id, who)
        ballots.cast(ports, who, running_meeting, motion_id, mine, choice=choice, comment=comment)
    vote.close(ports, lan, running_meeting, motion_id)
    page = browse(minh, "meeting", meeting=running_meeting)
    assert "Ai bỏ phiếu thế nào" in [each.label for each in page.expander]
    assert not page.table
    page.session_state[f"ballots_{motion_id}"] = True
    page.run()
    [table] = page.table
    assert sorted(table.value.itertuples(index=False, name=None)) == [
        ("Lê Quang Minh", "Không tán thành"),
        ("Nguyễn Văn Hùng", "Tán thành"),
        ("Phạm Thị Hoa", "Ý kiến khác: \\*Rà soát\\* lại"),
    ]
    guest = browse(quang, "meeting", meeting=running_meeting)
    assert "Ai bỏ phiếu thế nào" not in [each.label for each in guest.expander]


def test_secret_ballots_stand_under_their_numbers_also_when_the_meeting_is_over(
    browse: Browse, ports: Ports, lan: Actor, hung: Actor, minh: Actor, hoa: Actor, running_meeting: int
):
    come(ports, running_meeting, hung, minh, hoa)
    motion_id = opened(ports, lan, running_meeting, secret=True)
    mine = elector(ports, motion_id, hung)
    ballots.cast(ports, hung, running_meeting, motion_id, mine, choice="agree", receipt=receipt(7))
    vote.close(ports, lan, running_meeting, motion_id)
    meetings.close(ports, lan, running_meeting)
    page = voting_tab(browse, lan, running_meeting)
    page.session_state[f"ballots_{motion_id}"] = True
    page.run()
    [table] = page.table
    grouped = "0000 0000 0000 0000 0000 0000 07"
    assert list(table.value.itertuples(index=False, name=None)) == [(grouped, "Tán thành")]


def test_a_choice_names_who_was_chosen_also_when_the_meeting_is_over(
    browse: Browse, ports: Ports, lan: Actor, hung: Actor, minh: Actor, hoa: Actor, running_meeting: int
):
    come(ports, running_meeting, hung, minh, hoa)
    motion_id = approved(
        ports, lan, running_meeting, title="Chọn", kind=MotionKind.CHOICE, options="<b>A</b>\nB", secret=True
    )
    vote.open_vote(ports, lan, running_meeting, motion_id)
    for number, who in enumerate((hung, minh, hoa)):
        mine = elector(ports, motion_id, who)
        ballots.cast(ports, who, running_meeting, motion_id, mine, options=[1], receipt=receipt(number))
    vote.close(ports, lan, running_meeting, motion_id)
    meetings.close(ports, lan, running_meeting)
    page = voting_tab(browse, lan, running_meeting)
    assert "**Được chọn: <b>A</b>.**" in said(page)
    assert not [each for each in page.button if (each.key or "").startswith("motion")]


@pytest.mark.parametrize("meeting", ["draft_meeting", "running_meeting"])
def test_the_clerk_has_no_part_in_it(browse: Browse, thu: Actor, meeting: str, request: pytest.FixtureRequest):
    page = browse(thu, "meeting", meeting=request.getfixturevalue(meeting))
    assert errors(page) == []
    assert "Biểu quyết" not in [tab.label for tab in page.tabs]


def test_two_desks_on_one_draft_the_second_hears_why(
    browse: Browse, ports: Ports, lan: Actor, hung: Actor, convened_meeting: int
):
    (first,) = drafted(ports, lan, convened_meeting, "Một")
    page = voting_tab(browse, lan, convened_meeting)
    motions.approve(ports, hung, convened_meeting)
    page.button(key=f"motion_change_{first}").click().run()
    assert errors(page) == []
    assert "Đã duyệt đưa ra biểu quyết" in said(page)


def test_in_session_the_secretary_only_reads_the_quorum(browse: Browse, lan: Actor, hung: Actor, running_meeting: int):
    box = f"quorum_{running_meeting}_2_3"
    assert voting_tab(browse, lan, running_meeting).selectbox(key=box).disabled
    assert not voting_tab(browse, hung, running_meeting).selectbox(key=box).disabled
