"""Official mail: queued with the issue of a paper, carried by the worker, sent again by the desk."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor, ensure_follows_deliveries
from meeting_app.domain.account import Account
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.invitation import Delivery, IssuedPaper
from meeting_app.domain.job import Job, JobKind
from meeting_app.domain.letter import Letter, Occasion, subject
from meeting_app.domain.mail import (
    LONGEST_SUBJECT,
    MailNotConfigured,
    MailNotSent,
    MailState,
    MeetingCancelled,
    OutgoingMail,
    official_address,
)
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.organisation import Unit, Venue
from meeting_app.domain.paper import PaperKind
from meeting_app.ports import MailOffice, Ports
from meeting_app.services.unit_of_work import Work, changing, key

_TOKEN = 22  # characters of a token: 132 random bits


@dataclass(frozen=True, slots=True)
class MailView:
    """How far the mail of one delivery is; `reason` is a sentence, empty when nothing went wrong."""

    state: MailState
    address: str
    sent_at: datetime | None
    reason: str


def queue(work: Work, meeting: Meeting, deliveries: Sequence[Delivery], issued: IssuedPaper) -> None:
    """A mail for each delivery, leaving after this commit; nothing where no mail is set up."""
    office = work.ports.mail
    if office is None:
        return
    addresses = _addresses(work.session, key(meeting.id))
    mails = []
    for delivery in deliveries:
        mail = OutgoingMail(
            delivery_id=key(delivery.id),
            address="",
            subject=subject(issued.kind, issued.number, meeting.title)[:LONGEST_SUBJECT],
            sha256=issued.sha256,
            file_name=issued.file_name,
            message_id=_message_id(work, office.sender),
            queued_at=work.now,
        )
        mail.direct(addresses[delivery.attendee_id], office.domains, work.now)
        work.session.add(mail)
        mails.append(mail)
    waiting = _enlist(work, mails)
    work.record("mail.queue", meeting.id, paper=issued.kind.value, queued=waiting, kept_back=len(mails) - waiting)


def send(ports: Ports, mail_id: int) -> None:
    """For the worker: carry one mail, once as far as SMTP allows (`OutgoingMail`).

    Raises MailNotSent while trying again may help, and MailUnderway while another try may be going on.
    """
    begun_at = _begin(ports, mail_id)
    if begun_at is None:
        return
    try:
        office = _office(ports)
        letter = _letter(ports, office, mail_id)
        office.carry(office.signed(letter), letter.address)
    except MailNotSent as error:
        _note(ports, mail_id, begun_at, error)
        if not error.final:
            raise
    else:
        _arrive(ports, mail_id)


def give_up(ports: Ports, mail_id: int) -> None:
    """For the worker, after the last try: it stays unsent until the desk sends it again."""
    with changing(ports, None) as work:
        mail, meeting_id = _locked(work.session, mail_id)
        if mail.state is MailState.QUEUED:
            mail.state, mail.begun_at = MailState.FAILED, None
            work.record("mail.fail", meeting_id, delivery=mail.delivery_id, failure=mail.failure, tries=mail.tries)


def resend(ports: Ports, actor: Actor, meeting_id: int, delivery_ids: Collection[int]) -> int:
    """Queue failed mails again, to the addresses registered now; returns how many have an official one."""
    with changing(ports, actor) as work:
        ensure_follows_deliveries(work.standing(meeting_id))
        office = _office(ports)
        addresses = _addresses(work.session, meeting_id)
        rows = work.session.exec(
            select(OutgoingMail, Delivery)
            .join(Delivery, col(Delivery.id) == OutgoingMail.delivery_id)
            .where(Delivery.meeting_id == meeting_id, col(Delivery.id).in_(delivery_ids))
            .where(OutgoingMail.state == MailState.FAILED)
            .order_by(col(OutgoingMail.id))
            .with_for_update(of=OutgoingMail)
        ).all()
        for mail, delivery in rows:
            mail.direct(addresses[delivery.attendee_id], office.domains, work.now)
        waiting = _enlist(work, [mail for mail, _ in rows])
        work.record("mail.resend", meeting_id, deliveries=[mail.delivery_id for mail, _ in rows], queued=waiting)
        return waiting


def of_deliveries(session: Session, delivery_ids: Collection[int]) -> dict[int, MailView]:
    """How far each delivery's mail is, for those that have one."""
    rows = session.exec(select(OutgoingMail).where(col(OutgoingMail.delivery_id).in_(delivery_ids))).all()
    return {row.delivery_id: MailView(row.state, row.address, row.sent_at, row.sentence) for row in rows}


