"""The promise `ports.MailOffice`: letters signed as S/MIME and handed to the unit's mail server."""

from collections.abc import Callable
from dataclasses import dataclass

from meeting_app.domain.letter import Letter
from meeting_app.domain.mail import MailNotSigned
from meeting_app.domain.signature import KeyRefused
from meeting_app.mail.message import message
from meeting_app.mail.smtp import SmtpServer


@dataclass(frozen=True, slots=True)
class SmtpOffice:
    server: SmtpServer
    sign: Callable[[bytes], bytes]  # raises a KeyRefused, or OSError when the key's files cannot be read
    sender: str
    domains: tuple[str, ...]

    def signed(self, letter: Letter) -> bytes:
        """Raises MailNotSigned."""
        try:
            return message(letter, self.sender, self.sign)
        except (KeyRefused, OSError) as error:
            raise MailNotSigned from error

    def carry(self, message: bytes, recipient: str) -> None:
        """Raises a MailNotSent."""
        self.server.carry(message, self.sender, recipient)

    def hang_up(self) -> None:
        self.server.hang_up()
