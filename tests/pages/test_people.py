"""Nhân sự và uỷ quyền: for the unit's administrator alone; moving says what it stops, giving can be taken back."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.delegation import DelegationKind
from meeting_app.ports import Ports
from meeting_app.services import authority, staff
from meeting_app.services import delegation as delegations
from meeting_app.services.staff import MemberView
from meeting_app.ui.words import plain
from tests.cast import Cast
from tests.pages.conftest import Browse, errors, primaries, said
from tests.services.posts import BASIS, CONTENT, TODAY, appoint, give, held_by, move

UNKNOWN = "Nội dung này không tồn tại hoặc chưa được mở cho bạn."


def opened(browse: Browse, actor: Actor, member: Actor) -> AppTest:
    """The list with somebody's forms unfolded."""
    return browse(actor, "people").button(key=f"change_member_{member.account_id}").click().run()


def authorities(browse: Browse, actor: Actor) -> AppTest:
    page = browse(actor, "people")
    page.session_state["people_tab"] = "Uỷ quyền ký"
    return page.run()


def member(ports: Ports, vinh: Actor, who: Actor) -> MemberView:
    return next(each for each in staff.members(ports, vinh) if each.account_id == who.account_id)


def act(page: AppTest, who: Actor, which: str) -> AppTest:
    page.segmented_control(key=f"member_act_{who.account_id}_0").set_value(which)
    return page.run()


def press(page: AppTest, label: str) -> AppTest:
    next(each for each in page.button if each.label == label).click()
    return page.run()


@pytest.mark.parametrize("name", ["hung", "lan", "minh", "thu", "quang", "nam"])
def test_to_everybody_else_the_page_does_not_exist(browse: Browse, cast: Cast, name: str) -> None:
    page = browse(cast.actors[name], "people")
    assert errors(page) == [UNKNOWN]
    assert not page.tabs
    assert "Nhân sự" not in [link.label for link in page.page_link]


def test_the_administrator_finds_the_way_there(browse: Browse, vinh: Actor) -> None:
    assert "Nhân sự" in [link.label for link in browse(vinh, "today").page_link]


# --- people


def test_people_stand_with_posts_dates_and_the_state_of_their_keys(
    browse: Browse, cast: Cast, ports: Ports, vinh: Actor, enrolled: str
) -> None:
    move(ports, cast, "minh", "Chuyên viên")
    page = browse(vinh, "people")
    text = said(page)
    assert "7 người." in text
    assert "Chủ tịch · từ 01/01/2024" in text
    assert "Chứng thư số: còn hiệu lực đến" in text
    assert f"Chuyên viên · từ {TODAY:%d/%m/%Y}" in text
    assert "Chứng thư số: đã dừng" in text
    assert "Chứng thư số: chưa có" in text
    assert "Ngô Hải Nam" not in text
    assert primaries(page) == []


def test_the_list_is_searched_by_name_and_post(browse: Browse, vinh: Actor) -> None:
    page = browse(vinh, "people")
    page.text_input(key="members_search").set_value("TRƯỞNG PHÒNG").run()
    assert "3 người." in said(page)
    page.text_input(key="members_search").set_value("thị lan").run()
    assert "1 người." in said(page)
    page.text_input(key="members_search").set_value("không có").run()
    assert "Không có người nào phù hợp." in said(page)


def test_hundreds_of_people_are_paged_and_their_names_are_not_markup(browse: Browse, ports: Ports, vinh: Actor) -> None:
    with ports.database.writing() as session:
        session.add_all(
            Account(username=f"x{n}", full_name=f"*Người* :red[{n}]", password_hash="", unit_id=vinh.unit_id)
            for n in range(200)
        )
    page = browse(vinh, "people")
    assert "207 người." in said(page)
    assert len([each for each in page.button if each.label == "Đổi chức vụ"]) == 50
    page.text_input(key="members_search").set_value("[199]").run()
    assert any(f"**{plain('*Người* :red[199]')}**" in each.value for each in page.markdown)


