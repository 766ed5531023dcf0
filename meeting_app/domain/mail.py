"""Official mail: one mail to each attendee for each issued paper, to official addresses only (S4.2–S4.4, W10)."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from sqlmodel import Field, SQLModel

from meeting_app.domain.wording import one_line
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
LONGEST_LOCAL_PART = 64
LONGEST_SUBJECT = 400

# A try that was begun longer ago was cut short by the end of its worker. Longer than any try can last,
# shorter than a mail's first waits together (`domain.job`).
UNDERWAY = timedelta(minutes=12)

# Letters and digits without quotes, comments, routes ("%", "!") or signs beyond ASCII: what is
# legal besides in RFC 5322 serves no office and helps whoever wants a mail to go elsewhere.
_LOCAL_PART = re.compile(r"[A-Za-z0-9_+][A-Za-z0-9_+-]*(?:\.[A-Za-z0-9_+-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


class MailState(StrEnum):
    QUEUED = "queued"  # waits for its turn, or to be tried again
    SENT = "sent"  # the mail server has taken it
    FAILED = "failed"  # given up, or never to be written to; the desk may send it again


class MailFailure(StrEnum):
    """Why the last try did not succeed; the sentences are those of the errors below."""

    NO_ADDRESS = "no_address"
    FOREIGN = "foreign"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    POSTPONED = "postponed"
    UNREACHABLE = "unreachable"
    INSECURE = "insecure"
    NOT_LET_IN = "not_let_in"
    UNSIGNED = "unsigned"
    UNCONFIGURED = "unconfigured"


class OutgoingMail(SQLModel, table=True):
    """One mail for one delivery. What is fixed when it is queued stays the same however often it is tried.

    `begun_at` is set before the mail server is spoken to and taken back with the answer. A worker
    that dies in between leaves it: whether the server took the mail is then unknown, and it is sent
    again after `UNDERWAY` under the same Message-ID, by which mailboxes drop the second copy.
    """

    __tablename__ = "outgoing_mail"

    id: int | None = Field(default=None, primary_key=True)
    delivery_id: int = Field(foreign_key="delivery.id", unique=True)
    address: str = Field(max_length=LONGEST_ADDRESS)  # as registered when it could not be written to
    subject: str = Field(max_length=LONGEST_SUBJECT)
    sha256: str = Field(max_length=64)  # of the signed paper
    file_name: str = Field(max_length=200)
    message_id: str = Field(max_length=200, unique=True)
    state: MailState = Field(default=MailState.QUEUED, sa_type=stored_words(MailState))
    tries: int = 0
    queued_at: datetime
    begun_at: datetime | None = None
    sent_at: datetime | None = None
    failure: MailFailure | None = Field(default=None, sa_type=stored_words(MailFailure))
    answer: int = 0  # the server's three digits, where it gave some (RFC 5321, 4.2)

    def direct(self, address: str, domains: Sequence[str], now: datetime) -> None:
        """Queue it for an address, or keep the sentence why nothing may be sent there."""
        self.state, self.queued_at, self.tries = MailState.QUEUED, now, 0
        self.failure, self.answer = None, 0
        try:
            self.address = official_address(address, domains)
        except MailNotSent as error:
            self.address = one_line(address)[:LONGEST_ADDRESS]
            self.note(error)

    def begin(self, now: datetime) -> None:
        """Before the server is spoken to; raises MailUnderway while another try may still be going on."""
        if self.begun_at is not None and now - self.begun_at < UNDERWAY:
            raise MailUnderway
        self.begun_at = now
        self.tries += 1

    def note(self, error: "MailNotSent") -> None:
        """A try came to nothing: it waits for the next one, or is given up."""
        self.begun_at = None
        self.failure, self.answer = error.failure, error.answer
        if error.final:
            self.state = MailState.FAILED

    def arrive(self, now: datetime) -> None:
        self.state, self.sent_at, self.begun_at = MailState.SENT, now, None
        self.failure, self.answer = None, 0

    @property
    def sentence(self) -> str:
        """Why it did not go out, in the current language; empty when nothing went wrong."""
        if self.failure is None:
            return str(MailNotSent()) if self.state is MailState.FAILED else ""
        return str(_ERRORS[self.failure](answer=self.answer))


class MailNotSent(MeetingError):
    """A mail did not go out. Unless `final`, trying again later may help."""

    message = N_("The mail could not be sent. Please tell your administrator.")
    failure: ClassVar[MailFailure | None] = None
    final: ClassVar[bool] = False

    @property
    def answer(self) -> int:
        """The server's three digits; 0 when it gave none."""
        answer = self.values.get("answer", 0)
        return answer if isinstance(answer, int) else 0


class AddressMissing(MailNotSent):
    message = N_("No usable mail address is registered for this person.")
    failure, final = MailFailure.NO_ADDRESS, True


class AddressForeign(MailNotSent):
    message = N_("This address is not an official mailbox; official papers are not sent there.")
    failure, final = MailFailure.FOREIGN, True


class MeetingCancelled(MailNotSent):
    message = N_("The meeting was cancelled before the mail went out.")
    failure, final = MailFailure.CANCELLED, True


class MailboxRefused(MailNotSent):
    message = N_("The mail server refuses this mail or its address (answer {answer}).")
    failure, final = MailFailure.REFUSED, True


class MailPostponed(MailNotSent):
    message = N_("The mail server asks to try again later (answer {answer}).")
    failure = MailFailure.POSTPONED


class MailServerUnreachable(MailNotSent):
    message = N_("The mail server does not answer.")
    failure = MailFailure.UNREACHABLE


class MailServerInsecure(MailNotSent):
    """Neither the password nor a letter goes over a line that others can read."""

    message = N_("The mail server offers no encrypted line with a certificate that this system trusts.")
    failure = MailFailure.INSECURE


class NotLetIn(MailNotSent):
    message = N_("The mail server does not let this system in (answer {answer}).")
    failure = MailFailure.NOT_LET_IN


class MailNotSigned(MailNotSent):
    """The cause is the key's own refusal."""

    message = N_("The unit's mail key cannot be used to sign.")
    failure = MailFailure.UNSIGNED


class MailNotConfigured(MailNotSent):
    message = N_("Official mail is not set up in this system.")
    failure = MailFailure.UNCONFIGURED


class MailUnderway(MeetingError):
    message = N_("This mail is being sent just now.")


_ERRORS: dict[MailFailure, type[MailNotSent]] = {
    error.failure: error for error in MailNotSent.__subclasses__() if error.failure is not None
}


def official_address(address: str, domains: Sequence[str]) -> str:
    """The address with its domain in small letters; raises AddressMissing or AddressForeign.

    Official are the domains themselves and everything below them, spelled in ASCII. Whatever is no
    plain `name@domain` (a display name, a quoted or routed name, an address literal, a trailing dot,
    an internationalised domain, a line break) is no address to us.
    """
    local, at, domain = address.strip(" ").partition("@")
    domain = domain.lower() if domain.isascii() else ""
    plain = len(local) <= LONGEST_LOCAL_PART and len(local) + len(domain) < LONGEST_ADDRESS
    if not (at and plain and _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise AddressMissing
    # A label beginning with "xn--" shows other letters than it has (RFC 5890): looks are not to be trusted.
    disguised = any(label.startswith("xn--") for label in domain.split("."))
    if disguised or not any(domain == each or domain.endswith(f".{each}") for each in domains):
        raise AddressForeign
    return f"{local}@{domain}"
