"""A letter as a signed message: MIME by hand where its bytes are signed (RFC 5322, RFC 8551, RFC 9788).

The headers are encoded here and never parsed again: the standard library's newer message class reads
encoded words in what people typed, line breaks and all, and so lets a title write headers of its own.
"""

import hashlib
from base64 import encodebytes
from collections.abc import Callable
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime

from meeting_app.domain.calendar import local
from meeting_app.domain.letter import Letter
from meeting_app.domain.paper import PaperKind
from meeting_app.domain.wording import one_line
from meeting_app.mail.calendar import FILE_NAME, calendar_file

_LINES = compat32.clone(linesep="\r\n")
_LINE = 76  # characters: with an encoded word in it a line may be no longer (RFC 2047, 2)


def message(letter: Letter, sender: str, sign: Callable[[bytes], bytes]) -> bytes:
    """The whole message; `sign` makes a detached CMS object (DER) over bytes that must not change any more."""
    headers = _headers(letter, sender)
    signed = _signed_part(letter, sender, headers)
    boundary = _boundary("signed", letter)
    outer = {
        **headers,
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/signed; protocol="application/pkcs7-signature";\r\n micalg=sha-256; '
        f'boundary="{boundary}"',
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in outer.items()).encode("ascii")
    between, end = f"--{boundary}\r\n".encode(), f"\r\n--{boundary}--\r\n".encode()
    # The line break before a boundary belongs to the boundary, not to what is signed (RFC 2046, 5.1.1).
    return b"".join((head, b"\r\n", between, signed, b"\r\n", between, _signature_part(sign(signed)), end))


def _headers(letter: Letter, sender: str) -> dict[str, str]:
    return {
        "From": f"{_encoded('From', letter.occasion.inviter)}\r\n <{sender}>",
        "To": f"{_encoded('To', letter.recipient)}\r\n <{letter.address}>",
        "Subject": _encoded("Subject", letter.subject),
        "Date": format_datetime(local(letter.written_at)),
        "Message-ID": letter.message_id,
        "Auto-Submitted": "auto-generated",  # no absence notes, please (RFC 3834, 5)
    }


def _signed_part(letter: Letter, sender: str, headers: dict[str, str]) -> bytes:
    """The text and its attachments, all in base64: no relay has a reason to touch them (RFC 8551, 3.1.2)."""
    part = MIMEMultipart("mixed", _boundary("mixed", letter), policy=_LINES)
    # The headers once more where the signature covers them, so that nobody can send the letter on as
    # another's or under another subject (RFC 9788, 4.1).
    part.set_param("hp", "clear")
    for name, value in headers.items():
        part[name] = value
    part.attach(MIMEText(letter.text, "plain", "utf-8", policy=_LINES))
    part.attach(_attached(MIMEApplication(letter.paper, "pdf", policy=_LINES), letter.file_name))
    if letter.kind is PaperKind.INVITATION:
        part.attach(_attached(_calendar_part(letter, sender), FILE_NAME))
    return part.as_bytes(policy=_LINES)


def _calendar_part(letter: Letter, sender: str) -> MIMEBase:
    part = MIMEText(calendar_file(letter, sender).decode(), "calendar", "utf-8", policy=_LINES)
    part.set_param("method", "PUBLISH")
    return part


def _attached(part: MIMEBase, file_name: str) -> MIMEBase:
    """The name by RFC 2231 where it needs more than ASCII."""
    name = one_line(file_name)
    part.add_header("Content-Disposition", "attachment", filename=name if name.isascii() else ("utf-8", "", name))
    return part


def _signature_part(signature: bytes) -> bytes:
    head = (
        'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="smime.p7s"\r\n\r\n'
    )
    return head.encode() + encodebytes(signature).strip().replace(b"\n", b"\r\n")


def _encoded(name: str, text: str) -> str:
    """One line of text as encoded words, folded (RFC 2047): whatever stands in it, it ends no header."""
    return Header(one_line(text), "utf-8", maxlinelen=_LINE, header_name=name).encode(linesep="\r\n")


def _boundary(part: str, letter: Letter) -> str:
    """The same at each try; nothing in base64 can look like it."""
    return f"={hashlib.sha256(f'{part} {letter.message_id}'.encode()).hexdigest()[:32]}="
