"""The floor and the desk's messages on three tablets, in a real browser against a real room."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from meeting_app.services import agenda as agendas
from tests.room.screens import PHONE
from tests.services.floor_play import Floor

pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)


def messages(page) -> None:
    page.locator(".bar-more").tap()
    page.locator("[data-more=messages]").tap()


def put_away(page) -> None:
    while page.locator(".message-banner").is_visible():
        page.locator("[data-act=message_read]").evaluate("node => node.click()")


def close(page) -> None:
    page.keyboard.press("Escape")


def test_one_touch_asks_one_calls_and_all_see_who_speaks(
    screen, waking_ports, running_meeting, agenda, hung, minh, hoa
):
    agendas.start(waking_ports, hung, running_meeting, agenda[0])
    desk, member, other = screen(hung), screen(minh, PHONE), screen(hoa)
    for page in (member, other):
        page.locator(".bar-floor").tap()
        page.locator("[data-act=floor_ask]").tap()
    expect(other.locator(".floor-mine")).to_contain_text("Bạn đứng thứ 2")
    expect(member.locator(".bar-floor .label")).to_have_text("Bạn đứng thứ 1")
    close(other)
    panel = desk.locator(".floor-panel")
    expect(panel.locator(".floor-row")).to_have_count(2)
    panel.locator("[data-act=floor_grant]").first.tap()
    for page in (desk, member, other):
        expect(page.locator(".speaking .speaking-name")).to_have_text("Lê Quang Minh")
        expect(page.locator(".speaking .digits")).to_contain_text("02:")
    expect(other.locator(".bar-floor .label")).to_have_text("Bạn đứng thứ 1")
    desk.locator(".speaking [data-act=floor_extend]").tap()  # right where the time is
    expect(other.locator(".speaking .digits")).to_contain_text("03:")
    desk.locator(".speaking [data-act=floor_pause]").tap()
    expect(other.locator(".speaking .time-word")).to_have_text("đang tạm dừng")
    desk.locator(".undo").tap()
    expect(other.locator(".speaking .time-word")).to_have_text("còn lại")
    close(member)
    member.locator("[data-act=floor_finish]").tap()
    expect(other.locator(".speaking")).to_be_hidden()


def test_a_call_of_the_wrong_one_is_taken_back_with_one_touch(screen, waking_ports, running_meeting, lan, minh, hoa):
    floor = Floor(waking_ports, running_meeting, lan)
    for person in (minh, hoa):
        floor.ask(person)
    desk = screen(lan)
    desk.locator(".floor-panel [data-act=floor_grant]").first.tap()
    expect(desk.locator(".speaking-name")).to_have_text("Lê Quang Minh")
    desk.locator(".floor-panel [data-act=floor_grant]").first.tap()
    expect(desk.locator(".speaking-name")).to_have_text("Phạm Thị Hoa")
    desk.locator(".undo").tap()
    expect(desk.locator(".speaking-name")).to_have_text("Lê Quang Minh")
    assert (floor.who("speaking"), floor.who("waiting"), floor.who("done")) == (["Minh"], ["Hoa"], [])


def test_the_end_of_a_turn_is_told_calmly_by_colour_and_word(screen, waking_ports, running_meeting, lan, minh, clock):
    floor = Floor(waking_ports, running_meeting, lan)
    floor.act(lan, "rules", seconds=33)
    request = floor.ask(minh)
    page = screen(minh)
    floor.act(lan, "grant", request_id=request)
    speaking = page.locator(".speaking")
    expect(speaking).to_have_attribute("data-signal", "calm")
    expect(speaking).to_have_attribute("data-signal", "soon")
    expect(page.locator(".speaking .time-word")).to_have_text("sắp hết giờ")
    floor.act(lan, "extend", request_id=request, seconds=-23)
    expect(speaking).to_have_attribute("data-signal", "over")
    expect(page.locator(".speaking .digits")).to_contain_text("+")


def test_a_question_and_a_point_of_order_from_the_form(screen, running_meeting, ports, lan, minh, quang):
    member, guest, desk = screen(minh), screen(quang, PHONE), screen(lan)
    member.locator(".bar-floor").tap()
    form = member.locator(".floor-form")
    form.locator("[data-kind=question]").tap()
    form.locator("[name=addressee]").fill("hoa")
    form.get_by_role("option", name="Phạm Thị Hoa").tap()
    form.locator("[name=subject]").fill("Tiến độ giải ngân <b>quý III</b>?")
    form.locator("[data-act=floor_ask]").tap()
    expect(member.locator(".floor-mine")).to_contain_text("Câu chất vấn của bạn đứng thứ 1")
    form.locator("[data-kind=order]").tap()
    form.locator("[data-act=floor_ask]").tap()
    row = desk.locator(".floor-panel .floor-row")
    expect(row.first).to_contain_text("Ý kiến về thủ tục")
    expect(row.nth(1)).to_contain_text("Chất vấn Phạm Thị Hoa · Tiến độ giải ngân <b>quý III</b>?")
    guest.locator(".bar-floor").tap()
    assert guest.locator(".floor-form .choices").is_hidden()
    member.locator("[data-act=floor_withdraw]").first.tap()
    expect(row).to_have_count(1)
    member.locator(".undo").tap()
    expect(row).to_have_count(2)


def test_the_desk_orders_the_list_by_keyboard_and_by_rank(
    screen, waking_ports, running_meeting, lan, hung, minh, quang
):
    floor = Floor(waking_ports, running_meeting, lan)
    for person in (quang, minh, hung):
        floor.ask(person)
    desk = screen(lan)
    desk.locator("[data-act=floor_open]").tap()
    names = desk.locator(".sheet[open] .floor-list:not(.floor-done) .floor-name")
    expect(names).to_have_text(["Vũ Đình Quang", "Lê Quang Minh", "Nguyễn Văn Hùng"])
    up = desk.locator(".sheet[open]").get_by_role("button", name="Đưa Nguyễn Văn Hùng lên trên")
    up.focus()
    desk.keyboard.press("Enter")
    expect(names).to_have_text(["Vũ Đình Quang", "Nguyễn Văn Hùng", "Lê Quang Minh"])
    expect(up).not_to_have_attribute("aria-busy", "true")
    expect(up).to_be_focused()  # it went along
    desk.keyboard.press("Enter")
    expect(names).to_have_text(["Nguyễn Văn Hùng", "Vũ Đình Quang", "Lê Quang Minh"])
    desk.locator(".floor-rules summary").tap()
    expect(desk.locator("[data-rule=order_hand]")).to_have_attribute("aria-pressed", "true")
    desk.locator("[data-rule=order_rank]").tap()
    expect(names).to_have_text(["Nguyễn Văn Hùng", "Lê Quang Minh", "Vũ Đình Quang"])


def test_messages_reach_all_or_one_and_are_put_away(screen, running_meeting, lan, minh, hoa):
    desk, member, other = screen(lan), screen(minh, PHONE), screen(hoa)
    messages(desk)
    desk.locator("[data-quick=quick_break]").tap()
    desk.locator("[data-act=message_send]").tap()
    for page in (member, other):
        expect(page.locator(".message-banner .message-text")).to_have_text("Nghỉ giải lao 15 phút.")
        page.locator("[data-act=message_read]").tap()
        expect(page.locator(".message-banner")).to_be_hidden()
    desk.locator("[data-act=pick-whom-change]").tap()
    desk.locator("[name=whom]").fill("minh")
    desk.get_by_role("option", name="Lê Quang Minh").tap()
    desk.locator("[name=message]").fill("Mời anh sang bàn thư ký")
    desk.locator("[data-act=message_send]").tap()
    expect(member.locator(".message-banner .tag")).to_contain_text("gửi bạn")
    assert other.locator(".message-banner").is_hidden()
    member.reload()
    expect(member.locator(".message-banner .message-text")).to_have_text("Mời anh sang bàn thư ký")
    desk.locator("[data-act=message_recall]").first.tap()
    expect(member.locator(".message-banner")).to_be_hidden()


def test_help_is_called_seen_and_given(screen, running_meeting, lan, quang, minh):
    desk, guest = screen(lan), screen(quang, PHONE)
    messages(guest)
    guest.locator("[name=help]").fill("Máy không lật trang")
    guest.locator("[data-act=help_call]").tap()
    expect(guest.locator(".help .own-said")).to_contain_text("Đã báo thư ký lúc")
    expect(desk.locator(".help-panel .help-row")).to_contain_text("Máy không lật trang")
    desk.locator("[data-act=help_answer]").tap()
    expect(guest.locator("[data-act=help_call]")).to_be_visible()
    desk.locator(".undo").tap()
    expect(guest.locator(".help .own-said")).to_be_visible()
    guest.locator("[data-act=help_withdraw]").tap()
    expect(desk.locator(".help-panel")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_floor_and_the_messages_are_for_everybody(
    screen, waking_ports, running_meeting, agenda, lan, hung, minh, hoa, theme: str
):
    floor = Floor(waking_ports, running_meeting, lan)
    agendas.start(waking_ports, lan, running_meeting, agenda[0])
    first = floor.ask(minh, subject="Về tiến độ thực hiện dự án cải tạo trụ sở " * 4)
    floor.ask(hoa, "question", addressee_id=floor.id_of(minh), subject="Nguồn vốn")
    floor.act(lan, "grant", request_id=first)
    floor.act(hoa, "help.call", text="Máy hết pin")
    for size in (None, PHONE):
        desk = screen(lan, size, color_scheme=theme, reduced_motion="reduce")
        floor.act(hung, "message.send", text="Mời các đại biểu vào phòng họp")
        expect(desk.locator(".message-banner")).to_be_visible()
        ensure_usable(desk)
        put_away(desk)
        messages(desk)
        ensure_usable(desk)
        close(desk)
    member = screen(hoa, PHONE, color_scheme=theme, reduced_motion="reduce")
    put_away(member)
    member.locator(".bar-floor").tap()
    ensure_usable(member)


def ensure_usable(page) -> None:
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    # The page around the component is the test's own.
    assert [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in serious
        if each["nodes"][0]["html"] != "<html>"
    ] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= page.viewport_size["width"]
