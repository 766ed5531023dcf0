"""The line to the mail server: submission over TLS, one connection for as many mails as are due.

Norms: RFC 5321 (SMTP), RFC 3207 (STARTTLS), RFC 6409 and RFC 8314 (submission over TLS).
"""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from meeting_app.domain.mail import (
    MailboxRefused,
    MailNotSent,
    MailPostponed,
    MailServerInsecure,
    MailServerUnreachable,
    NotLetIn,
)

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 60.0  # for each answer: servers look through a message before they take it
_SCHEMES = {"smtp+starttls": 587, "smtps": 465}  # and their usual ports
_PERMANENT = 500
_CLOSING = 421  # the server hangs up (RFC 5321, 4.2.2)
_TOO_LARGE = 552  # said of the message's announced size already with its sender (RFC 1870, 6.1)


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """Where the mail server is, and as whom we speak to it; there is no way without TLS (L12)."""

    host: str
    port: int
    user: str
    starts_with_tls: bool  # otherwise by STARTTLS, before anything is said

    @classmethod
    def parse(cls, url: str) -> Self:
        """From `smtp+starttls://user@host:587` or `smtps://user@host:465`; ValueError never quotes the address."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("not an address of a mail server") from None
        rest = parts.path.strip("/") or parts.query or parts.fragment
        if parts.scheme not in _SCHEMES or not parts.hostname or parts.password is not None or rest:
            raise ValueError("not an address of a mail server")
        return cls(
            parts.hostname, port or _SCHEMES[parts.scheme], unquote(parts.username or ""), parts.scheme == "smtps"
        )


class SmtpServer:
    """Not to be shared between threads: it holds the one open connection."""

    def __init__(
        self, address: SmtpAddress, *, name: str, password: Callable[[], str], trust_file: Path | None = None
    ) -> None:
        """`name`: the domain by which we introduce ourselves. The password is read when it is needed."""
        self._address = address
        self._name = name
        self._password = password
        self._trust_file = trust_file
        self._line: smtplib.SMTP | None = None
        self._closed_door: MailNotSent | None = None  # why there is no line; not tried again before `hang_up`

    def carry(self, message: bytes, sender: str, recipient: str) -> None:
        """Taken by the server when this returns; raises a MailNotSent."""
        line = self._line or self._connect()
        try:
            line.sendmail(sender, [recipient], message)
        except smtplib.SMTPRecipientsRefused as refusal:
            raise self._refusal(refusal.recipients[recipient][0], MailboxRefused) from refusal
        except smtplib.SMTPResponseException as refusal:  # of the sender, or of the message itself
            ours = isinstance(refusal, smtplib.SMTPSenderRefused) and refusal.smtp_code != _TOO_LARGE
            raise self._refusal(refusal.smtp_code, NotLetIn if ours else MailboxRefused) from refusal
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise MailServerUnreachable from error

    def hang_up(self) -> None:
        """End the connection politely; the next mail opens another."""
        with suppress(smtplib.SMTPException, OSError):
            if self._line is not None:
                self._line.quit()
        self._drop()
        self._closed_door = None

    def _connect(self) -> smtplib.SMTP:
        if self._closed_door is not None:
            raise self._closed_door
        try:
            self._line = line = self._opened()
            self._sign_in(line)
        except MailNotSent as error:
            self._close_door(error)
            raise
        except (smtplib.SMTPException, OSError) as error:
            why = self._told_by(error)
            self._close_door(why)
            raise why from error
        return line

    def _opened(self) -> smtplib.SMTP:
        context = ssl.create_default_context(cafile=self._trust_file)  # checks certificate and host name
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        host, port = self._address.host, self._address.port
        if self._address.starts_with_tls:
            line: smtplib.SMTP = smtplib.SMTP_SSL(host, port, self._name, timeout=CONNECT_SECONDS, context=context)
        else:
            line = smtplib.SMTP(host, port, self._name, timeout=CONNECT_SECONDS)
            try:
                _turn_to_tls(line, context)
            except BaseException:
                line.close()
                raise
        if line.sock is not None:
            line.sock.settimeout(ANSWER_SECONDS)
        return line

    def _sign_in(self, line: smtplib.SMTP) -> None:
        """What goes wrong here is told without its cause, which may quote the password or what was made of it."""
        if not self._address.user:
            return
        try:
            password = self._password()
        except OSError:
            raise NotLetIn(answer=0) from None
        try:
            line.login(self._address.user, password)
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPResponseException as refusal:
            raise self._refusal(refusal.smtp_code, NotLetIn) from None
        except (smtplib.SMTPException, UnicodeError):  # no way to sign in; a password that SMTP cannot say
            raise NotLetIn(answer=0) from None

    def _close_door(self, why: MailNotSent) -> None:
        self._drop()
        self._closed_door = why

    def _told_by(self, error: Exception) -> MailNotSent:
        """Why there is no line."""
        match error:
            case smtplib.SMTPResponseException():
                return self._refusal(error.smtp_code, NotLetIn)
            case ssl.SSLError():
                return MailServerInsecure()
            case _:
                return MailServerUnreachable()

    def _refusal(self, answer: int, final: type[MailNotSent]) -> MailNotSent:
        """Answers from 500 on say no, those from 400 on say later (RFC 5321, 4.2.1)."""
        if answer == _CLOSING:
            self._drop()
        return final(answer=answer) if answer >= _PERMANENT else MailPostponed(answer=answer)

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


def _turn_to_tls(line: smtplib.SMTP, context: ssl.SSLContext) -> None:
    """Before anything is said; a server that does not offer it, or takes it back, gets no mail."""
    try:
        line.starttls(context=context)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        raise MailServerInsecure from error
