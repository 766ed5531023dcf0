"""Đăng ký cuộc họp: conflicts arise in place, nothing typed is lost, each error is a sentence."""

from datetime import time, timedelta

from streamlit.testing.v1 import AppTest

from meeting_app.domain.access import Actor
from meeting_app.domain.calendar import local
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import invitation as invitations
from meeting_app.services import meeting as meetings
from tests.cast import MORNING, Cast, SettableClock
from tests.pages.conftest import Browse, errors, said


def field(page: AppTest, name: str, meeting: str = "new"):
    return page.get_by_key(f"registration_{meeting}_{name}")


def fill(page: AppTest, cast: Cast, **changes) -> AppTest:
    """What Lan types, unless said otherwise."""
    people = {name: actor.account_id for name, actor in cast.actors.items()}
    values = {
        "title": "Họp giao ban tuần 48",
        "chair": people["hung"],
        "members": [people["minh"], people["hoa"]],
        "guests": [people["quang"]],
    }
    for name, value in (values | changes).items():
        field(page, name).set_value(value)
    return page.run()


def save(page: AppTest) -> AppTest:
    return page.button(key="save").click().run()


def test_registering_leads_to_the_desk_of_the_new_meeting(browse: Browse, ports: Ports, lan: Actor, cast: Cast) -> None:
    page = save(fill(browse(lan, "register"), cast))
    assert errors(page) == []
    assert page.title[0].value == "Họp giao ban tuần 48"
    (meeting,) = meetings.visible(ports, lan, MORNING, MORNING + timedelta(days=3))
    assert local(meeting.starts_at).time() == time(8, 0)
    assert len(attendees.attendees(ports, lan, meeting.id)) == 5


def test_the_registrar_is_the_secretary_unless_another_is_chosen(browse: Browse, lan: Actor) -> None:
    assert field(browse(lan, "register"), "secretary").value == lan.account_id


def test_people_without_the_right_cannot_register(browse: Browse, minh: Actor) -> None:
    page = browse(minh, "register")
    assert errors(page) == ["Bạn không có quyền thực hiện việc này trong phiên họp."]
    assert not page.text_input


def test_a_missing_title_is_said_and_nothing_is_lost(browse: Browse, lan: Actor, cast: Cast) -> None:
    page = save(fill(browse(lan, "register"), cast, title=""))
    assert errors(page) == ["Cuộc họp cần có tiêu đề."]
    assert field(page, "chair").value == cast.actors["hung"].account_id
    assert "Nội dung đã nhập vẫn được giữ nguyên." in said(page)


def test_a_missing_chair_is_said(browse: Browse, lan: Actor, cast: Cast) -> None:
    page = save(fill(browse(lan, "register"), cast, chair=None))
    assert len(errors(page)) == 1
    assert "chủ trì" in errors(page)[0]


def test_a_missing_secretary_is_said(browse: Browse, lan: Actor, cast: Cast) -> None:
    page = save(fill(browse(lan, "register"), cast, secretary=None))
    assert "thư ký" in errors(page)[0]


def test_nobody_invited_is_said(browse: Browse, lan: Actor, cast: Cast) -> None:
    page = save(fill(browse(lan, "register"), cast, members=[]))
    assert len(errors(page)) == 1


def test_the_day_is_needed(browse: Browse, lan: Actor, cast: Cast) -> None:
    page = save(fill(browse(lan, "register"), cast, day=None))
    assert errors(page) == ["Đề nghị chọn ngày và giờ họp."]


def test_the_room_is_needed(browse: Browse, lan: Actor, cast: Cast) -> None:
    page = save(fill(browse(lan, "register"), cast, venue=None))
    assert errors(page) == ["Đề nghị chọn phòng họp."]


def test_an_end_before_the_start_is_said_while_typing(browse: Browse, lan: Actor, cast: Cast) -> None:
    page = fill(browse(lan, "register"), cast, end=time(7, 0))
    assert len(errors(page)) == 1


def test_a_taken_room_and_busy_people_are_said_before_saving(
    browse: Browse, lan: Actor, cast: Cast, draft_meeting: int
) -> None:
    today = local(MORNING).date()
    page = fill(browse(lan, "register"), cast, day=today, start=time(9, 0), end=time(10, 0))
    text = "\n".join(warning.value for warning in page.warning)
    assert "Hội trường tầng 2 đã có cuộc họp “Họp giao ban công tác tuần”" in text
    assert "Lê Quang Minh đã có cuộc họp khác từ 8 giờ 30." in text
    page = save(page)
    assert "Hội trường tầng 2" in errors(page)[0]
    page = field(page, "venue").set_value(cast.venues["phong_giao_ban"]).run()
    assert "Hội trường" not in "\n".join(warning.value for warning in page.warning)


def test_a_past_time_is_pointed_out(browse: Browse, lan: Actor, cast: Cast, clock: SettableClock) -> None:
    page = fill(browse(lan, "register"), cast, day=local(clock.now()).date() - timedelta(days=1))
    assert "Thời gian này đã qua." in said(page)


def test_what_was_typed_outlives_a_reload(browse: Browse, lan: Actor, cast: Cast) -> None:
    fill(browse(lan, "register"), cast, note="Mang theo báo cáo", start=time(14, 15))
    page = browse(lan, "register")
    assert field(page, "title").value == "Họp giao ban tuần 48"
    assert field(page, "start").value == time(14, 15)
    assert field(page, "note").value == "Mang theo báo cáo"
    assert field(page, "members").value == [cast.actors["minh"].account_id, cast.actors["hoa"].account_id]


def test_a_draft_opens_as_it_stands_and_is_changed(
    browse: Browse, ports: Ports, lan: Actor, cast: Cast, draft_meeting: int
) -> None:
    page = browse(lan, "register", meeting=draft_meeting)
    name = str(draft_meeting)
    assert field(page, "title", name).value == "Họp giao ban công tác tuần"
    assert field(page, "start", name).value == time(8, 30)
    field(page, "title", name).set_value("Họp giao ban đột xuất")
    field(page, "guests", name).set_value([])
    page = save(page.run())
    assert meetings.view(ports, lan, draft_meeting).title == "Họp giao ban đột xuất"
    assert cast.actors["quang"].account_id not in {
        each.account_id for each in attendees.attendees(ports, lan, draft_meeting)
    }


def test_a_submitted_meeting_cannot_be_changed_under_the_signers_hand(
    browse: Browse, ports: Ports, lan: Actor, draft_meeting: int, enrolled: str
) -> None:
    invitations.draft(ports, lan, draft_meeting)
    page = save(browse(lan, "register", meeting=draft_meeting))
    assert "rút lại" in errors(page)[0].lower()


def test_a_meeting_of_strangers_does_not_exist(browse: Browse, nam: Actor, draft_meeting: int) -> None:
    page = browse(nam, "register", meeting=draft_meeting)
    assert errors(page) == ["Nội dung này không tồn tại hoặc chưa được mở cho bạn."]
