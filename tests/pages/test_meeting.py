"""Cuộc họp: the desk for whoever prepares, the reading view for everybody else, one next step for each."""

from datetime import timedelta

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.agenda import LONGEST_ITEM_MINUTES
from meeting_app.domain.attendee import Reply
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import attendee as attendees
from meeting_app.services import authority
from meeting_app.services import delegation as delegations
from meeting_app.services import invitation as invitations
from meeting_app.services import meeting as meetings
from meeting_app.services.meeting import Registration
from tests.cast import MORNING, Cast, SettableClock
from tests.conftest import convene
from tests.pages.conftest import Browse, errors, primaries, said
from tests.services.posts import give

UNKNOWN = "Nội dung này không tồn tại hoặc chưa được mở cho bạn."


def open_tab(browse: Browse, actor: Actor, meeting_id: int, label: str):
    """The desk with one of its sections open."""
    page = browse(actor, "meeting", meeting=meeting_id)
    page.session_state[f"desk_{meeting_id}"] = label
    return page.run()


def titles(ports: Ports, actor: Actor, meeting_id: int) -> list[str]:
    return [item.title for item in agendas.items(ports, actor, meeting_id)]


# --- the list


def test_an_empty_list_says_what_will_stand_there(browse: Browse, minh: Actor) -> None:
    assert "Chưa có cuộc họp nào." in said(browse(minh, "meeting"))


def test_the_list_is_filtered_by_state_and_words(browse: Browse, lan: Actor, draft_meeting: int) -> None:
    page = browse(lan, "meeting")
    assert "Họp giao ban công tác tuần" in said(page)
    assert page.button(key=f"open_{draft_meeting}").label == "Mở"
    page.text_input(key="meetings_search").set_value("ngân sách").run()
    assert "Không có cuộc họp nào phù hợp." in said(page)
    page.text_input(key="meetings_search").set_value("GIAO BAN").run()
    page.get_by_key("meetings_filter").set_value("past")
    page.run()
    assert "Không có cuộc họp nào phù hợp." in said(page)


def test_a_row_leads_to_its_meeting(browse: Browse, lan: Actor, draft_meeting: int) -> None:
    page = browse(lan, "meeting")
    page.button(key=f"open_{draft_meeting}").click().run()
    assert page.title[0].value == "Họp giao ban công tác tuần"


# --- who sees what


@pytest.mark.parametrize("asked", ["999", "abc", "-1", "99999999999999", "1 or 1=1"])
def test_what_does_not_exist_is_said_or_ignored(browse: Browse, lan: Actor, asked: str) -> None:
    page = browse(lan, "meeting", meeting=asked)
    assert errors(page) in ([UNKNOWN], [])


def test_strangers_do_not_learn_that_a_meeting_exists(browse: Browse, nam: Actor, convened_meeting: int) -> None:
    page = browse(nam, "meeting", meeting=convened_meeting)
    assert errors(page) == [UNKNOWN]
    assert "giao ban" not in said(page)


def test_a_member_does_not_learn_of_a_draft(browse: Browse, minh: Actor, draft_meeting: int) -> None:
    assert errors(browse(minh, "meeting", meeting=draft_meeting)) == [UNKNOWN]


def test_the_clerk_sees_where_it_stands_but_cannot_edit(browse: Browse, thu: Actor, draft_meeting: int) -> None:
    page = browse(thu, "meeting", meeting=draft_meeting)
    assert errors(page) == []
    assert primaries(page) == []
    assert "Thêm vào chương trình" not in said(page)
    assert "Cuộc họp đang được chuẩn bị." in said(page)


def test_a_member_reads_agenda_and_people_without_the_desks_buttons(
    browse: Browse, minh: Actor, convened_meeting: int, clock: SettableClock
) -> None:
    clock.set(MORNING - timedelta(hours=3))
    text = said(browse(minh, "meeting", meeting=convened_meeting))
    assert "Báo cáo tình hình kinh tế – xã hội tháng 11" in text
    assert "Trần Thị Lan – Chánh Văn phòng" in text
    for of_the_desk in ("Trình ký giấy mời", "Thêm vào chương trình", "chưa trả lời", "Xoá"):
        assert of_the_desk not in text


# --- the next step


