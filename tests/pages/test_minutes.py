"""Biên bản: written beside what is known, then put before its signers; read by all once issued."""

import pytest

from meeting_app.domain.access import Actor
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import attendee as attendees
from meeting_app.services import conclusion as conclusions
from meeting_app.services import meeting as meetings
from meeting_app.services import minutes as records
from meeting_app.services import minutes_section, snapshot
from tests.cast import SettableClock
from tests.pages.conftest import Browse, errors, primaries, said
from tests.services.papers import STROKES


@pytest.fixture
def closed_meeting(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int, agenda: list[int], clock: SettableClock
) -> int:
    """Minh was there; the first item took 20 minutes, the second was skipped."""
    attendees.check_in(ports, minh, running_meeting)
    agendas.start(ports, lan, running_meeting, agenda[0])
    clock.advance(minutes=20)
    agendas.finish(ports, lan, running_meeting, agenda[0])
    agendas.skip(ports, lan, running_meeting, agenda[1])
    meetings.close(ports, lan, running_meeting)
    return running_meeting


@pytest.fixture
def written(ports: Ports, lan: Actor, closed_meeting: int) -> int:
    records.draft(ports, lan, closed_meeting)
    return closed_meeting


@pytest.fixture
def issued(ports: Ports, lan: Actor, hung: Actor, thu: Actor, written: int, enrolled: str) -> int:
    records.finalise(ports, lan, written)
    records.sign(ports, lan, written, pin=enrolled, strokes=STROKES)
    records.sign(ports, hung, written, pin=enrolled, strokes=STROKES)
    records.seal(ports, thu, written, pin=enrolled)
    return written


def standing(ports: Ports, actor: Actor, meeting_id: int) -> list[str]:
    return [each["text"] for each in snapshot.take(ports, actor, meeting_id)[1]["conclusions"]]


def being_written(page) -> bool:
    """Whether the editor is there, which also submits what was written."""
    return any("minutes_" in each.proto.id for each in page.get("bidi_component"))


def press(page, label: str):
    next(each for each in page.button if each.label == label).click()
    return page.run()


def test_before_the_meeting_there_is_nothing_to_write(browse: Browse, lan: Actor, convened_meeting: int) -> None:
    page = browse(lan, "minutes", meeting=convened_meeting)
    assert "Biên bản được soạn sau khi cuộc họp bế mạc." in said(page)
    assert primaries(page) == []


def test_while_the_meeting_runs_the_way_leads_to_its_room(browse: Browse, lan: Actor, running_meeting: int) -> None:
    page = browse(lan, "minutes", meeting=running_meeting)
    assert "nội dung được ghi ngay trong phòng họp" in said(page)
    assert primaries(page) == ["Vào phòng họp"]


def test_the_secretary_opens_the_minutes(browse: Browse, ports: Ports, lan: Actor, closed_meeting: int) -> None:
    page = browse(lan, "minutes", meeting=closed_meeting)
    assert primaries(page) == ["Mở biên bản"]
    page.button(key="draft").click().run()
    assert being_written(page)
    assert len(minutes_section.sections(ports, lan, closed_meeting)) == 5


def test_what_is_known_stands_beside_the_text(browse: Browse, lan: Actor, written: int) -> None:
    text = said(browse(lan, "minutes", meeting=written))
    assert "Khai mạc lúc 8 giờ 00" in text
    assert "Bế mạc lúc 8 giờ 20" in text
    assert "Có mặt: 1/6" in text
    assert "8 giờ 00 – 8 giờ 20" in text
    assert "không thảo luận" in text
    assert "Vắng mặt: **Đỗ Tiến Dũng**" in text