def test_moving_says_beforehand_what_it_stops_and_does_it(
    browse: Browse, cast: Cast, ports: Ports, vinh: Actor, minh: Actor, enrolled: str
) -> None:
    give(ports, cast, "minh")
    page = opened(browse, vinh, minh)
    assert primaries(page) == ["Chuyển ngay"]
    [warning] = page.warning
    for sentence in (
        "Lê Quang Minh thôi giữ chức vụ Trưởng phòng ngay khi xác nhận.",
        "Chứng thư số dừng ngay; phải cấp lại cho chức vụ mới.",
        "Quyền ký gắn với chức vụ này chấm dứt: 1.",
        "Việc này không hoàn tác được.",
    ):
        assert sentence in warning.value
    held = held_by(ports, minh)
    page.button(key="move_now").click().run()
    assert errors(page) == ["Đề nghị chọn chức vụ mới."]
    assert "Trưởng phòng" not in page.selectbox(key=f"move_to_{held}").options
    page.selectbox(key=f"move_to_{held}").select("Phó Chủ tịch")
    page.button(key="move_now").click().run()
    assert errors(page) == []
    assert "Từ lúc này Lê Quang Minh giữ chức vụ Phó Chủ tịch." in said(page)
    assert [each.post for each in member(ports, vinh, minh).held] == ["Phó Chủ tịch"]
    assert "Chuyển ngay" not in said(page)
    assert "Hoàn tác" not in said(page)


def test_a_move_made_meanwhile_is_not_overwritten(
    browse: Browse, cast: Cast, ports: Ports, vinh: Actor, minh: Actor
) -> None:
    page = opened(browse, vinh, minh)
    held = held_by(ports, minh)
    page.selectbox(key=f"move_to_{held}").select("Văn thư")
    move(ports, cast, "minh", "Chuyên viên")
    page.button(key="move_now").click().run()
    assert errors(page) == ["Đề nghị chọn chức vụ mới."]
    assert "Lê Quang Minh thôi giữ chức vụ Chuyên viên" in page.warning[0].value
    assert [each.post for each in member(ports, vinh, minh).held] == ["Chuyên viên"]


def test_a_post_ends_now_or_on_a_day_that_can_be_taken_back(
    browse: Browse, ports: Ports, vinh: Actor, minh: Actor
) -> None:
    last_day = TODAY + timedelta(days=20)
    page = act(opened(browse, vinh, minh), minh, "end")
    assert "Việc này không hoàn tác được." in said(page)
    page.date_input(key=f"last_day_{held_by(ports, minh)}").set_value(last_day).run()
    assert "Việc này không hoàn tác được." not in said(page)
    page.button(key="end_post").click().run()
    assert f"từ 01/01/2024 đến {last_day:%d/%m/%Y}" in said(page)
    page.button(key="take_back").click().run()
    assert member(ports, vinh, minh).held[0].until is None
    page = act(opened(browse, vinh, minh), minh, "end")
    page.button(key="end_post").click().run()
    assert "Lê Quang Minh đã thôi giữ chức vụ Trưởng phòng." in said(page)
    assert "không giữ chức vụ" in said(page)
    assert member(ports, vinh, minh).held == ()


def test_who_holds_no_post_is_appointed_and_it_can_be_taken_back(
    browse: Browse, cast: Cast, ports: Ports, vinh: Actor, minh: Actor
) -> None:
    page = act(opened(browse, vinh, minh), minh, "end")
    page.button(key="end_post").click().run()
    page.button(key=f"change_member_{minh.account_id}").click().run()
    assert primaries(page) == ["Bổ nhiệm"]
    page.selectbox(key=f"appoint_to_{minh.account_id}_1").select("Văn thư")
    press(page, "Bổ nhiệm")
    assert errors(page) == []
    assert "Đã bổ nhiệm Lê Quang Minh: Văn thư." in said(page)
    page.button(key="take_back").click().run()
    assert member(ports, vinh, minh).held == ()


def test_of_several_posts_the_one_that_changes_is_chosen(
    browse: Browse, cast: Cast, ports: Ports, vinh: Actor, minh: Actor, enrolled: str
) -> None:
    appoint(ports, cast, "minh", "Văn thư")
    page = act(opened(browse, vinh, minh), minh, "end")
    page.selectbox(key=f"member_post_{minh.account_id}_0").select_index(1).run()
    assert "Chứng thư số dừng ngay" not in said(page)
    page.button(key="end_post").click().run()
    assert [each.post for each in member(ports, vinh, minh).held] == ["Trưởng phòng"]


# --- authority to sign


