"""Sealing many documents over HTTP: begun by a request that returns at once, done by the process, watched by others."""

import json

import httpx
import pytest

from meeting_app.domain.sealing import InvitationNotIssued, NothingToSeal
from meeting_app.domain.signature import WrongPin
from meeting_app.services import document as documents
from tests.commands.house import wait_until
from tests.keys import PIN
from tests.pdf.hostile import truncated
from tests.services.attachments import hand_in, small
from tests.web.stages import drafted, forget_wrong_pins, invited
from tests.web.test_signing import signature_fields
from tests.web.web_house import Visitor, WebHouse

BOTH = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)


@pytest.fixture(autouse=True)
def fresh_pins(house: WebHouse):
    forget_wrong_pins(house)
    yield
    forget_wrong_pins(house)


@pytest.fixture
def thu(house: WebHouse) -> Visitor:
    return house.visitor("thu")


def prepared(house: WebHouse, count: int) -> tuple[int, list[int]]:
    """A meeting whose invitation is issued, with that many documents more than its two broken ones."""
    meeting_id = invited(house)
    return meeting_id, hand_in(house.ports, house.actor("lan"), meeting_id, [small(f"So {n}") for n in range(count)])


def finished(house: WebHouse, clerk: Visitor, meeting_id: int) -> dict:
    told: list[dict] = []

    def ended() -> bool:
        told.append(clerk.get(f"/sealing/{meeting_id}").json())
        return not told[-1]["batch"]["runs"]

    wait_until(ended, house.process)
    done = [each["batch"]["done"] for each in told]
    assert done == sorted(done)
    return told[-1]


@BOTH
def test_the_clerk_seals_and_everybody_reads_the_sealed_copy(house: WebHouse, thu: Visitor):
    meeting_id, ids = prepared(house, 6)
    before = thu.get(f"/sealing/{meeting_id}").json()
    assert (before["issued"], before["documents"], before["waiting"], before["batch"]) == (True, 8, 8, None)
    answer = thu.post(f"/sealing/{meeting_id}", json={"pin": PIN})
    assert (answer.status_code, answer.json()["batch"]["total"]) == (200, 8)
    after = finished(house, thu, meeting_id)
    assert (after["sealed"], after["waiting"], len(after["refused"])) == (6, 0, 2)
    minh, path = house.visitor("minh"), f"/files/document/{ids[0]}"
    assert signature_fields(minh, path) == ["AttachmentSeal"]
    handed = minh.get(path, params={"download": "1"})
    stored = documents.file(house.ports, house.actor("minh"), ids[0])
    assert handed.headers["etag"] == f'"{stored.sha256}"'
    assert "phu-luc-1.pdf" in handed.headers["content-disposition"]
    again = thu.post(f"/sealing/{meeting_id}", json={"pin": PIN})
    assert (again.status_code, again.json()) == (422, {"sentence": str(NothingToSeal())})


def test_a_wrong_pin_is_told_by_the_request_itself(house: WebHouse, thu: Visitor):
    meeting_id, _ = prepared(house, 1)
    answer = thu.post(f"/sealing/{meeting_id}", json={"pin": "975318"})
    assert (answer.status_code, answer.json()) == (422, {"sentence": str(WrongPin())})
    assert thu.get(f"/sealing/{meeting_id}").json()["batch"] is None


def test_it_can_be_stopped(house: WebHouse, thu: Visitor):
    meeting_id, _ = prepared(house, 60)
    assert thu.post(f"/sealing/{meeting_id}", json={"pin": PIN}).status_code == 200
    assert thu.post(f"/sealing/{meeting_id}/cancel").json()["batch"]["stops"]
    after = finished(house, thu, meeting_id)
    assert 0 < after["waiting"] < 60
    assert after["batch"]["stops"]


def test_before_the_invitation_is_issued_nothing_is_sealed(house: WebHouse, thu: Visitor):
    answer = thu.post(f"/sealing/{drafted(house)}", json={"pin": PIN})
    assert (answer.status_code, answer.json()) == (422, {"sentence": str(InvitationNotIssued())})


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"pin": 5}', b'"' + b"x" * 500_000])
def test_a_body_that_is_none_is_refused(house: WebHouse, thu: Visitor, content: bytes):
    assert thu.post("/sealing/1", content=content).status_code in (400, 413)


def test_another_site_cannot_begin_or_stop_it(house: WebHouse, thu: Visitor):
    meeting_id, _ = prepared(house, 1)
    for path in (f"/sealing/{meeting_id}", f"/sealing/{meeting_id}/cancel"):
        answer: httpx.Response = thu.post(path, json={"pin": PIN}, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403
    assert thu.get(f"/sealing/{meeting_id}").json()["batch"] is None


def test_the_pin_is_not_in_the_log(house: WebHouse, thu: Visitor):
    meeting_id = invited(house)
    hand_in(house.ports, house.actor("lan"), meeting_id, [truncated()])
    thu.post(f"/sealing/{meeting_id}", json={"pin": "mã PIN rất dài 86420"})
    assert "86420" not in house.logged()
    assert "86420" not in json.dumps(thu.get(f"/sealing/{meeting_id}").json())