def test_why_somebody_was_absent_is_kept(browse: Browse, ports: Ports, lan: Actor, dung: Actor, written: int) -> None:
    page = browse(lan, "minutes", meeting=written)
    away = next(each for each in attendees.attendees(ports, lan, written) if each.account_id == dung.account_id)
    page.text_input(key=f"reason_{away.id}").set_value("Nghỉ ốm")
    page.button(key=f"save_reason_{away.id}").click().run()
    known = {each.id: each.why_absent for each in attendees.attendees(ports, lan, written)}
    assert known[away.id] == "Nghỉ ốm"


def test_a_conclusion_is_added_removed_and_put_back(browse: Browse, ports: Ports, lan: Actor, written: int) -> None:
    page = browse(lan, "minutes", meeting=written)
    page.text_area(key="conclusion_text_0").set_value("Giao Phòng Kinh tế hoàn thiện báo cáo.")
    page = press(page, "Thêm kết luận")
    assert standing(ports, lan, written) == ["Giao Phòng Kinh tế hoàn thiện báo cáo."]
    (each,) = snapshot.take(ports, lan, written)[1]["conclusions"]
    page.button(key=f"remove_conclusion_{each['id']}").click().run()
    assert standing(ports, lan, written) == []
    page.button(key="take_back").click().run()
    assert standing(ports, lan, written) == ["Giao Phòng Kinh tế hoàn thiện báo cáo."]


def test_an_empty_conclusion_is_refused(browse: Browse, lan: Actor, written: int) -> None:
    page = press(browse(lan, "minutes", meeting=written), "Thêm kết luận")
    assert len(errors(page)) == 1


def test_the_secretary_takes_the_minutes_back(
    browse: Browse, ports: Ports, lan: Actor, written: int, enrolled: str
) -> None:
    records.finalise(ports, lan, written)
    page = browse(lan, "minutes", meeting=written)
    assert not being_written(page)
    page.button(key="reopen").click().run()
    assert being_written(page)


def test_members_read_nothing_before_it_is_issued(browse: Browse, minh: Actor, written: int) -> None:
    text = said(browse(minh, "minutes", meeting=written))
    assert "Biên bản chưa được phát hành." in text
    assert "Hoàn thành" not in text


def test_everybody_of_the_meeting_reads_the_issued_paper_with_its_signatures(
    browse: Browse, minh: Actor, quang: Actor, issued: int
) -> None:
    for actor in (minh, quang):
        page = browse(actor, "minutes", meeting=issued)
        text = said(page)
        assert "01/BB-UBND" in text
        for signature in ("Chữ ký của thư ký", "Chữ ký của chủ toạ", "Con dấu số của cơ quan"):
            assert signature in text
        assert any("Hợp lệ" in each.value for each in page.success)
        assert [each.url for each in page.link_button] == [f"/files/minutes/{issued}?download=1"]


def test_the_desk_sees_who_has_opened_the_minutes(
    browse: Browse, ports: Ports, lan: Actor, minh: Actor, issued: int, clock: SettableClock
) -> None:
    clock.advance(minutes=3)
    records.file(ports, minh, issued)
    page = browse(lan, "meeting", meeting=issued)
    page.session_state[f"desk_{issued}"] = "Biên bản"
    page.run()
    assert "1/6 đại biểu đã mở." in said(page)
    assert "3 phút" in said(page)


def test_strangers_learn_nothing(browse: Browse, nam: Actor, issued: int) -> None:
    page = browse(nam, "minutes", meeting=issued)
    assert errors(page) == ["Nội dung này không tồn tại hoặc chưa được mở cho bạn."]


def test_texts_of_people_are_never_markup(browse: Browse, ports: Ports, lan: Actor, written: int) -> None:
    conclusions.record(ports, lan, written, "# To\n- <script>alert(1)</script> $a$ [x](http://a.b) :red[đỏ]")
    page = browse(lan, "minutes", meeting=written)
    shown = next(each.value for each in page.markdown if "script" in each.value)
    for live in ("\n# ", "\n- ", "<script>\n", " $a$", "[x](", ":red["):
        assert live not in shown.replace("\\<", "‹").replace("\\[", "‹")