def test_how_the_unit_signs_and_who_may_stands_at_a_glance(
    browse: Browse, cast: Cast, ports: Ports, vinh: Actor
) -> None:
    given = give(ports, cast, "minh")
    delegations.withdraw(ports, vinh, give(ports, cast, "dung", until=TODAY))
    text = said(authorities(browse, vinh))
    assert "Người đứng đầu: Chủ tịch – **Nguyễn Văn Hùng**" in text
    assert "TM. UỶ BAN NHÂN DÂN / CHỦ TỊCH" in text
    assert "TUQ. CHỦ TỊCH – TRƯỞNG PHÒNG" in text
    assert "Đang có hiệu lực" in text
    assert f"Ký giấy mời · từ {TODAY:%d/%m/%Y} đến {TODAY + timedelta(days=30):%d/%m/%Y}" in text
    assert BASIS in text
    assert "Đã thu hồi" in text
    assert given in {each.id for each in delegations.of_unit(ports, vinh) if each.open}


def test_before_anybody_was_given_authority_the_page_says_so(browse: Browse, vinh: Actor) -> None:
    text = said(authorities(browse, vinh))
    assert "Chưa ai được giao ký ngoài người đứng đầu." in text
    assert "Trong đơn vị chưa có người giữ chức vụ được ký theo hình thức này." in text  # no deputy


def give_on(page: AppTest, kind: DelegationKind, name: str) -> AppTest:
    page.selectbox(key="give_kind_0").set_value(kind).run()
    place = next(i for i, each in enumerate(page.selectbox(key=f"give_to_{kind}_0").options) if name in each)
    page.selectbox(key=f"give_to_{kind}_0").select_index(place).run()
    return page


def test_what_was_given_in_writing_is_put_down_and_can_be_taken_back(browse: Browse, ports: Ports, vinh: Actor) -> None:
    kind = DelegationKind.AUTHORISED
    page = give_on(authorities(browse, vinh), kind, "Lê Quang Minh")
    assert "Trên văn bản ghi: **TUQ. CHỦ TỊCH / TRƯỞNG PHÒNG**" in said(page)
    press(page, "Ghi nhận quyền ký")
    assert errors(page) == ["Đề nghị ghi văn bản giao quyền ký: số, ký hiệu và ngày tháng."]
    page.text_input(key=f"give_basis_{kind}_0").set_value(BASIS)
    press(page, "Ghi nhận quyền ký")
    assert "phải có giới hạn" in errors(page)[0]
    assert page.text_input(key=f"give_basis_{kind}_0").value == BASIS  # nothing typed is lost
    page.date_input(key=f"give_until_{kind}_0").set_value(TODAY + timedelta(days=30))
    page.text_area(key=f"give_content_{kind}_0").set_value(CONTENT)
    press(page, "Ghi nhận quyền ký")
    assert errors(page) == []
    [found] = delegations.of_unit(ports, vinh)
    assert (found.name, found.terms.basis, found.terms.content) == ("Lê Quang Minh", BASIS, CONTENT)
    assert "Đã ghi nhận quyền ký của Lê Quang Minh." in said(page)
    page.button(key="take_back").click().run()
    assert not delegations.of_unit(ports, vinh)[0].open


def test_withdrawing_can_be_taken_back(browse: Browse, cast: Cast, ports: Ports, vinh: Actor) -> None:
    given = give(ports, cast, "minh")
    page = authorities(browse, vinh)
    page.button(key=f"withdraw_{given}").click().run()
    assert "Đã thu hồi quyền ký của Lê Quang Minh" in said(page)
    assert not any(each.open for each in delegations.of_unit(ports, vinh))
    page.button(key="take_back").click().run()
    again, before = delegations.of_unit(ports, vinh)
    assert (again.open, again.terms) == (True, before.terms)


def test_nobody_is_chosen_for_the_administrator(browse: Browse, vinh: Actor) -> None:
    page = authorities(browse, vinh)
    page.selectbox(key="give_kind_0").set_value(DelegationKind.BY_ORDER).run()
    press(page, "Ghi nhận quyền ký")
    assert errors(page) == ["Đề nghị chọn người được giao."]


def test_who_heads_the_unit_is_changed_and_taken_back(browse: Browse, ports: Ports, vinh: Actor) -> None:
    page = authorities(browse, vinh)
    page.selectbox(key="office_head").select("Chánh Văn phòng")
    page.text_input(key="office_collective").set_value("")
    press(page, "Lưu")
    assert authority.office(ports, vinh).lines == ("CHÁNH VĂN PHÒNG",)
    assert "Người đứng đầu: Chánh Văn phòng – **Trần Thị Lan**" in said(page)
    page.button(key="take_back").click().run()
    assert authority.office(ports, vinh).lines == ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH")
