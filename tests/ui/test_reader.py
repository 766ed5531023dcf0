"""The reader in a real browser: by finger, by keyboard, at any size, over many pages."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from meeting_app.services import document as documents
from tests.story.finger import Finger
from tests.ui.browsing import PATIENCE, Reader
from tests.ui.conftest import Open
from tests.web.stages import running
from tests.web.web_house import WebHouse

LONG = Path(__file__).parents[1] / "documents" / "ke-hoach-libreoffice-200-trang.pdf"
LAPTOP = {"width": 1440, "height": 900}
LONGER = """async ([id, sha]) => {
  const roots = [...document.querySelectorAll("*")].map((each) => each.shadowRoot);
  const old = roots.find((each) => each?.querySelector(".reader")).querySelector(".reader");
  const loaded = performance.getEntriesByType("resource").map((each) => each.name);
  const module = (name) => import(loaded.find((each) => each.endsWith(`/reading/${name}.js`)));
  const { Reader } = await module("reader");
  const { sourceOf } = await module("source");
  const texts = { page_number: "{page}/{pages}", page_here: "{page}", page_of: "{page}" };
  const reader = new Reader({ data: { texts, widths: [800, 1200, 2000], account: 0 } });
  old.replaceWith(reader.node);
  const address = (page, width) => `/pages/${id}/${sha}/${page % 200}/${width}.jpg`;
  const began = performance.now();
  reader.show({ ...sourceOf({ id, sha, pages: 3000, state: "ready", title: "x" }), address }, 0);
  document.body.dataset.took = performance.now() - began;
}"""
_prepared: dict[int, int] = {}  # by the process of the house


def prepared(house: WebHouse, path: Path, title: str) -> int:
    """A document of a running meeting, drawn as the worker draws it."""
    from meeting_app.worker.loop import work_once

    meeting_id = running(house)
    document_id = documents.upload(house.ports, house.actor("lan"), meeting_id, path, file_name=path.name, title=title)
    while work_once(house.ports):
        pass
    return document_id


@pytest.fixture
def plan(house: WebHouse) -> int:
    """The plan of 200 pages."""
    if house.port not in _prepared:
        _prepared[house.port] = prepared(house, LONG, "Kế hoạch")
    return _prepared[house.port]


@pytest.fixture
def reading(opened: Open, plan: int) -> Callable[..., Reader]:
    """`reading("phone", page=3)`: Minh reads the plan."""

    def read(size: str = "tablet", page: int = 1, **options) -> Reader:
        reader = opened("minh", size, **options)
        reader.go(f"/read?document={plan}&page={page}")
        reader.see(".page.loaded img")
        return reader

    return read


def act(reader: Reader, name: str) -> Locator:
    return reader.page.locator(f"[data-act={name}]")


def at(reader: Reader, text: str) -> None:
    expect(act(reader, "page_choose")).to_have_text(text, timeout=PATIENCE)


def pages_with_images(page: Page) -> list[int]:
    found: list[int] = page.locator(".page").evaluate_all(
        "pages => pages.flatMap((page, index) => page.querySelector('img') ? [index] : [])"
    )
    return found


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:80]}" for each in found if each["impact"] in ("serious", "critical")
    ]


def test_the_page_that_is_asked_for_comes_first_and_far_ones_weigh_nothing(reading):
    reader = reading(page=120)
    at(reader, "120/200")
    expect(reader.page.locator(".page img[src]")).to_have_count(4)
    assert pages_with_images(reader.page) == [118, 119, 120, 121]
    for page in (121, 122, 123, 124, 125, 126, 127):
        act(reader, "page_next").tap()
        at(reader, f"{page}/200")
    assert len(pages_with_images(reader.page)) < 12


def test_the_image_is_as_wide_as_the_screen_can_show(reading):
    plain, sharp = reading("phone"), reading("phone", device_scale_factor=3)
    image = ".page.loaded img"
    expect(plain.page.locator(image).first).to_have_attribute("src", _ending("/0/800.jpg"))
    expect(sharp.page.locator(image).first).to_have_attribute("src", _ending("/0/1200.jpg"))


def test_once_enlarged_a_wider_image_takes_its_place(reading):
    reader = reading(page=2)
    for _ in range(3):
        act(reader, "zoom_in").tap()
    expect(reader.page.locator(".spread.current img")).to_have_attribute("src", _ending("/1/2000.jpg"))


def test_a_finger_swipes_to_the_next_page(reading):
    reader = reading("phone")
    act(reader, "view").tap()
    reader.page.locator("button[value=swipe]").tap()
    reader.page.keyboard.press("Escape")
    box = reader.page.locator(".paper").bounding_box()
    finger = Finger(reader.page)
    y = box["y"] + box["height"] / 2
    finger.draw([(box["x"] + box["width"] * part, y) for part in (0.9, 0.75, 0.6, 0.45, 0.3, 0.15, 0.05)])
    at(reader, "2/200")


def test_two_fingers_enlarge_what_lies_between_them(reading):
    reader = reading(page=5)
    page = reader.page.locator(".page").nth(4)
    before = page.bounding_box()
    middle = (512.0, before["y"] + 200)
    pinch(reader.page, middle, 100, 220)
    after = page.bounding_box()
    assert after["width"] == pytest.approx(before["width"] * 2.2, rel=0.05)
    # what lay between the fingers lies there still
    part = [
        (middle[axis] - box[name]) / box[size]
        for box in (before, after)
        for axis, name, size in ((0, "x", "width"), (1, "y", "height"))
    ]
    assert part[:2] == pytest.approx(part[2:], abs=0.02)
    at(reader, "5/200")


def test_a_double_tap_enlarges_and_another_goes_back(reading):
    reader = reading(page=5)
    page = reader.page.locator(".page").nth(4)
    before = page.bounding_box()
    for factor in (2, 1):
        for _ in range(2):
            reader.page.touchscreen.tap(500, before["y"] + 150)
        expect(page).to_have_js_property("offsetWidth", round(before["width"] * factor))


def test_the_tools_appear_on_a_touch_and_go_away(reading):
    reader = reading()
    act(reader, "read_wide").tap()
    tools = reader.page.locator(".page-tools")
    expect(tools).to_have_css("opacity", "1")
    expect(tools).to_have_css("opacity", "0", timeout=PATIENCE)
    reader.page.touchscreen.tap(500, 300)
    expect(tools).to_have_css("opacity", "1")
    reader.page.touchscreen.tap(500, 300)
    expect(tools).to_have_css("opacity", "0")
    reader.page.keyboard.press("Shift+Tab")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Tab")
    expect(tools).to_have_css("opacity", "1")


def test_words_are_found_with_and_without_signs(reading):
    reader = reading()
    act(reader, "find").tap()
    field = reader.page.locator(".find input")
    count = reader.page.locator(".find-count")
    field.fill("nhiem vu 150")
    expect(count).to_have_text("1/1 chỗ", timeout=PATIENCE)
    at(reader, "150/200")
    mark, page = reader.page.locator(".hit.shown").first, reader.page.locator(".page").nth(149)
    expect(mark).to_be_in_viewport()
    assert mark.bounding_box()["y"] > page.bounding_box()["y"]
    field.fill("NHIỆM VỤ 15")
    expect(count).to_have_text("2/11 chỗ", timeout=PATIENCE)  # from the page that is read on
    reader.page.keyboard.press("Enter")
    at(reader, "151/200")
    reader.page.keyboard.press("Shift+Enter")
    reader.page.keyboard.press("Shift+Enter")
    at(reader, "15/200")
    field.fill("không đâu có")
    expect(count).to_have_text("Không tìm thấy", timeout=PATIENCE)
    reader.page.keyboard.press("Escape")
    expect(reader.page.locator(".hit")).to_have_count(0)


def test_words_found_once_are_found_without_the_server(reading):
    reader = reading()
    act(reader, "find").tap()
    field, count = reader.page.locator(".find input"), reader.page.locator(".find-count")
    field.fill("nhiệm vụ 199")
    expect(count).to_have_text("1/1 chỗ", timeout=PATIENCE)
    reader.context.set_offline(True)
    field.fill("nhiem vu 42")
    expect(count).to_have_text("1/1 chỗ", timeout=PATIENCE)
    at(reader, "42/200")


def test_text_is_selected_and_copied_as_it_stands(reading):
    reader = reading(page=7)
    words = reader.page.locator(".page").nth(6).locator(".words p")
    expect(words.first).to_have_text("Nhiệm vụ 7")
    box = words.nth(1).locator("span").first.bounding_box()
    page = reader.page.locator(".page").nth(6).bounding_box()
    assert page["x"] < box["x"] < page["x"] + page["width"]
    reader.page.mouse.move(box["x"] + 1, box["y"] + box["height"] / 2)
    reader.page.mouse.down()
    last = words.nth(1).locator("span").last.bounding_box()
    reader.page.mouse.move(last["x"] + last["width"] - 1, last["y"] + last["height"] / 2, steps=5)
    reader.page.mouse.up()
    selected = reader.page.evaluate("getSelection().toString()")
    assert selected.strip() == words.nth(1).text_content().strip()


def test_contents_and_thumbnails_lead_to_a_page(reading):
    reader = reading()
    act(reader, "contents").tap()
    expect(reader.page.locator(".thumbnail img").first).to_be_visible()
    reader.page.locator(".thumbnail").nth(3).tap()
    at(reader, "4/200")
    act(reader, "outline").tap()
    reader.page.locator(".entry").nth(11).tap()
    at(reader, "12/200")
    expect(reader.page.locator(".entry[aria-current=page]")).to_contain_text("Nhiệm vụ 12")


def test_two_pages_lie_side_by_side_where_there_is_room(reading):
    reader = reading()
    reader.page.set_viewport_size(LAPTOP)
    act(reader, "view").tap()
    reader.page.locator("button[value=two]").tap()
    at(reader, "1–2/200")
    first, second = (reader.page.locator(".page").nth(number).bounding_box() for number in (0, 1))
    assert second["x"] > first["x"] + first["width"]
    assert abs(second["y"] - first["y"]) < 2
    reader.page.set_viewport_size({"width": 800, "height": 900})
    at(reader, "1/200")


def test_everything_works_by_keyboard_alone(reading):
    reader = reading()
    press = reader.page.keyboard.press
    for key, place in (("ArrowRight", 2), ("End", 200), ("ArrowLeft", 199), ("Home", 1), ("PageDown", 2)):
        press(key)
        at(reader, f"{place}/200")
    width = reader.page.locator(".page").first.bounding_box()["width"]
    press("+")
    assert reader.page.locator(".page").first.bounding_box()["width"] > width * 1.2
    press("0")
    press("f")
    expect(reader.page.locator(".reader.wide")).to_be_visible()
    press("Escape")
    expect(reader.page.locator(".reader.wide")).to_have_count(0)
    press("m")
    expect(act(reader, "thumbnails")).to_be_focused()
    press("ArrowRight")
    expect(reader.page.locator(".entry").first).to_be_visible()
    press("Escape")
    expect(reader.page.locator(".contents")).to_be_hidden()
    press("/")
    reader.page.keyboard.type("nhiem vu 9")
    press("Enter")
    at(reader, "9/200")
    press("Escape")
    press("n")
    expect(reader.page.locator(".reader[data-look=night]")).to_be_visible()


def test_where_one_read_last_one_reads_on(reading, plan: int):
    reader = reading()
    for page in (2, 3):
        act(reader, "page_next").tap()
        at(reader, f"{page}/200")
    assert reader.page.url.endswith("page=3")
    reader.go(f"/read?document={plan}")
    at(reader, "3/200")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_nothing_serious_stands_in_anybodys_way(reading, size: str, scheme: str):
    reader = reading(size, color_scheme=scheme)
    assert serious(reader.page) == []
    for opening in ("contents", "view", "read_wide"):
        act(reader, opening).tap()
        assert not reader.scrolls_sideways()
        assert reader.small_targets(".reader") == []
        assert serious(reader.page) == []
        reader.page.keyboard.press("Escape")


def test_who_signed_out_meanwhile_is_told_and_sees_nothing_more(reading, house: WebHouse):
    reader = reading()
    reader.context.clear_cookies()
    reader.page.locator(".page").first.hover()
    act(reader, "page_choose").tap()
    reader.page.locator(".chooser input").fill("90")
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator(".reader-line")).to_contain_text("Phiên đăng nhập đã kết thúc", timeout=PATIENCE)
    assert pages_with_images(reader.page) == []


def test_three_thousand_pages_weigh_no_more_than_ten(reading, house: WebHouse, plan: int):
    sha = documents.view(house.ports, house.actor("minh"), plan)[1].sha
    reader = reading()
    # The same pictures under a longer document: only the browser's part is looked at here.
    reader.page.evaluate(LONGER, [plan, sha])
    assert float(reader.page.evaluate("document.body.dataset.took")) < 1500
    go_to(reader, 2500)
    at(reader, "2500/3000")
    expect(reader.page.locator(".page").nth(2499)).to_have_class("page loaded", timeout=PATIENCE)
    assert len(pages_with_images(reader.page)) < 12


def go_to(reader: Reader, page: int) -> None:
    act(reader, "page_choose").tap()
    reader.page.locator(".chooser input").fill(str(page))
    reader.page.keyboard.press("Enter")


def pinch(page: Page, middle: tuple[float, float], start: float, end: float) -> None:
    """Two fingers, so many pixels apart at first and at last."""
    session = page.context.new_cdp_session(page)

    def fingers(apart: float) -> list[dict[str, float]]:
        return [{"x": middle[0] + side * apart / 2, "y": middle[1], "id": index} for index, side in enumerate((-1, 1))]

    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": fingers(start)})
    for step in range(1, 11):
        apart = start + (end - start) * step / 10
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": fingers(apart)})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def _ending(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text) + "$")
