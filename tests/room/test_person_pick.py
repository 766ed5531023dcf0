"""Whom a question is for, among two hundred people: a few letters, then a touch."""

import pytest
from playwright.sync_api import Page, expect

from tests.room.screens import PHONE
from tests.room.test_desk import fit

# What the tablet draws does not depend on where the rows are.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)


def asking(page: Page):
    page.locator(".bar-floor").tap()
    form = page.locator(".floor-form")
    form.locator("[data-kind=question]").tap()
    return form


def test_a_few_letters_find_the_addressee_on_a_phone(screen, crowded, lan, minh):
    phone, desk = screen(minh, PHONE), screen(lan)
    form = asking(phone)
    form.locator("[name=addressee]").tap()
    options = form.get_by_role("option")
    expect(options).to_have_count(30)  # as many as one looks through
    expect(form.locator(".pick .quiet:visible")).to_contain_text("người nữa: hãy gõ vài chữ")
    form.locator("[name=addressee]").press_sequentially("oanh")
    expect(options).to_have_count(1)
    form.locator("[name=addressee]").fill("thuong truc kinh te")  # by the post, without its accents
    expect(options).to_have_count(1)
    fit(phone, PHONE)
    options.tap()
    expect(form.locator(".pick-said:visible")).to_contain_text("Công Tằng Tôn Nữ Thị Hoàng Oanh")
    expect(form.locator("[name=addressee]")).to_be_hidden()
    fit(phone, PHONE)
    form.locator("[data-act=floor_ask]").tap()
    expect(desk.locator(".floor-panel .floor-row")).to_contain_text("Chất vấn Công Tằng Tôn Nữ Thị Hoàng Oanh")


def test_the_keyboard_alone_chooses_and_changes_its_mind(screen, running_meeting, minh):
    tablet = screen(minh)
    form = asking(tablet)
    search = form.get_by_role("combobox", name="Chất vấn ai")
    search.focus()
    tablet.keyboard.type("tr")
    tablet.keyboard.press("ArrowDown")
    tablet.keyboard.press("ArrowUp")
    tablet.keyboard.press("Enter")
    said = form.locator(".pick-said:visible .person-name")
    expect(said).to_be_visible()
    first = said.inner_text()
    tablet.keyboard.press("Enter")  # the focus stands on the way back
    expect(search).to_be_focused()
    tablet.keyboard.press("Escape")
    expect(said).to_have_text(first)
    expect(tablet.locator(".sheet[open]")).to_be_visible()


def test_a_question_without_an_addressee_is_not_sent(screen, running_meeting, minh, lan):
    tablet, desk = screen(minh), screen(lan)
    form = asking(tablet)
    form.locator("[name=addressee]").fill("không có ai tên này")
    expect(form.locator(".pick .quiet:visible")).to_have_text("Không có ai phù hợp.")
    form.locator("[data-act=floor_ask]").tap()
    form.locator("[data-kind=speech]").tap()
    form.locator("[data-act=floor_ask]").tap()
    expect(desk.locator(".floor-panel .floor-row")).to_have_count(1)
    expect(desk.locator(".floor-panel .floor-row")).not_to_contain_text("Chất vấn")


def test_the_desk_asks_for_somebody_else(screen, running_meeting, lan, hoa):
    desk = screen(lan)
    desk.locator(".bar-floor").tap()
    form = desk.locator(".floor-form")
    expect(form.locator(".pick-said:visible")).to_have_text("Tôi")
    form.locator("[data-act=pick-who-change]").tap()
    form.get_by_role("option", name="Phạm Thị Hoa").tap()
    form.locator("[data-act=floor_ask]").tap()
    expect(desk.locator(".sheet[open] .floor-list:not(.floor-done) .floor-name")).to_have_text(["Phạm Thị Hoa"])
    expect(form.locator(".pick-said:visible")).to_have_text("Tôi")
