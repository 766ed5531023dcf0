"""Letters to send, and how a reader takes them apart again."""

import subprocess
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from meeting_app.domain.letter import Letter, Occasion, subject
from meeting_app.domain.paper import PaperKind
from tests.cast import MORNING

SENDER = "vanphong@anhai.haiphong.gov.vn"
TITLE = "Họp thường kỳ tháng 11 về tình hình kinh tế – xã hội, quốc phòng, an ninh và dự toán ngân sách năm 2027"

OCCASION = Occasion(
    meeting_id=7,
    title=TITLE,
    inviter="Uỷ ban nhân dân phường An Hải",
    chair="Nguyễn Văn Hùng",
    place="Hội trường tầng 2",
    starts_at=MORNING + timedelta(minutes=30),
    ends_at=MORNING + timedelta(hours=3),
)
INVITATION = Letter(
    kind=PaperKind.INVITATION,
    message_id="<w1f0mXv4uQ@anhai.haiphong.gov.vn>",
    written_at=MORNING,
    recipient="Lê Quang Minh",
    address="minh@haiphong.gov.vn",
    subject=subject(PaperKind.INVITATION, "15/GM-UBND", TITLE),
    occasion=OCCASION,
    file_name="giay-moi-15-GM-UBND.pdf",
    paper=b"%PDF-1.7\n" + bytes(range(256)) * 40,
)
MINUTES = replace(
    INVITATION,
    kind=PaperKind.MINUTES,
    subject=subject(PaperKind.MINUTES, "03/BB-HĐND", TITLE),
    file_name="bien-ban-03-BB-HĐND.pdf",
)


@dataclass(frozen=True)
class Opened:
    """A message as its reader's program shows it."""

    outer: EmailMessage
    inner: EmailMessage  # what is signed
    text: str
    files: dict[str, EmailMessage]  # attachments by name


def opened(raw: bytes) -> Opened:
    outer = message_from_bytes(raw, policy=default)
    assert isinstance(outer, EmailMessage)
    inner, _signature = outer.iter_parts()
    text, *files = inner.iter_parts()
    return Opened(outer, inner, text.get_content(), {str(each.get_filename()): each for each in files})


def signed_part(raw: bytes) -> bytes:
    """The bytes between the first two boundaries, without the line break that belongs to the second (RFC 2046)."""
    boundary = message_from_bytes(raw, policy=default).get_boundary()
    return raw.split(f"--{boundary}\r\n".encode())[1].removesuffix(b"\r\n")


def verified(raw: bytes, root: Path, tool: str = "cms") -> tuple[bool, bytes]:
    """OpenSSL's verdict on the message, and the content it vouches for."""
    told = subprocess.run(
        ["openssl", tool, "-verify", "-CAfile", str(root), "-purpose", "smimesign"],
        input=raw,
        capture_output=True,
        check=False,
    )
    return told.returncode == 0, told.stdout
