"""The clerk's part of the page: the PIN once, a bar that grows, a way to stop, and what could not be sealed."""

import re

import pytest
from playwright.sync_api import expect

from tests.keys import PIN
from tests.services.attachments import hand_in, small
from tests.ui.browsing import PATIENCE, Reader
from tests.ui.conftest import Open
from tests.web.stages import drafted, forget_wrong_pins, invited
from tests.web.web_house import WebHouse


@pytest.fixture(autouse=True)
def fresh_pins(house: WebHouse):
    yield
    forget_wrong_pins(house)


def clerk_at(opened: Open, meeting_id: int, size: str = "tablet") -> Reader:
    clerk = opened("thu", size)
    clerk.go(f"/meeting?meeting={meeting_id}&tab=documents")
    clerk.see(".sealing")
    return clerk


def with_documents(house: WebHouse, count: int) -> int:
    """Besides the two broken ones that the meeting has already."""
    meeting_id = invited(house)
    hand_in(house.ports, house.actor("lan"), meeting_id, [small(f"So {n}") for n in range(count)])
    return meeting_id


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_from_the_errand_to_the_sealed_documents(opened: Open, house: WebHouse, size: str):
    meeting_id = with_documents(house, 4)
    clerk = opened("thu", size)
    clerk.go("/")
    clerk.see(f".st-key-do_seal_documents_{meeting_id} button").first.tap()
    clerk.see(".sealing")
    assert not clerk.scrolls_sideways()
    assert clerk.small_targets(".sealing") == []
    page = clerk.page
    page.get_by_label("Mã PIN khoá của cơ quan").fill("975318")
    page.get_by_role("button", name="Đóng dấu 6 tài liệu").tap()
    expect(page.get_by_role("alert")).to_have_text("Mã PIN không đúng.", timeout=PATIENCE)
    page.get_by_label("Mã PIN khoá của cơ quan").fill(PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Đã đóng dấu 4/6 tài liệu")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="2 tài liệu không đóng dấu được")).to_be_visible()
    expect(page.locator(".refused li")).to_have_count(2)
    expect(page.get_by_label("Mã PIN khoá của cơ quan")).to_have_value("")
    assert not clerk.scrolls_sideways()
    assert clerk.small_targets(".sealing") == []
    minh = opened("minh", size)
    minh.go(f"/meeting?meeting={meeting_id}")
    expect(minh.page.get_by_text("đã đóng dấu")).to_have_count(4, timeout=PATIENCE)


def test_it_is_left_comes_back_and_is_stopped(opened: Open, house: WebHouse):
    meeting_id = with_documents(house, 120)
    clerk = clerk_at(opened, meeting_id)
    clerk.page.get_by_label("Mã PIN khoá của cơ quan").fill(PIN)
    clerk.page.get_by_role("button", name="Đóng dấu 122 tài liệu").tap()
    expect(clerk.page.get_by_role("progressbar")).to_be_visible(timeout=PATIENCE)
    clerk.go("/account")
    clerk.go(f"/meeting?meeting={meeting_id}&tab=documents")
    expect(clerk.page.get_by_role("progressbar")).to_have_js_property("max", 122, timeout=PATIENCE)
    expect(clerk.page.locator(".sealing")).to_contain_text("Người thực hiện: Hoàng Thị Thu")
    clerk.page.get_by_role("button", name="Dừng lại").tap()
    expect(clerk.page.get_by_text("Đã dừng.")).to_be_visible(timeout=PATIENCE)
    expect(clerk.page.get_by_role("button", name=re.compile(r"Đóng dấu \d+ tài liệu"))).to_be_visible()


def test_before_the_invitation_is_issued_it_says_what_it_waits_for(opened: Open, house: WebHouse):
    clerk = clerk_at(opened, drafted(house))
    clerk.sees_text("Có thể đóng dấu sau khi giấy mời được ban hành")
    assert clerk.page.locator("#seal-pin").count() == 0