def _message_id(work: Work, sender: str) -> str:
    """Never given twice (RFC 5322, 3.6.4); short enough for one line, because some programs read no other."""
    return f"<{work.ports.new_token()[:_TOKEN]}@{sender.partition('@')[2]}>"


def _enlist(work: Work, mails: Sequence[OutgoingMail]) -> int:
    """A job for each mail that may go out; returns how many."""
    work.session.flush()
    waiting = [mail for mail in mails if mail.state is MailState.QUEUED]
    work.session.add_all(Job(kind=JobKind.SEND_MAIL, subject_id=key(mail.id), due_at=work.now) for mail in waiting)
    return len(waiting)


def _begin(ports: Ports, mail_id: int) -> datetime | None:
    """Mark it as being tried; None when there is nothing left to do."""
    with ports.database.writing() as session:
        mail, _ = _locked(session, mail_id)
        if mail.state is not MailState.QUEUED:
            return None
        mail.begin(ports.clock.now())
        return mail.begun_at


def _office(ports: Ports) -> MailOffice:
    if ports.mail is None:
        raise MailNotConfigured
    return ports.mail


def _letter(ports: Ports, office: MailOffice, mail_id: int) -> Letter:
    """The letter as it goes out now; raises MailNotSent when it may not any more."""
    with ports.database.reading() as session:
        mail, delivery, account, meeting = session.exec(
            select(OutgoingMail, Delivery, Account, Meeting)
            .join(Delivery, col(Delivery.id) == OutgoingMail.delivery_id)
            .join(Attendee, col(Attendee.id) == Delivery.attendee_id)
            .join(Account, col(Account.id) == Attendee.account_id)
            .join(Meeting, col(Meeting.id) == Delivery.meeting_id)
            .where(OutgoingMail.id == mail_id)
        ).one()
        occasion = _occasion(session, meeting)
    if meeting.state is MeetingState.CANCELLED:
        raise MeetingCancelled
    return Letter(
        kind=PaperKind(delivery.paper),
        message_id=mail.message_id,
        written_at=mail.queued_at,
        recipient=account.full_name,
        address=official_address(mail.address, office.domains),  # the list may have become shorter
        subject=mail.subject,
        occasion=occasion,
        file_name=mail.file_name,
        paper=ports.files.read(mail.sha256),
    )


def _occasion(session: Session, meeting: Meeting) -> Occasion:
    chair = session.exec(
        select(Account.full_name)
        .join(Attendee, col(Attendee.account_id) == Account.id)
        .where(Attendee.meeting_id == meeting.id, Attendee.role == Role.CHAIR)
    ).one()
    return Occasion(
        meeting_id=key(meeting.id),
        title=meeting.title,
        inviter=session.get_one(Unit, meeting.unit_id).name,
        chair=chair,
        place=session.get_one(Venue, meeting.venue_id).name,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
    )


def _note(ports: Ports, mail_id: int, begun_at: datetime, error: MailNotSent) -> None:
    with changing(ports, None) as work:
        mail, meeting_id = _locked(work.session, mail_id)
        if mail.state is not MailState.QUEUED or mail.begun_at != begun_at:
            return  # another try has overtaken this one
        mail.note(error)
        if error.final:
            work.record("mail.fail", meeting_id, delivery=mail.delivery_id, failure=mail.failure, tries=mail.tries)


def _arrive(ports: Ports, mail_id: int) -> None:
    with changing(ports, None) as work:
        mail, meeting_id = _locked(work.session, mail_id)
        mail.arrive(work.now)
        work.record("mail.send", meeting_id, delivery=mail.delivery_id, message_id=mail.message_id)


def _locked(session: Session, mail_id: int) -> tuple[OutgoingMail, int]:
    """The mail under its row's lock, and the id of its meeting."""
    return session.exec(
        select(OutgoingMail, Delivery.meeting_id)
        .join(Delivery, col(Delivery.id) == OutgoingMail.delivery_id)
        .where(OutgoingMail.id == mail_id)
        .with_for_update(of=OutgoingMail)
    ).one()


def _addresses(session: Session, meeting_id: int) -> dict[int, str]:
    """The registered addresses by attendee id."""
    rows = session.exec(
        select(Attendee.id, Account.email)
        .join(Account, col(Account.id) == Attendee.account_id)
        .where(Attendee.meeting_id == meeting_id)
    ).all()
    return {key(attendee_id): email for attendee_id, email in rows}
