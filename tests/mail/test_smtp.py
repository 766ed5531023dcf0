"""The line to the mail server, against a real one on the loopback address."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from meeting_app.domain.mail import (
    MailboxRefused,
    MailNotSent,
    MailPostponed,
    MailServerInsecure,
    MailServerUnreachable,
    NotLetIn,
)
from meeting_app.mail.smtp import SmtpAddress, SmtpServer
from tests.mail.certificates import Authority
from tests.mail.house import authority, context, server
from tests.mail.letters import SENDER
from tests.mail.server import DOMAIN, PASSWORD, USER, MailServer, serving

__all__ = ["authority", "context", "server"]

# The server's own advice about its settings, which here are as wanted.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH", "ignore:ssl.TLSVersion.TLSv1_1")

MESSAGE = b"Subject: Th\r\n\r\n.dong dau bang dau cham\r\nhet\r\n"
MINH, HOA = "minh@haiphong.gov.vn", "hoa@haiphong.gov.vn"


@pytest.fixture(params=["starttls", "tls"])
def either(request: pytest.FixtureRequest, context: ssl.SSLContext) -> Iterator[MailServer]:
    """A server for either way to TLS, which lets in one user alone."""
    with serving(MailServer(context, implicit_tls=request.param == "tls", user=USER)) as server:
        yield server


def line_to(server: MailServer, authority: Authority, *, password: str = PASSWORD, url: str = "") -> SmtpServer:
    return SmtpServer(
        SmtpAddress.parse(url or server.url),
        name="anhai.haiphong.gov.vn",
        password=lambda: password,
        trust_file=authority.root_file,
    )


def refused(line: SmtpServer, recipient: str = MINH) -> MailNotSent:
    with pytest.raises(MailNotSent) as caught:
        line.carry(MESSAGE, SENDER, recipient)
    return caught.value


def test_a_mail_arrives_as_it_was_given(either: MailServer, authority: Authority):
    line = line_to(either, authority)
    line.carry(MESSAGE, SENDER, MINH)
    line.hang_up()
    (taken,) = either.taken
    assert (taken.sender, taken.recipient, taken.content, taken.with_tls) == (SENDER, MINH, MESSAGE, True)


def test_one_connection_carries_all_that_is_due(either: MailServer, authority: Authority):
    line = line_to(either, authority)
    for recipient in (MINH, HOA, MINH):
        line.carry(MESSAGE, SENDER, recipient)
    assert either.connections == 1
    line.hang_up()
    line.carry(MESSAGE, SENDER, HOA)
    line.hang_up()
    assert either.connections == 2
    assert [taken.recipient for taken in either.taken] == [MINH, HOA, MINH, HOA]


def test_without_starttls_nothing_is_said(authority: Authority):
    with serving(MailServer(None, user=USER)) as server:
        assert isinstance(refused(line_to(server, authority)), MailServerInsecure)
        assert set(server.heard) == {"EHLO"}
        assert server.taken == []


def test_a_server_that_speaks_in_clear_where_tls_is_expected_gets_nothing(authority: Authority):
    with serving(MailServer(None)) as server:
        url = server.url.replace("smtp+starttls", "smtps")
        assert isinstance(refused(line_to(server, authority, url=url)), MailServerInsecure)
        assert server.heard == []


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_certificate_must_be_of_an_authority_we_trust(
    context: ssl.SSLContext, tmp_path: Path, scheme: str, authority: Authority
):
    with serving(MailServer(context, implicit_tls=scheme == "smtps")) as server:
        assert isinstance(refused(line_to(server, Authority(tmp_path))), MailServerInsecure)
        assert server.taken == []
        line_to(server, authority).carry(MESSAGE, SENDER, MINH)  # and is enough


def test_a_certificate_must_be_of_this_very_server(authority: Authority):
    with serving(MailServer(authority.server_context("mail.other.vn"))) as server:
        assert isinstance(refused(line_to(server, authority)), MailServerInsecure)
        assert server.taken == []


def test_tls_older_than_1_2_is_refused(authority: Authority):
    old = authority.server_context(DOMAIN)
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with serving(MailServer(old)) as server:
        assert isinstance(refused(line_to(server, authority)), MailServerInsecure)
    modern = authority.server_context(DOMAIN)
    modern.maximum_version = ssl.TLSVersion.TLSv1_2
    with serving(MailServer(modern)) as server:
        line_to(server, authority).carry(MESSAGE, SENDER, MINH)
        assert len(server.taken) == 1


@pytest.mark.parametrize("password", ["sai", "", "mật khẩu có dấu"])
def test_a_wrong_password_is_told_without_quoting_it(either: MailServer, authority: Authority, password: str):
    error = refused(line_to(either, authority, password=password))
    assert isinstance(error, NotLetIn)
    assert error.__cause__ is None
    assert error.__suppress_context__  # a log shows nothing of it either
    assert not password or password not in f"{error!r} {error}"
    assert either.taken == []


def test_a_password_that_cannot_be_read_is_none(either: MailServer, authority: Authority):
    def unreadable() -> str:
        raise FileNotFoundError("password")

    line = SmtpServer(
        SmtpAddress.parse(either.url), name="x.gov.vn", password=unreadable, trust_file=authority.root_file
    )
    assert isinstance(refused(line), NotLetIn)


def test_a_server_that_offers_no_sign_in_gets_no_password_and_no_mail(context: ssl.SSLContext, authority: Authority):
    with serving(MailServer(context, user=USER, offers_sign_in=False)) as server:
        assert isinstance(refused(line_to(server, authority)), NotLetIn)
        assert set(server.heard) == {"EHLO"}


def test_an_unknown_mailbox_is_refused_for_good_and_the_next_mail_goes_on(server: MailServer, authority: Authority):
    server.answers[HOA] = "550 5.1.1 no such mailbox"
    line = line_to(server, authority)
    error = refused(line, HOA)
    assert (type(error), error.answer, error.final) == (MailboxRefused, 550, True)
    line.carry(MESSAGE, SENDER, MINH)
    assert [taken.recipient for taken in server.taken] == [MINH]
    assert server.connections == 1


@pytest.mark.parametrize("answer", ["450 4.2.1 try later", "452 4.2.2 mailbox full", "421 4.3.2 closing"])
def test_a_postponed_mail_may_be_tried_again(server: MailServer, authority: Authority, answer: str):
    server.answers[MINH] = answer
    line = line_to(server, authority)
    error = refused(line)
    assert (type(error), error.answer, error.final) == (MailPostponed, int(answer[:3]), False)
    line.carry(MESSAGE, SENDER, HOA)
    server.answers.clear()
    line.carry(MESSAGE, SENDER, MINH)
    assert [taken.recipient for taken in server.taken] == [HOA, MINH]


def test_a_refused_sender_is_our_own_trouble_and_no_mail_is_lost_by_it(server: MailServer, authority: Authority):
    server.sender_answer = "553 5.7.1 not your address"
    error = refused(line_to(server, authority))
    assert (type(error), error.answer, error.final) == (NotLetIn, 553, False)


def test_a_mail_that_is_too_large_is_refused_for_good(server: MailServer, authority: Authority):
    with pytest.raises(MailboxRefused) as caught:
        line_to(server, authority).carry(MESSAGE + b"x" * 2_100_000, SENDER, MINH)
    assert caught.value.answer == 552


@pytest.mark.parametrize("mood", ["hangs_up_before", "hangs_up_after"])
def test_a_line_cut_midway_is_opened_again_for_the_next_mail(server: MailServer, authority: Authority, mood: str):
    setattr(server, mood, 1)
    line = line_to(server, authority)
    assert isinstance(refused(line), MailServerUnreachable)
    line.carry(MESSAGE, SENDER, HOA)
    assert server.connections == 2
    assert server.taken[-1].recipient == HOA


def test_a_server_that_is_down_is_asked_once_a_round(server: MailServer, authority: Authority):
    line = line_to(server, authority)
    server.stop()
    first, second = refused(line), refused(line, HOA)
    assert isinstance(first, MailServerUnreachable)
    assert second is first
    server.start()
    assert refused(line, HOA) is first  # until the next round
    line.hang_up()
    line.carry(MESSAGE, SENDER, HOA)
    assert [taken.recipient for taken in server.taken] == [HOA]


def test_a_server_restarted_between_two_mails_costs_one_try(server: MailServer, authority: Authority):
    line = line_to(server, authority)
    line.carry(MESSAGE, SENDER, MINH)
    server.stop()
    server.start()
    assert isinstance(refused(line), MailServerUnreachable)
    line.carry(MESSAGE, SENDER, MINH)
    assert len(server.taken) == 2


def test_hanging_up_twice_or_on_nobody_does_no_harm(server: MailServer, authority: Authority):
    line = line_to(server, authority)
    line.hang_up()
    line.carry(MESSAGE, SENDER, MINH)
    server.stop()
    line.hang_up()
    line.hang_up()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp+starttls://vp@mail.gov.vn:2525", SmtpAddress("mail.gov.vn", 2525, "vp", starts_with_tls=False)),
        ("smtp+starttls://mail.gov.vn", SmtpAddress("mail.gov.vn", 587, "", starts_with_tls=False)),
        ("smtps://vp%40gov.vn@mail.gov.vn/", SmtpAddress("mail.gov.vn", 465, "vp@gov.vn", starts_with_tls=True)),
    ],
)
def test_an_address_names_server_user_and_way_to_tls(url: str, expected: SmtpAddress):
    assert SmtpAddress.parse(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.gov.vn:25",  # in clear
        "http://mail.gov.vn",
        "mail.gov.vn:587",
        "smtps://",
        "smtps://mail.gov.vn:99999",
        "smtps://mail.gov.vn/inbox",
        "smtps://mail.gov.vn?tls=no",
        f"smtps://vp:{PASSWORD}" + "@mail.gov.vn",
        f"smtps://vp:{PASSWORD}" + "@mail.gov.vn:abc",
    ],
)
def test_any_other_address_is_refused_without_quoting_it(url: str):
    with pytest.raises(ValueError, match=r"^not an address of a mail server$") as caught:
        SmtpAddress.parse(url)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert PASSWORD not in repr(caught.value)
