"""The desk's list of deliveries: whose mail was sent, waits or failed, why, and "Gửi lại"."""

import pytest
from streamlit.testing.v1 import AppTest

from meeting_app import running
from meeting_app.domain.access import Actor
from meeting_app.ports import Ports
from meeting_app.services import invitation as invitations
from meeting_app.worker.loop import work_once
from tests.cast import Cast
from tests.mail.house import House, authority, context, house, server
from tests.pages.conftest import Browse, errors, said
from tests.services.papers import STROKES

__all__ = ["authority", "context", "house", "server"]

pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)

MINH, HOA = "minh@haiphong.gov.vn", "hoa@haiphong.gov.vn"


def convene(ports: Ports, cast: Cast, meeting_id: int, pin: str) -> int:
    """Really signed and sealed, because the page shows the paper; no mail is carried yet."""
    invitations.draft(ports, cast.actors["lan"], meeting_id)
    invitations.sign(ports, cast.actors["hung"], meeting_id, pin=pin, strokes=STROKES)
    invitations.seal(ports, cast.actors["thu"], meeting_id, pin=pin)
    return meeting_id


@pytest.fixture
def convened(house: House, cast: Cast, draft_meeting: int, enrolled: str) -> int:
    return convene(house.ports, cast, draft_meeting, enrolled)


def desk(browse: Browse, house: House, actor: Actor, meeting_id: int) -> AppTest:
    running.start(house.ports)
    page = browse(actor, "meeting", meeting=meeting_id)
    page.session_state[f"desk_{meeting_id}"] = "Giấy mời"
    return page.run()


def shown(page: AppTest) -> str:
    """What the page says, without the marks of its own layout."""
    return said(page).replace("**", "").replace(":small[", "").replace("]", "")


def resend_buttons(page: AppTest) -> list[str]:
    return [button.label for button in page.button if (button.key or "").startswith("resend_")]


def test_the_desk_sees_what_became_of_each_mail(browse: Browse, house: House, convened: int, lan: Actor, thu: Actor):
    text = shown(desk(browse, house, lan, convened))
    assert text.count("Thư chờ gửi") == 6
    house.server.answers = {MINH: "550 5.1.1 no such mailbox", HOA: "451 4.7.1 later"}
    work_once(house.ports)
    for reader in (lan, thu):
        page = desk(browse, house, reader, convened)
        text = shown(page)
        assert text.count("Đã gửi thư") == 4
        assert f"Lê Quang Minh ({MINH}): Máy chủ thư từ chối thư này hoặc địa chỉ nhận (mã trả lời 550)." in text
        assert f"Phạm Thị Hoa ({HOA}): Máy chủ thư đề nghị gửi lại sau (mã trả lời 451)." in text
        assert "trong vòng một ngày" in text
        assert resend_buttons(page) == ["Gửi lại"]  # what waits goes by itself


def test_a_failed_mail_is_sent_again_by_a_touch(browse: Browse, house: House, convened: int, lan: Actor):
    house.server.answers = {MINH: "550 5.1.1 no such mailbox"}
    work_once(house.ports)
    house.server.answers = {}
    page = desk(browse, house, lan, convened)
    next(button for button in page.button if button.label == "Gửi lại").click().run()
    assert errors(page) == []
    assert "Đang gửi lại 1 thư." in shown(page)
    assert resend_buttons(page) == []
    work_once(house.ports)
    assert [taken.recipient for taken in house.server.taken].count(MINH) == 1
    assert shown(desk(browse, house, lan, convened)).count("Đã gửi thư") == 6


def test_all_failed_mails_are_sent_again_at_once_and_foreign_ones_stay(
    browse: Browse, house: House, convened: int, lan: Actor, minh: Actor
):
    house.server.answers = {MINH: "550 no", HOA: "550 no"}
    work_once(house.ports)
    house.server.answers = {}
    house.register_address(minh, "minh*@gmail.com")
    page = desk(browse, house, lan, convened)
    assert resend_buttons(page) == ["Gửi lại cả 2 thư"]
    next(button for button in page.button if button.label == "Gửi lại cả 2 thư").click().run()
    assert "Đang gửi lại 1 thư." in shown(page)
    assert "1 thư chưa gửi được vì địa chỉ không phải hộp thư công vụ." in shown(page)
    assert resend_buttons(page) == ["Gửi lại"]
    assert "Lê Quang Minh (minh*@gmail.com): Chưa đăng ký địa chỉ thư dùng được cho người này." in shown(page)


def test_a_member_sees_nothing_of_mails(browse: Browse, house: House, convened: int, dung: Actor):
    house.server.answers = {MINH: "550 5.1.1 no such mailbox"}
    work_once(house.ports)
    running.start(house.ports)
    page = browse(dung, "meeting", meeting=convened)
    assert "Thư công vụ" not in shown(page)
    assert MINH not in shown(page)
    assert resend_buttons(page) == []


def test_where_no_mail_is_set_up_the_desk_says_nothing_of_it(
    browse: Browse, ports: Ports, cast: Cast, draft_meeting: int, enrolled: str, lan: Actor
):
    convene(ports, cast, draft_meeting, enrolled)
    page = browse(lan, "meeting", meeting=draft_meeting)
    page.session_state[f"desk_{draft_meeting}"] = "Giấy mời"
    text = shown(page.run())
    assert "Chuyển phát" in text
    assert "Thư" not in text
    assert resend_buttons(page) == []
