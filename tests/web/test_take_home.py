"""The annotated copy over real HTTP: one's own and what is shared with one, for whoever may have the file."""

import hashlib
import subprocess
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from pypdf import PdfReader

from meeting_app.domain.document import Document
from meeting_app.services import document as documents
from tests.web.stages import add_document, running
from tests.web.test_annotations import Tablet, note, stroke
from tests.web.web_house import WebHouse

PAPER = Path(__file__).parents[1] / "documents" / "bao-cao-chromium.pdf"


@pytest.fixture
def report(house: WebHouse) -> int:
    return add_document(house, running(house), PAPER.read_bytes(), name="Báo cáo tháng 11.pdf", for_guests=True)


def taken(house: WebHouse, name: str, document_id: int):
    return house.visitor(name).get(f"/files/document/{document_id}/annotated")


def contents(pdf: bytes) -> list[str]:
    pages = PdfReader(BytesIO(pdf)).pages
    return [
        each.get_object()["/Contents"]
        for page in pages
        for each in page.get("/Annots", [])
        if "/NM" in each.get_object()
    ]


@pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
def test_own_and_shared_go_along_and_nothing_else(house: WebHouse, report: int, tmp_path: Path):
    mine, theirs, private, gone = (str(uuid4()) for _ in range(4))
    Tablet(house, "minh", report).outcomes(note(mine, "Của tôi: hỏi lại số liệu"), stroke(str(uuid4())))
    Tablet(house, "hoa", report).outcomes(
        note(theirs, "Của chị Hoa, cho mọi người"),
        note(private, "Của chị Hoa, riêng"),
        note(gone, "Đã xoá"),
        {"act": "share", "id": theirs, "everyone": True},
        {"act": "share", "id": gone, "everyone": True},
        {"act": "remove", "id": gone},
    )
    answer = taken(house, "minh", report)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert "B%C3%A1o%20c%C3%A1o%20th%C3%A1ng%2011" in answer.headers["content-disposition"]
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["cache-control"] == "private, no-store"
    assert sorted(contents(answer.content)) == ["", "Của chị Hoa, cho mọi người", "Của tôi: hỏi lại số liệu"]
    assert answer.content.startswith(PAPER.read_bytes())
    (tmp_path / "copy.pdf").write_bytes(answer.content)
    subprocess.run(["qpdf", "--check", tmp_path / "copy.pdf"], check=True, capture_output=True)


def test_the_original_is_untouched(house: WebHouse, report: int):
    Tablet(house, "minh", report).outcomes(stroke(str(uuid4())))
    before = house.visitor("minh").get(f"/files/document/{report}").content
    assert taken(house, "minh", report).status_code == 200
    after = house.visitor("minh").get(f"/files/document/{report}").content
    assert before == after == PAPER.read_bytes()
    stored = documents.file(house.ports, house.actor("minh"), report)
    assert hashlib.sha256(stored.path.read_bytes()).hexdigest() == stored.sha256


def test_a_withdrawn_document_is_not_taken_home(house: WebHouse, report: int):
    Tablet(house, "minh", report).outcomes(stroke(str(uuid4())))
    documents.remove(house.ports, house.actor("lan"), report)
    assert taken(house, "minh", report).status_code == 404


def test_nothing_is_left_behind(house: WebHouse, report: int):
    Tablet(house, "minh", report).outcomes(stroke(str(uuid4())))
    assert taken(house, "minh", report).status_code == 200
    assert list(house.uploads_folder.glob("take-home-*")) == []


def test_who_may_only_look_takes_nothing_home(house: WebHouse, report: int):
    with house.ports.database.writing() as session:
        session.get_one(Document, report).may_download = False
    assert Tablet(house, "minh", report).outcomes(stroke(str(uuid4()))) == [None]
    refused = taken(house, "minh", report)
    kept = house.visitor("minh").get(f"/files/document/{report}")
    assert (refused.status_code, refused.json()) == (kept.status_code, kept.json())
    assert refused.status_code in (403, 404, 422)
    assert taken(house, "lan", report).status_code == 200
