"""Which motion is called: any approved one by one touch, the suggested one standing out."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from meeting_app.services import agenda as agendas
from meeting_app.services import attendee as attendees
from meeting_app.services import meeting as meetings
from meeting_app.services import vote
from tests.room.screens import PHONE
from tests.room.test_desk import fit
from tests.voting import approved, come

# What the tablet draws does not depend on where the rows are.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)

TITLES = [
    "Thông qua chương trình",
    "Thông qua dự toán",
    "Thông qua Nghị quyết",
    "Bầu Tổ kiểm phiếu",
    "Thông qua quy chế",
]


@pytest.fixture
def listed(waking_ports, hung, lan, minh, hoa, running_meeting) -> list[int]:
    """Five approved motions, three of four who may vote."""
    come(waking_ports, running_meeting, hung, minh, hoa)
    return [approved(waking_ports, lan, running_meeting, title=title) for title in TITLES]


def panel(page: Page):
    return page.locator(".motion-panel")


def test_the_third_motion_is_called_by_one_touch_in_the_panel(screen, listed, hung, lan):
    desk, other = screen(hung), screen(lan)
    expect(panel(desk).locator(".motion-title")).to_have_text(TITLES[0])
    expect(panel(desk).locator(".other-title")).to_have_text([f"{place}. {TITLES[place - 1]}" for place in (2, 3, 4)])
    desk.get_by_role("button", name=f"Chuẩn bị biểu quyết: {TITLES[2]}").tap()
    for page in (desk, other):
        expect(page.locator('.motion-panel[data-state="called"] .motion-title')).to_have_text(TITLES[2])
        expect(panel(page).locator(".motion-others")).to_be_hidden()  # one motion at a time
    desk.locator(".undo").tap()
    expect(panel(other).locator(".motion-title")).to_have_text(TITLES[0])


def test_any_motion_is_called_from_the_whole_list(screen, listed, lan):
    phone = screen(lan, PHONE)
    phone.locator(".bar-desk").tap()
    panel(phone).locator("[data-act=motions]").tap()
    calls = phone.locator(".motion-list [data-act=vote_call]")
    expect(calls).to_have_count(len(TITLES))
    expect(phone.locator(".motion-list .primary[data-act=vote_call]")).to_have_count(1)
    expect(calls.first).to_have_class("primary")
    calls.last.tap()
    expect(phone.locator('.motion-panel[data-state="called"] .motion-title')).to_have_text(TITLES[-1])
    panel(phone).locator("[data-act=motions]").tap()
    expect(calls).to_have_count(0)


def test_a_motion_of_the_item_under_discussion_is_suggested(screen, waking_ports, listed, running_meeting, agenda, lan):
    title = "Thông qua báo cáo của mục này"
    approved(waking_ports, lan, running_meeting, title=title, item_id=agenda[1])
    desk = screen(lan)
    expect(panel(desk).locator(".motion-title")).to_have_text(TITLES[0])
    agendas.start(waking_ports, lan, running_meeting, agenda[1])
    expect(panel(desk).locator(".motion-title")).to_have_text(title)
    expect(panel(desk).locator(".motion-head .tag")).to_have_text("Cần biểu quyết ở mục này")
    panel(desk).locator("[data-act=motions]").tap()
    stands_out = desk.locator(".motion:has(.primary[data-act=vote_call]) .motion-title")
    expect(stands_out).to_have_text(title)


def test_members_call_nothing_and_nobody_while_the_meeting_stands(
    screen, waking_ports, listed, running_meeting, lan, minh
):
    desk, member = screen(lan), screen(minh)
    member.locator(".bar-more").tap()
    member.locator("[data-more=motions]").tap()
    expect(member.locator(".sheet[open] .motion")).to_have_count(len(TITLES))
    expect(member.locator(".sheet[open] [data-act=vote_call]")).to_have_count(0)
    expect(panel(desk).locator("[data-act=vote_call_other]:visible")).to_have_count(3)
    meetings.pause(waking_ports, lan, running_meeting)
    expect(panel(desk).locator("[data-act=vote_call_other]:visible")).to_have_count(0)


def test_the_next_step_stands_above_many_names(screen, waking_ports, crowded, lan, hung):
    people = [replace(hung, account_id=each.account_id) for each in attendees.attendees(waking_ports, lan, crowded)]
    come(waking_ports, crowded, *people)
    motion_id = approved(waking_ports, lan, crowded, title="Thông qua dự toán")
    vote.call(waking_ports, lan, crowded, motion_id)
    phone = screen(lan, PHONE)
    phone.locator(".bar-desk").tap()
    names, opens = phone.locator(".motion-names"), panel(phone).locator("[data-act=vote_open]")
    expect(names).to_contain_text("Công Tằng Tôn Nữ Thị Hoàng Oanh")
    expect(opens).to_be_in_viewport()
    assert opens.bounding_box()["y"] < names.bounding_box()["y"]
    assert names.bounding_box()["height"] < PHONE["height"] / 3
    fit(phone, PHONE)
