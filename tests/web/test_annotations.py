"""What tablets send when somebody writes on a page, over real HTTP."""

import json
from collections import defaultdict
from uuid import uuid4

import pytest

from meeting_app.errors import NotFound
from tests.conftest import hand_out
from tests.laying import version_of
from tests.web.stages import running
from tests.web.web_house import Visitor, WebHouse

STROKE = {"width": 12, "points": [100, 100, 128, 200, 200, 255]}


@pytest.fixture
def ids() -> dict[str, str]:
    """Ids by short names; tablets never make one twice."""
    return defaultdict(lambda: str(uuid4()))


def stroke(client_id: str, **values) -> dict:
    return {"act": "write", "id": client_id, "page": 0, "kind": "ink", "colour": "blue", "body": STROKE} | values


def note(client_id: str, text: str, page: int = 0) -> dict:
    return stroke(client_id, kind="note", page=page, body={"x": 10, "y": 10, "text": text})


class Tablet:
    """Somebody's tablet with a document open."""

    def __init__(self, house: WebHouse, name: str, document_id: int, version_id: int | None = None) -> None:
        self.visitor: Visitor = house.visitor(name)
        self.path = f"/annotations/{document_id}"
        self.version_id = version_id or version_of(house.ports, document_id)

    def sends(self, *changes: dict):
        return self.visitor.post(self.path, json={"version_id": self.version_id, "changes": changes})

    def outcomes(self, *changes: dict) -> list[str | None]:
        answer = self.sends(*changes)
        assert answer.status_code == 200, answer.text
        return [each.get("sentence") for each in answer.json()["outcomes"]]

    def reads(self, after: int = 0) -> dict:
        answer = self.visitor.get(f"{self.path}?version={self.version_id}&after={after}")
        assert answer.status_code == 200
        return answer.json()


@pytest.fixture
def meeting(house: WebHouse) -> int:
    return running(house)


@pytest.fixture
def report(house: WebHouse, meeting: int) -> int:
    return hand_out(house.ports, house.actor("lan"), meeting, for_guests=True)


@pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
def test_written_read_shared_and_listed(house: WebHouse, ids, meeting: int, report: int):
    tablet, other = Tablet(house, "minh", report), Tablet(house, "hoa", report)
    assert tablet.outcomes(stroke(ids["stroke-01"]), note(ids["note-0001"], "Hỏi lại số liệu 😀", page=3)) == [
        None,
        None,
    ]
    first = tablet.reads()
    assert [each["id"] for each in first["own"]] == [ids["stroke-01"], ids["note-0001"]]
    assert first["own"][1]["body"]["text"] == "Hỏi lại số liệu 😀"
    assert other.reads()["shared"] == []

    readers = tablet.visitor.get(f"{tablet.path}/readers").json()["readers"]
    hoa = next(each["id"] for each in readers if each["name"] == "Phạm Thị Hoa")
    assert tablet.outcomes({"act": "share", "id": ids["note-0001"], "people": [hoa]}) == [None]
    (seen,) = other.reads()["shared"]
    assert (seen["maker"], seen["body"]["text"], seen["page"]) == ("Lê Quang Minh", "Hỏi lại số liệu 😀", 3)
    assert Tablet(house, "lan", report).reads()["shared"] == []
    assert Tablet(house, "hung", report).reads()["shared"] == []

    assert tablet.outcomes({"act": "remove", "id": ids["stroke-01"]}) == [None]
    late = tablet.reads(after=first["changes"])
    assert [(each["id"], each.get("removed", False)) for each in late["own"]] == [
        (ids["stroke-01"], True),
        (ids["note-0001"], False),
    ]
    mentions = tablet.visitor.get(f"/annotations/of-meeting/{meeting}").json()["mentions"]
    assert [(each["document_id"], each["page"], each["text"]) for each in mentions] == [
        (report, 3, "Hỏi lại số liệu 😀")
    ]


def test_sent_again_it_is_kept_once(house: WebHouse, ids, report: int):
    tablet = Tablet(house, "minh", report)
    for _ in range(3):
        assert tablet.outcomes(stroke(ids["stroke-01"]), {"act": "remove", "id": ids["stroke-01"]}) == [None, None]
        assert tablet.outcomes({"act": "restore", "id": ids["stroke-01"]}) == [None]
    assert len(tablet.reads()["own"]) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"version_id": 1, "changes": []}',
        b'{"version_id": 1, "changes": [7]}',
        b'{"version_id": 1, "changes": [{"act": "explode", "id": "stroke-01"}]}',
        b'{"version_id": 1, "changes": [{"act": "write", "id": 7}]}',
        b'{"version_id": "1", "changes": [{"act": "remove", "id": "stroke-01"}]}',
        json.dumps({"version_id": 1, "changes": [{"act": "remove", "id": "x"}] * 201}).encode(),
        b'{"version_id": 1, "changes": ' + b"[" * 5000,
    ],
)
def test_what_no_tablet_of_ours_sends_is_refused(house: WebHouse, ids, report: int, content: bytes):
    answer = house.visitor("minh").post(f"/annotations/{report}", content=content)
    assert answer.status_code == 400
    assert house.is_alive()


def test_a_stroke_of_a_megabyte_is_too_large(house: WebHouse, ids, report: int):
    tablet = Tablet(house, "minh", report)
    assert tablet.sends(stroke(ids["stroke-01"], body={"width": 1, "points": [9999] * 250_000})).status_code == 413
    long = stroke(ids["stroke-02"], body={"width": 1, "points": [9, 9, 9] * 2001})
    (sentence,) = tablet.outcomes(long)
    assert sentence
    assert tablet.reads()["own"] == []


def test_versions_that_are_not_of_the_document_do_not_exist(house: WebHouse, ids, meeting: int, report: int):
    other = hand_out(house.ports, house.actor("lan"), meeting, for_guests=False)
    for version_id in (version_of(house.ports, other), 999_999_999, 2**31 - 1):
        tablet = Tablet(house, "quang", report, version_id)
        assert tablet.sends(stroke(ids["stroke-01"])).status_code == 404
        answer = tablet.visitor.get(f"{tablet.path}?version={version_id}")
        assert (answer.status_code, answer.json()) == (404, {"sentence": str(NotFound())})
    assert house.visitor("minh").get(f"/annotations/{report}?version=x").status_code == 404
    assert house.visitor("minh").get(f"/annotations/{report}?after=-1").status_code == 404


def test_a_foreign_page_cannot_write_for_its_visitor(house: WebHouse, ids, report: int):
    tablet = Tablet(house, "minh", report)
    answer = tablet.visitor.post(
        tablet.path,
        json={"version_id": tablet.version_id, "changes": [stroke(ids["stroke-01"])]},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    assert tablet.reads()["own"] == []


@pytest.mark.parametrize("name", ["lan", "hung", "thu", "vinh", "hoa", "quang", "nam"])
def test_no_route_gives_a_private_note_to_anybody_else(house: WebHouse, ids, meeting: int, report: int, name: str):
    Tablet(house, "minh", report).outcomes(note(ids["note-0001"], "Điều bí mật của tôi"))
    visitor = house.visitor(name)
    version = version_of(house.ports, report)
    for path in (
        f"/annotations/{report}",
        f"/annotations/{report}?version={version}&after=0",
        f"/annotations/{report}/readers",
        f"/annotations/of-meeting/{meeting}",
    ):
        assert "bí mật" not in visitor.get(path).text


def test_the_answer_is_kept_by_no_browser(house: WebHouse, ids, report: int):
    answer = house.visitor("minh").get(f"/annotations/{report}")
    assert answer.headers["cache-control"] == "no-store"
