"""The agenda and the motions of a meeting's page put in order by finger, mouse and keys."""

import pytest
from playwright.sync_api import expect

from meeting_app.services import agenda as agendas
from meeting_app.services import motion as motions
from tests.story.finger import Finger, grip, towards
from tests.ui.browsing import PATIENCE, Reader
from tests.ui.conftest import Open
from tests.web.stages import running
from tests.web.web_house import WebHouse

TITLES = ["Thông qua chương trình", "Thông qua dự toán", "Thông qua Nghị quyết"]


def ordering(opened: Open, meeting_id: int, size: str, tab: str) -> Reader:
    """The desk's list of this tab, its handles shown."""
    desk = opened("lan", size)
    desk.go(f"/meeting?meeting={meeting_id}")
    desk.page.get_by_role("tab", name=tab, exact=True).tap()
    desk.page.get_by_role("button", name="Sắp xếp").tap()
    desk.see(".order .grip")
    desk.page.locator(".order").scroll_into_view_if_needed()
    desk.page.wait_for_timeout(500)  # the page has come to rest
    return desk


def test_a_finger_moves_a_motion_and_it_is_taken_back(opened: Open, house: WebHouse):
    meeting_id, lan = running(house), house.actor("lan")
    for title in TITLES:
        motions.draft(house.ports, lan, meeting_id, motions.Draft(title=title))
    desk = ordering(opened, meeting_id, "phone", "Biểu quyết")
    shown = desk.page.locator(".order .heading")
    finger, start, end = Finger(desk.page), grip(desk.page, TITLES[0]), grip(desk.page, TITLES[2])
    finger.touch("touchStart", start)
    for point in towards(start, end[1] + 10):
        finger.touch("touchMove", point)
    expect(desk.page.locator(".drop-place")).to_be_visible()
    finger.touch("touchEnd")
    expect(shown).to_have_text([TITLES[1], TITLES[2], TITLES[0]], timeout=PATIENCE)
    assert [each.title for each in motions.motions(house.ports, lan, meeting_id)] == [TITLES[1], TITLES[2], TITLES[0]]
    assert not desk.scrolls_sideways()
    assert desk.small_targets(".order") == []
    desk.page.get_by_role("button", name="Hoàn tác").tap()
    expect(shown).to_have_text(TITLES, timeout=PATIENCE)


@pytest.mark.parametrize("way", ["mouse", "keys", "button"])
def test_an_item_is_moved(opened: Open, house: WebHouse, way: str):
    meeting_id, lan = running(house), house.actor("lan")
    first, second = (each.title for each in agendas.items(house.ports, lan, meeting_id))
    desk = ordering(opened, meeting_id, "tablet", "Chương trình")
    page = desk.page
    if way == "mouse":
        start, end = grip(page, first), grip(page, second)
        page.mouse.move(*start)
        page.mouse.down()
        for point in towards(start, end[1] + 10):
            page.mouse.move(*point)
        page.mouse.up()
    elif way == "keys":
        page.get_by_role("button", name=f"Kéo “{first}”").focus()
        page.keyboard.press("ArrowDown")
    else:
        page.get_by_role("button", name="Chuyển xuống").first.tap()
    expect(page.locator(".order .heading")).to_have_text([second, first], timeout=PATIENCE)
    assert [each.title for each in agendas.items(house.ports, lan, meeting_id)] == [second, first]
    page.get_by_role("button", name="Xong sắp xếp").tap()
    expect(page.locator(".order")).to_have_count(0, timeout=PATIENCE)
