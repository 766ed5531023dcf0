"""The check-in code on the wall: it changes every half minute, so that who has it stands before it.

A token is a time slot and the start of its HMAC-SHA256 under the meeting's own secret. It is good for its slot and
the next, so that nobody scans in vain just when it changes. Whoever has to sign in first is given longer: their
browser keeps a mark of having scanned it in time. A photograph sent on at once lets an absent person in; the desk
sees who came by code, and a code of last minute is worth nothing.
"""

import hmac
import re
from base64 import b32encode
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

SLOT_SECONDS = 30
SIGNING_IN = timedelta(minutes=10)  # for whoever scanned in time and must sign in first
_MAC_BYTES = 10  # 80 bits
_TOKEN = re.compile("([0-9A-F]{1,9})-([A-Z2-7]{16})")


class CheckInSecret(SQLModel, table=True):
    """What a meeting's codes are made of; it stands nowhere else."""

    __tablename__ = "check_in_secret"

    meeting_id: int = Field(foreign_key="meeting.id", primary_key=True)
    secret: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class CodeExpired(MeetingError):
    message = N_("This code has changed. Please scan the code on the wall again.")


def slot_at(moment: datetime) -> int:
    return int(moment.timestamp()) // SLOT_SECONDS


def token_of(secret: bytes, meeting_id: int, slot: int) -> str:
    return f"{slot:X}-{_mac(secret, 'code', meeting_id, slot)}"


def slot_of(secret: bytes, meeting_id: int, token: str) -> int | None:
    """The slot a token was made for; None when it was not made of this secret for this meeting."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    slot = int(found[1], 16)
    genuine = hmac.compare_digest(token_of(secret, meeting_id, slot).encode(), token.encode())
    return slot if genuine else None


def is_current(slot: int, now: datetime) -> bool:
    return slot_at(now) - 1 <= slot <= slot_at(now)


def mark_of(secret: bytes, meeting_id: int, slot: int, seen_at: datetime) -> str:
    """For the browser that scanned the code of this slot in time."""
    second = int(seen_at.timestamp())
    return f"{second:X}-{_mac(secret, 'mark', meeting_id, slot, second)}"


def is_marked(secret: bytes, meeting_id: int, slot: int, mark: str, now: datetime) -> bool:
    """Whether this mark was given for this slot's code, not too long ago."""
    found = _TOKEN.fullmatch(mark)
    if found is None:
        return False
    second = int(found[1], 16)
    genuine = hmac.compare_digest(_mac(secret, "mark", meeting_id, slot, second).encode(), found[2].encode())
    return genuine and 0 <= now.timestamp() - second <= SIGNING_IN.total_seconds()


def _mac(secret: bytes, *facts: object) -> str:
    message = " ".join(str(fact) for fact in facts).encode()
    return b32encode(hmac.digest(secret, message, sha256)[:_MAC_BYTES]).decode()
