"""Handing in documents, checking files and reading page by page."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from meeting_app.services import document as documents
from tests.pdf import hostile
from tests.ui.browsing import PATIENCE, Reader
from tests.ui.conftest import Open
from tests.web.stages import drafted, invited, running
from tests.web.web_house import WebHouse

REPORT = Path(__file__).parents[1] / "documents" / "bao-cao-chromium.pdf"


def desk(opened: Open, meeting_id: int, size: str = "tablet") -> Reader:
    secretary = opened("lan", size)
    secretary.go(f"/meeting?meeting={meeting_id}")
    secretary.page.get_by_role("tab", name="Tài liệu").tap()
    secretary.see(".drop")
    return secretary


def titles(house: WebHouse, meeting_id: int) -> list[str]:
    return [each.title for each in documents.documents(house.ports, house.actor("lan"), meeting_id)]


def test_several_files_are_taken_in_one_after_the_other(opened: Open, house: WebHouse, tmp_path: Path):
    meeting_id = drafted(house)
    before = titles(house, meeting_id)
    secretary = desk(opened, meeting_id)
    other = tmp_path / "Tờ trình số 5.pdf"
    other.write_bytes(hostile.plain("Tờ trình"))
    secretary.page.locator(".drop input").set_input_files([REPORT, other])
    expect(secretary.page.locator(".sentence.good")).to_have_count(2, timeout=PATIENCE)
    assert titles(house, meeting_id) == [*before, "bao-cao-chromium", "Tờ trình số 5"]


def test_a_refused_file_says_why_and_the_others_are_taken(opened: Open, house: WebHouse, tmp_path: Path):
    meeting_id = drafted(house)
    before = titles(house, meeting_id)
    secretary = desk(opened, meeting_id)
    letter = tmp_path / "thư.docx.pdf"
    letter.write_bytes(b"PK\x03\x04 not a PDF")
    secretary.page.locator(".drop input").set_input_files([letter, REPORT])
    expect(secretary.page.locator(".sentence.bad")).to_contain_text("thư.docx.pdf", timeout=PATIENCE)
    expect(secretary.page.locator(".sentence.good")).to_have_count(1, timeout=PATIENCE)
    assert titles(house, meeting_id) == [*before, "bao-cao-chromium"]


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_handing_in_fits_the_screen_and_the_finger(opened: Open, house: WebHouse, size: str):
    secretary = desk(opened, drafted(house), size)
    assert not secretary.scrolls_sideways()
    assert secretary.small_targets(".drop") == []


def test_a_file_is_checked_without_being_kept(opened: Open, house: WebHouse):
    stored = house.ports.files.path(_issued_paper(house))
    clerk = opened("thu")
    clerk.go("/verify")
    clerk.page.locator(".drop input").set_input_files(
        {"name": "giấy mời.pdf", "mimeType": "application/pdf", "buffer": stored.read_bytes()}
    )
    clerk.sees_text("Hợp lệ")
    clerk.sees_text("Nguyễn Văn Hùng")


def _issued_paper(house: WebHouse) -> str:
    from meeting_app.services import invitation

    return invitation.file(house.ports, house.actor("lan"), invited(house)).sha256


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_reading_page_by_page(opened: Open, house: WebHouse, size: str):
    document_id = _prepared(house, running(house))
    reader = opened("minh", size)
    reader.go(f"/read?document={document_id}")
    reader.see(".page img")
    assert not reader.scrolls_sideways()
    assert reader.small_targets(".reader") == []
    number = reader.page.locator(".page-number")
    pages = reader.page.locator(".page").count()
    expect(number).to_have_text(f"1/{pages}")
    reader.page.get_by_role("button", name="Trang sau").tap()
    expect(number).to_have_text(f"2/{pages}")
    reader.page.locator(":is(.spread.current[tabindex], .paper[tabindex='0'])").focus()
    reader.page.keyboard.press("ArrowLeft")
    expect(number).to_have_text(f"1/{pages}")
    expect(reader.page.get_by_role("button", name="Trang trước")).to_be_disabled()


def test_the_whole_screen_and_back(opened: Open, house: WebHouse):
    document_id = _prepared(house, running(house))
    reader = opened("minh")
    reader.go(f"/read?document={document_id}")
    reader.see(".page img")
    reader.page.get_by_role("button", name="Đọc toàn màn hình").tap()
    box = reader.page.locator(".reader").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (1024, 768)
    before = reader.page.locator(".page").first.bounding_box()
    reader.page.get_by_role("button", name="Phóng to").tap()
    after = reader.page.locator(".page").first.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > before["width"] * 1.3
    reader.page.keyboard.press("Escape")
    expect(reader.page.get_by_role("button", name="Đọc toàn màn hình")).to_be_visible()


def _prepared(house: WebHouse, meeting_id: int) -> int:
    """The report with its real page images, as the worker draws them."""
    from meeting_app.worker.loop import work_once

    document_id = documents.upload(
        house.ports, house.actor("lan"), meeting_id, REPORT, file_name=REPORT.name, title="Báo cáo"
    )
    while work_once(house.ports):
        pass
    return document_id
