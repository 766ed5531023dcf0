"""The minutes beside the panel: they grow while the meeting goes on, and what is typed into them is never lost."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from meeting_app.domain.attendee import Role
from meeting_app.domain.event import Kind
from meeting_app.domain.floor import RequestKind
from meeting_app.services import agenda as agendas
from meeting_app.services import conclusion as conclusions
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services import minutes, minutes_notes, minutes_section, vote
from meeting_app.services.unit_of_work import changing
from tests.room.screens import PHONE, TABLET
from tests.room.test_desk import WIDE, fit
from tests.services.floor_play import Floor
from tests.voting import come, opened

# What the tablet draws does not depend on where the rows are.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)

SAVE = "**/minutes/section/**"


def part(page: Page, number: int) -> Locator:
    """0 is the opening, then the items, then the closing."""
    return page.locator(".minutes-part").nth(number)


def field(page: Page, number: int) -> Locator:
    return part(page, number).locator("textarea")


def shows(page: Page, number: int, state: str) -> None:
    expect(part(page, number).locator(".state")).to_have_attribute("data-state", state)


def texts(ports, who, meeting_id: int) -> list[str]:
    return [each.section.text for each in minutes_notes.view(ports, who, meeting_id).parts if each.section]


def test_the_minutes_grow_by_themselves(screen, waking_ports, running_meeting, agenda, lan, hung, minh, hoa):
    come(waking_ports, running_meeting, hung, minh, hoa)
    desk = screen(lan)
    expect(part(desk, 0)).to_be_visible()  # the secretary need not ask for it
    expect(desk.locator(".minutes-known:visible")).to_have_count(0)
    agendas.start(waking_ports, hung, running_meeting, agenda[0])
    expect(part(desk, 1).locator(".minutes-known")).to_have_text("Lê Quang Minh trình bày nội dung.")
    expect(part(desk, 1)).to_have_attribute("data-current", "true")
    floor = Floor(waking_ports, running_meeting, lan)
    request = floor.ask(minh, RequestKind.SPEECH.value, subject="Giá đất")
    floor.act(lan, "grant", request_id=request)
    floor.act(lan, "end", request_id=request)
    expect(part(desk, 1).locator("[data-kind=known]").last).to_have_text(
        "Ý kiến phát biểu: Lê Quang Minh (về Giá đất)."
    )
    vote.close(waking_ports, lan, running_meeting, opened(waking_ports, lan, running_meeting, item_id=agenda[0]))
    expect(part(desk, 1).locator("[data-kind=votes]")).to_contain_text("Thông qua dự toán (biểu quyết công khai")
    conclusions.record(waking_ports, hung, running_meeting, "Giao Phòng Kinh tế.", agenda[0])
    expect(part(desk, 1).locator("[data-kind=conclusions]")).to_have_text("Giao Phòng Kinh tế.")
    agendas.insert(waking_ports, hung, running_meeting, "Việc phát sinh", minutes=5, position=2)
    expect(part(desk, 2).locator("label")).to_have_text("2. Việc phát sinh")


def test_what_is_typed_in_the_room_stands_in_the_editor_and_back(
    screen, waking_ports, running_meeting, agenda, lan, hung
):
    agendas.start(waking_ports, hung, running_meeting, agenda[0])
    desk = screen(lan)
    field(desk, 1).fill("Đề nghị rà soát số liệu.")
    shows(desk, 1, "saved")
    assert texts(waking_ports, lan, running_meeting)[1] == "Đề nghị rà soát số liệu."
    meetings.close(waking_ports, hung, running_meeting)
    minutes.draft(waking_ports, hung, running_meeting)
    written = minutes_section.sections(waking_ports, lan, running_meeting)[1]
    assert written.text == "Lê Quang Minh trình bày nội dung.\nĐề nghị rà soát số liệu."
    expect(field(desk, 1)).to_have_value(written.text)
    expect(part(desk, 1).locator(".minutes-known")).to_be_hidden()  # it stands in the text now
    more = f"{written.text}\nViết ở trang biên bản."
    minutes_section.save(waking_ports, lan, written.id, base_revision=written.revision, text=more)
    expect(field(desk, 1)).to_have_value(more)


def test_a_line_that_was_cut_loses_no_word(screen, room, waking_ports, running_meeting, lan):
    desk = screen(lan)
    expect(part(desk, 0)).to_be_visible()
    desk.context.set_offline(True)
    field(desk, 0).fill("Viết khi mất mạng.")
    shows(desk, 0, "kept")
    assert texts(waking_ports, lan, running_meeting)[0] == ""
    desk.context.set_offline(False)
    shows(desk, 0, "saved")
    assert texts(waking_ports, lan, running_meeting)[0] == "Viết khi mất mạng."


def test_what_was_not_saved_is_there_after_a_reload(screen, waking_ports, running_meeting, lan):
    desk = screen(lan)
    expect(part(desk, 0)).to_be_visible()
    desk.route(SAVE, lambda route: route.abort())
    field(desk, 0).fill("Chưa kịp lưu.")
    shows(desk, 0, "kept")
    desk.evaluate("() => { window.fetch = () => Promise.reject(new Error('gone')) }")
    desk.unroute(SAVE)
    desk.reload()
    expect(field(desk, 0)).to_have_value("Chưa kịp lưu.")
    shows(desk, 0, "saved")
    assert texts(waking_ports, lan, running_meeting)[0] == "Chưa kịp lưu."


def test_two_who_write_at_once_both_keep_their_words(screen, waking_ports, running_meeting, lan, hung):
    secretary, chair = screen(lan), screen(hung)
    expect(part(secretary, 0)).to_be_visible()
    expect(chair.locator(".minutes-pane")).to_be_hidden()
    chair.locator("[data-act=centre_minutes]").tap()
    expect(part(chair, 0)).to_be_visible()
    held: list[Route] = []
    secretary.route(SAVE, lambda route: held.append(route))  # noqa: PLW0108 — playwright marks it
    field(secretary, 0).fill("Bản của thư ký.")
    shows(secretary, 0, "saving")
    field(chair, 0).fill("Bản của chủ trì.")
    shows(chair, 0, "saved")
    held.pop().continue_()
    expect(part(secretary, 0).locator(".other")).to_have_text(["Bản của thư ký.", "Bản của chủ trì."])
    secretary.unroute(SAVE)
    secretary.get_by_role("button", name="Ghép cả hai").tap()
    shows(secretary, 0, "saved")
    both = "Bản của chủ trì.\n\nBản của thư ký."
    assert texts(waking_ports, lan, running_meeting)[0] == both
    expect(field(chair, 0)).to_have_value(both)  # nobody types there now


def test_nobody_else_is_offered_the_minutes(screen, agenda, minh):
    member = screen(minh)
    expect(member.locator(".centre-switch")).to_be_hidden()
    expect(member.locator(".minutes-pane")).to_be_hidden()


def test_whoever_left_the_desk_keeps_nothing_of_it(screen, waking_ports, running_meeting, agenda, lan, hung):
    desk = screen(lan)
    field(desk, 0).fill("Chỉ của bàn thư ký.")
    shows(desk, 0, "saved")
    with changing(waking_ports, hung) as work:
        meeting = work.standing(running_meeting).meeting
        rows = events.attendees_of(work.session, meeting)
        next(row for row in rows if row.account_id == lan.account_id).role = Role.MEMBER
        work.emit(meeting, Kind.ATTENDEES, {"attendees": events.attendee_bodies(work.session, meeting, rows)})
    expect(desk.locator(".centre-switch")).to_be_hidden()
    expect(desk.locator(".minutes-part")).to_have_count(0)
    expect(desk.locator(".papers")).to_be_visible()


def test_the_way_between_papers_and_minutes_is_remembered(screen, agenda, lan):
    desk = screen(lan)
    expect(part(desk, 0)).to_be_visible()
    expect(desk.locator(".papers")).to_be_hidden()
    desk.locator("[data-act=centre_papers]").tap()
    expect(desk.locator(".papers")).to_be_visible()
    desk.reload()
    expect(desk.locator(".papers")).to_be_visible()
    expect(desk.locator(".minutes-pane")).to_be_hidden()


@pytest.mark.parametrize("size", [TABLET, PHONE, WIDE], ids=["tablet", "phone", "wide"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_they_can_be_read_and_written_by_anybody(
    screen, waking_ports, running_meeting, agenda, hung, lan, size, scheme
):
    agendas.start(waking_ports, hung, running_meeting, agenda[0])
    conclusions.record(waking_ports, hung, running_meeting, "Giao Phòng Kinh tế phối hợp. " * 8, agenda[0])
    desk = screen(lan, size, color_scheme=scheme)
    if size is PHONE:
        desk.locator(".bar-desk").tap()
        desk.locator("[data-act=desk_minutes_pane]").tap()
    field(desk, 1).fill("Một đoạn dài của biên bản. " * 30)
    shows(desk, 1, "saved")
    fit(desk, size)
