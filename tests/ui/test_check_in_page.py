"""What a phone's camera opens: present without another touch, and plain words when not."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from meeting_app.services import attendee as attendees
from meeting_app.services import check_in_code as codes
from tests.cast import PASSWORD
from tests.ui.conftest import Open
from tests.web.stages import running
from tests.web.web_house import WebHouse


def way(house: WebHouse, meeting_id: int) -> str:
    return codes.address(house.ports, meeting_id, house.ports.clock.now())


def present(house: WebHouse, meeting_id: int) -> list[str]:
    return [each.name for each in attendees.attendees(house.ports, house.actor("lan"), meeting_id) if each.present]


@pytest.mark.parametrize("size", ["tablet", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_scans_signs_in_and_is_present_without_another_touch(opened: Open, house: WebHouse, size, scheme):
    meeting_id = running(house)
    nobody = opened(size=size, color_scheme=scheme)
    nobody.page.goto(nobody.address + way(house, meeting_id))
    nobody.page.fill("#username", "minh")
    nobody.page.fill("#password", PASSWORD)
    nobody.page.keyboard.press("Enter")
    heading = nobody.page.get_by_role("heading")
    expect(heading).to_have_text(re.compile(r"^Đã ghi nhận có mặt tại phòng họp, \d+ giờ \d\d$"))
    assert present(house, meeting_id) == ["Lê Quang Minh"]
    assert not nobody.scrolls_sideways()
    assert nobody.small_targets("body", 48) == []
    assert [each["id"] for each in Axe().run(nobody.page).response["violations"]] == []
    nobody.page.evaluate("document.documentElement.style.fontSize = '36px'")
    assert not nobody.scrolls_sideways()


def test_without_scripts_there_is_a_button(opened: Open, house: WebHouse):
    meeting_id = running(house)
    hoa = opened("hoa", java_script_enabled=False)
    hoa.page.goto(hoa.address + way(house, meeting_id))
    assert present(house, meeting_id) == []
    hoa.page.get_by_role("button", name="Tôi có mặt tại phòng họp").tap()
    expect(hoa.page.get_by_role("heading")).to_contain_text("Đã ghi nhận có mặt")
    assert present(house, meeting_id) == ["Phạm Thị Hoa"]


def test_a_code_that_is_none_is_said_plainly(opened: Open, house: WebHouse):
    hoa = opened("hoa", size="phone")
    hoa.page.goto(f"{hoa.address}/check-in/{running(house)}/1-AAAAAAAAAAAAAAAA")
    expect(hoa.page.get_by_role("alert")).to_contain_text("Mã không hợp lệ")
    assert [each["id"] for each in Axe().run(hoa.page).response["violations"]] == []
    hoa.complaints.clear()  # the browser's own note of an answer that is no success
