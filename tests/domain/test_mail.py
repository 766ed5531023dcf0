"""Where official mail may go, and how often it is tried."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting_app.domain.invitation import paper_file_name
from meeting_app.domain.job import PATIENT, WAITS, Job, JobKind
from meeting_app.domain.mail import (
    UNDERWAY,
    AddressForeign,
    AddressMissing,
    MailboxRefused,
    MailFailure,
    MailNotSent,
    MailPostponed,
    MailServerUnreachable,
    MailState,
    MailUnderway,
    OutgoingMail,
    official_address,
)
from meeting_app.domain.paper import PaperKind
from meeting_app.domain.wording import one_line
from meeting_app.i18n import speaking

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DOMAINS = ("gov.vn", "dangcongsan.vn")


@pytest.mark.parametrize(
    ("address", "official"),
    [
        ("minh@gov.vn", "minh@gov.vn"),
        ("minh@haiphong.gov.vn", "minh@haiphong.gov.vn"),
        ("le.quang_minh-2+hop@an-hai.haiphong.gov.vn", "le.quang_minh-2+hop@an-hai.haiphong.gov.vn"),
        ("Minh@HaiPhong.GOV.VN", "Minh@haiphong.gov.vn"),
        (" minh@haiphong.gov.vn ", "minh@haiphong.gov.vn"),
        ("minh@dangcongsan.vn", "minh@dangcongsan.vn"),
    ],
)
def test_official_are_the_domains_and_all_below_them(address: str, official: str):
    assert official_address(address, DOMAINS) == official


@pytest.mark.parametrize(
    "address",
    [
        "minh@gmail.com",
        "minh@gov.vn.example.com",
        "minh@xgov.vn",
        "minh@gov-vn.com",
        "minh@vn",
        "minh@haiphong.gov.vn.vn",
        "minh@xn--gv-jka.vn",
        "minh@xn--hi-8ja.gov.vn",  # looks like something else, even below an official domain
    ],
)
def test_foreign_domains_are_never_written_to(address: str):
    with pytest.raises((AddressForeign, AddressMissing)):
        official_address(address, DOMAINS)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "minh",
        "@gov.vn",
        "minh@",
        "minh@gov.vn.",
        "minh@.gov.vn",
        "minh@haiphong..gov.vn",
        "minh@gov.vn@example.com",
        "minh@example.com@gov.vn",
        "minh%example.com@gov.vn",
        "example.com!minh@gov.vn",
        '"minh@example.com"@gov.vn',
        "<minh@gov.vn>",
        "Minh <minh@gov.vn>",
        "minh@gov.vn,ke-xau@example.com",
        "minh@gov.vn ke-xau@example.com",
        "minh@gov.vn\r\nRCPT TO:<ke-xau@example.com>",
        "minh@gov.vn\n",
        "minh\n@gov.vn",
        "minh@example.com\x00.gov.vn",
        "minh@example.com#.gov.vn",
        "minh@example.com/.gov.vn",
        "minh@[127.0.0.1]",
        "minh@127.0.0.1",
        "minh@gov.vn:25",
        "minh@ɡov.vn",  # another g
        "minh@gov。vn",  # the ideographic full stop, a dot to IDNA
        "minh@ｇｏｖ.ｖｎ",
        "minh@\u212aiengiang.gov.vn",  # the Kelvin sign, whose small letter is a plain k
        "đông@gov.vn",
        "-oQ@gov.vn",
        ".minh@gov.vn",
        "minh.@gov.vn",
        "mi..nh@gov.vn",
        "minh@-hp.gov.vn",
        "m" * 65 + "@gov.vn",
        "minh@" + "a" * 64 + ".gov.vn",
        "minh@" + "a." * 130 + "gov.vn",
    ],
)
def test_what_is_no_plain_address_is_none(address: str):
    with pytest.raises(AddressMissing):
        official_address(address, DOMAINS)


@given(st.text(max_size=30), st.sampled_from(["", "@gov.vn", "@haiphong.gov.vn", ".gov.vn", "@x.vn\u2028@gov.vn"]))
def test_no_text_becomes_an_address_elsewhere(text: str, end: str):
    try:
        address = official_address(text + end, DOMAINS)
    except MailNotSent:
        return
    local, domain = address.split("@")
    assert address.isascii()
    assert domain in DOMAINS or domain.endswith((".gov.vn", ".dangcongsan.vn"))
    assert not set(local) & set(' \r\n\t<>()[],;:\\"%!@')


def test_nothing_is_official_where_no_domain_is():
    with pytest.raises(AddressForeign):
        official_address("minh@gov.vn", ())


# --- one mail through its tries


def mail(address: str = "minh@gov.vn") -> OutgoingMail:
    row = OutgoingMail(
        delivery_id=1, address="", subject="", sha256="", file_name="", message_id="<a@gov.vn>", queued_at=NOW
    )
    row.direct(address, DOMAINS, NOW)
    return row


def test_a_foreign_address_is_kept_with_its_sentence_and_never_tried():
    row = mail("minh@gmail.com\r\nBcc: x")
    assert (row.state, row.failure) == (MailState.FAILED, MailFailure.NO_ADDRESS)
    row = mail("minh@gmail.com")
    assert (row.state, row.failure, row.address) == (MailState.FAILED, MailFailure.FOREIGN, "minh@gmail.com")
    assert "không phải hộp thư công vụ" in row.sentence


def test_a_try_under_way_is_not_begun_again_until_it_must_have_ended():
    row = mail()
    row.begin(NOW)
    with pytest.raises(MailUnderway):
        row.begin(NOW + UNDERWAY - timedelta(seconds=1))
    row.begin(NOW + UNDERWAY)
    assert row.tries == 2


def test_what_may_help_later_waits_and_what_is_final_fails():
    row = mail()
    row.begin(NOW)
    row.note(MailPostponed(answer=451))
    assert (row.state, row.begun_at, row.answer) == (MailState.QUEUED, None, 451)
    assert row.sentence == "Máy chủ thư đề nghị gửi lại sau (mã trả lời 451)."
    row.begin(NOW)
    row.note(MailboxRefused(answer=550))
    assert row.state is MailState.FAILED
    with speaking("en"):
        assert row.sentence == "The mail server refuses this mail or its address (answer 550)."
    row.direct("hoa@gov.vn", DOMAINS, NOW)
    assert (row.state, row.failure, row.answer, row.tries, row.sentence) == (MailState.QUEUED, None, 0, 0, "")


def test_a_sent_mail_has_nothing_to_say():
    row = mail()
    row.begin(NOW)
    row.note(MailServerUnreachable())
    row.begin(NOW)
    row.arrive(NOW)
    assert (row.state, row.sent_at, row.begun_at, row.sentence) == (MailState.SENT, NOW, None, "")


@pytest.mark.parametrize("failure", MailFailure)
def test_every_failure_has_a_sentence(failure: MailFailure):
    row = mail()
    row.failure, row.answer = failure, 550
    assert row.sentence.endswith((".", ")."))
    assert "{" not in row.sentence


# --- how long it is tried


@pytest.mark.parametrize("kind", [kind for kind in JobKind if kind not in PATIENT])
def test_a_job_is_tried_after_each_of_its_waits_and_once_more(kind: JobKind):
    job, now, waits = Job(kind=kind, subject_id=1, due_at=NOW), NOW, []
    while job.done_at is None:
        job.fail("x" * 600, now)
        if job.done_at is None:
            waits.append((job.due_at - now).total_seconds())
            now = job.due_at
    assert tuple(waits) == WAITS[kind]
    assert job.tries == len(waits) + 1
    assert len(job.failure) == 500


@pytest.mark.parametrize("kind", sorted(PATIENT))
def test_a_patient_job_is_tried_for_ever_and_never_less_often_than_its_longest_wait(kind: JobKind):
    job, now = Job(kind=kind, subject_id=1, due_at=NOW), NOW
    for _ in range(100):
        job.fail("x", now)
        assert job.done_at is None
        assert timedelta(0) < job.due_at - now <= timedelta(seconds=WAITS[kind][-1])
        now = job.due_at


def test_a_mail_is_tried_for_a_day_and_again_soon_after_a_worker_died():
    waits = WAITS[JobKind.SEND_MAIL]
    assert timedelta(hours=20) < timedelta(seconds=sum(waits)) < timedelta(hours=36)
    assert any(UNDERWAY < timedelta(seconds=sum(waits[:n])) < timedelta(minutes=15) for n in range(1, len(waits)))


def test_file_names_are_plain():
    assert paper_file_name(PaperKind.INVITATION, "05/GM-UBND") == "giay-moi-05-GM-UBND.pdf"
    assert paper_file_name(PaperKind.MINUTES, "12/BB-HĐND") == "bien-ban-12-BB-HĐND.pdf"


def test_one_line_has_no_break_of_any_kind():
    assert one_line(" Họp\r\ngiao\u2028ban\x85 tuần\x0b\t1 ") == "Họp giao ban tuần 1"
