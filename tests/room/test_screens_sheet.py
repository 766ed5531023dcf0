"""The desk's sheet of the hall's screens, in a real browser against a real room."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from meeting_app.services import hall_screen as screens
from tests.room.screens import PHONE

pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)


def opened(page: Page) -> Page:
    page.locator(".bar-more").tap()
    page.locator("[data-more=screens]").tap()
    expect(page.locator(".screen-code")).to_be_visible()
    return page


def pair(page: Page, code: str) -> None:
    page.locator(".screen-code").fill(code)
    page.get_by_role("button", name="Ghép màn hình").tap()


@pytest.mark.parametrize("size", [None, PHONE], ids=["tablet", "phone"])
def test_the_secretary_pairs_names_and_parts_with_a_screen(screen, waking_ports, running_meeting, lan, size):
    shown = screens.look(waking_ports, None)
    page = opened(screen(lan, size))
    pair(page, f"{shown.code[:3].lower()} {shown.code[3:]}")
    row = page.locator(".screen-row")
    expect(row).to_contain_text("Màn hình 1")
    expect(page.locator(".screen-code")).to_have_value("")
    assert screens.look(waking_ports, shown.token).meeting_id == running_meeting
    row.get_by_role("button", name="Đổi tên").tap()
    row.get_by_label("Tên màn hình").fill("Tường bên trái")
    row.get_by_role("button", name="Lưu").tap()
    expect(row).to_contain_text("Tường bên trái")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    heights = page.locator("dialog[open] :is(button, input)").evaluate_all(
        "all => all.filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect().height)"
    )
    assert min(heights) >= 48
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    # The page around the component is the test's own.
    assert [each["id"] for each in serious if each["nodes"][0]["html"] != "<html>"] == []
    row.get_by_role("button", name="Ngắt").tap()
    expect(row).to_have_count(0)
    expect(page.locator(".strip")).to_contain_text("Tường bên trái không còn hiển thị")
    assert screens.look(waking_ports, shown.token).meeting_id is None


def test_a_pairing_is_taken_back_by_one_touch(screen, waking_ports, running_meeting, lan):
    shown = screens.look(waking_ports, None)
    page = opened(screen(lan))
    pair(page, shown.code)
    expect(page.locator(".screen-row")).to_have_count(1)
    page.get_by_role("button", name="Hoàn tác").tap()
    expect(page.locator(".screen-row")).to_have_count(0)
    assert screens.look(waking_ports, shown.token).meeting_id is None


def test_a_wrong_code_says_so_and_stays(screen, lan):
    page = opened(screen(lan))
    pair(page, "AAA AAA")
    expect(page.locator(".strip")).to_contain_text("không có màn hình nào hiện mã này")
    expect(page.locator(".screen-code")).to_have_value("AAA AAA")


def test_a_member_has_no_such_sheet(screen, minh):
    page = screen(minh)
    expect(page.locator("[data-more=screens]")).to_be_hidden()
