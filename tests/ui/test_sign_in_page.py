"""The sign-in page: quick to understand, kind to mistakes, and working without any script."""

import pytest
from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.ui.conftest import Open


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_it_fits_the_screen_and_the_finger(opened: Open, size: str):
    nobody = opened(size=size)
    nobody.page.goto(f"{nobody.address}/sign-in")
    assert not nobody.scrolls_sideways()
    assert nobody.small_targets("body") == []
    expect(nobody.page.locator("#username")).to_be_focused()


def test_a_wrong_password_keeps_the_name_and_asks_only_for_the_rest(opened: Open):
    nobody = opened()
    nobody.page.goto(f"{nobody.address}/sign-in")
    nobody.page.fill("#username", "hoa")
    nobody.page.fill("#password", "không phải mật khẩu")
    nobody.page.keyboard.press("Enter")
    expect(nobody.page.get_by_role("alert")).to_have_text("Tên đăng nhập hoặc mật khẩu chưa đúng.")
    expect(nobody.page.locator("#username")).to_have_value("hoa")
    expect(nobody.page.locator("#password")).to_have_value("")
    expect(nobody.page.locator("#password")).to_be_focused()


def test_a_password_can_be_looked_at_and_is_hidden_again_when_sent(opened: Open):
    nobody = opened()
    nobody.page.goto(f"{nobody.address}/sign-in")
    password = nobody.page.locator("#password")
    password.fill(PASSWORD)
    nobody.page.get_by_label("Hiện mật khẩu").tap()
    expect(password).to_have_attribute("type", "text")
    nobody.page.fill("#username", "minh")
    nobody.page.get_by_role("button", name="Đăng nhập").tap()
    nobody.page.wait_for_url(f"{nobody.address}/")
    nobody.settle()


def test_it_works_without_scripts(opened: Open):
    nobody = opened(java_script_enabled=False)
    nobody.page.goto(f"{nobody.address}/meeting?meeting=7")
    assert nobody.page.url == f"{nobody.address}/sign-in?next=%2Fmeeting%3Fmeeting%3D7"
    nobody.page.fill("#username", "minh")
    nobody.page.fill("#password", PASSWORD)
    nobody.page.locator("button").tap()
    nobody.page.wait_for_url(f"{nobody.address}/meeting?meeting=7")


def test_it_speaks_english_when_asked_to(opened: Open):
    nobody = opened()
    nobody.page.goto(f"{nobody.address}/sign-in?next=%2Fbook")
    nobody.page.get_by_role("link", name="English").tap()
    expect(nobody.page.get_by_role("heading")).to_have_text("Sign in")
    expect(nobody.page.locator("input[name=next]")).to_have_value("/book")
    expect(nobody.page.locator("html")).to_have_attribute("lang", "en")


def test_whoever_is_signed_in_goes_on(opened: Open):
    lan = opened("lan")
    lan.page.goto(f"{lan.address}/sign-in?next=%2Fverify")
    assert lan.page.url == f"{lan.address}/verify"
