"""The hall's big screens: each shows one meeting to everybody in the room, and nobody signs in at it.

A screen that is turned on shows a code. The desk of a meeting types it, and from then on the screen shows that
meeting, also after it was turned off, until the desk parts with it or the meeting is long over. The code works
once, for ten minutes; then the screen shows another. A screen whose meeting is closed shows a code again, so that
the next meeting in the same hall can take it over although the desk of the last has gone home.

What a screen shows can be read by whoever passes: it hears what everybody of the meeting may hear, and of that
nothing that is written down (documents, conclusions, minutes).
"""

import hashlib
import hmac
import re
from datetime import datetime, timedelta

from sqlmodel import Field, SQLModel

from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.wording import one_line
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

CODE_LIFE = timedelta(minutes=10)
CODE_LENGTH = 6
CODE_SIGNS = "ACEFGHJKMNPRTWXY34679"  # none that is taken for another from the last row: no 0 and O, 1 and I
LONGEST_NAME = 60
MOST_WAITING = 500  # screens that show a code at the same time, in the whole house
MOST_NEW = 60  # unknown screens in a minute: nobody signs in here, so nobody may keep the rows busy
NEW_WINDOW = timedelta(minutes=1)
GONE_AFTER = timedelta(minutes=1)  # a screen that is on renews its code within seconds
MOST_OF_A_MEETING = 12
# 21⁶ codes: a hundred wrong ones in a quarter of an hour meet one of ten waiting screens once in 85,000 tries.
GUESSES_PER_ACCOUNT = 10
GUESSES_OF_ALL = 100
GUESS_WINDOW = timedelta(minutes=15)
STAYS_AFTER_CLOSING = timedelta(hours=3)
STAYS_WITHOUT_OPENING = timedelta(hours=12)  # after the end that was announced
PAIRING_STATES = (MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)
_CODE = re.compile(f"[{CODE_SIGNS}]{{{CODE_LENGTH}}}")
_BETWEEN = re.compile(r"[\s.\-–—]+")


class HallScreen(SQLModel, table=True):
    """One browser that was opened as a screen. Of its cookie and of its code only hashes are kept."""

    __tablename__ = "hall_screen"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    opened_at: datetime
    address: str = Field(default="", max_length=60)
    code_number: int = 0  # how many codes it has shown: the code follows from it and the cookie
    code_hash: str | None = Field(default=None, max_length=64, unique=True)
    code_expires_at: datetime | None = None
    name: str = Field(default="", max_length=LONGEST_NAME)
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    paired_at: datetime | None = None
    paired_by: int | None = Field(default=None, foreign_key="account.id")

    def shows_code_at(self, now: datetime) -> bool:
        return self.code_hash is not None and self.code_expires_at is not None and now < self.code_expires_at


class ScreenGuess(SQLModel, table=True):
    """A wrong code of late, or one that is just being looked for: what throttling counts."""

    __tablename__ = "screen_guess"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    at: datetime = Field(index=True)


class CodeMistyped(MeetingError):
    message = N_("The code of a screen has {length} letters and digits. Please type it as the screen shows it.")


class WrongCode(MeetingError):
    message = N_("No screen shows this code now. Codes change every {minutes} minutes: please look at it once more.")


class TooManyCodes(MeetingError):
    message = N_("Too many wrong codes. Please wait {minutes} minutes.")


class TooManyScreens(MeetingError):
    message = N_("A meeting has at most {number} screens. Part with one first.")


class TooManyWaiting(MeetingError):
    message = N_("Too many screens wait for their meeting. Please try again later, or tell your administrator.")


class ScreenNameMissing(MeetingError):
    message = N_("Please give the screen a name.")


class ScreenNameTooLong(MeetingError):
    message = N_("The name of a screen may have at most {length} characters.")


def ensure_may_wait(waiting: int, new: int) -> None:
    if waiting >= MOST_WAITING or new >= MOST_NEW:
        raise TooManyWaiting


def code_of(token: str, number: int) -> str:
    """The screen's code of this number: the same for all its windows, and nobody's without its cookie."""
    digest = hmac.digest(token.encode("utf-8", "surrogatepass"), b"code %d" % number, "sha256")
    rest, signs = int.from_bytes(digest), []
    for _ in range(CODE_LENGTH):
        rest, place = divmod(rest, len(CODE_SIGNS))
        signs.append(CODE_SIGNS[place])
    return "".join(signs)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Whether two hashes are equal, in a time that does not tell how far they agree."""
    return hmac.compare_digest(one.encode(), other.encode())


def clean_code(typed: str) -> str:
    """As the screen shows it, whether or not it was typed in capitals or with a gap; raises CodeMistyped."""
    code = _BETWEEN.sub("", typed[:100]).upper()
    if not _CODE.fullmatch(code):
        raise CodeMistyped(length=CODE_LENGTH)
    return code


def clean_name(name: str) -> str:
    cleaned = one_line(name)
    if not cleaned:
        raise ScreenNameMissing
    if len(cleaned) > LONGEST_NAME:
        raise ScreenNameTooLong(length=LONGEST_NAME)
    return cleaned


def ensure_may_guess(wrong_here: int, wrong_of_all: int) -> None:
    if wrong_here >= GUESSES_PER_ACCOUNT or wrong_of_all >= GUESSES_OF_ALL:
        raise TooManyCodes(minutes=int(GUESS_WINDOW.total_seconds() // 60))


def is_left(meeting: Meeting, now: datetime) -> bool:
    """Whether a screen goes back to its code by itself: nobody will look at this meeting any more."""
    match meeting.state:
        case MeetingState.RUNNING | MeetingState.PAUSED:
            return False
        case MeetingState.CLOSED | MeetingState.RECORDED:
            return meeting.closed_at is None or now >= meeting.closed_at + STAYS_AFTER_CLOSING
        case MeetingState.CONVENED:
            return now >= meeting.ends_at + STAYS_WITHOUT_OPENING
    return True


def may_be_taken_over(meeting: Meeting) -> bool:
    """Whether a screen offers its code while it still shows this meeting's end."""
    return meeting.state not in PAIRING_STATES
