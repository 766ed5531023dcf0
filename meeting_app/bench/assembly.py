"""A large meeting under way: so many members more, each present and with a sign-in of their own."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from meeting_app.bench.stage import Stage
from meeting_app.domain.account import Account, SignIn
from meeting_app.domain.attendee import Attendee, CheckInWay, Role, Whereabouts
from meeting_app.domain.event import Kind
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.organisation import Appointment, Post
from meeting_app.services import event as events
from meeting_app.services.unit_of_work import Work, changing, key


@dataclass(frozen=True, slots=True)
class Seated:
    attendee_id: int
    token: str  # the cookie


def assemble_members(stage: Stage, count: int) -> list[Seated]:
    """Open the session with `count` members who are there."""
    with changing(stage.ports, stage.secretary) as work:
        meeting = work.session.get_one(Meeting, stage.meeting_id)
        meeting.state, meeting.opened_at = MeetingState.RUNNING, work.now
        post_id = key(work.session.exec(select(Post)).first().id)  # type: ignore[union-attr]
        seated = [_seat(work, stage, number, post_id) for number in range(count)]
        everybody = events.attendees_of(work.session, meeting)
        for each in everybody:
            each.checked_in_at = each.checked_in_at or work.now
        work.emit(meeting, Kind.MEETING, events.meeting_body(work.session, meeting))
        stage.version = work.emit(
            meeting, Kind.ATTENDEES, {"attendees": events.attendee_bodies(work.session, meeting, everybody)}
        )
    return seated


def _seat(work: Work, stage: Stage, number: int, post_id: int) -> Seated:
    account = Account(
        username=f"dai-bieu-{number}",
        full_name=f"Đại biểu {number}",
        password_hash="-",  # noqa: S106 — opens nothing
        unit_id=stage.secretary.unit_id,
    )
    work.session.add(account)
    work.session.flush()
    account_id, token, now = key(account.id), stage.ports.new_token(), datetime.now(UTC)
    hashed = hashlib.sha256(token.encode()).hexdigest()
    attendee = Attendee(
        meeting_id=stage.meeting_id,
        account_id=account_id,
        role=Role.MEMBER,
        checked_in_at=work.now,
        checked_in_by=CheckInWay.TOUCH,
        place=Whereabouts.ROOM,
    )
    work.session.add(attendee)
    work.session.add(
        SignIn(token_hash=hashed, account_id=account_id, begun_at=now, expires_at=now + timedelta(hours=8))
    )
    work.session.add(
        Appointment(account_id=account_id, unit_id=stage.secretary.unit_id, post_id=post_id, since=now.date())
    )
    work.session.flush()
    return Seated(key(attendee.id), token)