def test_the_ribbon_and_the_step_of_a_draft(browse: Browse, lan: Actor, draft_meeting: int) -> None:
    page = browse(lan, "meeting", meeting=draft_meeting)
    assert primaries(page) == ["Trình ký giấy mời"]
    ribbon = next(each.value for each in page.markdown if "→" in each.value)
    assert ":orange-badge[:material/radio_button_checked: **Dự thảo**]" in ribbon


def test_without_an_agenda_the_invitation_cannot_be_submitted(
    browse: Browse, ports: Ports, lan: Actor, registration: Registration
) -> None:
    meeting_id = meetings.register(ports, lan, registration)
    page = browse(lan, "meeting", meeting=meeting_id)
    assert primaries(page) == []
    assert "soạn chương trình" in said(page)


def test_submitting_puts_the_invitation_before_the_chair(
    browse: Browse, ports: Ports, lan: Actor, hung: Actor, draft_meeting: int, enrolled: str
) -> None:
    page = browse(lan, "meeting", meeting=draft_meeting)
    page.button(key="next").click().run()
    assert errors(page) == []
    assert "Giấy mời đang chờ Nguyễn Văn Hùng ký." in said(page)
    assert "Thêm vào chương trình" not in said(page)
    page = browse(hung, "meeting", meeting=draft_meeting)
    assert primaries(page) == ["Ký giấy mời"]


def test_the_desk_chooses_who_signs_of_those_who_may_today(
    browse: Browse, cast: Cast, ports: Ports, lan: Actor, minh: Actor, draft_meeting: int, enrolled: str
) -> None:
    page = browse(lan, "meeting", meeting=draft_meeting)
    assert "Người ký giấy mời" not in [each.label for each in page.selectbox]  # the chair alone may
    given = give(ports, cast, "minh")
    page = browse(lan, "meeting", meeting=draft_meeting)
    choice = page.selectbox(key=f"leader_{draft_meeting}")
    assert choice.options == [
        "Nguyễn Văn Hùng (TM. UỶ BAN NHÂN DÂN – CHỦ TỊCH)",
        "Lê Quang Minh (TUQ. CHỦ TỊCH – TRƯỞNG PHÒNG)",
    ]
    choice.select_index(1).run()
    page.button(key="next").click().run()
    assert "Giấy mời đang chờ Lê Quang Minh ký." in said(page)
    assert primaries(browse(minh, "meeting", meeting=draft_meeting)) == ["Ký giấy mời"]
    delegations.withdraw(ports, cast.actors["vinh"], given)
    assert "đã bị thu hồi" in said(open_tab(browse, lan, draft_meeting, "Giấy mời"))


def test_a_chair_without_authority_is_not_offered(
    browse: Browse, cast: Cast, ports: Ports, lan: Actor, draft_meeting: int, enrolled: str
) -> None:
    authority.settle(ports, cast.actors["vinh"], cast.posts["Chánh Văn phòng"], "")
    page = browse(lan, "meeting", meeting=draft_meeting)
    assert "Chờ ký: Trần Thị Lan (CHÁNH VĂN PHÒNG)" in said(page)
    page.button(key="next").click().run()
    assert errors(page) == []
    assert primaries(page) == ["Ký giấy mời"]


def test_submitting_without_a_key_says_who_needs_one(browse: Browse, lan: Actor, draft_meeting: int) -> None:
    page = browse(lan, "meeting", meeting=draft_meeting)
    page.button(key="next").click().run()
    assert errors(page)[0].startswith("Nguyễn Văn Hùng chưa có chứng thư số")


def test_the_invitation_can_be_taken_back_and_the_meeting_changed(
    browse: Browse, ports: Ports, lan: Actor, draft_meeting: int, enrolled: str
) -> None:
    invitations.draft(ports, lan, draft_meeting)
    page = open_tab(browse, lan, draft_meeting, "Giấy mời")
    assert "01/GM-UBND" in said(page)
    page.button(key="withdraw").click().run()
    assert primaries(page) == ["Trình ký giấy mời"]


def test_while_the_invitation_waits_the_way_to_change_the_meeting_is_closed(
    browse: Browse, ports: Ports, lan: Actor, draft_meeting: int, enrolled: str
) -> None:
    assert "Sửa thông tin cuộc họp" in said(browse(lan, "meeting", meeting=draft_meeting))
    invitations.draft(ports, lan, draft_meeting)
    assert "Sửa thông tin cuộc họp" not in said(browse(lan, "meeting", meeting=draft_meeting))
    invitations.withdraw(ports, lan, draft_meeting)
    assert "Sửa thông tin cuộc họp" in said(browse(lan, "meeting", meeting=draft_meeting))


