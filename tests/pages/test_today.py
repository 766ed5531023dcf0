"""Hôm nay: each sees what waits for them, with one button, and nobody sees more."""

from datetime import timedelta

import pytest

from meeting_app.domain.access import Actor
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import invitation as invitations
from meeting_app.services import meeting as meetings
from tests.cast import MORNING, SettableClock
from tests.pages.conftest import Browse, primaries, said


def test_nothing_waits_for_somebody_without_meetings(browse: Browse, minh: Actor) -> None:
    page = browse(minh, "today")
    text = said(page)
    assert "Không có việc nào đang chờ." in text
    assert "Hôm nay không có cuộc họp nào." in text
    assert "Bảy ngày tới chưa có cuộc họp nào." in text
    assert primaries(page) == []


def test_the_secretary_is_sent_to_prepare_the_draft(browse: Browse, lan: Actor, draft_meeting: int) -> None:
    page = browse(lan, "today")
    assert primaries(page) == ["Chuẩn bị cuộc họp"]
    page.button(key=f"do_prepare_{draft_meeting}").click().run()
    assert page.title[0].value == "Họp giao ban công tác tuần"


def test_a_draft_is_not_shown_to_those_not_yet_invited(browse: Browse, minh: Actor, draft_meeting: int) -> None:
    assert "giao ban" not in said(browse(minh, "today"))


def test_the_leader_is_sent_to_sign(
    browse: Browse, ports: Ports, hung: Actor, lan: Actor, draft_meeting: int, enrolled: str
) -> None:
    invitations.draft(ports, lan, draft_meeting)
    page = browse(hung, "today")
    assert primaries(page) == ["Ký giấy mời"]


def test_a_given_back_invitation_says_why(
    browse: Browse, ports: Ports, hung: Actor, lan: Actor, draft_meeting: int, enrolled: str
) -> None:
    invitations.draft(ports, lan, draft_meeting)
    invitations.refuse(ports, hung, draft_meeting, "Đổi giờ họp sang buổi chiều")
    assert "Bị trả lại. Lý do: Đổi giờ họp sang buổi chiều" in said(browse(lan, "today"))


def test_an_invited_member_is_asked_to_reply(
    browse: Browse, ports: Ports, minh: Actor, convened_meeting: int, clock: SettableClock
) -> None:
    clock.set(MORNING - timedelta(days=1))
    page = browse(minh, "today")
    assert primaries(page) == ["Trả lời giấy mời"]
    attendees.accept(ports, minh, convened_meeting)
    assert "Không có việc nào đang chờ." in said(browse(minh, "today"))


def test_half_an_hour_before_the_way_into_the_room_stands_out(
    browse: Browse, hung: Actor, convened_meeting: int, clock: SettableClock
) -> None:
    clock.set(MORNING - timedelta(minutes=1))
    page = browse(hung, "today")
    assert "Vào phòng họp" not in said(page)
    assert "Phòng họp mở từ 8 giờ 00." in said(page)
    assert "còn 31 phút" in said(page)
    clock.set(MORNING)
    page = browse(hung, "today")
    assert primaries(page) == ["Vào phòng họp"]


def test_a_running_meeting_is_the_first_thing_one_sees(browse: Browse, quang: Actor, running_meeting: int) -> None:
    page = browse(quang, "today")
    assert primaries(page) == ["Vào phòng họp"]
    assert page.header[0].value == "Họp giao ban công tác tuần"


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_titles_are_never_markup(browse: Browse, ports: Ports, lan: Actor, registration: meetings.Registration) -> None:
    title = "**Đậm** [liên kết](javascript:alert(1)) :red[đỏ] $x$ <b>html</b> :material/home:"
    meetings.register(ports, lan, _titled(registration, title))
    page = browse(lan, "today")
    shown = next(each.value for each in page.markdown if "Đậm" in each.value)
    assert "\\*\\*Đậm\\*\\*" in shown
    assert "\\[liên kết\\]" in shown
    assert ":red" not in shown
    assert ":material/home" not in shown
    assert "<b>" not in shown.replace("\\<", "")


def _titled(registration: meetings.Registration, title: str) -> meetings.Registration:
    return meetings.Registration(
        title=title,
        venue_id=registration.venue_id,
        starts_at=registration.starts_at,
        ends_at=registration.ends_at,
        chair_id=registration.chair_id,
        secretary_id=registration.secretary_id,
        member_ids=registration.member_ids,
    )
