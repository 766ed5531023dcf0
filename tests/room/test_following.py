"""Following the presenter in real browsers: one touch leaves, one returns, the late land on the right page."""

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import hand_out
from tests.room.screens import PHONE
from tests.story.finger import Finger

pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)


@pytest.fixture
def report(waking_ports, lan, running_meeting) -> int:
    return hand_out(waking_ports, lan, running_meeting, for_guests=True, title="Báo cáo")


@pytest.fixture
def plan(waking_ports, lan, running_meeting, report) -> int:
    return hand_out(waking_ports, lan, running_meeting, for_guests=False, title="Kế hoạch")


def at_page(page: Page, number: int, of: int = 9) -> None:
    expect(page.locator(".page-number")).to_have_text(f"{number}/{of}")


def swipe(page: Page, *, here: int) -> None:
    """To the next page, once this one lies still."""
    page.wait_for_function(
        """(here) => {
          const paper = document.getElementById("host").shadowRoot.querySelector(".paper");
          return paper.scrollLeft === (here - 1) * paper.clientWidth;
        }""",
        arg=here,
    )
    box = page.locator(".paper").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    finger, right, left = Finger(page), box["x"] + box["width"] * 0.9, box["x"] + box["width"] * 0.1
    finger.draw([(right + (left - right) * step / 8, y) for step in range(9)])


def take_the_lead(page: Page) -> None:
    page.locator(".page-tools [data-act=lead]").tap()
    expect(page.locator("[data-act=lead_stop]")).to_be_visible()


def test_pages_turn_for_all_who_follow_and_the_late_land_on_the_right_one(screen, report, hung, minh, quang):
    chair, member = screen(hung), screen(minh, PHONE)
    assert member.locator(".follow-line").is_hidden()
    take_the_lead(chair)
    expect(member.locator("[data-act=follow]")).to_have_attribute("aria-checked", "true")
    for number in (2, 3):
        chair.locator("[data-act=page_next]").tap()
        at_page(member, number)
    late = screen(quang)
    at_page(late, 3)
    expect(late.locator(".follow-where")).to_have_text("Nguyễn Văn Hùng đang ở trang 3")
    chair.locator("[data-act=page_back]").tap()
    at_page(late, 2)


def test_a_swipe_leaves_and_one_touch_returns(screen, report, hung, minh):
    chair, member = screen(hung), screen(minh)
    take_the_lead(chair)
    chair.locator("[data-act=page_next]").tap()
    at_page(member, 2)
    swipe(member, here=2)
    at_page(member, 3)
    expect(member.locator("[data-act=follow]")).to_have_attribute("aria-checked", "false")
    chair.locator(".paper").focus()
    chair.keyboard.press("End")
    expect(member.locator(".follow-where")).to_contain_text("trang 9")
    at_page(member, 3)
    member.locator("[data-act=follow]").tap()
    at_page(member, 9)
    member.locator("[data-act=follow]").tap()
    chair.keyboard.press("Home")
    expect(member.locator(".follow-where")).to_contain_text("trang 1")
    at_page(member, 9)


def test_the_presenters_document_comes_along_and_leaving_is_choosing_another(screen, report, plan, hung, minh):
    chair, member = screen(hung), screen(minh)
    take_the_lead(chair)
    chair.get_by_role("tab", name="Kế hoạch").tap()
    expect(member.get_by_role("tab", name="Kế hoạch")).to_have_attribute("aria-selected", "true")
    member.get_by_role("tab", name="Báo cáo").tap()
    expect(member.locator("[data-act=follow]")).to_have_attribute("aria-checked", "false")
    expect(member.get_by_role("tab", name="Báo cáo")).to_have_attribute("aria-selected", "true")
    member.locator("[data-act=follow]").tap()
    expect(member.get_by_role("tab", name="Kế hoạch")).to_have_attribute("aria-selected", "true")


def test_a_guest_stays_where_they_are_while_something_else_is_shown(screen, report, plan, hung, quang):
    chair, guest = screen(hung), screen(quang)
    take_the_lead(chair)
    chair.locator("[data-act=page_next]").tap()
    at_page(guest, 2)
    chair.get_by_role("tab", name="Kế hoạch").tap()
    expect(guest.locator(".follow-where")).to_have_text("Nguyễn Văn Hùng đang dẫn trang")
    at_page(guest, 2)
    assert "Kế hoạch" not in guest.content()


def test_the_speaker_leads_when_the_desk_hands_it_over(screen, report, hung, lan, minh):
    desk, member = screen(lan), screen(minh)
    assert member.locator("[data-act=lead]").is_hidden()
    member.locator(".bar-check_in").tap()
    desk.locator(".bar-people").tap()
    row = desk.locator(".person", has_text="Lê Quang Minh")
    row.locator("[data-act=hand]").tap()
    expect(member.locator("[data-act=lead_stop]")).to_be_visible()
    desk.keyboard.press("Escape")
    member.locator("[data-act=page_next]").tap()
    at_page(desk, 2)
    member.locator("[data-act=lead_stop]").tap()
    expect(desk.locator(".follow-line")).to_be_hidden()


def test_the_pointer_shows_where_the_presenter_points(screen, report, hung, minh):
    chair, member = screen(hung), screen(minh)
    take_the_lead(chair)
    expect(member.locator("[data-act=follow]")).to_be_visible()
    chair.locator("[data-act=point]").tap()
    box = chair.locator(".page").first.bounding_box()
    assert box is not None
    finger = Finger(chair)
    finger.touch("touchStart", (box["x"] + box["width"] / 4, box["y"] + box["height"] / 4))
    finger.touch("touchMove", (box["x"] + box["width"] / 2, box["y"] + box["height"] / 4))
    dot = member.locator(".pointer-dot")
    expect(dot).to_have_attribute("style", "left: 50%; top: 25%;")
    finger.touch("touchEnd")
    expect(dot).to_have_count(0)
    at_page(member, 1)


def test_a_lost_connection_lands_on_the_page_of_now(room, screen, report, hung, minh):
    chair, member = screen(hung), screen(minh)
    take_the_lead(chair)
    expect(member.locator("[data-act=follow]")).to_be_visible()

    def cut() -> None:
        for connection in list(room.server.connections):
            if connection.visit.listener and connection.visit.listener.role == "member":
                connection.abort()

    chair.locator("[data-act=page_next]").tap()
    at_page(member, 2)
    room.ask(cut)
    chair.locator("[data-act=page_next]").tap()
    at_page(member, 3)
