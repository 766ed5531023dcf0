"""Official mail on the secretary's desk, in a real browser on tablet and phone."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from meeting_app.domain.job import JobKind
from meeting_app.mail.office import SmtpOffice
from meeting_app.mail.smtp import SmtpAddress, SmtpServer
from meeting_app.services import agenda as agendas
from meeting_app.services import invitation as invitations
from meeting_app.services import meeting as meetings
from meeting_app.services.meeting import Registration
from meeting_app.worker.loop import work_once
from tests.keys import PIN
from tests.mail.certificates import Authority
from tests.mail.house import authority, context
from tests.mail.letters import SENDER
from tests.mail.server import MailServer, serving
from tests.services.papers import STROKES
from tests.ui.conftest import Open
from tests.web.web_house import WebHouse

__all__ = ["authority", "context"]


@pytest.fixture(scope="module")
def convened(house: WebHouse, context: ssl.SSLContext, authority: Authority) -> Iterator[int]:
    """Issued and mailed to all six: one mailbox is unknown, one asks to come again, four have it."""
    hung, lan, thu = (house.actor(name) for name in ("hung", "lan", "thu"))
    people = {name: actor.account_id for name, actor in house.cast.actors.items()}
    answers = {"minh@haiphong.gov.vn": "550 5.1.1 no such mailbox", "hoa@haiphong.gov.vn": "451 4.7.1 later"}
    with serving(MailServer(context, answers=answers)) as server:
        line = SmtpServer(SmtpAddress.parse(server.url), name="gov.vn", password=str, trust_file=authority.root_file)
        ports = replace(house.ports, mail=SmtpOffice(line, lambda _content: b"signature", SENDER, ("gov.vn",)))
        starts_at = ports.clock.now() + timedelta(days=40)
        registration = Registration(
            title="Họp có thư công vụ",
            venue_id=house.cast.venues["hoi_truong"],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            chair_id=people["hung"],
            secretary_id=people["lan"],
            member_ids=(people["minh"], people["hoa"], people["dung"]),
            guest_ids=(people["quang"],),
        )
        meeting_id = meetings.register(ports, lan, registration)
        agendas.insert(ports, lan, meeting_id, "Công tác tuần", presenter="", minutes=20)
        invitations.draft(ports, lan, meeting_id)
        invitations.sign(ports, hung, meeting_id, pin=PIN, strokes=STROKES)
        invitations.seal(ports, thu, meeting_id, pin=PIN)
        work_once(ports, kinds=frozenset({JobKind.SEND_MAIL}))  # whatever other tests of this house left to do
        yield meeting_id


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_who_did_not_get_the_mail_is_read_and_touched_on_any_screen(opened: Open, convened: int, size: str):
    reader = opened("lan", size=size)
    reader.go(f"/meeting?meeting={convened}")
    reader.page.get_by_role("tab", name="Giấy mời").click()
    reader.sees_text("Máy chủ thư từ chối thư này hoặc địa chỉ nhận (mã trả lời 550).")
    reader.sees_text("Máy chủ thư đề nghị gửi lại sau (mã trả lời 451).")
    reader.settle()
    assert reader.page.locator("a[href^='mailto:']").count() == 0
    assert reader.small_targets("[class*=st-key-resend_]") == []
    assert not reader.scrolls_sideways()
    reader.page.get_by_role("button", name="Gửi lại", exact=True).click()
    # This web process has no mail set up: the page says so and goes on.
    reader.sees_text("Hệ thống này chưa được thiết lập để gửi thư công vụ.")
