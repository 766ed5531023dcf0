"""Writing the minutes: it saves itself, and neither a cut cable, a reload nor a second window loses a word."""

import json

import pytest
from playwright.sync_api import Locator, Route, expect
from sqlmodel import select

from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.minutes import MinutesState
from meeting_app.services import minutes, minutes_section
from meeting_app.services.unit_of_work import changing
from tests.commands.house import wait_until
from tests.ui.browsing import PATIENCE, Reader
from tests.ui.cable import Cable
from tests.ui.conftest import Open
from tests.web.stages import closed, sections
from tests.web.web_house import WebHouse

SAVED_SECONDS = 20


@pytest.fixture
def meeting_id(house: WebHouse) -> int:
    return closed(house)


def writing(opened: Open, meeting_id: int, size: str = "tablet", **options) -> Reader:
    writer = opened("lan", size, **options)
    writer.go(f"/minutes?meeting={meeting_id}")
    writer.see("textarea[id^=section-]")
    return writer


def field(writer: Reader, number: int = 0) -> Locator:
    return writer.page.locator("textarea[id^=section-]").nth(number)


def state(writer: Reader, number: int = 0) -> Locator:
    return writer.page.locator("p.state").nth(number)


def shows_saved(writer: Reader, number: int = 0) -> None:
    expect(state(writer, number)).to_have_attribute("data-state", "saved", timeout=PATIENCE)


def text(house: WebHouse, meeting_id: int, number: int = 0) -> str:
    return sections(house, meeting_id)[number].text


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_it_fits_the_screen_and_the_finger(opened: Open, meeting_id: int, size: str):
    writer = writing(opened, meeting_id, size)
    assert not writer.scrolls_sideways()
    assert writer.small_targets(".editor") == []


def test_what_is_typed_is_saved_by_itself(opened: Open, house: WebHouse, meeting_id: int):
    writer = writing(opened, meeting_id)
    field(writer).fill("Chủ toạ tuyên bố khai mạc.")
    shows_saved(writer)
    expect(state(writer)).to_contain_text("Đã lưu lúc")
    assert text(house, meeting_id) == "Chủ toạ tuyên bố khai mạc."


def test_the_field_grows_with_its_text(opened: Open, meeting_id: int):
    writer = writing(opened, meeting_id)
    before = field(writer).bounding_box()
    field(writer).fill("\n".join(["Một dòng của biên bản."] * 30))
    grown = field(writer).evaluate("each => each.scrollHeight - each.clientHeight")
    after = field(writer).bounding_box()
    assert grown <= 0
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"] * 3


def test_texts_of_people_are_texts(opened: Open, house: WebHouse, meeting_id: int):
    hostile = '</textarea><img src=x onerror="document.title=1">\u202e & "quotes" {n}'
    writer = writing(opened, meeting_id)
    field(writer).fill(hostile)
    shows_saved(writer)
    writer.page.reload()
    writer.settle()
    expect(field(writer)).to_have_value(text(house, meeting_id))
    assert writer.page.locator("img[src=x]").count() == 0


def test_a_cut_cable_loses_nothing(opened: Open, house: WebHouse, meeting_id: int, cable: Cable):
    writer = writing(opened, meeting_id, address=f"http://127.0.0.1:{cable.port}")
    cable.unplug()
    field(writer).fill("Viết khi mất mạng.")
    expect(state(writer)).to_have_attribute("data-state", "kept", timeout=PATIENCE)
    assert text(house, meeting_id) == ""
    cable.plug()
    shows_saved(writer)
    assert text(house, meeting_id) == "Viết khi mất mạng."


def test_what_was_not_saved_is_there_after_a_reload(opened: Open, house: WebHouse, meeting_id: int):
    writer = writing(opened, meeting_id)
    writer.page.route("**/minutes/section/**", lambda route: route.abort())
    field(writer).fill("Chưa kịp lưu.")
    expect(state(writer)).to_have_attribute("data-state", "kept", timeout=PATIENCE)
    writer.page.unroute("**/minutes/section/**")
    # The page goes away and its last words with it: as when the tablet's battery is empty.
    writer.page.evaluate("() => { window.fetch = () => Promise.reject(new Error('gone')) }")
    writer.page.reload()
    writer.settle()
    expect(field(writer)).to_have_value("Chưa kịp lưu.", timeout=PATIENCE)
    shows_saved(writer)
    assert text(house, meeting_id) == "Chưa kịp lưu."


def lose_the_answer(route: Route) -> None:
    """What was sent arrives; that it arrived is never heard."""
    route.fetch()
    route.abort()


def test_an_answer_that_was_lost_is_no_quarrel_with_oneself(opened: Open, house: WebHouse, meeting_id: int):
    writer = writing(opened, meeting_id)
    writer.page.route("**/minutes/section/**", lose_the_answer)
    field(writer).fill("Một câu.")
    expect(state(writer)).to_have_attribute("data-state", "kept", timeout=PATIENCE)
    writer.page.unroute("**/minutes/section/**")
    field(writer).fill("Một câu. Hai câu.")
    shows_saved(writer)
    assert text(house, meeting_id) == "Một câu. Hai câu."


