"""Checking the signatures of a file that somebody brings along: every verdict, in words and facts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from meeting_app.domain.audit import AuditEntry
from meeting_app.domain.signature import Field, Place, SigningOrder, Unreadable
from meeting_app.domain.upload import FileTooLarge
from meeting_app.pdf.stamp import signature_stamp
from meeting_app.services import minutes
from meeting_app.signing.demo_pki import DemoSubject, prepare
from meeting_app.signing.signatures import PyHankoSignatures
from meeting_app.signing.trust import read_roots
from tests.cast import MORNING
from tests.pdf import hostile
from tests.pki import serving, sign_with_file
from tests.web.stages import STROKES, Shared, files_in
from tests.web.web_house import UPLOAD_LIMIT_MB, WebHouse

BOTH = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def recorded_minutes(house: WebHouse, shared: Shared) -> bytes:
    """Signed by secretary and chair, and sealed."""
    return minutes.file(house.ports, house.actor("lan"), shared("recorded")).path.read_bytes()


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bytes]:
    """Signed soundly, by somebody whose authorities we do not know."""
    subject = DemoSubject("la", "Người Lạ", "Cơ quan khác", "135790", algorithm="ec")
    pki = prepare(tmp_path_factory.mktemp("foreign"), [subject])
    with serving(pki):
        theirs = PyHankoSignatures([pki.timestamp_url], read_roots([pki.trust_file]))
        stamp = signature_stamp("Người Lạ", STROKES, MORNING)
        order = SigningOrder(Field.LEADER, Place(0, 50, 50, 150, 75), stamp, "Ký", "Hà Nội")
        yield sign_with_file(theirs, hostile.plain("Công văn"), order, pki.pkcs12("la"), "135790")


def judged(house: WebHouse, pdf: bytes, name: str = "x.pdf", who: str = "quang") -> dict:
    answer = house.visitor(who).post("/verify", params={"name": name}, content=pdf)
    assert answer.status_code == 200
    return answer.json()


@BOTH
def test_a_paper_of_ours_is_valid_and_every_fact_is_told(house: WebHouse, recorded_minutes: bytes):
    facts = judged(house, recorded_minutes)
    assert (facts["verdict"], facts["label"], facts["reasons"]) == ("valid", "Hợp lệ", [])
    assert [each["signer"] for each in facts["signatures"]] == [
        "Trần Thị Lan",
        "Nguyễn Văn Hùng",
        "Uỷ ban nhân dân phường An Hải",
    ]
    for each in facts["signatures"]:
        assert each["verdict"] == "valid"
        rows = dict(each["rows"])
        assert len(rows) == 8
        assert all(value not in ("", "–") for value in rows.values())


def test_a_paper_changed_after_signing_is_not_valid(house: WebHouse, recorded_minutes: bytes):
    place = recorded_minutes.index(b"stream") + 60
    altered = bytearray(recorded_minutes)
    altered[place] ^= 1
    facts = judged(house, bytes(altered))
    assert (facts["verdict"], facts["label"]) == ("invalid", "Không hợp lệ")
    assert "changed" not in str(facts["signatures"])  # said in Vietnamese
    assert any(each["reasons"] for each in facts["signatures"])


def test_what_was_added_after_the_last_signature_is_noticed(house: WebHouse, recorded_minutes: bytes):
    assert judged(house, recorded_minutes + b"\n% mot dong nua\n")["verdict"] != "valid"


def test_a_paper_cut_off_is_not_valid(house: WebHouse, recorded_minutes: bytes):
    answer = house.visitor("lan").post("/verify", content=recorded_minutes[: len(recorded_minutes) * 2 // 3])
    assert answer.status_code == 422 or answer.json()["verdict"] != "valid"


def test_a_signature_of_unknown_authorities_cannot_be_confirmed(house: WebHouse, foreign: bytes):
    facts = judged(house, foreign)
    assert (facts["verdict"], facts["label"]) == ("unconfirmed", "Không xác nhận được")
    assert [each["signer"] for each in facts["signatures"]] == ["Người Lạ"]
    assert facts["reasons"] + facts["signatures"][0]["reasons"]


def test_a_file_without_signatures_cannot_be_confirmed(house: WebHouse):
    facts = judged(house, hostile.plain())
    assert (facts["verdict"], facts["signatures"]) == ("unconfirmed", [])
    assert facts["reasons"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + bytes(3000)])
def test_what_is_no_pdf_is_refused_in_a_sentence(house: WebHouse, content: bytes):
    answer = house.visitor("lan").post("/verify", content=content)
    assert (answer.status_code, answer.json()) == (422, {"sentence": str(Unreadable())})


def test_a_file_too_large_is_refused_unread(house: WebHouse):
    content = (bytes(1 << 20) for _ in range(UPLOAD_LIMIT_MB + 8))
    answer = house.visitor("lan").post("/verify", content=content)
    assert (answer.status_code, answer.json()) == (413, {"sentence": str(FileTooLarge(limit=UPLOAD_LIMIT_MB))})


@pytest.mark.parametrize("house", ["postgres"], indirect=True)  # the stricter of the two
@pytest.mark.parametrize("name", ["../../x\x00<script>.pdf", "ả" * 5000, ""])
def test_the_name_is_noted_for_the_record_and_harms_nothing(house: WebHouse, name: str):
    judged(house, hostile.plain(), name)
    with house.ports.database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.act == "file.verify").order_by(AuditEntry.sequence.desc())
        entry = session.exec(query).first()
        assert entry is not None
        assert len(entry.detail["file_name"]) <= 200
        assert "\x00" not in entry.detail["file_name"]
        assert entry.actor_name == "Vũ Đình Quang"


def test_nothing_of_a_checked_file_is_kept_and_no_place_on_the_disk_is_named(house: WebHouse, foreign: bytes):
    before = set(files_in(house.folder / "files"))
    said = str(judged(house, foreign))
    assert set(files_in(house.folder / "files")) == before
    assert not list(files_in(house.uploads_folder))
    assert str(Path.cwd()) not in said
    assert str(house.folder) not in said


def test_whoever_is_not_signed_in_checks_nothing(house: WebHouse):
    assert house.nobody().post("/verify", content=hostile.plain()).status_code == 401
