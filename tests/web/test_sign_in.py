"""Signing in without any script, and every way a sign-in ends."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from sqlmodel import select

from meeting_app.domain.account import (
    GUESSES_PER_ACCOUNT_AND_ADDRESS,
    Account,
    PasswordTooShort,
    PresentPasswordWrong,
    SignIn,
    TooManyGuesses,
    WrongPassword,
)
from meeting_app.settings import COOKIE
from tests.cast import PASSWORD
from tests.keys import PIN
from tests.web.stages import STROKES, before_the_leader
from tests.web.web_house import WebHouse

BOTH = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
NEW_PASSWORD = "một mật khẩu khác hẳn"

EVIL = (
    "//evil.example",
    "///evil.example",
    "http://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "\\\\evil.example",
    "/\\evil.example",
    "/a\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/x\r\nSet-Cookie: phien=mine",
    "/x%0d%0aSet-Cookie: phien=mine\r\n",
    "evil.example",
    "@evil.example",
    " /room",
    "/sign-in?next=/sign-in",
    "/" + "a" * 5000,
    "",
)
LOCAL = ("/", "/room?meeting=3", "/meeting?meeting=3&tab=documents", "/read?document=1#trang=2")


def test_the_page_needs_no_script(house: WebHouse):
    page = house.nobody().get("/sign-in")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<form method="post" action="/sign-in"' in page.text
    assert re.findall(r'<input id="\w+" name="(\w+)"', page.text) == ["username", "password"]
    assert not re.search(r"<script(?! type=\"module\" src=\"/ui/)|\son\w+=", page.text)
    assert page.headers["cache-control"] == "no-store"


@BOTH
def test_who_signs_in_goes_where_he_wanted_with_a_cookie_no_script_can_read(house: WebHouse):
    answer = house.nobody().sign_in(house.newcomer(), way="/room?meeting=3")
    assert (answer.status_code, answer.headers["location"]) == (303, "/room?meeting=3")
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.startswith(f"{COOKIE}=")
    expected = {"httponly", "samesite=lax", "path=/", "max-age=43200"}
    assert {each.lower() for each in attributes} == expected | ({"secure"} if house.is_proxied else set())
    assert len(answer.cookies[COOKIE]) >= 43  # 256 bits


@BOTH
def test_a_wrong_password_keeps_the_user_name_and_opens_nothing(house: WebHouse):
    username = house.newcomer()
    answer = house.nobody().sign_in(username, "không phải mật khẩu", way="/room?meeting=3")
    assert answer.status_code == 403
    assert str(WrongPassword()) in answer.text
    assert f'name="username" value="{username}"' in answer.text
    assert 'name="next" value="/room?meeting=3"' in answer.text
    assert "không phải mật khẩu" not in answer.text
    assert "set-cookie" not in answer.headers
    assert house.sessions(username) == []


def test_a_user_name_is_never_markup(house: WebHouse):
    answer = house.nobody().sign_in('"><script>alert(1)</script>${password}', "sai")
    assert "<script>alert" not in answer.text
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;${password}" in answer.text


@pytest.mark.parametrize("fields", [{}, {"username": "lan"}, {"password": PASSWORD}, {"username": ["lan"] * 40}])
def test_a_form_with_missing_fields_opens_nothing(house: WebHouse, fields: dict[str, str]):
    fields = {**fields, "username": f"x{fields.get('username', '')}"[:50]}  # nobody of the cast is throttled by this
    answer = house.nobody().post("/sign-in", data=fields)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_form_that_is_no_form_is_refused(house: WebHouse):
    assert house.nobody().post("/sign-in", content=b"\xff\xfe").status_code == 400
    assert house.nobody().post("/sign-in", content=b"&".join([b"a=1"] * 100)).status_code == 400
    assert house.nobody().post("/sign-in", content=b"username=" + b"x" * 30_000).status_code == 413


@BOTH
def test_a_guesser_is_told_to_wait_even_with_the_right_password(house: WebHouse):
    username = house.newcomer()
    for _ in range(GUESSES_PER_ACCOUNT_AND_ADDRESS):
        assert house.nobody().sign_in(username, "sai mật khẩu").status_code == 403
    answer = house.nobody().sign_in(username)
    assert answer.status_code == 429
    assert str(TooManyGuesses(minutes=15)) in answer.text
    assert f'value="{username}"' in answer.text
    assert house.sessions(username) == []


@BOTH
def test_each_sign_in_has_a_token_of_its_own_and_ends_the_one_before(house: WebHouse):
    username, visitor = house.newcomer(), house.nobody()
    visitor.sign_in(username)
    first = visitor.token
    visitor.sign_in(username)
    assert visitor.token != first
    assert visitor.get("/session").status_code == 204
    visitor.token = first
    assert visitor.get("/session").status_code == 401
    assert [row.ended_at is None for row in house.sessions(username)] == [False, True]


def test_a_token_given_from_outside_is_never_taken_over(house: WebHouse):
    username, visitor = house.newcomer(), house.nobody()
    visitor.token = "planted-by-somebody-else"
    visitor.sign_in(username)
    assert visitor.token != "planted-by-somebody-else"
    visitor.token = "planted-by-somebody-else"
    assert visitor.get("/session").status_code == 401


def test_only_a_hash_of_the_token_is_kept(house: WebHouse):
    username, visitor = house.newcomer(), house.nobody()
    visitor.sign_in(username)
    assert all(visitor.token not in str(row.model_dump()) for row in house.sessions(username))


def test_two_browsers_of_one_person_are_independent(house: WebHouse):
    username, desk, tablet = house.newcomer(), house.nobody(), house.nobody()
    desk.sign_in(username)
    tablet.sign_in(username)
    desk.post("/sign-out")
    assert desk.get("/session").status_code == 401
    assert tablet.get("/session").status_code == 204


@BOTH
def test_signing_out_ends_the_session_and_the_cookie(house: WebHouse):
    username, visitor = house.newcomer(), house.nobody()
    visitor.sign_in(username)
    answer = visitor.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?out")
    assert f'{COOKIE}=""' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert visitor.get("/session").status_code == 401
    assert visitor.get("/").headers["location"] == "/sign-in?next=%2F"


@BOTH
def test_changing_the_password_ends_every_session(house: WebHouse):
    username, desk, tablet = house.newcomer(), house.nobody(), house.nobody()
    desk.sign_in(username)
    tablet.sign_in(username)
    answer = desk.post("/password", json={"old": PASSWORD, "new": NEW_PASSWORD})
    assert answer.json() == {"go": "/sign-in?changed"}
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert [each.get("/session").status_code for each in (desk, tablet)] == [401, 401]
    assert house.nobody().sign_in(username, PASSWORD).status_code == 403
    assert house.nobody().sign_in(username, NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        ({"old": "sai mật khẩu", "new": NEW_PASSWORD}, 403, str(PresentPasswordWrong())),
        ({"old": PASSWORD, "new": "ngắn"}, 422, str(PasswordTooShort(length=10))),
        ({"old": PASSWORD, "new": 12345678901}, 400, "Không đọc được"),
        ({"old": ["x"], "new": NEW_PASSWORD}, 400, "Không đọc được"),
        ([PASSWORD, NEW_PASSWORD], 400, "Không đọc được"),
    ],
)
def test_a_refused_change_of_password_leaves_the_session_open(
    house: WebHouse, content: object, status: int, sentence: str
):
    username, visitor = house.newcomer(), house.nobody()
    visitor.sign_in(username)
    answer = visitor.post("/password", json=content)
    assert answer.status_code == status
    assert sentence in answer.json()["sentence"]
    assert visitor.get("/session").status_code == 204
    assert house.nobody().sign_in(username).status_code == 303


@BOTH
def test_a_session_ends_by_itself(house: WebHouse):
    username, visitor = house.newcomer(), house.nobody()
    visitor.sign_in(username)
    with house.ports.database.writing() as session:
        row = session.get_one(SignIn, house.sessions(username)[0].id)
        row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    assert visitor.get("/session").status_code == 401
    assert visitor.get("/").status_code == 303
    assert visitor.post("/verify", content=b"%PDF-").status_code == 401


@BOTH
def test_a_locked_account_is_out_at_once_and_does_not_come_in(house: WebHouse):
    username, visitor = house.newcomer(), house.nobody()
    visitor.sign_in(username)
    with house.ports.database.writing() as session:
        session.exec(select(Account).where(Account.username == username)).one().locked_at = datetime.now(UTC)
    assert visitor.get("/session").status_code == 401
    answer = house.nobody().sign_in(username)
    assert answer.status_code == 403
    assert str(WrongPassword()) in answer.text  # nobody learns that the account exists


@pytest.mark.parametrize("way", EVIL)
def test_signing_in_never_leads_to_another_site(house: WebHouse, way: str):
    assert house.nobody().sign_in("nam", way=way).headers["location"] == "/"
    assert house.visitor("minh").get(f"/sign-in?next={quote(way, safe='')}").headers["location"] == "/"
    assert 'name="next" value="/"' in house.nobody().get(f"/sign-in?next={quote(way, safe='')}").text


@pytest.mark.parametrize("way", LOCAL)
def test_signing_in_leads_back_to_the_page_that_was_asked_for(house: WebHouse, way: str):
    assert house.nobody().sign_in("nam", way=way).headers["location"] == way
    asked = house.nobody().get(way.partition("#")[0])
    assert asked.headers["location"] == f"/sign-in?next={quote(way.partition('#')[0], safe='')}"


def test_the_page_speaks_english_to_whoever_asks(house: WebHouse):
    page = house.nobody().get("/sign-in?lang=en&next=/room")
    assert '<html lang="en"' in page.text
    assert "User name" in page.text
    assert '<html lang="vi"' in house.nobody().get("/sign-in?lang=klingon").text


def test_the_log_tells_no_secret(house: WebHouse):
    username, visitor = house.newcomer(), house.nobody()
    visitor.sign_in(username, "một mật khẩu gõ nhầm")
    visitor.sign_in(username)
    visitor.get("/nowhere/at/all")
    signer = house.visitor("hung")
    meeting_id = before_the_leader(house)
    for pin, status in (("975318", 422), (PIN, 200)):
        answer = signer.post(f"/sign/invitation/{meeting_id}", json={"pin": pin, "strokes": STROKES})
        assert answer.status_code == status
    signer.post(f"/sign/invitation/{meeting_id}", content=f'{{"pin": "{PIN}", "strokes": '.encode())
    visitor.post("/password", json={"old": PASSWORD, "new": NEW_PASSWORD})
    logged = house.logged()
    for secret in (PASSWORD, NEW_PASSWORD, "một mật khẩu gõ nhầm", PIN, "975318", visitor.token, signer.token):
        assert secret not in logged