def test_a_refused_invitation_says_why(
    browse: Browse, ports: Ports, lan: Actor, hung: Actor, draft_meeting: int, enrolled: str
) -> None:
    invitations.draft(ports, lan, draft_meeting)
    invitations.refuse(ports, hung, draft_meeting, "Thiếu phòng Tài chính")
    page = open_tab(browse, lan, draft_meeting, "Giấy mời")
    assert "Bị trả lại. Lý do: Thiếu phòng Tài chính" in said(page)


def test_the_way_into_the_room_opens_half_an_hour_before(
    browse: Browse, minh: Actor, convened_meeting: int, clock: SettableClock
) -> None:
    clock.set(MORNING - timedelta(minutes=10))
    assert "Vào phòng họp" not in primaries(browse(minh, "meeting", meeting=convened_meeting))
    clock.set(MORNING)
    assert primaries(browse(minh, "meeting", meeting=convened_meeting)) == ["Vào phòng họp"]


def test_after_closing_the_secretary_is_led_to_the_minutes(
    browse: Browse, ports: Ports, lan: Actor, minh: Actor, running_meeting: int
) -> None:
    meetings.close(ports, lan, running_meeting)
    assert primaries(browse(lan, "meeting", meeting=running_meeting)) == ["Soạn biên bản"]
    page = browse(minh, "meeting", meeting=running_meeting)
    assert primaries(page) == []
    assert "biên bản đang được soạn" in said(page)


# --- the agenda


def add(page, title: str, minutes: int = 15):
    page.text_input(key=_new(page, "title")).set_value(title)
    page.number_input(key=_new(page, "minutes")).set_value(minutes)
    next(each for each in page.button if each.label == "Thêm vào chương trình").click()
    return page.run()


def _new(page, name: str) -> str:
    fields = [*page.text_input, *page.number_input]
    return next(
        each.key for each in fields if each.key and each.key.startswith("new_item_") and each.key.endswith(name)
    )


def test_an_item_can_be_taken_out_only_before_the_session(
    browse: Browse, ports: Ports, lan: Actor, draft_meeting: int
) -> None:
    def removals() -> int:
        page = browse(lan, "meeting", meeting=draft_meeting)
        return sum((each.key or "").startswith("remove_") for each in page.button)

    assert removals() == 3
    convene(ports, lan, draft_meeting)
    assert removals() == 3
    meetings.open_session(ports, lan, draft_meeting)
    assert removals() == 0


def test_an_item_is_added_and_the_minutes_are_summed(
    browse: Browse, ports: Ports, lan: Actor, draft_meeting: int
) -> None:
    page = add(browse(lan, "meeting", meeting=draft_meeting), "Công tác phòng cháy, chữa cháy", minutes=25)
    assert errors(page) == []
    assert titles(ports, lan, draft_meeting)[-1] == "Công tác phòng cháy, chữa cháy"
    assert "Tổng cộng 4 nội dung, 85 phút." in said(page)
    assert page.text_input(key=_new(page, "title")).value == ""


def test_an_item_without_a_title_is_refused_and_the_rest_stays_typed(
    browse: Browse, lan: Actor, draft_meeting: int
) -> None:
    page = add(browse(lan, "meeting", meeting=draft_meeting), "   ", minutes=35)
    assert errors(page) == ["Nội dung chương trình cần có tiêu đề."]
    assert page.number_input(key=_new(page, "minutes")).value == 35


def test_an_item_may_not_last_forever(browse: Browse, lan: Actor, draft_meeting: int) -> None:
    page = browse(lan, "meeting", meeting=draft_meeting)
    assert page.number_input(key=_new(page, "minutes")).max == LONGEST_ITEM_MINUTES


def test_items_move_up_and_down(
    browse: Browse, ports: Ports, lan: Actor, draft_meeting: int, agenda: list[int]
) -> None:
    first, second, third = titles(ports, lan, draft_meeting)
    page = browse(lan, "meeting", meeting=draft_meeting)
    assert page.button(key=f"up_{agenda[0]}").disabled
    assert page.button(key=f"down_{agenda[2]}").disabled
    page.button(key=f"down_{agenda[0]}").click().run()
    assert titles(ports, lan, draft_meeting) == [second, first, third]
    page.button(key=f"up_{agenda[2]}").click().run()
    assert titles(ports, lan, draft_meeting) == [second, third, first]


