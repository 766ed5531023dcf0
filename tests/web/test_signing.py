"""Signing and sealing over HTTP: once, by the right person, with a PIN that nobody guesses or sees again."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import httpx
import pytest
from pypdf import PdfReader
from sqlmodel import select

from meeting_app.domain.credential import PIN_TRIES, Credential, PinLocked
from meeting_app.domain.meeting import MeetingState
from meeting_app.domain.signature import WrongPin
from meeting_app.errors import NotAllowed
from meeting_app.pdf.stamp import LONGEST_STROKES, StrokeMalformed, StrokeMissing
from meeting_app.services import meeting as meetings
from tests.keys import PIN
from tests.web.stages import STROKES, before_the_clerk, before_the_leader, before_the_secretary, forget_wrong_pins
from tests.web.web_house import Visitor, WebHouse

BOTH = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
WRONG = "975318"
SIGNED = {"pin": PIN, "strokes": STROKES}


@pytest.fixture(autouse=True)
def fresh_pins(house: WebHouse):
    forget_wrong_pins(house)
    yield
    forget_wrong_pins(house)


@pytest.fixture
def waiting(house: WebHouse) -> int:
    """A meeting whose invitation waits for Hùng's signature."""
    return before_the_leader(house)


@pytest.fixture
def hung(house: WebHouse) -> Visitor:
    return house.visitor("hung")


def signature_fields(visitor: Visitor, path: str) -> list[str]:
    """Names of the fields that are signed in the newest file."""
    reader = PdfReader(BytesIO(visitor.get(path).content))
    fields = reader.get_fields() or {}
    return [name for name, field in fields.items() if field.get("/FT") == "/Sig" and "/V" in field]


def wrong_pins(house: WebHouse, name: str) -> int:
    with house.ports.database.reading() as session:
        query = select(Credential).where(Credential.account_id == house.actor(name).account_id)
        return session.exec(query).one().wrong_pins


@BOTH
def test_an_invitation_goes_from_the_leader_to_the_clerk_to_everybody(house: WebHouse, waiting: int, hung: Visitor):
    signed = hung.post(f"/sign/invitation/{waiting}", json=SIGNED)
    assert signed.status_code == 200
    assert signature_fields(hung, f"/files/invitation/{waiting}") == ["Leader"]
    assert house.visitor("minh").get(f"/files/invitation/{waiting}").status_code == 404
    sealed = house.visitor("thu").post(f"/seal/invitation/{waiting}", json={"pin": PIN})
    assert sealed.status_code == 200
    assert sealed.json()["verdict"] == "valid"
    assert signature_fields(house.visitor("minh"), f"/files/invitation/{waiting}") == ["Leader", "AgencySeal"]
    assert meetings.view(house.ports, house.actor("minh"), waiting).state is MeetingState.CONVENED


@BOTH
def test_minutes_go_from_the_secretary_to_the_chair_to_the_clerk(house: WebHouse, hung: Visitor):
    meeting_id, lan, thu = before_the_secretary(house), house.visitor("lan"), house.visitor("thu")
    assert hung.post(f"/sign/minutes/{meeting_id}", json=SIGNED).status_code == 422  # not yet
    assert lan.post(f"/sign/minutes/{meeting_id}", json=SIGNED).status_code == 200
    assert lan.post(f"/sign/minutes/{meeting_id}", json=SIGNED).status_code == 422  # not twice
    assert thu.post(f"/seal/minutes/{meeting_id}", json={"pin": PIN}).status_code in (404, 422)
    assert hung.post(f"/sign/minutes/{meeting_id}", json=SIGNED).status_code == 200
    sealed = thu.post(f"/seal/minutes/{meeting_id}", json={"pin": PIN})
    assert (sealed.status_code, sealed.json()["verdict"]) == (200, "valid")
    found = signature_fields(house.visitor("quang"), f"/files/minutes/{meeting_id}")
    assert sorted(found) == ["AgencySeal", "Chair", "Secretary"]


