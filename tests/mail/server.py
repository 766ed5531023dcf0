"""A real SMTP server on a free loopback port, with the moods that servers have."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "vanphong", "mat-khau-may-chu-thu"
DOMAIN = "localhost"
OK = "250 OK"


@dataclass(frozen=True)
class Taken:
    """A mail the server has said yes to."""

    sender: str
    recipient: str
    content: bytes
    with_tls: bool


@dataclass
class MailServer:
    """Takes every mail until told otherwise."""

    ssl_context: ssl.SSLContext | None = None  # None: it offers no STARTTLS
    implicit_tls: bool = False
    user: str = ""  # whom alone it lets in; empty: everybody
    offers_sign_in: bool = True
    answers: dict[str, str] = field(default_factory=dict)  # to these recipients
    sender_answer: str = OK
    hangs_up_before: int = 0  # so many of the next messages end in a closed connection, not taken
    hangs_up_after: int = 0  # the same, but taken
    before_answer: Callable[[], object] = lambda: None  # once a message is taken, before that is said
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    heard: list[str] = field(default_factory=list)  # every command line, by its first word
    port: int = 0
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        scheme = "smtps" if self.implicit_tls else "smtp+starttls"
        return f"{scheme}://{self.user + '@' if self.user else ''}{DOMAIN}:{self.port}"

    def start(self) -> None:
        """At the port of the last time, if there was one."""
        listening = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(listening)), daemon=True)
        self._thread.start()
        assert listening.wait(10)

    def stop(self) -> None:
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(10)
            self._loop = None

    async def _serve(self, listening: threading.Event) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(
            self._speak, "127.0.0.1", self.port, ssl=self.ssl_context if self.implicit_tls else None
        )
        self.port = server.sockets[0].getsockname()[1]
        listening.set()
        await self._stopping.wait()
        server.close()

    def _speak(self) -> SMTP:
        self.connections += 1
        return SMTP(
            self,
            hostname=DOMAIN,
            tls_context=None if self.implicit_tls else self.ssl_context,
            auth_required=bool(self.user),
            auth_require_tls=not self.implicit_tls,
            authenticator=self._let_in,
            auth_exclude_mechanism=None if self.offers_sign_in else ["LOGIN", "PLAIN"],
            data_size_limit=2_000_000,
        )

    def _let_in(self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, told: LoginPassword):
        right = (told.login, told.password) == (self.user.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.heard.append("EHLO")
        return answers

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.heard.append("MAIL")
        if self.sender_answer == OK:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.sender_answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.heard.append("RCPT")
        answer = self.answers.get(address, OK)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        if answer.startswith("421"):
            asyncio.get_running_loop().call_soon(server.transport.close)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hangs_up_before:
            self.hangs_up_before -= 1
            server.transport.abort()
            return OK
        with_tls = self.implicit_tls or session.ssl is not None
        assert isinstance(envelope.content, bytes)
        for recipient in envelope.rcpt_tos:
            self.taken.append(Taken(envelope.mail_from or "", recipient, envelope.content, with_tls))
        self.before_answer()
        if self.hangs_up_after:
            self.hangs_up_after -= 1
            server.transport.abort()
        return OK


@contextmanager
def serving(server: MailServer) -> Iterator[MailServer]:
    server.start()
    try:
        yield server
    finally:
        server.stop()