def test_an_item_is_changed_in_place(
    browse: Browse, ports: Ports, lan: Actor, draft_meeting: int, agenda: list[int]
) -> None:
    page = browse(lan, "meeting", meeting=draft_meeting)
    page.button(key=f"change_{agenda[1]}").click().run()
    page.text_input(key=f"item_{agenda[1]}_title").set_value("Dự toán ngân sách năm 2027")
    next(each for each in page.button if each.label == "Lưu").click()
    page.run()
    assert titles(ports, lan, draft_meeting)[1] == "Dự toán ngân sách năm 2027"
    assert f"change_{agenda[1]}" in {each.key for each in page.button}


def test_a_change_can_be_left(browse: Browse, ports: Ports, lan: Actor, draft_meeting: int, agenda: list[int]) -> None:
    before = titles(ports, lan, draft_meeting)
    page = browse(lan, "meeting", meeting=draft_meeting)
    page.button(key=f"change_{agenda[1]}").click().run()
    page.text_input(key=f"item_{agenda[1]}_title").set_value("")
    next(each for each in page.button if each.label == "Giữ nguyên như cũ").click()
    page.run()
    assert titles(ports, lan, draft_meeting) == before


def test_a_removed_item_can_be_put_back(
    browse: Browse, ports: Ports, lan: Actor, draft_meeting: int, agenda: list[int]
) -> None:
    before = titles(ports, lan, draft_meeting)
    page = browse(lan, "meeting", meeting=draft_meeting)
    page.button(key=f"remove_{agenda[1]}").click().run()
    assert titles(ports, lan, draft_meeting) == [before[0], before[2]]
    assert "Đã xoá “Thảo luận dự toán ngân sách năm 2027” khỏi chương trình." in said(page)
    page.button(key="take_back").click().run()
    assert titles(ports, lan, draft_meeting) == before


def test_the_agenda_gone_meanwhile_is_said(
    browse: Browse, ports: Ports, lan: Actor, hung: Actor, draft_meeting: int, agenda: list[int], enrolled: str
) -> None:
    page = browse(lan, "meeting", meeting=draft_meeting)
    invitations.draft(ports, hung, draft_meeting)
    page.button(key=f"down_{agenda[0]}").click().run()
    assert "Giấy mời đang chờ ký" in said(page)


# --- people and replies


def test_replies_stand_at_a_glance_with_their_reasons(
    browse: Browse, ports: Ports, lan: Actor, minh: Actor, dung: Actor, convened_meeting: int
) -> None:
    attendees.accept(ports, minh, convened_meeting)
    attendees.decline(ports, dung, convened_meeting, "Đi công tác\nđột xuất")
    text = said(open_tab(browse, lan, convened_meeting, "Thành phần"))
    assert "1 sẽ dự" in text
    assert "1 vắng mặt" in text
    assert "2 chưa trả lời" in text
    assert "Lý do: Đi công tác đột xuất" in text


def test_a_member_accepts_then_declines_with_a_reason(
    browse: Browse, ports: Ports, lan: Actor, minh: Actor, convened_meeting: int, clock: SettableClock
) -> None:
    clock.set(MORNING - timedelta(hours=5))

    def reply() -> Reply:
        mine = next(each for each in attendees.attendees(ports, lan, convened_meeting) if each.name == minh.full_name)
        return mine.reply

    page = browse(minh, "meeting", meeting=convened_meeting)
    assert primaries(page) == ["Tôi sẽ dự họp"]
    page.button(key="accept").click().run()
    assert reply() is Reply.ACCEPTED
    assert "Sẽ dự họp" in said(page)
    page.button(key="reply_again_button").click().run()
    decline = next(each for each in page.button if each.label == "Tôi không dự được")
    decline.click()
    page.run()
    assert errors(page) == ["Đề nghị nêu lý do."]
    page.text_input(key="decline_reason").set_value("Dự họp Thành phố")
    next(each for each in page.button if each.label == "Tôi không dự được").click()
    page.run()
    assert reply() is Reply.DECLINED
    assert "Lý do: Dự họp Thành phố" in said(page)
    assert "Tổng" in said(page)


def test_the_chair_is_not_asked_to_reply(
    browse: Browse, hung: Actor, convened_meeting: int, clock: SettableClock
) -> None:
    clock.set(MORNING - timedelta(hours=5))
    assert "Có dự họp không?" not in said(browse(hung, "meeting", meeting=convened_meeting))
