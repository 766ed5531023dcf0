"""The hall's screen at the web process: a page for everybody, a cookie of its own, and what that cookie opens."""

import re
from http.cookies import SimpleCookie

import pytest

from meeting_app.domain.hall_screen import CODE_LENGTH
from meeting_app.services import hall_screen as screens
from meeting_app.settings import SCREEN_COOKIE
from tests.web.stages import Shared
from tests.web.web_house import Visitor, WebHouse


class Browser:
    """A screen's: it keeps the one cookie it is given."""

    def __init__(self, house: WebHouse, token: str = "") -> None:
        self.visitor, self.token = Visitor(house.client, house.origin), token

    def look(self, **headers: str):
        answer = self.visitor.post("/screen", headers={**self.cookie, **headers})
        jar = SimpleCookie(answer.headers.get("set-cookie", ""))
        self.token = jar[SCREEN_COOKIE].value if SCREEN_COOKIE in jar else self.token
        return answer

    def get(self, path: str):
        return self.visitor.get(path, headers=self.cookie)

    @property
    def cookie(self) -> dict[str, str]:
        return {"Cookie": f"{SCREEN_COOKIE}={self.token}"} if self.token else {}


def test_the_page_is_for_everybody_and_gives_no_cookie(house: WebHouse):
    answer = house.nobody().get("/screen")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<title>Màn hình hội trường</title>" in answer.text
    assert 'lang="vi"' in answer.text
    assert "<title>Hall screen</title>" in house.nobody().get("/screen?lang=en").text


def test_everything_the_page_names_is_there_before_anybody_signs_in(house: WebHouse):
    page = house.nobody().get("/screen").text
    named = re.findall(r'(?:href|src)="(/[^"]+)"', page)
    assert len(named) > 3
    assert {house.nobody().get(each).status_code for each in named} == {200}


@pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
def test_a_screen_gets_a_cookie_that_no_script_reads_and_a_code(house: WebHouse):
    browser = Browser(house)
    answer = browser.look()
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{SCREEN_COOKIE}=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=34560000"):
        assert part in cookie
    assert ("Secure" in cookie) == house.is_proxied
    assert len(browser.token) == 43
    assert answer.headers["cache-control"] == "no-store"
    shown = answer.json()
    assert (shown["meeting"], len(shown["code"])) == (None, CODE_LENGTH)
    assert browser.token not in answer.text
    again = browser.look().json()
    assert again["code"] == shown["code"]


def test_a_paired_screen_is_told_its_meeting_and_a_parted_one_a_code(house: WebHouse, shared: Shared):
    meeting, lan, browser = shared("running"), house.actor("lan"), Browser(house)
    screens.pair(house.ports, lan, meeting, browser.look().json()["code"])
    shown = browser.look().json()
    assert (shown["meeting"], shown["code"]) == (meeting, "")
    for each in screens.screens(house.ports, lan, meeting):
        screens.part(house.ports, lan, meeting, each.id)
    assert browser.look().json()["meeting"] is None


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null"])
def test_no_foreign_page_makes_screens(house: WebHouse, origin: str | None):
    answer = house.nobody().post("/screen", headers={"Origin": origin})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("token", ["x" * 43, "../../etc", "'; drop table hall_screen; --", "%00", "a" * 4000])
def test_a_forged_cookie_is_replaced(house: WebHouse, token: str):
    browser = Browser(house, token)
    answer = browser.look()
    assert answer.status_code == 200
    assert answer.json()["meeting"] is None
    assert browser.token != token


def test_the_screens_cookie_opens_no_other_door(house: WebHouse, shared: Shared):
    meeting, lan, browser = shared("running"), house.actor("lan"), Browser(house)
    screens.pair(house.ports, lan, meeting, browser.look().json()["code"])
    for path in (f"/annotations/of-meeting/{meeting}", "/files/1", "/pages/1/0/800.jpg", "/session", "/api/meetings"):
        assert browser.get(path).status_code in (401, 404), path
    disguised = Visitor(house.client, house.origin, browser.token)
    assert disguised.get("/session").status_code == 401


def test_the_check_in_code_is_for_screens_that_show_a_meeting(house: WebHouse, shared: Shared):
    meeting, lan, browser = shared("running"), house.actor("lan"), Browser(house)
    path = f"/check-in-code/{meeting}.svg"
    assert house.nobody().get(path).status_code == 401
    code = browser.look().json()["code"]
    assert browser.get(path).status_code == 401
    screens.pair(house.ports, lan, meeting, code)
    assert browser.get(path).status_code != 401