def test_the_answer_says_every_fact_and_never_the_pin(house: WebHouse, waiting: int, hung: Visitor):
    answer = hung.post(f"/sign/invitation/{waiting}", json=SIGNED)
    facts = answer.json()
    assert PIN not in answer.text
    assert STROKES not in answer.text
    (signature,) = facts["signatures"]
    assert (signature["signer"], signature["verdict"], signature["reasons"]) == ("Nguyễn Văn Hùng", "valid", [])
    rows = dict(signature["rows"])
    assert rows["Người ký"] == "Nguyễn Văn Hùng"
    assert "B-LT" in rows["Thuật toán"]
    assert "+07:00" in rows["Dấu thời gian"]
    assert all(rows.values())
    tag = hung.get(f"/files/invitation/{waiting}").headers["etag"]
    assert tag.startswith(f'"{facts["version"]}')
    assert json.loads(facts["raw"])["signatures"][0]["field"] == "Leader"


@BOTH
def test_a_wrong_pin_is_counted_and_the_fifth_locks_the_key(house: WebHouse, waiting: int, hung: Visitor):
    for tries in range(1, PIN_TRIES + 1):
        answer = hung.post(f"/sign/invitation/{waiting}", json={"pin": WRONG, "strokes": STROKES})
        assert (answer.status_code, wrong_pins(house, "hung")) == (422, tries)
        assert answer.json()["sentence"].startswith(str(WrongPin())[:-1])
        assert WRONG not in answer.text
    answer = hung.post(f"/sign/invitation/{waiting}", json=SIGNED)
    assert (answer.status_code, answer.json()["sentence"]) == (422, str(PinLocked(tries=PIN_TRIES)))
    assert signature_fields(hung, f"/files/invitation/{waiting}") == []


def test_the_right_pin_forgets_the_wrong_ones(house: WebHouse, waiting: int, hung: Visitor):
    for _ in range(PIN_TRIES - 1):
        hung.post(f"/sign/invitation/{waiting}", json={"pin": WRONG, "strokes": STROKES})
    assert hung.post(f"/sign/invitation/{waiting}", json=SIGNED).status_code == 200
    assert wrong_pins(house, "hung") == 0


@BOTH
def test_guessing_in_parallel_wins_no_try(house: WebHouse, waiting: int, hung: Visitor):
    """Twenty guesses at once, the right one among the last: five are tried, no more."""
    guesses = [f"{number:06}" for number in random.Random(7).sample(range(100_000, 200_000), 20)]  # none is PIN

    def guess(pin: str) -> httpx.Response:
        return hung.post(f"/sign/invitation/{waiting}", json={"pin": pin, "strokes": STROKES})

    with ThreadPoolExecutor(20) as guesser:
        answers = list(guesser.map(guess, guesses))
    assert {answer.status_code for answer in answers} == {422}
    locked = str(PinLocked(tries=PIN_TRIES))
    tried = [answer for answer in answers if answer.json()["sentence"] != locked]
    assert len(tried) == PIN_TRIES
    assert guess(PIN).json()["sentence"] == locked
    assert signature_fields(hung, f"/files/invitation/{waiting}") == []


