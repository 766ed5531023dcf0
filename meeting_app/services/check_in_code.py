"""The check-in code of a meeting: drawn for the desk and the wall, and read again when somebody scanned it."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import segno
from sqlmodel import Session, select

from meeting_app.domain import check_in_code as rules
from meeting_app.domain.access import Actor, Wall, ensure_enters, ensure_shows_check_in_code
from meeting_app.domain.account import Account
from meeting_app.domain.attendee import Attendee, Whereabouts
from meeting_app.domain.check_in_code import CheckInSecret
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.seat import Seat
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services.unit_of_work import key, reading_standing


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the page says to whoever checked in by the code."""

    title: str
    name: str
    present: bool
    checked_in_at: datetime | None
    place: Whereabouts | None
    seat: str


def address(ports: Ports, meeting_id: int, now: datetime, origin: str = "") -> str:
    """Where the code of this moment leads; `origin` is the one by which phones reach us, e.g. "https://hop.gov.vn"."""
    secret = _secret(ports, meeting_id) or _make_secret(ports, meeting_id)
    return f"{origin}/check-in/{meeting_id}/{rules.token_of(secret, meeting_id, rules.slot_at(now))}"


def picture(ports: Ports, who: Actor | Wall, meeting_id: int, origin: str) -> bytes:
    """The code of this moment as an SVG file, for the desk and the meeting's walls while the doors are open."""
    now = ports.clock.now()
    with ports.database.reading() as session:
        if isinstance(who, Wall):
            ensure_shows_check_in_code(who, meeting_id)
            meeting = session.get_one(Meeting, meeting_id)
        else:
            standing = reading_standing(session, who, meeting_id)
            ensure_shows_check_in_code(standing, meeting_id)
            meeting = standing.meeting
    attendees.ensure_doors_open(meeting, now)
    code = segno.make_qr(address(ports, meeting_id, now, origin), error="m")
    drawn = BytesIO()
    code.save(drawn, kind="svg", scale=8, border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False)
    return drawn.getvalue()


def mark(ports: Ports, meeting_id: int, token: str) -> str:
    """For the browser of somebody who must sign in first; empty when the code is not good now. Changes nothing."""
    secret, now = _secret(ports, meeting_id), ports.clock.now()
    slot = rules.slot_of(secret, meeting_id, token) if secret else None
    if secret is None or slot is None or not rules.is_current(slot, now):
        return ""
    return rules.mark_of(secret, meeting_id, slot, now)


def check_in(ports: Ports, actor: Actor, meeting_id: int, token: str, marked: str = "") -> int:
    """Be present in the room by the code that was scanned; raises CodeExpired, or NotFound for a made-up one.

    Nothing is locked before the code was found genuine.
    """
    secret, now = _secret(ports, meeting_id), ports.clock.now()
    slot = rules.slot_of(secret, meeting_id, token) if secret else None
    if secret is None or slot is None:
        raise NotFound
    own(ports, actor, meeting_id)  # who is not invited learns nothing of the code
    if not rules.is_current(slot, now) and not rules.is_marked(secret, meeting_id, slot, marked, now):
        raise rules.CodeExpired
    return attendees.check_in(ports, actor, meeting_id, by_code=True)


def own(ports: Ports, actor: Actor, meeting_id: int) -> Recorded:
    """What is recorded of the asker; NotFound to whoever is not of the meeting."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_enters(standing)
        mine = standing.attendee
        if mine is None:
            raise NotFound
        return Recorded(
            title=standing.meeting.title,
            name=session.get_one(Account, mine.account_id).full_name,
            present=mine.present,
            checked_in_at=mine.checked_in_at,
            place=mine.place,
            seat=_seat(session, mine),
        )


def _seat(session: Session, attendee: Attendee) -> str:
    return session.get_one(Seat, attendee.seat_id).label if attendee.seat_id is not None else ""


def _secret(ports: Ports, meeting_id: int) -> bytes | None:
    with ports.database.reading() as session:
        row = session.get(CheckInSecret, meeting_id)
    return row.secret if row is not None else None


def _make_secret(ports: Ports, meeting_id: int) -> bytes:
    """Made when a code is first shown, under the meeting's lock, so that two walls show the same."""
    with ports.database.writing() as session:
        meeting = session.exec(select(Meeting).where(Meeting.id == meeting_id).with_for_update()).one_or_none()
        if meeting is None:
            raise NotFound
        row = session.get(CheckInSecret, key(meeting.id))
        if row is None:
            row = CheckInSecret(meeting_id=meeting_id, secret=_random_bytes(ports))
            session.add(row)
        return row.secret


def _random_bytes(ports: Ports) -> bytes:
    """32 of them: a token is nothing else, written down."""
    token = ports.new_token()
    return urlsafe_b64decode(token + "=" * (-len(token) % 4))
