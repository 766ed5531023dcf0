"""Accounts, their sign-ins, and the rules of passwords and guessing."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, SQLModel

from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

SHORTEST_PASSWORD = 10
# A guesser is slowed by account *and* address together, and by account alone only far later:
# a whole meeting room sits behind one address and must not lock itself out (W3's counter-example).
GUESSES_PER_ACCOUNT_AND_ADDRESS = 5
GUESSES_PER_ACCOUNT = 50
GUESS_WINDOW = timedelta(minutes=15)


class Right(StrEnum):
    REGISTER = "register"  # register meetings of the own unit
    SEAL = "seal"  # văn thư: number, agency seal, issue
    ADMINISTER = "administer"


class Account(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(max_length=60, unique=True)
    full_name: str = Field(max_length=120)
    email: str = Field(default="", max_length=200)
    password_hash: str = Field(max_length=200)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    rights: str = Field(default="", max_length=120)  # Right values separated by spaces
    language: str = Field(default="vi", max_length=5)
    locked_at: datetime | None = None

    @property
    def right_set(self) -> frozenset[Right]:
        return rights_of(self.rights)


class SignIn(SQLModel, table=True):
    """One signed-in browser. Only the token's hash is kept: a stolen database opens no door."""

    __tablename__ = "sign_in"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    begun_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    address: str = Field(default="", max_length=60)
    agent: str = Field(default="", max_length=200)


def rights_of(words: str) -> frozenset[Right]:
    """From the words of a row."""
    return frozenset(map(Right, words.split()))


def opens(now: datetime, expires_at: datetime, ended_at: datetime | None, locked_at: datetime | None) -> bool:
    """Whether a sign-in opens the house: not over, not ended by hand, and its account not locked."""
    return ended_at is None and locked_at is None and now < expires_at


class SignInAttempt(SQLModel, table=True):
    """Every try, kept for good (F3); also what throttling counts."""

    __tablename__ = "sign_in_attempt"

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(max_length=60, index=True)
    address: str = Field(max_length=60)
    at: datetime = Field(index=True)
    succeeded: bool


class WrongPassword(MeetingError):
    message = N_("The user name or the password is not right.")


class PresentPasswordWrong(WrongPassword):
    message = N_("The present password is not right.")


class TooManyGuesses(MeetingError):
    message = N_("Too many wrong tries. Please wait {minutes} minutes, or ask your administrator.")


class PasswordTooShort(MeetingError):
    message = N_("A password needs at least {length} characters.")


class PasswordIsUserName(MeetingError):
    message = N_("The password must not be the user name.")


def ensure_good_password(password: str, username: str) -> None:
    """Length over composition rules; anything longer than the longest sentence is cut off by the form."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(length=SHORTEST_PASSWORD)
    if password.casefold() == username.casefold():
        raise PasswordIsUserName


def ensure_may_guess(failed_here: int, failed_anywhere: int) -> None:
    if failed_here >= GUESSES_PER_ACCOUNT_AND_ADDRESS or failed_anywhere >= GUESSES_PER_ACCOUNT:
        raise TooManyGuesses(minutes=int(GUESS_WINDOW.total_seconds() // 60))