@BOTH
def test_signing_twice_at_once_signs_once(house: WebHouse, waiting: int, hung: Visitor):
    with ThreadPoolExecutor(3) as fingers:
        answers = list(fingers.map(lambda _: hung.post(f"/sign/invitation/{waiting}", json=SIGNED), range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422]
    assert signature_fields(hung, f"/files/invitation/{waiting}") == ["Leader"]
    version = next(answer.json()["version"] for answer in answers if answer.status_code == 200)
    assert hung.get(f"/files/invitation/{waiting}").headers["etag"].startswith(f'"{version}')
    assert wrong_pins(house, "hung") == 0


def test_sealing_twice_at_once_seals_once(house: WebHouse):
    meeting_id, thu = before_the_clerk(house), house.visitor("thu")
    with ThreadPoolExecutor(2) as fingers:
        answers = list(fingers.map(lambda _: thu.post(f"/seal/invitation/{meeting_id}", json={"pin": PIN}), range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    assert signature_fields(thu, f"/files/invitation/{meeting_id}") == ["Leader", "AgencySeal"]


@pytest.mark.parametrize("name", ["lan", "thu"])
def test_nobody_signs_in_the_leaders_place(house: WebHouse, waiting: int, name: str):
    answer = house.visitor(name).post(f"/sign/invitation/{waiting}", json=SIGNED)
    assert (answer.status_code, answer.json()["sentence"]) == (403, str(NotAllowed()))


@pytest.mark.parametrize(
    "content",
    [
        {"pin": 246810, "strokes": STROKES},
        {"pin": None, "strokes": STROKES},
        {"pin": [PIN], "strokes": STROKES},
        {"pin": {"$ne": ""}, "strokes": STROKES},
        {"pin": True, "strokes": STROKES},
        {"pin": PIN, "strokes": 7},
        {"pin": PIN, "strokes": [[1, 2], [3, 4]]},
        {"pin": PIN, "strokes": {"path": STROKES}},
        [],
        [PIN, STROKES],
        "x",
        7,
        None,
        True,
    ],
)
def test_words_of_another_kind_are_refused_and_no_try_is_spent(house: WebHouse, waiting: int, hung: Visitor, content):
    answer = hung.post(f"/sign/invitation/{waiting}", json=content)
    assert answer.status_code == 400
    assert answer.json() == {"sentence": "Không đọc được nội dung gửi lên. Đề nghị tải lại trang rồi thử lại."}
    assert wrong_pins(house, "hung") == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"pin=246810", b"\xff\xfe\x00", b'{"pin": "1"}}', b"[" * 100_000, b'{"pin":' + b"9" * 5000 + b"}"],
)
def test_a_body_that_is_no_json_is_refused(house: WebHouse, waiting: int, hung: Visitor, content: bytes):
    for act in ("sign", "seal"):
        assert hung.post(f"/{act}/invitation/{waiting}", content=content).status_code == 400
    assert wrong_pins(house, "hung") == 0


@pytest.mark.parametrize("strokes", [1_000_000, 10_000_000])
def test_strokes_longer_than_any_hand_draws_are_refused_unread(
    house: WebHouse, waiting: int, hung: Visitor, strokes: int
):
    content = json.dumps({"pin": PIN, "strokes": "M 1 1" + " L 2 2" * (strokes // 6)}).encode()
    answer = hung.post(f"/sign/invitation/{waiting}", content=content)
    assert answer.status_code == 413
    assert answer.json() == {"sentence": "Nội dung gửi lên quá lớn. Chưa có gì thay đổi."}
    assert wrong_pins(house, "hung") == 0


@pytest.mark.parametrize(
    ("strokes", "refusal"),
    [
        ("", StrokeMissing()),
        (" \n ", StrokeMissing()),
        ("M 10 10", StrokeMissing()),
        ("M 10 10 L 10 10", StrokeMissing()),
        ("M 0 0 L 1e9 1", StrokeMalformed()),
        ("M 0 0 L 521 10", StrokeMalformed()),
        ("M -5 -5 L 100 100", StrokeMalformed()),
        ("M 10 10 L 100 100 Z", StrokeMalformed()),
        ("M 10 10 C 1 1 2 2 3 3", StrokeMalformed()),
        ("M NaN 10 L 100 100", StrokeMalformed()),
        ('M 10 10 L 100 100"/><script>alert(1)</script>', StrokeMalformed()),
        ('#read("/etc/passwd")', StrokeMalformed()),
        ("M 10 10 L 100 100\x00", StrokeMalformed()),
        ("M ١٠ ١٠ L 100 100", StrokeMalformed()),
        ("\ud800", StrokeMalformed()),
        ("M 10 10 L 100 100 " * (LONGEST_STROKES // 18 + 1), StrokeMalformed()),
        ("M 1 1 " * 30_000 + "X", StrokeMalformed()),
    ],
)
def test_hostile_strokes_are_refused_before_the_pin_is_tried(
    house: WebHouse, waiting: int, hung: Visitor, strokes: str, refusal: StrokeMissing | StrokeMalformed
):
    answer = hung.post(f"/sign/invitation/{waiting}", content=json.dumps({"pin": WRONG, "strokes": strokes}))
    assert (answer.status_code, answer.json()["sentence"]) == (422, str(refusal))
    assert answer.elapsed.total_seconds() < 5
    assert wrong_pins(house, "hung") == 0


@pytest.mark.parametrize("pin", ["", "\x00", "\ud800", "9" * 300_000, "２４６８１０x", "' or 1=1 --", "\u202e"])
def test_a_pin_that_is_none_is_a_wrong_pin(house: WebHouse, waiting: int, hung: Visitor, pin: str):
    answer = hung.post(f"/sign/invitation/{waiting}", content=json.dumps({"pin": pin, "strokes": STROKES}))
    assert answer.status_code == 422
    assert answer.json()["sentence"].startswith(str(WrongPin())[:-1])
    assert wrong_pins(house, "hung") == 1
    assert house.is_alive()
