"""A house that sends official mail: its server, its office, and papers issued without signing them."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlmodel import col, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.invitation import Delivery, IssuedPaper
from meeting_app.domain.job import Job
from meeting_app.domain.mail import OutgoingMail
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.paper import PaperKind
from meeting_app.mail.office import SmtpOffice
from meeting_app.mail.smtp import SmtpAddress, SmtpServer
from meeting_app.ports import Ports
from meeting_app.services import paper as papers
from meeting_app.services.unit_of_work import changing
from meeting_app.signing.smime import MailSigner
from meeting_app.signing.trust import read_roots
from tests.cast import SettableClock
from tests.keys import MAILBOX, PIN, Office
from tests.mail.certificates import Authority
from tests.mail.letters import SENDER
from tests.mail.server import DOMAIN, MailServer, serving

PAPER = b"%PDF-1.7\nnot looked into here\n%%EOF\n"
NUMBER = "15/GM-UBND"
EVERYBODY = {f"{name}@haiphong.gov.vn" for name in ("hung", "lan", "minh", "hoa", "dung", "quang")}


@dataclass
class House:
    """Ports with official mail, and the server at the other end."""

    ports: Ports
    server: MailServer
    clock: SettableClock

    def issue(self, actor: Actor, meeting_id: int, kind: PaperKind = PaperKind.INVITATION) -> None:
        """Write what the issue of a paper writes."""
        sha256 = self.ports.files.put(PAPER)
        with changing(self.ports, actor) as work:
            meeting = work.session.get_one(Meeting, meeting_id)
            meeting.state = MeetingState.CONVENED
            papers.deliver(work, meeting, IssuedPaper(kind, NUMBER, sha256))

    def register_address(self, actor: Actor, address: str) -> None:
        with self.ports.database.writing() as session:
            session.get_one(Account, actor.account_id).email = address

    def mails(self) -> dict[str, OutgoingMail]:
        """By the full name of their attendee."""
        with self.ports.database.reading() as session:
            rows = session.exec(
                select(Account.full_name, OutgoingMail)
                .join(Attendee, col(Attendee.account_id) == Account.id)
                .join(Delivery, col(Delivery.attendee_id) == Attendee.id)
                .join(OutgoingMail, col(OutgoingMail.delivery_id) == Delivery.id)
            ).all()
        return dict(rows)

    def jobs(self) -> list[Job]:
        """Those not done with, the next first."""
        with self.ports.database.reading() as session:
            query = select(Job).where(col(Job.done_at).is_(None)).order_by(col(Job.due_at), col(Job.id))
            return list(session.exec(query).all())

    def await_next(self) -> None:
        """Let the time pass until something is due."""
        self.clock.set(max(self.clock.now(), self.jobs()[0].due_at))


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def context(authority: Authority) -> ssl.SSLContext:
    return authority.server_context(DOMAIN)


@pytest.fixture
def server(context: ssl.SSLContext) -> Iterator[MailServer]:
    with serving(MailServer(context)) as server:
        yield server


@pytest.fixture
def house(ports: Ports, clock: SettableClock, server: MailServer, authority: Authority, office: Office) -> House:
    line = SmtpServer(
        SmtpAddress.parse(server.url), name=SENDER.partition("@")[2], password=str, trust_file=authority.root_file
    )
    signer = MailSigner(
        office.pki.directory / f"{MAILBOX}.p12",
        lambda: PIN,
        SENDER,
        read_roots([office.pki.trust_file]),
        clock.now,
    )
    mail = SmtpOffice(line, signer.sign, SENDER, ("gov.vn",))
    return House(replace(ports, mail=mail), server, clock)
