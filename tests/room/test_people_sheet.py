"""The sheet of the people on real screens: one's own presence, the desk's hand, the plan of the room."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from meeting_app.domain.account import Account
from meeting_app.domain.attendee import Whereabouts
from meeting_app.services import attendance_delegation as delegations
from meeting_app.services import attendee as attendees
from meeting_app.services import seat as seats
from tests.room.screens import PHONE, TABLET
from tests.room.test_screen import FAINT, SMALL

# What the tablet draws does not depend on where the rows are.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)


def people(page):
    page.locator(".bar-people").tap()
    return page.locator(".sheet[open]").last


def test_one_touch_is_present_and_the_strip_offers_to_be_online(screen, minh, lan):
    page, desk = screen(minh), screen(lan)
    people(desk)
    page.locator(".bar-check_in").tap()
    expect(page.locator(".said")).to_have_text("Đã ghi nhận có mặt tại phòng họp.")
    row = desk.locator(".person", has_text="Lê Quang Minh")
    expect(row.locator(".presence")).to_have_text("Có mặt từ 8 giờ 00")
    page.get_by_role("button", name="Tôi dự trực tuyến").tap()
    expect(row.locator(".presence")).to_have_text("Dự trực tuyến từ 8 giờ 00")
    expect(desk.locator(".people-count").first).to_contain_text("trực tuyến 1")


def test_who_goes_early_is_told_from_who_never_came(screen, minh, lan):
    page, desk = screen(minh), screen(lan)
    people(desk)
    page.locator(".bar-check_in").tap()
    people(page)
    page.get_by_role("button", name="Tôi về sớm").tap()
    row = desk.locator(".person", has_text="Lê Quang Minh")
    expect(row).to_have_attribute("data-state", "left")
    desk.locator("[data-act=show_absent]").tap()
    expect(desk.locator(".person")).to_have_count(1)
    row.locator("[data-act=return]").tap()
    expect(desk.locator(".person")).to_have_count(0)
    desk.locator(".undo").tap()
    expect(desk.locator(".person")).to_have_count(1)
    page.get_by_role("button", name="Tôi đã quay lại").tap()
    expect(desk.locator(".person")).to_have_count(0)


def test_a_mistaken_check_out_comes_back_with_the_hour_of_the_arrival(screen, ports, clock, running_meeting, minh, lan):
    attendees.check_in(ports, minh, running_meeting, place=Whereabouts.ONLINE)
    clock.advance(minutes=25)
    desk = screen(lan)
    people(desk)
    row = desk.locator(".person", has_text="Lê Quang Minh")
    row.locator("[data-act=check_out]").tap()
    expect(row).to_have_attribute("data-state", "waiting")
    desk.locator(".undo").tap()
    expect(row.locator(".presence")).to_have_text("Dự trực tuyến từ 8 giờ 00")


def test_who_sent_somebody_sees_it_and_can_withdraw(screen, waking_ports, running_meeting, minh, thu, hoa):
    delegations.choose(waking_ports, minh, running_meeting, thu.account_id, reason="Bận", with_vote=True)
    other = screen(hoa)
    people(other)
    row = other.locator(".person:has(.person-name:text-is('Hoàng Thị Thu'))")
    expect(row).to_contain_text("Dự và biểu quyết thay Lê Quang Minh")
    page = screen(minh)
    page.locator(".bar-check_in").tap()
    expect(page.locator(".said")).to_contain_text("Hoàng Thị Thu đang dự họp thay")
    people(page)
    page.get_by_role("button", name="Thu hồi người dự thay").tap()
    expect(row).to_have_count(0)


def test_the_desk_seats_people_by_two_touches(screen, waking_ports, running_meeting, lan, minh):
    desk, page = screen(lan), screen(minh)
    for each in (desk, page):
        people(each)
        each.locator("[data-act=show_plan]").tap()
    desk.locator("[data-act=arrange]").tap()
    seat = desk.locator(".seat", has_text="Quang Minh")
    expect(seat.locator(".seat-label")).to_have_text("CT4")
    expect(page.locator(".sheet[open] .own-said")).to_contain_text("Chỗ của tôi: ghế CT4")
    seat.tap()
    desk.locator(".seat", has_text="CT1").tap()
    expect(page.locator(".sheet[open] .own-said")).to_contain_text("Chỗ của tôi: ghế CT1")
    expect(page.locator(".seat.own")).to_contain_text("Quang Minh")
    desk.locator(".undo").tap()
    expect(page.locator(".sheet[open] .own-said")).to_contain_text("Chỗ của tôi: ghế CT4")
    page.locator(".sheet[open] input[type=search]").fill("hoa")
    expect(page.locator(".seats-found")).to_have_text("Phạm Thị Hoa: ghế CT1")
    page.locator(".seat.own").tap()  # not the desk's: it only tells
    expect(page.locator(".seats-told")).to_contain_text("Ghế CT4: Lê Quang Minh")


def test_the_plan_can_be_walked_and_worked_by_keyboard(screen, ports, running_meeting, lan):
    seats.arrange(ports, lan, running_meeting)
    page = screen(lan)
    people(page)
    page.locator("[data-act=show_plan]").tap()
    page.locator(".seat", has_text="CT3").focus()

    def focused() -> str:
        return page.evaluate("document.getElementById('host').shadowRoot.activeElement.textContent")

    page.keyboard.press("ArrowRight")
    assert focused().startswith("CT4")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert focused().startswith("CT")
    page.keyboard.press("Enter")
    expect(page.locator(".seat[aria-pressed=true]")).to_have_count(1)
    assert page.locator(".seat[tabindex='0']").count() == 1


@pytest.mark.parametrize("size", [TABLET, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_plan_and_code_can_be_read_and_touched(screen, ports, running_meeting, lan, minh, hoa, size, scheme, clock):
    seats.arrange(ports, lan, running_meeting)
    attendees.check_in(ports, minh, running_meeting)
    clock.advance(minutes=1)
    attendees.check_in(ports, hoa, running_meeting, place=Whereabouts.ONLINE)
    attendees.leave(ports, hoa, running_meeting)
    page = screen(lan, size, color_scheme=scheme)
    people(page)
    for opening in ("[data-act=show_list]", "[data-act=show_plan]", "[data-act=code]"):
        page.locator(opening).tap()
        page.wait_for_function("() => document.getElementById('host').shadowRoot.getAnimations().length === 0")
        assert page.evaluate(FAINT) == []
        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        if opening != "[data-act=code]":
            found = Axe().run(page).response["violations"]
            serious = [each for each in found if each["impact"] in ("serious", "critical")]
            assert [each["id"] for each in serious if each["nodes"][0]["html"] != "<html>"] == []
    expect(page.locator(".check-in-code")).to_be_visible()


def test_names_are_only_texts(screen, ports, running_meeting, lan, minh, database):
    evil = "<img src=x onerror=alert(1)> {name} <b>đậm</b>"
    with database.writing() as session:
        session.get_one(Account, minh.account_id).full_name = evil
    seats.arrange(ports, lan, running_meeting)
    page = screen(lan)
    people(page)
    expect(page.locator(".person-name", has_text="onerror")).to_have_text(evil)
    page.locator("[data-act=show_plan]").tap()
    assert page.locator(".room img[src=x], .room .seats b").count() == 0
