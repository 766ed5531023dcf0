"""Official mail: queued with the issue, carried once, and what the desk learns and does when it is not."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.invitation import Delivery
from meeting_app.domain.job import WAITS, Job, JobKind
from meeting_app.domain.mail import (
    UNDERWAY,
    MailFailure,
    MailNotConfigured,
    MailServerUnreachable,
    MailState,
    MailUnderway,
    OutgoingMail,
)
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.paper import PaperKind
from meeting_app.domain.signature import Verdict
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.mail.office import SmtpOffice
from meeting_app.services import audit
from meeting_app.services import delivery as deliveries
from meeting_app.services import invitation as invitations
from meeting_app.services import job as jobs
from meeting_app.services import mail as mails
from meeting_app.services.delivery import DeliveryView
from meeting_app.services.unit_of_work import key
from meeting_app.storage.database import SqlDatabase
from meeting_app.worker.loop import work_once
from tests.keys import Office
from tests.mail.house import EVERYBODY, House, authority, context, house, server
from tests.mail.letters import SENDER, opened, verified
from tests.mail.server import Taken
from tests.services.papers import STROKES

__all__ = ["authority", "context", "house", "server"]


@pytest.fixture
def issued(house: House, lan: Actor, draft_meeting: int) -> int:
    """A meeting whose invitation has just gone out to all six; nothing is carried yet."""
    house.issue(lan, draft_meeting)
    return draft_meeting


def recipients(taken: list[Taken]) -> list[str]:
    return [each.recipient for each in taken]


def message_ids(taken: list[Taken]) -> list[str]:
    return [opened(each.content).outer["Message-ID"] for each in taken]


def delivery(house: House, desk: Actor, meeting_id: int, person: Actor) -> DeliveryView:
    rows = deliveries.of_paper(house.ports, desk, meeting_id)
    return next(row for row in rows if row.name == person.full_name)


def acts(house: House) -> list[str]:
    return [str(entry["act"]) for entry in audit.export(house.ports) if str(entry["act"]).startswith("mail.")]


# --- queued with the issue


def test_a_mail_to_everybody_is_queued_with_the_issue(house: House, issued: int, minh: Actor):
    rows = house.mails()
    assert {row.address for row in rows.values()} == EVERYBODY
    assert {row.state for row in rows.values()} == {MailState.QUEUED}
    assert len({row.message_id for row in rows.values()}) == 6
    mine = rows[minh.full_name]
    assert mine.subject == "Giấy mời số 15/GM-UBND: Họp giao ban công tác tuần"
    assert mine.file_name == "giay-moi-15-GM-UBND.pdf"
    assert mine.message_id.endswith("@anhai.haiphong.gov.vn>")
    assert sorted(job.subject_id for job in house.jobs()) == sorted(key(row.id) for row in rows.values())
    assert house.server.connections == 0  # nothing is sent inside the transaction


def test_where_no_mail_is_set_up_nothing_is_queued(house: House, lan: Actor, draft_meeting: int):
    house.ports = replace(house.ports, mail=None)
    house.issue(lan, draft_meeting)
    assert house.mails() == {}
    assert house.jobs() == []
    assert all(row.mail is None for row in deliveries.of_paper(house.ports, lan, draft_meeting))


def test_an_issue_that_comes_to_nothing_queues_nothing(house: House, lan: Actor, issued: int):
    before = (house.mails().keys(), len(house.jobs()))
    with pytest.raises(IntegrityError):
        house.issue(lan, issued)  # delivered already: the database forbids it
    assert (house.mails().keys(), len(house.jobs())) == before


def test_one_delivery_has_one_mail(house: House, issued: int, minh: Actor):
    row = house.mails()[minh.full_name]
    twin = OutgoingMail(**row.model_dump(exclude={"id", "message_id"}), message_id="<khac@gov.vn>")
    with pytest.raises(IntegrityError), house.ports.database.writing() as session:
        session.add(twin)


# --- carried


def test_the_worker_carries_all_over_one_connection(house: House, issued: int, lan: Actor, minh: Actor):
    assert work_once(house.ports) == 6
    assert set(recipients(house.server.taken)) == EVERYBODY
    assert len(house.server.taken) == 6
    assert house.server.connections == 1
    assert {each.sender for each in house.server.taken} == {SENDER}
    assert house.jobs() == []
    view = delivery(house, lan, issued, minh).mail
    assert view is not None
    assert (view.state, view.sent_at, view.reason) == (MailState.SENT, house.clock.now(), "")
    assert acts(house) == ["mail.queue", *["mail.send"] * 6]
    assert work_once(house.ports) == 0


def test_each_gets_a_mail_of_their_own_signed_by_the_units_key(house: House, issued: int, minh: Actor, office: Office):
    work_once(house.ports)
    (mine,) = (each for each in house.server.taken if each.recipient == "minh@haiphong.gov.vn")
    assert verified(mine.content, office.pki.trust_file)[0]
    mail = opened(mine.content)
    assert mail.outer["To"] == "Lê Quang Minh <minh@haiphong.gov.vn>"
    assert "Kính gửi: Lê Quang Minh" in mail.text
    assert "hoa@haiphong.gov.vn" not in mine.content.decode()  # nobody learns of the others
    assert mine.content.count(f"Message-ID: {house.mails()[minh.full_name].message_id}\r\n".encode()) == 2


def test_minutes_go_out_as_invitations_do(house: House, issued: int, lan: Actor, minh: Actor):
    work_once(house.ports)
    del house.server.taken[:]
    house.issue(lan, issued, PaperKind.MINUTES)
    work_once(house.ports)
    assert set(recipients(house.server.taken)) == EVERYBODY
    assert {opened(each.content).outer["Subject"] for each in house.server.taken} == {
        "Biên bản số 15/GM-UBND: Họp giao ban công tác tuần"
    }


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_sealed_invitation_reaches_everybodys_mailbox(
    house: House, draft_meeting: int, lan: Actor, hung: Actor, thu: Actor, enrolled: str, office: Office
):
    """From the draft to the mailbox, with every real key and every real check."""
    ports = house.ports
    invitations.draft(ports, lan, draft_meeting)
    invitations.sign(ports, hung, draft_meeting, pin=enrolled, strokes=STROKES)
    assert house.mails() == {}
    invitations.seal(ports, thu, draft_meeting, pin=enrolled)
    while work_once(ports):
        pass
    assert set(recipients(house.server.taken)) == EVERYBODY
    for taken in house.server.taken:
        assert verified(taken.content, office.pki.trust_file)[0]
        paper = opened(taken.content).files["giay-moi-01-GM-UBND.pdf"].get_content()
        assert ports.signatures.verify(paper).verdict is Verdict.VALID


def test_what_somebody_waits_for_before_a_screen_is_done_before_mails(house: House, issued: int):
    later = house.clock.advance(seconds=5)
    with house.ports.database.writing() as session:
        session.add(Job(kind=JobKind.PREPARE_DOCUMENT, subject_id=1, due_at=later))
    assert [job.kind for job in jobs.due(house.ports, limit=2)] == [JobKind.PREPARE_DOCUMENT, JobKind.SEND_MAIL]


# --- foreign domains (S4.4)


def test_a_foreign_mailbox_is_never_written_to(house: House, lan: Actor, quang: Actor, hoa: Actor, draft_meeting: int):
    house.register_address(quang, "quang@gmail.com")
    house.register_address(hoa, "hoa@haiphong.gov.vn\r\nBcc: ke-xau@example.com")
    house.issue(lan, draft_meeting)
    work_once(house.ports)
    assert set(recipients(house.server.taken)) == EVERYBODY - {"quang@haiphong.gov.vn", "hoa@haiphong.gov.vn"}
    assert house.server.heard.count("RCPT") == 4
    view = delivery(house, lan, draft_meeting, quang).mail
    assert view is not None
    assert (view.state, view.address) == (MailState.FAILED, "quang@gmail.com")
    assert view.reason == "Địa chỉ này không phải hộp thư công vụ; văn bản của cơ quan không được gửi đến đó."
    assert house.mails()[hoa.full_name].failure is MailFailure.NO_ADDRESS


def test_a_domain_no_longer_official_gets_no_mail_that_was_queued(house: House, issued: int, minh: Actor):
    office = house.ports.mail
    assert isinstance(office, SmtpOffice)
    house.ports = replace(house.ports, mail=replace(office, domains=("anhai.haiphong.gov.vn",)))
    work_once(house.ports)
    assert house.server.taken == []
    assert {row.failure for row in house.mails().values()} == {MailFailure.FOREIGN}


def test_a_cancelled_meeting_invites_nobody(house: House, issued: int):
    with house.ports.database.writing() as session:
        session.get_one(Meeting, issued).state = MeetingState.CANCELLED
    work_once(house.ports)
    assert house.server.taken == []
    assert {row.failure for row in house.mails().values()} == {MailFailure.CANCELLED}
    assert house.jobs() == []


# --- when it goes wrong


def test_a_refused_mailbox_does_not_hold_up_the_others(house: House, issued: int, lan: Actor, minh: Actor):
    house.server.answers["minh@haiphong.gov.vn"] = "550 5.1.1 no such mailbox"
    work_once(house.ports)
    assert set(recipients(house.server.taken)) == EVERYBODY - {"minh@haiphong.gov.vn"}
    view = delivery(house, lan, issued, minh).mail
    assert view is not None
    assert view.reason == "Máy chủ thư từ chối thư này hoặc địa chỉ nhận (mã trả lời 550)."
    assert house.jobs() == []  # refused for good: not tried again by itself
    assert acts(house).count("mail.fail") == 1


def test_a_postponed_mail_waits_with_its_reason_and_goes_out_later(house: House, issued: int, lan: Actor, minh: Actor):
    house.server.answers["minh@haiphong.gov.vn"] = "451 4.7.1 greylisted"
    work_once(house.ports)
    view = delivery(house, lan, issued, minh).mail
    assert view is not None
    assert (view.state, view.reason) == (
        MailState.QUEUED,
        "Máy chủ thư đề nghị gửi lại sau (mã trả lời 451).",
    )
    house.server.answers.clear()
    assert work_once(house.ports) == 0  # not at once
    house.await_next()
    assert work_once(house.ports) == 1
    assert recipients(house.server.taken).count("minh@haiphong.gov.vn") == 1
    assert house.mails()[minh.full_name].state is MailState.SENT


def test_a_server_that_was_down_for_a_while_gets_each_mail_once(house: House, issued: int, lan: Actor, minh: Actor):
    house.server.stop()
    for _ in range(3):
        work_once(house.ports)
        house.await_next()
    view = delivery(house, lan, issued, minh).mail
    assert view is not None
    assert (view.state, view.reason) == (MailState.QUEUED, "Máy chủ thư không trả lời.")
    house.server.start()
    work_once(house.ports)
    assert sorted(recipients(house.server.taken)) == sorted(EVERYBODY)
    assert house.jobs() == []


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_after_a_day_without_answer_a_mail_is_given_up(house: House, issued: int, lan: Actor, minh: Actor):
    house.server.stop()
    began_at = house.clock.now()
    while house.jobs():
        house.await_next()
        work_once(house.ports)
    assert house.clock.now() - began_at >= timedelta(hours=20)
    row = house.mails()[minh.full_name]
    assert (row.state, row.failure) == (MailState.FAILED, MailFailure.UNREACHABLE)
    assert row.tries == len(WAITS[JobKind.SEND_MAIL]) + 1
    assert acts(house).count("mail.fail") == 6


def test_a_line_cut_before_the_mail_was_taken_costs_nothing(house: House, issued: int):
    house.server.hangs_up_before = 1
    work_once(house.ports)
    house.await_next()
    work_once(house.ports)
    assert sorted(recipients(house.server.taken)) == sorted(EVERYBODY)


def test_a_line_cut_after_the_mail_was_taken_brings_the_same_message_again(house: House, issued: int):
    """Whether it was taken nobody can tell us: mailboxes drop the copy by its Message-ID (RFC 5322, 3.6.4)."""
    house.server.hangs_up_after = 1
    work_once(house.ports)
    house.await_next()
    work_once(house.ports)
    first = house.server.taken[0]
    again = [each for each in house.server.taken if each.recipient == first.recipient]
    assert len(again) == 2
    assert len(house.server.taken) == 7
    assert len(set(message_ids(house.server.taken))) == 6
    assert len(set(message_ids(again))) == 1
    assert opened(again[0].content).outer["Date"] == opened(again[1].content).outer["Date"]


def test_without_its_key_nothing_goes_out_unsigned(house: House, issued: int, minh: Actor, tmp_path: Path):
    def unreadable(_content: bytes) -> bytes:
        return (tmp_path / "no-key.p12").read_bytes()

    office = house.ports.mail
    assert isinstance(office, SmtpOffice)
    with_key, house.ports = house.ports, replace(house.ports, mail=replace(office, sign=unreadable))
    work_once(house.ports)
    assert house.server.connections == 0
    assert house.mails()[minh.full_name].failure is MailFailure.UNSIGNED
    assert house.mails()[minh.full_name].state is MailState.QUEUED
    house.ports = with_key
    house.await_next()
    work_once(house.ports)
    assert len(house.server.taken) == 6


def test_mail_switched_off_while_some_waits_is_said(house: House, issued: int, lan: Actor, minh: Actor):
    house.ports = replace(house.ports, mail=None)
    work_once(house.ports)
    assert house.mails()[minh.full_name].failure is MailFailure.UNCONFIGURED
    with pytest.raises(MailNotConfigured):
        mails.resend(house.ports, lan, issued, [1])


# --- never twice


def test_two_workers_at_the_same_moment_carry_a_mail_once(house: House, issued: int, minh: Actor):
    mail_id = key(house.mails()[minh.full_name].id)
    start = Barrier(2)

    def carry(_number: int) -> str:
        start.wait(10)
        try:
            mails.send(house.ports, mail_id)
        except MailUnderway:
            return "under way"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(carry, range(2)))
    assert len(house.server.taken) == 1
    assert "done" in told
    assert set(told) <= {"done", "under way"}  # the second came during the first, or after it


def test_a_mail_under_way_is_left_to_whoever_carries_it(house: House, issued: int, minh: Actor):
    """The second worker comes while the server still looks through the message."""
    mail_id = key(house.mails()[minh.full_name].id)
    asked, answered = Event(), Event()

    def ask_again() -> None:
        asked.set()
        assert answered.wait(10)

    house.server.before_answer = ask_again
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(mails.send, house.ports, mail_id)
        assert asked.wait(10)
        other = replace(house.ports, mail=None)  # would it try, it would say so
        with pytest.raises(MailUnderway):
            mails.send(other, mail_id)
        answered.set()
        first.result(10)
    assert len(house.server.taken) == 1
    assert house.mails()[minh.full_name].state is MailState.SENT


def test_a_late_refusal_does_not_take_the_mail_from_the_worker_who_came_after(house: House, issued: int, minh: Actor):
    """The first try lasts so long that it counts as dead; another has begun when its answer comes."""
    mail_id = key(house.mails()[minh.full_name].id)

    def overtake() -> None:
        with house.ports.database.writing() as session:
            session.get_one(OutgoingMail, mail_id).begin(house.clock.advance(seconds=UNDERWAY.total_seconds()))

    house.server.before_answer, house.server.hangs_up_after = overtake, 1
    with pytest.raises(MailServerUnreachable):
        mails.send(house.ports, mail_id)
    with pytest.raises(MailUnderway):
        mails.send(house.ports, mail_id)


def test_what_a_dead_worker_left_is_carried_again_after_a_while(house: House, issued: int, minh: Actor):
    with house.ports.database.writing() as session:
        row = session.exec(select(OutgoingMail).where(OutgoingMail.address == "minh@haiphong.gov.vn")).one()
        row.begin(house.clock.now())
    work_once(house.ports)
    assert len(house.server.taken) == 5
    house.clock.advance(seconds=UNDERWAY.total_seconds() - 1)
    work_once(house.ports)
    assert len(house.server.taken) == 5
    house.await_next()
    house.clock.advance(seconds=1)
    work_once(house.ports)
    assert recipients(house.server.taken)[5:] == ["minh@haiphong.gov.vn"]


def test_a_sent_mail_is_not_sent_by_an_old_job(house: House, issued: int, minh: Actor):
    mail_id = key(house.mails()[minh.full_name].id)
    mails.send(house.ports, mail_id)
    mails.send(house.ports, mail_id)
    mails.give_up(house.ports, mail_id)
    assert len(house.server.taken) == 1
    assert house.mails()[minh.full_name].state is MailState.SENT


# --- sent again by the desk


def test_the_desk_sends_a_failed_mail_again_to_the_address_as_it_is_now(
    house: House, lan: Actor, quang: Actor, draft_meeting: int
):
    house.register_address(quang, "quang@gmail.com")
    house.issue(lan, draft_meeting)
    work_once(house.ports)
    row = delivery(house, lan, draft_meeting, quang)
    assert mails.resend(house.ports, lan, draft_meeting, [row.id]) == 0  # still foreign
    assert house.jobs() == []
    house.register_address(quang, "quang@anhai.haiphong.gov.vn")
    assert mails.resend(house.ports, lan, draft_meeting, [row.id]) == 1
    work_once(house.ports)
    assert recipients(house.server.taken)[-1] == "quang@anhai.haiphong.gov.vn"
    assert len(set(message_ids(house.server.taken))) == 6
    assert acts(house)[-3:] == ["mail.resend", "mail.resend", "mail.send"]


def test_only_what_failed_is_sent_again_however_often_one_asks(house: House, issued: int, lan: Actor, minh: Actor):
    house.server.answers["minh@haiphong.gov.vn"] = "550 5.1.1 no such mailbox"
    work_once(house.ports)
    house.server.answers.clear()
    everything = [row.id for row in deliveries.of_paper(house.ports, lan, issued)]
    start = Barrier(4)

    def ask(_number: int) -> int:
        start.wait(10)
        return mails.resend(house.ports, lan, issued, everything)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, range(4))) == [0, 0, 0, 1]
    work_once(house.ports)
    assert sorted(recipients(house.server.taken)) == sorted(EVERYBODY)


def test_clerk_and_desk_may_send_again_and_nobody_else(
    house: House, issued: int, minh: Actor, thu: Actor, nam: Actor, hung: Actor
):
    for actor, error in ((minh, NotAllowed), (nam, NotFound)):
        with pytest.raises(error):
            mails.resend(house.ports, actor, issued, [1])
    for actor in (thu, hung):
        assert mails.resend(house.ports, actor, issued, [10**9]) == 0


def test_mails_of_another_meeting_are_out_of_reach(
    house: House, issued: int, lan: Actor, cast, registration, database: SqlDatabase
):
    from meeting_app.services import meeting as meetings

    house.server.answers["minh@haiphong.gov.vn"] = "550 5.1.1 no such mailbox"
    work_once(house.ports)
    other = meetings.register(
        house.ports, lan, replace(registration, venue_id=cast.venues["phong_giao_ban"], title="Họp khác")
    )
    with house.ports.database.reading() as session:
        ids = [key(row.id) for row in session.exec(select(Delivery)).all()]
    assert mails.resend(house.ports, lan, other, ids) == 0
