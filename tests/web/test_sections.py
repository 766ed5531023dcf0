"""Keeping the minutes while they are typed: nothing typed is lost, and nobody else writes in them."""

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlmodel import select

from meeting_app.domain.minutes import LONGEST_SECTION, ChangedMeanwhile, MinutesRevision, TextTooLong
from meeting_app.errors import NotFound
from meeting_app.services import minutes, minutes_section
from tests.web.stages import closed, running, sections
from tests.web.web_house import Visitor, WebHouse

BOTH = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
UNREADABLE = "Không đọc được nội dung gửi lên. Đề nghị tải lại trang rồi thử lại."


@pytest.fixture
def meeting_id(house: WebHouse) -> int:
    """Closed; Lan writes its minutes."""
    return closed(house)


@pytest.fixture
def section(house: WebHouse, meeting_id: int) -> minutes_section.SectionView:
    return sections(house, meeting_id)[0]


@pytest.fixture
def lan(house: WebHouse) -> Visitor:
    return house.visitor("lan")


def save(who: Visitor, section: minutes_section.SectionView, text: str, base: int | None = None) -> httpx.Response:
    content = {"base_revision": section.revision if base is None else base, "text": text}
    return who.post(f"/minutes/section/{section.id}", json=content)


def text_of(house: WebHouse, meeting_id: int) -> str:
    return sections(house, meeting_id)[0].text


def revisions(house: WebHouse, section: minutes_section.SectionView) -> set[str]:
    with house.ports.database.reading() as session:
        rows = session.exec(select(MinutesRevision).where(MinutesRevision.section_id == section.id))
        return {row.text for row in rows}


@BOTH
def test_what_is_typed_is_kept_under_a_new_revision(
    house: WebHouse, meeting_id: int, section: minutes_section.SectionView, lan: Visitor
):
    answer = save(lan, section, "Đồng chí chủ trì khai mạc.\nĐủ thành phần.")
    assert answer.status_code == 200
    assert answer.json()["revision"] == section.revision + 1
    assert " giờ " in answer.json()["at"]
    assert text_of(house, meeting_id) == "Đồng chí chủ trì khai mạc.\nĐủ thành phần."


@BOTH
def test_the_window_that_was_first_wins_and_the_other_gets_its_text(
    house: WebHouse, meeting_id: int, section: minutes_section.SectionView, lan: Visitor
):
    save(lan, section, "của cửa sổ thứ nhất")
    answer = save(house.visitor("hung"), section, "của cửa sổ thứ hai")
    assert answer.status_code == 409
    assert answer.json() == {
        "sentence": str(ChangedMeanwhile()),
        "text": "của cửa sổ thứ nhất",
        "revision": section.revision + 1,
    }
    assert text_of(house, meeting_id) == "của cửa sổ thứ nhất"
    assert revisions(house, section) >= {"của cửa sổ thứ nhất", "của cửa sổ thứ hai"}  # nothing typed is lost


def test_the_same_text_again_is_no_change(house: WebHouse, section: minutes_section.SectionView, lan: Visitor):
    first = save(lan, section, "một lần")
    again = save(lan, section, "một lần")  # the answer to the first was lost on the way
    assert (again.status_code, again.json()["revision"]) == (200, first.json()["revision"])
    assert len(revisions(house, section)) == 1


@BOTH
def test_of_many_windows_saving_at_once_one_is_kept(
    house: WebHouse, meeting_id: int, section: minutes_section.SectionView, lan: Visitor
):
    texts = [f"bản {number}" for number in range(8)]
    with ThreadPoolExecutor(8) as windows:
        answers = list(windows.map(lambda text: save(lan, section, text), texts))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 7]
    assert revisions(house, section) == set(texts)
    assert text_of(house, meeting_id) in texts


def test_a_text_too_long_is_refused_in_a_sentence(
    house: WebHouse, meeting_id: int, section: minutes_section.SectionView, lan: Visitor
):
    answer = save(lan, section, "ơ" * (LONGEST_SECTION + 1))
    assert (answer.status_code, answer.json()["sentence"]) == (422, str(TextTooLong(length=LONGEST_SECTION)))
    assert save(lan, section, "ơ" * LONGEST_SECTION).status_code == 200
    assert len(text_of(house, meeting_id)) == LONGEST_SECTION


