"""Checking in by a phone's own camera: signing in first, back again, and one clear sentence."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

from meeting_app.domain.access import Wall
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import check_in_code as codes
from meeting_app.services import event as events
from meeting_app.settings import SCAN_COOKIE
from tests.cast import SettableClock
from tests.web.stages import Shared, running
from tests.web.web_house import PUBLIC_ORIGIN, WebHouse


def way(house: WebHouse, meeting_id: int) -> str:
    """Where the code on the wall leads now."""
    return codes.address(house.ports, meeting_id, house.ports.clock.now())


def said(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page.partition("<main>")[2])).strip()


def present(house: WebHouse, meeting_id: int) -> set[str]:
    everybody = attendees.attendees(house.ports, house.actor("lan"), meeting_id)
    return {each.name for each in everybody if each.present}


@pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
def test_a_scan_shows_a_page_that_asks_at_once_and_then_says_since_when(house: WebHouse):
    meeting_id = running(house)
    minh, path = house.visitor("minh"), way(house, meeting_id)
    shown = minh.get(path)
    assert shown.status_code == 200
    assert '<form method="post" id="check-in" >' in shown.text
    assert shown.headers["cache-control"] == "no-store"
    answer = minh.post(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/check-in/{meeting_id}")
    recorded = minh.get(answer.headers["location"])
    assert re.search(r"Đã ghi nhận có mặt tại phòng họp, \d+ giờ \d\d", said(recorded.text))
    assert "Lê Quang Minh" in recorded.text
    assert present(house, meeting_id) == {"Lê Quang Minh"}


def test_looking_changes_nothing(house: WebHouse):
    """A preview of a link, a browser that fetches ahead: nobody arrives by them."""
    meeting_id = running(house)
    path = way(house, meeting_id)
    before = events.version_of(house.ports, meeting_id)
    for visitor in (house.visitor("minh"), house.nobody()):
        for method in ("GET", "HEAD"):
            visitor.ask(method, path)
            visitor.ask(method, f"/check-in/{meeting_id}")
    assert events.version_of(house.ports, meeting_id) == before
    assert present(house, meeting_id) == set()


@pytest.mark.parametrize("mode", [{}, {"Sec-Fetch-Mode": "navigate"}])
def test_who_is_not_signed_in_signs_in_first_and_comes_back(house: WebHouse, mode: dict[str, str]):
    meeting_id = running(house)
    path, phone = way(house, meeting_id), house.nobody()
    answer = phone.get(path, headers=mode)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={quote(path, safe='')}")
    cookie = answer.headers["set-cookie"]
    for part in ("HttpOnly", "Path=/check-in/", "Max-Age=600", "SameSite=lax"):
        assert part in cookie
    assert phone.sign_in("hoa", way=path).headers["location"] == path
    assert phone.get(path).status_code == 200
    assert phone.post(path).status_code == 303
    assert present(house, meeting_id) == {"Phạm Thị Hoa"}


def test_who_typed_slowly_is_let_in_by_the_mark_of_having_scanned_in_time(house: WebHouse):
    meeting_id = running(house)
    then = house.ports.clock.now().timestamp() - 300
    secret = codes._secret(house.ports, meeting_id) or codes._make_secret(house.ports, meeting_id)
    slot = int(then) // codes.rules.SLOT_SECONDS
    path = f"/check-in/{meeting_id}/{codes.rules.token_of(secret, meeting_id, slot)}"
    hoa = house.visitor("hoa")
    late = hoa.post(path)
    assert late.status_code == 422
    assert "Đề nghị quét lại mã" in said(late.text)
    assert present(house, meeting_id) == set()
    second = f"{int(then):X}-"
    mark = second + codes.rules._mac(secret, "mark", meeting_id, slot, int(then))
    kept = {"Cookie": f"phien={hoa.token}; {SCAN_COOKIE}={mark}"}
    assert hoa.post(path, headers=kept).status_code == 303
    assert present(house, meeting_id) == {"Phạm Thị Hoa"}


def test_a_code_that_is_no_longer_good_gives_no_mark(house: WebHouse, shared: Shared):
    meeting_id = shared("running")
    for token in ("AAAA-AAAAAAAAAAAAAAAA", "x", "%00", "..%2f.."):
        answer = house.nobody().get(f"/check-in/{meeting_id}/{token}")
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("person", "token"),
    [("minh", "AAAA-AAAAAAAAAAAAAAAA"), ("minh", "x"), ("minh", "%ff%fe"), ("minh", "a" * 5000)],
)
def test_a_made_up_code_is_not_found(house: WebHouse, shared: Shared, person: str, token: str):
    answer = house.visitor(person).post(f"/check-in/{shared('running')}/{token}")
    assert answer.status_code == 404
    assert "Mã không hợp lệ" in said(answer.text)


@pytest.mark.parametrize("person", ["nam", "thu", "vinh"])
def test_who_is_not_invited_learns_nothing(house: WebHouse, person: str):
    meeting_id = running(house)
    visitor, path = house.visitor(person), way(house, meeting_id)
    nowhere = visitor.get("/check-in/999999999/1-AAAAAAAAAAAAAAAA")
    for answer in (visitor.get(path), visitor.post(path), visitor.get(f"/check-in/{meeting_id}")):
        assert (answer.status_code, said(answer.text)) == (404, said(nowhere.text))
    assert visitor.post("/check-in/99999999999999999999/1-AAAAAAAAAAAAAAAA").status_code == 404


def test_a_foreign_page_checks_nobody_in(house: WebHouse):
    meeting_id = running(house)
    minh, path = house.visitor("minh"), way(house, meeting_id)
    for headers in ({"Origin": "https://khac.example"}, {"Origin": None}, {"Sec-Fetch-Site": "cross-site"}):
        assert minh.post(path, headers=headers).status_code == 403
    assert present(house, meeting_id) == set()


def test_another_meetings_code_opens_nothing(house: WebHouse):
    one, other = running(house), running(house)
    way(house, other)
    token = way(house, one).rpartition("/")[2]
    assert house.visitor("minh").post(f"/check-in/{other}/{token}").status_code == 404
    assert present(house, other) == set()


def test_a_flood_of_made_up_codes_writes_nothing_and_keeps_nobody_out(house: WebHouse):
    meeting_id = running(house)
    minh, hoa, path = house.visitor("minh"), house.visitor("hoa"), way(house, meeting_id)
    before = events.version_of(house.ports, meeting_id)
    for number in range(200):
        assert minh.post(f"/check-in/{meeting_id}/{number:X}-AAAAAAAAAAAAAAAA").status_code == 404
    assert events.version_of(house.ports, meeting_id) == before
    assert hoa.post(way(house, meeting_id) or path).status_code == 303
    assert present(house, meeting_id) == {"Phạm Thị Hoa"}


def test_the_code_is_drawn_for_the_desk_alone(house: WebHouse, shared: Shared):
    path = f"/check-in-code/{shared('running')}.svg"
    answer = house.visitor("lan").get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "no-store"
    statuses = {name: house.visitor(name).get(path).status_code for name in ("hung", "minh", "quang", "nam", "vinh")}
    assert statuses == {"hung": 200, "minh": 403, "quang": 403, "nam": 404, "vinh": 404}
    assert house.nobody().get(path).status_code in (303, 401)
    assert house.visitor("lan").get("/check-in-code/999999999.svg").status_code == 404


@pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
def test_the_code_leads_where_phones_reach_us(house: WebHouse):
    """By the public name behind a proxy, else by the one by which the desk itself came."""
    meeting_id = running(house)
    proxied = house.origin == PUBLIC_ORIGIN
    lan, host = house.visitor("lan"), f"127.0.0.1:{house.port}"
    for asked in (host, "10.0.0.7:8501"):
        origin = PUBLIC_ORIGIN if proxied else f"http://{asked}"
        drawn = lan.get(f"/check-in-code/{meeting_id}.svg", headers={"Host": asked}).content
        wall, now = Wall(1, meeting_id, ""), house.ports.clock.now()
        half = timedelta(seconds=30)
        expected = [codes.picture(at(house.ports, now - back), wall, meeting_id, origin) for back in (half * 0, half)]
        assert drawn in expected


def at(ports: Ports, moment: datetime) -> Ports:
    return replace(ports, clock=SettableClock(moment))
