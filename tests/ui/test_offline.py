"""Papers taken along: loaded ahead, read without a network or a server, gone at once when they are withdrawn."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from meeting_app.services import document as documents
from meeting_app.settings import COOKIE
from tests.commands.house import wait_until
from tests.ui.browsing import PATIENCE, Reader
from tests.ui.cable import Cable
from tests.ui.conftest import Open
from tests.web.stages import running
from tests.web.web_house import WebHouse

LONG = Path(__file__).parents[1] / "documents" / "ke-hoach-libreoffice-200-trang.pdf"
SHORT = Path(__file__).parents[1] / "documents" / "bao-cao-chromium.pdf"
KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith('papers-'));
  const caches_ = await Promise.all(names.map((name) => caches.open(name)));
  const keys = await Promise.all(caches_.map((cache) => cache.keys()));
  return keys.flat().map((request) => new URL(request.url).pathname);
}"""
CACHED = (
    "async (address) => (await fetch(address, { cache: 'only-if-cached', mode: 'same-origin' }).catch(() => ({}))).ok"
)
CONTROLLED = "async () => { await navigator.serviceWorker.ready; return true; }"


@pytest.fixture
def meeting_id(house: WebHouse) -> int:
    """Running, with a plan of 200 pages and a short report, both prepared."""
    from meeting_app.worker.loop import work_once

    meeting_id = running(house)
    for document in documents.documents(house.ports, house.actor("lan"), meeting_id):
        documents.remove(house.ports, house.actor("lan"), document.id)
    for path, title in ((LONG, "Kế hoạch"), (SHORT, "Báo cáo")):
        documents.upload(house.ports, house.actor("lan"), meeting_id, path, file_name=path.name, title=title)
    while work_once(house.ports):
        pass
    return meeting_id


@pytest.fixture
def papers(house: WebHouse, meeting_id: int) -> dict[str, int]:
    kept = documents.documents(house.ports, house.actor("lan"), meeting_id)
    return {each.title: each.id for each in kept}


@pytest.fixture
def reading(opened: Open, cable: Cable, papers: dict[str, int]) -> Callable[..., Reader]:
    """Minh reads the plan through the cable."""

    def read(**options) -> Reader:
        reader = opened("minh", address=f"http://127.0.0.1:{cable.port}", **options)
        reader.go(f"/read?document={papers['Kế hoạch']}")
        reader.see(".page.loaded img")
        return reader

    return read


def act(reader: Reader, name: str) -> Locator:
    return reader.page.locator(f"[data-act={name}]")


def take_along(reader: Reader) -> None:
    act(reader, "view").tap()
    act(reader, "keep").tap()
    expect(reader.page.locator(".keep-said")).to_contain_text("2 tài liệu đã có trên tablet", timeout=PATIENCE)
    reader.page.keyboard.press("Escape")
    assert reader.page.evaluate(CONTROLLED)


def go_to(reader: Reader, page: int) -> None:
    act(reader, "page_choose").tap()
    reader.page.locator(".chooser input").fill(str(page))
    reader.page.keyboard.press("Enter")


def test_what_was_loaded_is_read_without_the_server(reading, cable: Cable):
    reader = reading()
    take_along(reader)
    cable.unplug()
    go_to(reader, 150)
    expect(reader.page.locator(".page").nth(149)).to_have_class("page loaded", timeout=PATIENCE)
    act(reader, "find").tap()
    reader.page.locator(".find input").fill("nhiem vu 77")
    expect(reader.page.locator(".find-count")).to_have_text("1/1 chỗ", timeout=PATIENCE)
    expect(reader.page.locator(".page").nth(76)).to_have_class("page loaded", timeout=PATIENCE)
    expect(reader.page.locator(".reader-line")).to_have_text("Ngoại tuyến – đọc được tài liệu đã tải", timeout=PATIENCE)
    cable.plug()
    expect(reader.page.locator(".reader-line")).to_be_hidden(timeout=PATIENCE)


def test_what_was_not_loaded_says_so(reading, cable: Cable):
    reader = reading()
    expect(reader.page.locator(".page").nth(1)).to_have_class("page loaded", timeout=PATIENCE)
    cable.unplug()
    go_to(reader, 150)
    expect(reader.page.locator(".reader-line")).to_contain_text("chỉ đọc được các trang đã mở", timeout=PATIENCE)
    cable.plug()
    expect(reader.page.locator(".page").nth(149)).to_have_class("page loaded", timeout=PATIENCE)
    expect(reader.page.locator(".reader-line")).to_be_hidden(timeout=PATIENCE)


