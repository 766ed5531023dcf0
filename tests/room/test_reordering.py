"""Agenda and motions put in order by finger, mouse and keys, while others go on changing them."""

import pytest
from playwright.sync_api import Locator, Page, expect

from meeting_app.services import motion as motions
from tests.room.screens import PHONE
from tests.story.finger import Finger, grip, towards
from tests.voting import approved

# What the tablet draws does not depend on where the rows are.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)

VERSION = "Number(document.getElementById('host').shadowRoot.querySelector('.room').dataset.version)"
TITLES = ["Thông qua chương trình", "Thông qua dự toán", "Thông qua Nghị quyết", "Bầu Tổ kiểm phiếu"]


@pytest.fixture
def listed(waking_ports, lan, running_meeting) -> list[int]:
    return [approved(waking_ports, lan, running_meeting, title=title) for title in TITLES]


def shown(page: Page) -> Locator:
    return page.locator(".motion-list .motion .motion-title")


def reordering(page: Page, size=None) -> Page:
    """The sheet of motions, its handles shown."""
    if size is PHONE:
        page.locator(".bar-desk").tap()
    page.locator(".motion-panel [data-act=motions]").tap()
    page.locator("[data-act=motion_reorder]").tap()
    page.wait_for_function("() => document.getElementById('host').shadowRoot.getAnimations().length === 0")
    return page


def version(page: Page) -> int:
    return page.evaluate(VERSION)


def test_a_finger_puts_a_motion_elsewhere_by_one_command(screen, listed, hung, lan):
    other = reordering(screen(lan))
    phone = reordering(screen(hung, PHONE), PHONE)
    before, finger = version(phone), Finger(phone)
    start, end = grip(phone, TITLES[0]), grip(phone, TITLES[2])
    finger.touch("touchStart", start)
    for point in towards(start, end[1] + 10):
        finger.touch("touchMove", point)
    expect(phone.locator(".drop-place")).to_be_visible()
    assert version(phone) == before  # nothing was said yet
    finger.touch("touchEnd")
    moved = [TITLES[1], TITLES[2], TITLES[0], TITLES[3]]
    expect(shown(other)).to_have_text(moved)
    expect(shown(phone)).to_have_text(moved)
    expect(phone.locator(".drop-place, .lifted, .dragging")).to_have_count(0)
    assert version(phone) == before + 1
    phone.locator(".undo").tap()
    expect(shown(other)).to_have_text(TITLES)


def test_a_mouse_puts_an_item_elsewhere(screen, agenda, hung, lan):
    desk, other = screen(hung), screen(lan)
    titles = other.locator(".agenda .item-title").all_inner_texts()
    desk.locator("[data-act=reorder]").click()
    start, end = grip(desk, titles[2]), grip(desk, titles[0])
    desk.mouse.move(*start)
    desk.mouse.down()
    for point in towards(start, end[1] - 10):
        desk.mouse.move(*point)
    desk.mouse.up()
    expect(other.locator(".agenda .item-title")).to_have_text([titles[2], titles[0], titles[1]])
    expect(desk.locator(".agenda .item-title")).to_have_text([titles[2], titles[0], titles[1]])
    desk.locator(".undo").click()
    expect(other.locator(".agenda .item-title")).to_have_text(titles)


def test_escape_and_a_gesture_of_the_system_leave_everything_as_it_was(screen, listed, lan):
    desk = reordering(screen(lan))
    before, start = version(desk), grip(desk, TITLES[0])
    desk.mouse.move(*start)
    desk.mouse.down()
    for point in towards(start, start[1] + 250):
        desk.mouse.move(*point)
    expect(desk.locator(".lifted")).to_have_count(1)
    desk.keyboard.press("Escape")
    expect(desk.locator(".lifted, .drop-place")).to_have_count(0)
    desk.mouse.up()
    expect(desk.locator(".sheet[open]")).to_be_visible()  # Escape put back the row alone
    finger = Finger(desk)
    finger.touch("touchStart", start)
    for point in towards(start, start[1] + 250):
        finger.touch("touchMove", point)
    expect(desk.locator(".lifted")).to_have_count(1)
    finger.touch("touchCancel")
    expect(desk.locator(".lifted, .drop-place")).to_have_count(0)
    expect(shown(desk)).to_have_text(TITLES)
    assert version(desk) == before


def test_what_others_change_waits_until_the_finger_lets_go(screen, waking_ports, listed, running_meeting, hung, lan):
    desk = reordering(screen(lan))
    start, end = grip(desk, TITLES[0]), grip(desk, TITLES[1])
    desk.mouse.move(*start)
    desk.mouse.down()
    for point in towards(start, end[1] + 10):
        desk.mouse.move(*point)
    before = version(desk)
    motions.move(waking_ports, hung, running_meeting, listed[3], 1)
    motions.remove(waking_ports, hung, running_meeting, listed[2])
    approved(waking_ports, hung, running_meeting, title="Vấn đề mới")
    desk.wait_for_function(f"before => {VERSION} > before + 3", arg=before)
    expect(shown(desk)).to_have_text(TITLES)  # under the finger nothing moves
    desk.mouse.up()
    expect(shown(desk)).to_have_text([TITLES[3], TITLES[1], TITLES[0], TITLES[2], "Vấn đề mới"])


def test_a_long_list_runs_along_at_the_edge(screen, waking_ports, running_meeting, lan):
    titles = [f"Vấn đề số {number}" for number in range(11, 41)]
    for title in titles:
        approved(waking_ports, lan, running_meeting, title=title)
    phone = reordering(screen(lan, PHONE), PHONE)
    start = grip(phone, titles[0])
    finger = Finger(phone)
    finger.touch("touchStart", start)
    for point in towards(start, PHONE["height"] - 12):
        finger.touch("touchMove", point)
    phone.wait_for_function("""() => {
      const list = document.getElementById("host").shadowRoot.querySelector(".dragging");
      const sheet = list.closest(".sheet-content");
      return sheet.scrollTop + sheet.clientHeight >= sheet.scrollHeight - 1;
    }""")
    finger.touch("touchEnd")
    expect(shown(phone).last).to_have_text(titles[0])


def test_the_arrow_keys_move_a_row_and_keep_the_focus(screen, agenda, lan, hung):
    desk, other = screen(hung), screen(lan)
    titles = other.locator(".agenda .item-title").all_inner_texts()
    desk.locator("[data-act=reorder]").focus()
    desk.keyboard.press("Enter")
    handle = desk.get_by_role("button", name=f"Kéo “{titles[0]}”")
    handle.focus()
    desk.keyboard.press("ArrowDown")
    expect(other.locator(".agenda .item-title")).to_have_text([titles[1], titles[0], titles[2]])
    expect(handle).to_be_focused()
    desk.keyboard.press("End")
    expect(other.locator(".agenda .item-title")).to_have_text([titles[1], titles[2], titles[0]])
    expect(handle).to_be_focused()
    desk.keyboard.press("ArrowDown")  # there is nothing below
    desk.keyboard.press("Home")
    expect(other.locator(".agenda .item-title")).to_have_text(titles)