def test_a_longest_text_fits_however_the_browser_writes_it(section: minutes_section.SectionView, lan: Visitor):
    """Each letter as \\uXXXX: six bytes for one."""
    content = json.dumps({"base_revision": section.revision, "text": "ợ" * LONGEST_SECTION}, ensure_ascii=True)
    assert lan.post(f"/minutes/section/{section.id}", content=content).status_code == 200


def test_a_body_larger_than_any_text_is_refused_unread(
    house: WebHouse, meeting_id: int, section: minutes_section.SectionView, lan: Visitor
):
    for content in (b" " * 500_000, b'{"base_revision": 1, "text": "' + b"x" * 3_000_000):
        answer = lan.post(f"/minutes/section/{section.id}", content=content)
        assert (answer.status_code, answer.json()["sentence"]) == (
            413,
            "Nội dung gửi lên quá lớn. Chưa có gì thay đổi.",
        )
        assert answer.headers["connection"] == "close"
    assert text_of(house, meeting_id) == section.text


@pytest.mark.parametrize(
    "content",
    [
        {"text": "x"},
        {"base_revision": "1", "text": "x"},
        {"base_revision": 1.0, "text": "x"},
        {"base_revision": True, "text": "x"},
        {"base_revision": None, "text": "x"},
        {"base_revision": 2**31, "text": "x"},
        {"base_revision": -(2**63), "text": "x"},
        {"base_revision": 1, "text": 5},
        {"base_revision": 1, "text": None},
        {"base_revision": 1, "text": ["x"]},
        ["x"],
        "x",
        None,
    ],
)
def test_words_of_another_kind_are_refused(
    house: WebHouse, meeting_id: int, section: minutes_section.SectionView, lan: Visitor, content: object
):
    answer = lan.post(f"/minutes/section/{section.id}", json=content)
    assert (answer.status_code, answer.json()) == (400, {"sentence": UNREADABLE})
    assert text_of(house, meeting_id) == section.text


@BOTH
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b", "ab"),
        ("nửa \ud83d", "nửa "),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; drop table minutes; --", "'; drop table minutes; --"),
        ("{text} %s $x #read(1)", "{text} %s $x #read(1)"),
        ("Tiê\u0301ng Viê\u0323t", "Tiếng Việt"),
        ("một\r\nhai\rba", "một\nhai\nba"),
    ],
)
def test_any_text_is_only_text(
    house: WebHouse, meeting_id: int, section: minutes_section.SectionView, lan: Visitor, typed: str, kept: str
):
    content = json.dumps({"base_revision": section.revision, "text": typed})
    assert lan.post(f"/minutes/section/{section.id}", content=content).status_code == 200
    assert text_of(house, meeting_id) == kept


def test_minutes_that_are_signed_are_written_no_more(
    house: WebHouse, meeting_id: int, section: minutes_section.SectionView, lan: Visitor
):
    minutes.finalise(house.ports, house.actor("lan"), meeting_id)
    answer = save(lan, section, "thêm một câu")
    assert answer.status_code == 422
    assert "Biên bản" in answer.json()["sentence"]
    assert text_of(house, meeting_id) == section.text


def test_a_section_of_a_meeting_of_others_does_not_exist(house: WebHouse, section: minutes_section.SectionView):
    answer = save(house.visitor("nam"), section, "của người lạ")
    assert (answer.status_code, answer.json()) == (404, {"sentence": str(NotFound())})
    assert save(house.visitor("minh"), section, "của đại biểu").status_code == 403
    assert revisions(house, section) == set()


def test_the_notes_of_a_running_meeting_are_read_and_written_by_the_desk(house: WebHouse, lan: Visitor):
    meeting_id = running(house)
    address = f"/minutes/notes/{meeting_id}"
    before = lan.get(address)
    assert (before.status_code, before.headers["cache-control"]) == (200, "private, no-store")
    assert (before.json()["state"], before.json()["may_write"]) == (None, False)
    assert {each["section"] for each in before.json()["parts"]} == {None}
    first = lan.post(address).json()["parts"][0]["section"]
    assert lan.post(f"/minutes/section/{first['id']}", json={"base_revision": 1, "text": "Ghi"}).status_code == 200
    assert house.visitor("hung").get(address).json()["parts"][0]["section"] == first | {"text": "Ghi", "revision": 2}
    for person, status in {"minh": 403, "quang": 403, "nam": 404}.items():
        assert house.visitor(person).get(address).status_code == status
