"""Sổ văn bản: for clerks and registrars; searched, paged and taken home as a table."""

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.meeting import Meeting
from meeting_app.ports import Ports
from meeting_app.services import register
from meeting_app.services.unit_of_work import changing
from tests.cast import MORNING
from tests.pages.conftest import Browse, errors, said


def reserve(ports: Ports, actor: Actor, meeting_id: int, *subjects: str) -> None:
    with changing(ports, actor) as work:
        meeting = work.session.get_one(Meeting, meeting_id)
        for subject in subjects:
            register.reserve(work, meeting, "GM", subject)


def test_an_empty_year_says_how_numbers_come(browse: Browse, thu: Actor) -> None:
    text = said(browse(thu, "book"))
    assert f"Năm {MORNING.year} chưa đăng ký văn bản nào." in text
    assert "Số văn bản được cấp tự động" in text


def test_the_clerk_reads_and_searches_the_register(
    browse: Browse, ports: Ports, lan: Actor, thu: Actor, draft_meeting: int
) -> None:
    reserve(ports, lan, draft_meeting, "Họp giao ban", "Họp *ngân sách*")
    page = browse(thu, "book")
    table = page.table[0].value
    assert list(table["Số, ký hiệu"]) == ["02/GM-UBND", "01/GM-UBND"]
    assert set(table["Phát hành"]) == {"đã cấp số, chưa phát hành"}
    assert "2 văn bản." in said(page)
    page.text_input(key="book_search").set_value("NGÂN").run()
    assert list(page.table[0].value["Trích yếu"]) == ["Họp \\*ngân sách\\*"]
    page.text_input(key="book_search").set_value("không có").run()
    assert "Không có văn bản nào phù hợp." in said(page)


@pytest.mark.parametrize("name", ["minh", "quang"])
def test_others_have_no_register(browse: Browse, cast, name: str) -> None:
    page = browse(cast.actors[name], "book")
    assert errors(page) == ["Nội dung này không tồn tại hoặc chưa được mở cho bạn."]
    assert not page.table


def test_a_neighbours_register_is_not_shown(
    browse: Browse, ports: Ports, lan: Actor, nam: Actor, draft_meeting: int
) -> None:
    reserve(ports, lan, draft_meeting, "Họp giao ban")
    assert "chưa đăng ký văn bản nào" in said(browse(nam, "book"))


def test_hundreds_of_papers_are_paged(browse: Browse, ports: Ports, lan: Actor, thu: Actor, draft_meeting: int) -> None:
    reserve(ports, lan, draft_meeting, *(f"Giấy mời {n}" for n in range(230)))
    page = browse(thu, "book")
    assert len(page.table[0].value) == 100
    assert "230 văn bản." in said(page)
