"""Motions on the meeting's page: who votes, results as bars, and what is published of a vote."""

import pytest
from playwright.sync_api import expect

from meeting_app.services import ballot as ballots
from meeting_app.services import vote
from tests.ui.browsing import PATIENCE
from tests.ui.conftest import Open
from tests.voting import come, elector
from tests.voting import opened as vote_opened
from tests.web.stages import running
from tests.web.web_house import WebHouse

LONG = (
    "Thông qua dự thảo Nghị quyết về phân bổ dự toán ngân sách địa phương và phương án bổ sung có mục tiêu cho các xã, "
    "phường, thị trấn năm 2027 trên địa bàn thành phố"
)


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_an_attendee_opens_the_list_of_ballots(opened: Open, house: WebHouse, size: str):
    meeting_id, ports, lan = running(house), house.ports, house.actor("lan")
    people = [house.actor(name) for name in ("hung", "minh", "hoa")]
    come(ports, meeting_id, *people)
    motion_id = vote_opened(ports, lan, meeting_id, title=LONG)
    for who in people:
        ballots.cast(ports, who, meeting_id, motion_id, elector(ports, motion_id, who), choice="agree")
    vote.close(ports, lan, meeting_id, motion_id)
    reader = opened("minh", size, color_scheme="dark")
    reader.go(f"/meeting?meeting={meeting_id}")
    card = reader.page.locator(f".st-key-card_motion_{motion_id}")
    card.get_by_text("Ai bỏ phiếu thế nào").tap()
    expect(card.get_by_role("row")).to_have_count(4, timeout=PATIENCE)  # with its head
    expect(card).to_contain_text("Nguyễn Văn Hùng")
    assert not reader.scrolls_sideways()
    seen = card.get_by_test_id("stProgressBarTrack").first.evaluate("n => getComputedStyle(n).backgroundColor")
    ground = card.evaluate("n => getComputedStyle(n).backgroundColor")
    assert seen != ground  # a bar of nothing is seen in the dark


def test_who_votes_stays_open_while_it_is_changed(opened: Open, house: WebHouse):
    meeting_id = running(house)
    desk = opened("lan")
    desk.go(f"/meeting?meeting={meeting_id}")
    desk.page.get_by_role("tab", name="Biểu quyết").tap()
    desk.page.get_by_text("Đại biểu được biểu quyết", exact=True).tap()
    boxes = desk.page.locator(".st-key-card_quorum").get_by_role("checkbox")
    expect(boxes.first).to_be_checked(timeout=PATIENCE)
    desk.page.locator(".st-key-card_quorum .stCheckbox label").first.tap()
    expect(desk.page.get_by_text("Có 2 đại biểu được biểu quyết")).to_be_visible(timeout=PATIENCE)
    expect(boxes.first).not_to_be_checked(timeout=PATIENCE)