def test_a_reload_while_a_text_is_on_its_way_is_none_either(opened: Open, house: WebHouse, meeting_id: int):
    writer = writing(opened, meeting_id)
    writer.page.route("**/minutes/section/**", lose_the_answer)
    field(writer).fill("Một câu.")
    expect(state(writer)).to_have_attribute("data-state", "kept", timeout=PATIENCE)
    writer.page.unroute("**/minutes/section/**")
    writer.page.evaluate("() => { window.fetch = () => Promise.reject(new Error('gone')) }")
    field(writer).fill("Một câu. Hai câu.")
    writer.page.reload()
    writer.settle()
    expect(field(writer)).to_have_value("Một câu. Hai câu.", timeout=PATIENCE)
    shows_saved(writer)
    assert text(house, meeting_id) == "Một câu. Hai câu."


def finish(writer: Reader) -> None:
    writer.page.get_by_role("button", name="Hoàn thành và trình ký").tap()


def paper_is_written(house: WebHouse, meeting_id: int) -> bool:
    view = minutes.view(house.ports, house.actor("lan"), meeting_id)
    return view is not None and view.state is not MinutesState.DRAFT


def test_finishing_waits_for_the_last_words_and_leads_to_the_signature(opened: Open, house: WebHouse, meeting_id: int):
    writer = writing(opened, meeting_id)
    under_way: list[Route] = []
    writer.page.route("**/minutes/section/**", lambda route: under_way.append(route))  # noqa: PLW0108 — playwright marks it
    field(writer).fill("Những chữ cuối cùng.")
    with writer.page.expect_request("**/minutes/section/**"):
        finish(writer)
    expect(state(writer)).to_have_attribute("data-state", "saving")
    assert not paper_is_written(house, meeting_id)
    (last_words,) = under_way
    last_words.continue_()
    writer.page.wait_for_url(f"**/sign?paper=minutes&meeting={meeting_id}", timeout=PATIENCE)
    writer.settle()
    assert paper_is_written(house, meeting_id)
    assert text(house, meeting_id) == "Những chữ cuối cùng."


def test_nothing_is_submitted_while_a_word_is_not_saved(opened: Open, house: WebHouse, meeting_id: int, cable: Cable):
    writer = writing(opened, meeting_id, address=f"http://127.0.0.1:{cable.port}")
    cable.unplug()
    field(writer).fill("Viết khi mất mạng.")
    finish(writer)
    writer.sees_text("Chưa trình ký: còn nội dung ở trên chưa lưu được.")
    cable.plug()
    shows_saved(writer)
    writer.settle()
    assert not paper_is_written(house, meeting_id)
    finish(writer)
    writer.page.wait_for_url(f"**/sign?paper=minutes&meeting={meeting_id}", timeout=PATIENCE)


def test_who_needs_a_key_is_said_before_anything_is_submitted(opened: Open, house: WebHouse, meeting_id: int):
    with changing(house.ports, None) as work:
        query = select(Attendee).where(Attendee.meeting_id == meeting_id, Attendee.role == Role.CHAIR)
        work.session.exec(query).one().account_id = house.actor("thu").account_id  # who has none
    writer = writing(opened, meeting_id)
    finish(writer)
    writer.sees_text("Hoàng Thị Thu")
    assert not paper_is_written(house, meeting_id)


def test_leaving_at_once_still_saves(opened: Open, house: WebHouse, meeting_id: int):
    writer = writing(opened, meeting_id)
    field(writer).fill("Viết rồi đi ngay.")
    writer.page.goto("about:blank")
    wait_until(lambda: text(house, meeting_id) == "Viết rồi đi ngay.", house.process, SAVED_SECONDS)


@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ("Giữ bản của tôi", "Bản của tôi."),
        ("Lấy bản kia", "Bản của cửa sổ kia."),
        ("Ghép cả hai", "Bản của cửa sổ kia.\n\nBản của tôi."),
    ],
)
def test_two_windows_lose_neither_text(opened: Open, house: WebHouse, meeting_id: int, button: str, kept: str):
    writer = writing(opened, meeting_id)
    section = sections(house, meeting_id)[0]
    minutes_section.save(
        house.ports, house.actor("hung"), section.id, base_revision=section.revision, text="Bản của cửa sổ kia."
    )
    field(writer).fill("Bản của tôi.")
    writer.sees_text("Bản của cửa sổ kia.")
    writer.page.get_by_role("button", name=button).tap()
    expect(field(writer)).to_have_value(kept)
    shows_saved(writer)
    assert text(house, meeting_id) == kept


def test_a_run_of_the_page_does_not_touch_what_is_being_typed(opened: Open, house: WebHouse, meeting_id: int):
    writer = writing(opened, meeting_id)
    second = writer.second_window()
    second.go(f"/minutes?meeting={meeting_id}")
    field(second, 1).fill("Từ cửa sổ thứ hai.")
    shows_saved(second, 1)
    writer.page.route("**/minutes/section/**", lambda route: route.abort())
    field(writer).fill("Đang viết dở")
    writer.page.get_by_label("Nội dung kết luận").fill("Một kết luận.")
    writer.page.get_by_label("Nội dung kết luận").press("Control+Enter")
    writer.settle()
    expect(field(writer)).to_have_value("Đang viết dở")


def test_nothing_is_kept_on_the_device_once_it_is_saved(opened: Open, meeting_id: int):
    writer = writing(opened, meeting_id)
    field(writer).fill("Đã lưu rồi thì không giữ lại.")
    shows_saved(writer)
    assert "giữ lại" not in json.dumps(writer.page.evaluate("({...localStorage})"), ensure_ascii=False)
