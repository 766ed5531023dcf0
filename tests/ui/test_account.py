"""The own account: password, language, signing out."""

from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.ui.conftest import Open
from tests.web.web_house import WebHouse

NEW = "mật khẩu hoàn toàn mới"


def fill(page, old: str, fresh: str, again: str) -> None:
    page.locator("#old").fill(old)
    page.locator("#fresh").fill(fresh)
    page.locator("#again").fill(again)
    page.get_by_role("button", name="Đổi mật khẩu").tap()


def test_a_new_password_is_asked_for_twice_and_ends_every_session(opened: Open, house: WebHouse):
    username = house.newcomer()
    visitor = house.nobody()
    visitor.sign_in(username)
    house.signed_in[username] = visitor.token
    person = opened(username)
    person.go("/account")
    fill(person.page, PASSWORD, NEW, "một mật khẩu khác")
    person.sees_text("Hai lần nhập mật khẩu mới không giống nhau")
    fill(person.page, "không đúng", NEW, NEW)
    person.sees_text("Mật khẩu hiện tại chưa đúng")
    assert visitor.get("/session").status_code == 204
    fill(person.page, PASSWORD, NEW, NEW)
    person.page.wait_for_url(f"{person.address}/sign-in?changed")
    expect(person.page.get_by_role("status")).to_contain_text("Đã đổi mật khẩu")
    assert visitor.get("/session").status_code == 401


def test_the_chosen_language_is_spoken_at_once(opened: Open, house: WebHouse):
    username = house.newcomer()
    visitor = house.nobody()
    visitor.sign_in(username)
    house.signed_in[username] = visitor.token
    person = opened(username)
    person.go("/account")
    person.page.get_by_role("button", name="English").tap()
    person.sees_text("Change the password")
    expect(person.page.locator("html")).to_have_attribute("lang", "en")
    person.page.get_by_role("button", name="Tiếng Việt").tap()
    person.sees_text("Đổi mật khẩu")


def test_signing_out_leads_to_the_sign_in_page_and_back_is_closed(opened: Open, house: WebHouse):
    visitor = house.nobody()
    visitor.sign_in("hoa")
    house.signed_in["hoa once"] = visitor.token
    person = opened("hoa once")
    person.go("/account")
    person.page.get_by_role("button", name="Đăng xuất").tap()
    person.page.wait_for_url(f"{person.address}/sign-in?out")
    person.page.goto(f"{person.address}/account")
    assert person.page.url == f"{person.address}/sign-in?next=%2Faccount"
