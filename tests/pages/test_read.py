"""Đọc tài liệu: whoever may read gets the pages; the rest learn nothing."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from meeting_app.domain.access import Actor
from meeting_app.ports import Ports
from meeting_app.services import document as documents
from meeting_app.services import invitation as invitations
from tests.conftest import hand_out
from tests.laying import version_of
from tests.pages.conftest import Browse, errors, said
from tests.pdf import office_files

UNKNOWN = "Nội dung này không tồn tại hoặc chưa được mở cho bạn."


def reader(page: AppTest) -> str:
    """What the reader was given; empty where there is none."""
    found = page.get("bidi_component")
    return str(found[0].proto).replace("\\", "") if found else ""


@pytest.fixture
def report(ports: Ports, lan: Actor, convened_meeting: int) -> int:
    return hand_out(ports, lan, convened_meeting, for_guests=False, title="Báo cáo *quý*")


def test_while_pages_are_drawn_progress_is_shown(browse: Browse, ports: Ports, minh: Actor, report: int) -> None:
    page = browse(minh, "read", document=report)
    assert page.title[0].value == "Báo cáo \\*quý\\*"
    assert page.get("progress")[0].proto.text == "Đang chuẩn bị trang: 0/9"
    assert reader(page) == ""
    documents.report_prepared(ports, version_of(ports, report), 4)
    page.run()
    assert '"prepared": 4' in reader(page)
    documents.report_prepared(ports, version_of(ports, report), 9)
    page.run()
    assert '"prepared": 9' in reader(page)
    assert not page.get("progress")


def test_a_document_that_cannot_be_drawn_can_be_downloaded(
    browse: Browse, ports: Ports, minh: Actor, report: int
) -> None:
    documents.report_prepared(ports, version_of(ports, report), 0, failed=True)
    page = browse(minh, "read", document=report)
    assert "Không hiển thị được các trang" in said(page)
    assert [each.url for each in page.link_button] == [f"/files/document/{report}?download=1"]


def test_guests_and_strangers_do_not_learn_of_it(
    browse: Browse, quang: Actor, nam: Actor, thu: Actor, report: int
) -> None:
    for actor in (quang, nam, thu):
        page = browse(actor, "read", document=report)
        assert errors(page) == [UNKNOWN]
        assert "quý" not in said(page)


def test_a_removed_document_is_gone(browse: Browse, ports: Ports, lan: Actor, minh: Actor, report: int) -> None:
    documents.remove(ports, lan, report)
    assert errors(browse(minh, "read", document=report)) == [UNKNOWN]


def test_the_desk_removes_a_document_and_puts_it_back(
    browse: Browse, ports: Ports, lan: Actor, draft_meeting: int, agenda: list[int], tmp_path: Path
) -> None:
    source = Path(__file__).parents[1] / "documents" / "bao-cao-qpdf-linearized.pdf"
    document_id = documents.upload(
        ports, lan, draft_meeting, source, file_name="bao-cao.pdf", item_id=agenda[1], for_guests=True
    )
    page = browse(lan, "meeting", meeting=draft_meeting)
    page.session_state[f"desk_{draft_meeting}"] = "Tài liệu"
    page.run()
    assert "mọi người dự họp, kể cả khách mời" in said(page)
    page.button(key=f"remove_document_{document_id}").click().run()
    assert documents.documents(ports, lan, draft_meeting) == []
    page.button(key="take_back").click().run()
    (again,) = documents.documents(ports, lan, draft_meeting)
    assert (again.id, again.item_id, again.for_guests) == (document_id, agenda[1], True)


def test_the_desk_finds_an_office_file_as_it_was_handed_in(
    browse: Browse, ports: Ports, lan: Actor, draft_meeting: int, tmp_path: Path
) -> None:
    (tmp_path / "upload").write_bytes(office_files.docx("Kế hoạch"))
    document_id = documents.upload(ports, lan, draft_meeting, tmp_path / "upload", file_name="ke-hoach.docx")
    page = browse(lan, "meeting", meeting=draft_meeting)
    page.session_state[f"desk_{draft_meeting}"] = "Tài liệu"
    page.run()
    assert "Tệp gốc" in said(page)
    assert f"/files/document/{document_id}?source=1" in said(page)


def test_a_paper_is_read_by_whoever_may(
    browse: Browse, ports: Ports, lan: Actor, hung: Actor, minh: Actor, draft_meeting: int, enrolled: str
) -> None:
    invitations.draft(ports, lan, draft_meeting)
    for actor in (lan, hung):
        page = browse(actor, "read", paper="invitation", meeting=draft_meeting)
        assert page.title[0].value == "Giấy mời: Họp giao ban công tác tuần"
        assert f'"before": "/papers/invitation/{draft_meeting}"' in reader(page)
    assert errors(browse(minh, "read", paper="invitation", meeting=draft_meeting)) == [UNKNOWN]
    assert errors(browse(lan, "read", paper="minutes", meeting=draft_meeting)) == [UNKNOWN]


@pytest.mark.parametrize("asked", [{}, {"document": "x"}, {"paper": "minutes"}], ids=str)
def test_without_anything_to_read_one_is_led_home(browse: Browse, minh: Actor, asked: dict[str, object]) -> None:
    assert browse(minh, "read", **asked).title[0].value == "Hôm nay"
