"""What surrounds every page: the ways, the language, and the truth about the connection."""

import re

import pytest
from playwright.sync_api import expect

from tests.story.stage import DIALOGS_ARE_NOTED
from tests.ui.browsing import PATIENCE
from tests.ui.cable import Cable
from tests.ui.conftest import Open
from tests.web.web_house import WebHouse


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_every_way_can_be_touched_and_the_present_one_is_marked(opened: Open, size: str):
    lan = opened("lan", size)
    lan.go("/account")
    ways = lan.see(".st-key-ways")
    assert not lan.scrolls_sideways()
    assert lan.small_targets(".st-key-ways", 48) == []
    expect(ways.locator("[aria-current=page]")).to_contain_text("Trần Thị Lan")
    ways.get_by_text("Hôm nay").tap()
    expect(ways.locator("[aria-current=page]")).to_contain_text("Hôm nay", timeout=PATIENCE)
    assert lan.page.url == f"{lan.address}/"


def test_only_who_registers_and_keeps_books_is_offered_it(opened: Open):
    minh = opened("minh")
    minh.go("/")
    expect(minh.see(".st-key-ways").locator("a")).to_have_count(5)
    expect(minh.page.get_by_text("Đăng ký cuộc họp")).to_have_count(0)


def test_nothing_of_streamlits_own_bar_is_seen_and_the_page_is_vietnamese(opened: Open):
    lan = opened("lan")
    lan.go("/")
    for name in ("stMainMenu", "stToolbarActions", "stDecoration", "stAppDeployButton"):
        expect(lan.page.get_by_test_id(name)).not_to_be_visible()
    expect(lan.page.locator("html")).to_have_attribute("lang", "vi")
    assert lan.page.title() == "Hôm nay"


def test_nothing_is_asked_of_other_servers(opened: Open):
    lan = opened("lan")
    asked: list[str] = []
    lan.page.on("request", lambda request: asked.append(request.url))
    refused: list[str] = []
    lan.page.on("console", lambda line: refused.append(line.text) if "Content Security" in line.text else None)
    for path in ("/", "/meeting", "/account", "/verify"):
        lan.go(path)
    assert [url for url in asked if not url.startswith((lan.address, "data:", "blob:"))] == []
    assert refused == []


def test_a_lost_connection_is_told_calmly_and_comes_back(opened: Open, cable: Cable):
    lan = opened("lan", address=f"http://127.0.0.1:{cable.port}")
    lan.go("/")
    strip = lan.page.locator("#connection")
    expect(strip).to_be_hidden()
    lan.page.evaluate(DIALOGS_ARE_NOTED)
    cable.unplug()
    expect(strip).to_be_visible(timeout=PATIENCE)
    expect(strip).to_contain_text("Đang nối lại")
    # Streamlit's own English dialog, which would make the page inert, is there within some seconds.
    lan.page.wait_for_selector("body[data-dialog=seen]", state="attached", timeout=PATIENCE)
    expect(lan.page.get_by_role("dialog")).to_be_hidden()
    lan.page.locator(".st-key-ways a").last.tap(trial=True)
    cable.plug()
    lan.settle()
    expect(strip).to_be_hidden(timeout=PATIENCE)


def test_whoever_was_signed_out_elsewhere_is_led_to_the_sign_in_page(opened: Open, house: WebHouse, cable: Cable):
    visitor = house.nobody()
    visitor.sign_in("hoa")
    house.signed_in["hoa elsewhere"] = visitor.token
    hoa = opened("hoa elsewhere", address=f"http://127.0.0.1:{cable.port}")
    hoa.go("/verify")
    visitor.post("/sign-out")
    cable.unplug()
    cable.plug()
    hoa.page.wait_for_url(f"{hoa.address}/sign-in?next=%2Fverify", timeout=PATIENCE)


def test_a_run_after_signing_out_leads_there_too(opened: Open, house: WebHouse):
    visitor = house.nobody()
    visitor.sign_in("hoa")
    house.signed_in["hoa again"] = visitor.token
    hoa = opened("hoa again")
    hoa.go("/")
    visitor.post("/sign-out")
    hoa.page.locator(".st-key-ways").get_by_text("Cuộc họp").tap()
    hoa.page.wait_for_url(re.compile(r"/sign-in\?next=%2F"), timeout=PATIENCE)


def test_an_address_that_leads_nowhere_is_answered_in_vietnamese(opened: Open):
    lan = opened("lan")
    lan.go("/nowhere")
    dialog = lan.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Địa chỉ này không dẫn tới trang nào", timeout=PATIENCE)
    assert "page" not in dialog.inner_text()


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_the_calendar_speaks_vietnamese_and_its_days_fit_the_finger(opened: Open, size: str):
    lan = opened("lan", size)
    lan.go("/register")
    field = lan.page.get_by_test_id("stDateInputField")
    box = field.get_by_role("button", name="Chọn ngày").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 40
    field.get_by_role("button", name="Chọn ngày").tap()
    calendar = lan.page.get_by_role("dialog", name="Chọn ngày")
    days = calendar.locator("[role=gridcell] [role=button]").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height))"
    )
    assert min(days) >= 40
    expect(calendar.get_by_role("button", name="Tháng sau").first).to_be_visible()
    assert not lan.scrolls_sideways()


def test_what_is_chosen_can_be_read_in_the_dark_and_taken_back_by_finger(opened: Open):
    lan = opened("lan", color_scheme="dark")
    lan.go("/register")
    people = lan.page.locator("[class*=_members] input").first
    people.click()
    people.fill("Lê Quang Minh")
    lan.page.locator("[role=option]").filter(has_text="Lê Quang Minh").first.tap()
    lan.settle()
    chosen = lan.see("[data-tag]").first
    colours = chosen.evaluate(
        "each => [getComputedStyle(each.firstChild).color, getComputedStyle(each).backgroundColor]"
    )
    assert contrast(*colours) >= 4.5
    lan.page.keyboard.press("Tab")  # away from the list, which stays open for more people
    back = chosen.get_by_role("button", name="Bỏ Lê Quang Minh")
    box = back.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    back.tap()
    expect(lan.page.locator("[data-tag]")).to_have_count(0, timeout=PATIENCE)


def contrast(one: str, other: str) -> float:
    """Of two CSS colours (WCAG 2.2, 1.4.3)."""
    darker, lighter = sorted(luminance(colour) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(value) / 255 for value in re.findall(r"\d+", colour)[:3]]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