def test_papers_survive_a_reload_without_the_server(reading, cable: Cable, papers: dict[str, int]):
    reader = reading()
    take_along(reader)
    cable.unplug()
    reader.page.goto(f"{reader.address}/read?document={papers['Kế hoạch']}&page=120")
    expect(reader.page.locator(".truth")).to_have_text("Ngoại tuyến – đọc được tài liệu đã tải", timeout=PATIENCE)
    expect(act(reader, "page_choose")).to_have_text("120/200")
    expect(reader.page.locator(".page").nth(119)).to_have_class("page loaded", timeout=PATIENCE)
    assert not reader.scrolls_sideways()
    reader.page.locator(".to-list").tap()
    reader.page.get_by_role("button", name="Báo cáo").tap()
    expect(reader.page.locator(".page").first).to_have_class("page loaded", timeout=PATIENCE)
    found = Axe().run(reader.page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    cable.plug()
    expect(reader.page.locator(".truth")).to_have_text("Đã có mạng trở lại", timeout=PATIENCE)
    reader.page.get_by_role("button", name="Mở lại ứng dụng").tap()
    reader.settle()


def test_loading_is_stopped_and_gone_on_with(reading):
    reader = reading()
    act(reader, "view").tap()
    reader.page.route("**/pages/**/*.jpg", lambda _route: None)  # a network that does not answer
    act(reader, "keep").tap()
    expect(act(reader, "keep")).to_have_text("Dừng tải")
    act(reader, "keep").tap()
    expect(reader.page.locator(".keep-said")).to_have_text(
        "Đã dừng. Phần đã tải được giữ trên tablet.", timeout=PATIENCE
    )
    reader.page.unroute_all()
    act(reader, "keep").tap()
    expect(reader.page.locator(".keep-said")).to_contain_text("2 tài liệu", timeout=PATIENCE)
    act(reader, "keep").tap()
    expect(reader.page.locator(".keep-said")).to_have_text("Đã xoá tài liệu khỏi tablet này.")
    assert [each for each in reader.page.evaluate(KEPT) if "/pages/" in each] == []


def test_a_withdrawn_document_vanishes_with_its_cached_pages(reading, house: WebHouse, papers: dict[str, int]):
    reader = reading()
    take_along(reader)
    plan = papers["Kế hoạch"]
    address = reader.page.locator(".page img").first.get_attribute("src")
    first = next(each for each in reader.page.evaluate(KEPT) if each.startswith(f"/pages/{plan}/"))
    assert address
    documents.remove(house.ports, house.actor("lan"), plan)
    act(reader, "zoom_in").tap()
    act(reader, "zoom_in").tap()
    go_to(reader, 180)
    reader.page.reload()
    reader.sees_text("Nội dung này không tồn tại hoặc chưa được mở cho bạn.")
    reader.go(f"/read?document={papers['Báo cáo']}")  # whatever is opened next, the store asks again
    reader.see(".page.loaded img")
    _until(lambda: not [each for each in reader.page.evaluate(KEPT) if each.startswith(f"/pages/{plan}/")])
    _until(lambda: not reader.page.evaluate(CACHED, first))


def test_signing_out_takes_everything_along(reading, house: WebHouse, cable: Cable):
    reader = reading()
    session = house.nobody()  # of this test's own: the others go on with theirs
    session.sign_in("minh")
    become(reader, session.token)
    take_along(reader)
    assert len(reader.page.evaluate(KEPT)) > 600
    reader.go("/account")
    reader.page.get_by_role("button", name="Đăng xuất").tap()
    reader.page.wait_for_url("**/sign-in**")
    _until(lambda: reader.page.evaluate(KEPT) == [])
    cable.unplug()
    reader.page.goto(f"{reader.address}/read")
    expect(reader.page.get_by_text("Trên tablet này chưa có tài liệu nào")).to_be_visible(timeout=PATIENCE)


def test_another_account_finds_nothing_of_the_last(reading, house: WebHouse, papers: dict[str, int]):
    reader = reading()
    take_along(reader)
    become(reader, house.visitor("hoa").token)
    reader.go(f"/read?document={papers['Báo cáo']}")
    reader.see(".page.loaded img")
    _until(lambda: reader.page.evaluate(KEPT) == [])


def become(reader: Reader, token: str) -> None:
    """Another cookie from here on."""
    reader.context.add_cookies([{"name": COOKIE, "value": token, "url": reader.address, "httpOnly": True}])


def _until(true: Callable[[], bool]) -> None:
    wait_until(true, None, 30)
