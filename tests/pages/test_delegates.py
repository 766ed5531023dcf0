"""Sending somebody in one's place, from the meeting's page; the rooms of the unit."""

from meeting_app.domain.access import Actor
from meeting_app.domain.seat import Plan
from meeting_app.ports import Ports
from meeting_app.services import attendance_delegation as delegations
from meeting_app.services import attendee as attendees
from meeting_app.services import meeting as meetings
from meeting_app.services import seat as seats
from meeting_app.services.attendee import AttendeeView
from tests.cast import Cast
from tests.pages.conftest import Browse, errors, said


def mine(ports: Ports, actor: Actor, meeting_id: int) -> AttendeeView:
    everybody = attendees.attendees(ports, actor, meeting_id)
    return next(each for each in everybody if each.account_id == actor.account_id)


def people_tab(browse: Browse, actor: Actor, meeting_id: int):
    page = browse(actor, "meeting", meeting=meeting_id)
    page.session_state[f"desk_{meeting_id}"] = "Thành phần"
    return page.run()


def test_a_member_sends_somebody_and_withdraws(
    browse: Browse, ports: Ports, minh: Actor, vinh: Actor, convened_meeting: int
):
    his = mine(ports, minh, convened_meeting).id
    page = browse(minh, "meeting", meeting=convened_meeting)
    page.selectbox(key=f"delegate_{his}_0").set_value(vinh.account_id)
    page.checkbox(key=f"delegate_votes_{his}_0").check()
    page.text_input(key=f"delegate_reason_{his}_0").set_value("Đi công tác")
    page.button(key=f"send_now_{his}").click().run()
    assert errors(page) == []
    assert "**Bùi Thế Vinh** dự họp thay ông/bà. Được biểu quyết thay." in said(page)
    assert mine(ports, minh, convened_meeting).delegate_votes
    page = browse(vinh, "meeting", meeting=convened_meeting)
    assert "Ông/bà dự cuộc họp này thay **Lê Quang Minh**" in said(page)
    page = browse(minh, "meeting", meeting=convened_meeting)
    page.button(key="withdraw_delegate").click().run()
    assert mine(ports, minh, convened_meeting).delegate_id is None
    assert "dự họp thay ông/bà" not in said(page)


def test_what_is_missing_is_said_and_what_was_typed_stays(
    browse: Browse, ports: Ports, minh: Actor, thu: Actor, convened_meeting: int
):
    his = mine(ports, minh, convened_meeting).id
    page = browse(minh, "meeting", meeting=convened_meeting)
    page.text_input(key=f"delegate_reason_{his}_0").set_value("Đi công tác")
    page.button(key=f"send_now_{his}").click().run()
    assert errors(page) == ["Đề nghị chọn người dự thay."]
    assert page.text_input(key=f"delegate_reason_{his}_0").value == "Đi công tác"
    page.selectbox(key=f"delegate_{his}_0").set_value(thu.account_id)
    page.text_input(key=f"delegate_reason_{his}_0").set_value(" ")
    page.button(key=f"send_now_{his}").click().run()
    assert errors(page) == ["Đề nghị nêu lý do."]


def test_guests_and_who_represents_are_offered_nothing(
    browse: Browse, ports: Ports, minh: Actor, hoa: Actor, quang: Actor, convened_meeting: int
):
    assert "Cử dự thay" not in said(browse(quang, "meeting", meeting=convened_meeting))
    delegations.choose(ports, minh, convened_meeting, hoa.account_id, reason="Bận")
    assert "Cử dự thay" not in said(browse(hoa, "meeting", meeting=convened_meeting))


def test_the_desk_notes_it_for_somebody_and_sees_every_step(
    browse: Browse, ports: Ports, cast: Cast, lan: Actor, minh: Actor, nam: Actor, convened_meeting: int
):
    his = mine(ports, minh, convened_meeting).id
    page = people_tab(browse, lan, convened_meeting)
    assert "Chưa có ai dự thay." in said(page)
    page.selectbox(key="delegate_for").set_value(his).run()
    page.selectbox(key=f"delegate_{his}_0").set_value(nam.account_id)
    page.text_input(key=f"delegate_reason_{his}_0").set_value("Điện thoại sáng nay <b>*x*</b>")
    page.button(key=f"send_now_{his}").click().run()
    assert errors(page) == []
    [given] = delegations.trail(ports, lan, convened_meeting)
    assert "**Ngô Hải Nam** dự thay **Lê Quang Minh**" in said(page)
    page.button(key=f"withdraw_delegation_{given.id}").click().run()
    assert "Thu hồi: Trần Thị Lan" in said(page)
    page.button(key="take_back").click().run()
    assert mine(ports, minh, convened_meeting).delegate_id is not None
    [_, again] = delegations.trail(ports, lan, convened_meeting)
    page.button(key=f"withdraw_delegation_{again.id}").click().run()
    assert "Người ghi: Trần Thị Lan" in said(page)


def test_after_the_opening_the_desk_takes_the_list_along(
    browse: Browse, ports: Ports, lan: Actor, minh: Actor, convened_meeting: int
):
    def links(actor: Actor) -> list[str]:
        page = people_tab(browse, actor, convened_meeting)
        return [each.proto.url for each in page.get("link_button")]

    assert not [each for each in links(lan) if each.startswith("/attendance/")]
    meetings.open_session(ports, lan, convened_meeting)
    offered = [each for each in links(lan) if each.startswith("/attendance/")]
    assert offered == [f"/attendance/{convened_meeting}.{kind}" for kind in ("csv", "pdf")]
    assert not [each for each in links(minh) if each.startswith("/attendance/")]


def test_the_administrator_lays_the_plan_of_a_room(browse: Browse, ports: Ports, vinh: Actor, cast: Cast):
    hall = cast.venues["hoi_truong"]
    page = browse(vinh, "people")
    page.session_state["people_tab"] = "Phòng họp"
    page.run()
    before = seats.plan_of(ports, hall)
    page.number_input(key=f"rows_{hall}").set_value(5)
    page.number_input(key=f"per_row_{hall}").set_value(10)
    page.button(key=f"lay_{hall}").click().run()
    assert errors(page) == []
    assert seats.plan_of(ports, hall) == Plan(before.head, 5, 10)
    page.button(key="take_back").click().run()
    assert seats.plan_of(ports, hall).rows == before.rows
