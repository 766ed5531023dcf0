"""At the desk: what other units handed in, who reads what and when; and searching and keeping by everybody."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from meeting_app.services import agenda as agendas
from meeting_app.services import approval as approvals
from meeting_app.services import document as documents
from meeting_app.services import preparation as preparations
from meeting_app.services import version as versions
from meeting_app.services.unit_of_work import changing
from meeting_app.worker.prepare import prepare
from tests.laying import lay, version_of
from tests.pdf import hostile
from tests.ui.browsing import PATIENCE
from tests.ui.conftest import Open
from tests.ui.test_documents import desk
from tests.web.stages import running
from tests.web.web_house import WebHouse

SIZES = ("tablet", "phone")


def handed_in(house: WebHouse, tmp_path: Path) -> int:
    """A meeting for which Nam handed a draft in."""
    meeting_id, lan, nam = running(house), house.actor("lan"), house.actor("nam")
    item = agendas.items(house.ports, lan, meeting_id)[0].id
    preparations.ask(house.ports, lan, item, nam.unit_id)
    path = tmp_path / "du-thao.pdf"
    path.write_bytes(hostile.plain("Dự thảo nghị quyết"))
    approvals.submit(house.ports, nam, item, path, file_name="Dự thảo nghị quyết.pdf")
    return meeting_id


@pytest.mark.parametrize("size", SIZES)
def test_the_secretary_refuses_with_a_reason_and_decides_anew(opened: Open, house: WebHouse, tmp_path: Path, size: str):
    meeting_id = handed_in(house, tmp_path)
    secretary = desk(opened, meeting_id, size)
    page = secretary.page
    card = page.locator(".st-key-card_submissions")
    expect(card).to_contain_text("chờ duyệt", timeout=PATIENCE)
    assert not secretary.scrolls_sideways()
    assert secretary.small_targets(".st-key-card_submissions") == []
    card.get_by_text("Từ chối").first.tap()
    page.get_by_label("Lý do từ chối").fill("Thiếu phụ lục số liệu")
    page.get_by_role("button", name="Từ chối với lý do này").tap()
    expect(card).to_contain_text("Thiếu phụ lục số liệu", timeout=PATIENCE)
    page.get_by_role("button", name="Hoàn tác").tap()
    expect(card).to_contain_text("chờ duyệt", timeout=PATIENCE)
    card.get_by_role("button", name="Duyệt").tap()
    expect(card).to_have_count(0, timeout=PATIENCE)
    titles = [each.title for each in documents.documents(house.ports, house.actor("minh"), meeting_id)]
    assert "Dự thảo nghị quyết" in titles


@pytest.mark.parametrize("size", SIZES)
def test_a_document_is_held_back_and_released_by_one_touch(opened: Open, house: WebHouse, size: str):
    meeting_id = running(house)
    secretary, minh = desk(opened, meeting_id, size), house.actor("minh")
    count = len(documents.documents(house.ports, minh, meeting_id))
    secretary.page.get_by_role("button", name="Giữ lại").first.tap()
    expect(secretary.page.get_by_text("đang giữ lại").first).to_be_visible(timeout=PATIENCE)
    assert len(documents.documents(house.ports, minh, meeting_id)) == count - 1
    secretary.page.get_by_role("button", name="Phát hành ngay").first.tap()
    expect(secretary.page.get_by_text("đã mở").first).to_be_visible(timeout=PATIENCE)
    assert len(documents.documents(house.ports, minh, meeting_id)) == count
    assert not secretary.scrolls_sideways()


@pytest.mark.parametrize("size", SIZES)
def test_words_are_found_without_their_marks(opened: Open, house: WebHouse, size: str):
    meeting_id, lan = running(house), house.actor("lan")
    with changing(house.ports, lan) as work:
        _document, version = lay(work, meeting_id, title="Báo cáo <b>quý</b>", prepared=True)
        house.ports.texts.put(work.session, version.id, {0: "Tình hình <script>alert(1)</script> đất đai *năm* nay"})
    reader = opened("minh", size)
    reader.go("/search")
    box = reader.page.get_by_label("Từ cần tìm trong tài liệu")
    box.fill("dat dai")
    box.press("Enter")
    card = reader.page.locator(".st-key-card_hit_0")
    expect(card).to_contain_text("<script>alert(1)</script> đất đai *năm* nay", timeout=PATIENCE)
    assert [each.inner_text() for each in card.locator("strong").all()][1:] == ["đất", "đai"]
    assert not reader.scrolls_sideways()


@pytest.mark.parametrize("size", SIZES)
def test_a_file_is_kept_in_ones_own_folder(opened: Open, house: WebHouse, tmp_path: Path, size: str):
    reader = opened("hoa", size)
    reader.go("/papers")
    name = f"Việc riêng {size}"
    reader.page.get_by_label("Thư mục mới").fill(name)
    reader.page.get_by_role("button", name="Tạo thư mục").tap()
    reader.see(".drop")
    path = tmp_path / "ghi-chep.pdf"
    path.write_bytes(hostile.plain("Ghi chép"))
    reader.page.locator(".drop input").set_input_files([path])
    expect(reader.page.get_by_text("ghi-chep", exact=False).first).to_be_visible(timeout=PATIENCE)
    assert not reader.scrolls_sideways()


@pytest.mark.parametrize("size", SIZES)
def test_what_changed_lies_side_by_side(opened: Open, house: WebHouse, tmp_path: Path, size: str):
    meeting_id, lan = running(house), house.actor("lan")
    path = tmp_path / "a.pdf"
    path.write_bytes(hostile.plain("Bản đầu của báo cáo"))
    document_id = documents.upload(house.ports, lan, meeting_id, path, file_name="Báo cáo.pdf")
    prepare(house.ports, version_of(house.ports, document_id))
    path.write_bytes(hostile.plain("Bản sửa của báo cáo"))
    prepare(house.ports, versions.replace(house.ports, lan, document_id, path, file_name="Báo cáo.pdf"))
    reader = opened("minh", size)
    reader.go(f"/compare?document={document_id}")
    expect(reader.page.get_by_text("1 trang thay đổi", exact=False)).to_be_visible(timeout=PATIENCE)
    expect(reader.page.locator("img[src^='/pages/']")).to_have_count(2, timeout=PATIENCE)
    assert not reader.scrolls_sideways()
