"""Letters as messages: Vietnamese arrives whole, and what people typed stays text."""

import re
from collections.abc import Sequence
from dataclasses import replace
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from meeting_app.domain.calendar import moment_in_words
from meeting_app.domain.letter import Letter, Occasion, shown, subject
from meeting_app.domain.paper import PaperKind
from meeting_app.mail.message import message
from tests.mail.letters import INVITATION, MINUTES, OCCASION, SENDER, TITLE, opened

HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
HOSTILE = [
    "Họp\r\nBcc: ke-xau@example.com",
    "Họp\nBcc: ke-xau@example.com\n\nNội dung giả",
    "Họp\rBcc: ke-xau@example.com",
    "Họp =?utf-8?q?=0D=0ABcc:_ke-xau@example.com?=",
    "=?utf-8?b?DQpCY2M6IGtlLXhhdUBleGFtcGxlLmNvbQ==?=",
    "Họp\u2028Bcc: ke-xau@example.com",
    "Họp\x85Bcc: ke-xau@example.com",
    "Họp\x00\x0b\x0cBcc: ke-xau@example.com",
    'Họp", <ke-xau@example.com>, "',
    "Họp (chú thích) <ke-xau@example.com>; group:",
    "Họp \u202emoc.elpmaxe@uax-ek",
    "a" * 300,
    "Nguyễn " * 40,
    "📅 Họp",
]


def unsigned(letter: Letter) -> bytes:
    """The message with a signature that signs nothing: its form is looked at here."""
    return message(letter, SENDER, lambda _content: b"signature")


def about(text: str) -> Letter:
    """A letter in which a text stands wherever people's texts may stand."""
    occasion = replace(OCCASION, title=text, inviter=text, chair=text, place=text)
    return replace(
        INVITATION,
        recipient=text,
        occasion=occasion,
        subject=subject(PaperKind.INVITATION, "15/GM-UBND", text)[:400],
        file_name=f"giay-moi-{text[:100]}.pdf",
    )


def header_lines(raw: bytes) -> list[str]:
    """The outer headers as they stand in the message, unfolded."""
    head = raw.split(b"\r\n\r\n", 1)[0].decode("ascii")
    return head.replace("\r\n ", " ").split("\r\n")


def names(lines: Sequence[str]) -> list[str]:
    return [line.partition(":")[0] for line in lines]


def test_the_text_says_what_when_where_and_who_invites():
    text = opened(unsigned(INVITATION)).text
    for fact in (
        "Kính gửi: Lê Quang Minh",
        "Uỷ ban nhân dân phường An Hải trân trọng kính mời",
        TITLE,
        moment_in_words(OCCASION.starts_at),
        "Địa điểm: Hội trường tầng 2",
        "Chủ trì: Nguyễn Văn Hùng",
        "giay-moi-15-GM-UBND.pdf",
    ):
        assert fact in text
    assert "http" not in text  # no links: nobody learns to click in official mail


def test_an_invitation_brings_paper_and_calendar():
    mail = opened(unsigned(INVITATION))
    assert list(mail.files) == ["giay-moi-15-GM-UBND.pdf", "lich-hop.ics"]
    paper = mail.files["giay-moi-15-GM-UBND.pdf"]
    assert paper.get_content_type() == "application/pdf"
    assert paper.get_content() == INVITATION.paper
    assert paper.get_content_disposition() == "attachment"


def test_minutes_bring_the_paper_alone_under_a_vietnamese_name():
    raw = unsigned(MINUTES)
    mail = opened(raw)
    assert list(mail.files) == ["bien-ban-03-BB-HĐND.pdf"]
    assert b"filename*=utf-8''bien-ban-03-BB-H%C4%90ND.pdf" in raw  # RFC 2231
    assert "biên bản của phiên họp" in mail.text
    assert "trân trọng kính mời" not in mail.text


def test_vietnamese_headers_are_encoded_words_on_short_lines():
    raw = unsigned(INVITATION)
    assert raw.isascii()
    assert names(header_lines(raw)) == HEADERS
    lines = dict(line.split(": ", 1) for line in header_lines(raw))
    assert str(make_header(decode_header(lines["Subject"]))) == f"Giấy mời số 15/GM-UBND: {TITLE}"
    assert str(make_header(decode_header(lines["From"]))) == f"Uỷ ban nhân dân phường An Hải <{SENDER}>"
    for line in raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n"):
        assert len(line) <= 78  # RFC 5322, 2.1.1; with an encoded word in it a must (RFC 2047, 2)


def test_it_is_a_signed_message_as_the_norm_wants_it():
    outer = opened(unsigned(INVITATION)).outer
    assert outer.get_content_type() == "multipart/signed"
    assert (outer.get_param("protocol"), outer.get_param("micalg")) == ("application/pkcs7-signature", "sha-256")
    _signed, signature = outer.iter_parts()
    assert signature.get_content_type() == "application/pkcs7-signature"
    assert signature.get_filename() == "smime.p7s"
    assert signature.get_content() == b"signature"
    for part in outer.walk():
        assert part.is_multipart() or part["Content-Transfer-Encoding"] == "base64"


def test_the_calendar_file_says_the_meeting():
    ics = opened(unsigned(INVITATION)).files["lich-hop.ics"]
    assert (ics.get_content_type(), ics.get_param("method")) == ("text/calendar", "PUBLISH")
    calendar = Calendar.from_ical(ics.get_content())
    (event,) = calendar.events
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert (event.start, event.end) == (OCCASION.starts_at, OCCASION.ends_at)
    assert str(event["SUMMARY"]) == TITLE
    assert str(event["LOCATION"]) == "Hội trường tầng 2"
    assert str(event["UID"]) == "phien-hop-7@anhai.haiphong.gov.vn"
    assert str(event["ORGANIZER"]) == f"mailto:{SENDER}"
    assert event["ORGANIZER"].params["CN"] == "Uỷ ban nhân dân phường An Hải"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_typed_writes_no_header_and_adds_no_recipient(text: str):
    ensure_tame(about(text))


@given(text=st.text(max_size=60))
def test_no_text_at_all_writes_a_header(text: str):
    ensure_tame(about(text))


def ensure_tame(letter: Letter) -> None:
    raw = unsigned(letter)
    assert raw.isascii()
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", raw) is None
    assert names(header_lines(raw)) == HEADERS
    mail = opened(raw)
    for part in (mail.outer, mail.inner):
        assert [each.addr_spec for each in part["To"].addresses] == [letter.address]
        assert [each.addr_spec for each in part["From"].addresses] == [SENDER]
        assert len(part["To"].addresses[0].display_name.splitlines()) <= 1
        assert part["Bcc"] is None
        assert part["Cc"] is None
    assert len(mail.files) == 2
    (event,) = Calendar.from_ical(mail.files["lich-hop.ics"].get_content()).events
    assert set(event) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "ORGANIZER"}
    assert str(event["SUMMARY"]) == letter.occasion.title


def test_signs_nobody_sees_are_not_sent():
    assert shown("Họp \u202egnọrt nauq\u200b \x07mật\n\tkín") == "Họp gnọrt nauq mật kín"
    assert Occasion(1, "a\nb", "c\u2028d", "e", "f", OCCASION.starts_at, OCCASION.ends_at).title == "a b"
