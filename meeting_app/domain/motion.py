"""Motions: drafted by the desk, approved as a list, called, opened, closed; and the rules of each step.

The rules of a motion (who votes, openly or in secret, what majority) are settled when it is approved and
never change afterwards. Who may vote is frozen when it opens.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel, UniqueConstraint

from meeting_app.domain.voting import Base, Fraction, MotionKind, Rules, TieRule
from meeting_app.domain.wording import one_line, typed
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError, NotAllowed
from meeting_app.i18n import N_, _

LONGEST_MOTION_TITLE = 300
LONGEST_MOTION_TEXT = 4000
LONGEST_OPTION = 200
MOST_OPTIONS = 30
SHORTEST_SECONDS, LONGEST_SECONDS = 10, 24 * 3600
LARGEST_DENOMINATOR = 100


class MotionState(StrEnum):
    DRAFT = "draft"  # the desk alone knows of it
    APPROVED = "approved"  # on the list that everybody reads
    CALLED = "called"  # before the meeting; attendees say that they are ready
    OPEN = "open"  # takes ballots
    CLOSED = "closed"  # has a result
    WITHDRAWN = "withdrawn"  # will not be voted on


STATE_LABEL = {
    MotionState.DRAFT: N_("Not approved yet"),
    MotionState.APPROVED: N_("Approved for voting"),
    MotionState.CALLED: N_("About to be voted on"),
    MotionState.OPEN: N_("Being voted on"),
    MotionState.CLOSED: N_("Voted"),
    MotionState.WITHDRAWN: N_("Withdrawn from voting"),
}


class Motion(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id")
    position: int  # 1, 2, 3 … in the order of voting
    title: str = Field(max_length=LONGEST_MOTION_TITLE)
    text: str = Field(default="", max_length=LONGEST_MOTION_TEXT)
    kind: MotionKind = Field(default=MotionKind.AGREEMENT, sa_type=stored_words(MotionKind))
    options: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # {id, text}
    secret: bool = False
    proxies: bool = False  # whether delegates cast the votes of the absent
    max_choices: int = 1
    winners: int = 1
    base: Base = Field(default=Base.PRESENT, sa_type=stored_words(Base))
    numerator: int = 1
    denominator: int = 2
    strict: bool = True  # more than the fraction; otherwise at least it
    tie: TieRule = Field(default=TieRule.FAILS, sa_type=stored_words(TieRule))
    seconds: int | None = None  # how long it stays open; None: until somebody closes it
    round: int = 1
    repeat_of: int | None = Field(default=None, foreign_key="motion.id")
    state: MotionState = Field(default=MotionState.DRAFT, index=True, sa_type=stored_words(MotionState))
    approved_at: datetime | None = None
    called_at: datetime | None = None
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    # Frozen at opening: electors, how many must be present, how many are entitled in all.
    electors: int | None = None
    quorum_need: int | None = None
    entitled: int | None = None
    overruled: str = Field(default="", max_length=500)  # why the chair opened it without a quorum
    need: int | None = None  # votes that carry it; for base "cast" only once it is closed
    result: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    drafted_by: int = Field(foreign_key="account.id")
    drafted_at: datetime

    @property
    def public(self) -> bool:
        """Whether the meeting knows of it: it was approved, and has not become a draft again."""
        return self.approved_at is not None

    @property
    def majority(self) -> Fraction:
        return Fraction(self.numerator, self.denominator, self.strict)

    @property
    def rules(self) -> Rules:
        options = tuple(each["id"] for each in self.options)
        return Rules(self.kind, self.base, self.majority, self.tie, options, self.max_choices, self.winners)

    @property
    def label(self) -> str:
        return _(STATE_LABEL[self.state])


class MotionReady(SQLModel, table=True):
    """Somebody is ready to vote on the motion that was called; forgotten when it opens."""

    __tablename__ = "motion_ready"
    __table_args__ = (UniqueConstraint("motion_id", "attendee_id"),)

    id: int | None = Field(default=None, primary_key=True)  # in the order in which they said so
    motion_id: int = Field(foreign_key="motion.id")
    attendee_id: int = Field(foreign_key="attendee.id")


class MotionTitleMissing(MeetingError):
    message = N_("The motion needs a title.")


class MotionTitleTooLong(MeetingError):
    message = N_("The title of a motion may have at most {length} characters.")


class MotionTextTooLong(MeetingError):
    message = N_("The text of a motion may have at most {length} characters.")


class OptionsWrong(MeetingError):
    message = N_("Write between 2 and {most} different options, each on a line of its own.")


class OptionTooLong(MeetingError):
    message = N_("An option may have at most {length} characters.")


class ChoicesWrong(MeetingError):
    message = N_("Of {options} options at least one and at most all can be chosen and win.")


class MajorityWrong(MeetingError):
    message = N_("The majority must be a part of the whole, such as 1/2 or 2/3, that can be reached.")


class QuorumWrong(MeetingError):
    message = N_("The quorum must be a part of the whole, such as 1/2 or 2/3.")


class SecondsWrong(MeetingError):
    message = N_("A vote stays open between {shortest} seconds and {longest} hours.")


class ChairCannotDecide(MeetingError):
    message = N_("The chair's vote decides a tie only in an open vote of agreement by half.")


class MotionNotInState(MeetingError):
    message = N_("“{title}”: this cannot be done now, the motion is “{state}”.")


class AnotherMotionGoing(MeetingError):
    message = N_("“{title}” is before the meeting. Finish it or take it back first.")


class MotionStillOpen(MeetingError):
    message = N_("“{title}” is being voted on. Close the vote first.")


class NoDrafts(MeetingError):
    message = N_("There is no motion that waits for approval.")


class NobodyVotes(MeetingError):
    message = N_("Nobody who may vote is present, so no vote can be opened.")


class NoQuorum(MeetingError):
    message = N_("No quorum: {present} of {all} are here to vote, at least {need} must be.")


class OnlyChairOverrules(NotAllowed):
    message = N_("Only the chair can open a vote without a quorum.")


class EarlierEndHasPassed(MeetingError):
    message = N_("“{title}”: the time added can no longer be taken back, the vote would be over already.")


class NoTimeWasAdded(MeetingError):
    message = N_("“{title}”: no time was added that could be taken back.")


class OnlyChairChangesQuorum(NotAllowed):
    message = N_("While the meeting is in session only the chair changes how many must be present.")


class AnotherRoundStands(MeetingError):
    message = N_("Another round is voted on as the first one was. Take it off the list and draft a new motion instead.")


class ThereAreBallots(MeetingError):
    message = N_("Somebody has voted already: the vote can be closed, but no longer be taken back.")


class NotVoting(NotAllowed):
    message = N_("You have no vote on this motion.")


class GuestsNeverVote(MeetingError):
    message = N_("Guests, and delegates who only stand for somebody, have no vote of their own.")


def clean_title(title: str) -> str:
    cleaned = one_line(title)
    if not cleaned:
        raise MotionTitleMissing
    if len(cleaned) > LONGEST_MOTION_TITLE:
        raise MotionTitleTooLong(length=LONGEST_MOTION_TITLE)
    return cleaned


def clean_text(text: str) -> str:
    cleaned = typed(text).strip()
    if len(cleaned) > LONGEST_MOTION_TEXT:
        raise MotionTextTooLong(length=LONGEST_MOTION_TEXT)
    return cleaned


def clean_options(lines: str) -> list[dict[str, Any]]:
    """One option a line, numbered 1, 2, 3 …"""
    texts = [cleaned for line in lines.splitlines() if (cleaned := one_line(line))]
    if not 2 <= len(texts) <= MOST_OPTIONS or len({each.casefold() for each in texts}) != len(texts):  # noqa: PLR2004
        raise OptionsWrong(most=MOST_OPTIONS)
    if any(len(each) > LONGEST_OPTION for each in texts):
        raise OptionTooLong(length=LONGEST_OPTION)
    return [{"id": number, "text": text} for number, text in enumerate(texts, start=1)]


def ensure_majority(fraction: Fraction, refusal: type[MeetingError] = MajorityWrong) -> None:
    whole = fraction.numerator == fraction.denominator and fraction.strict
    if whole or not 1 <= fraction.numerator <= fraction.denominator <= LARGEST_DENOMINATOR:
        raise refusal


def ensure_seconds(seconds: int) -> None:
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise SecondsWrong(shortest=SHORTEST_SECONDS, longest=LONGEST_SECONDS // 3600)


def take_time_back(motion: Motion, seconds: int | None, now: datetime) -> None:
    """The way back from an extension, never behind the time it was opened with; None: it has no limit again."""
    ends = motion.closes_at
    if ends is None or (seconds is None and motion.seconds is not None):
        raise NoTimeWasAdded(title=motion.title)
    if seconds is None:
        motion.closes_at = None
        return
    ensure_seconds(seconds)
    earlier = ends - timedelta(seconds=seconds)
    if motion.seconds is not None and earlier < (motion.opened_at or ends) + timedelta(seconds=motion.seconds):
        raise NoTimeWasAdded(title=motion.title)
    if earlier <= now:
        raise EarlierEndHasPassed(title=motion.title)
    motion.closes_at = earlier


def ensure_rules(motion: Motion) -> None:
    """The sentence of the first rule that cannot be, and what a motion of this kind does not use put at rest."""
    ensure_majority(motion.majority)
    if motion.seconds is not None:
        ensure_seconds(motion.seconds)
    if motion.kind is MotionKind.AGREEMENT:
        motion.options, motion.max_choices, motion.winners = [], 1, 1
    elif not (1 <= motion.max_choices <= len(motion.options) and 1 <= motion.winners <= len(motion.options)):
        raise ChoicesWrong(options=len(motion.options))
    decides = motion.kind is MotionKind.AGREEMENT and not motion.secret and motion.majority.is_half
    if motion.tie is TieRule.CHAIR and not decides:
        raise ChairCannotDecide


def ensure_motion(motion: Motion, *allowed: MotionState) -> None:
    if motion.state not in allowed:
        raise MotionNotInState(title=motion.title, state=motion.label)


def ensure_none_going(motions: list[Motion], motion: Motion | None = None) -> None:
    """One motion at a time is before the meeting."""
    for other in motions:
        if other is not motion and other.state in (MotionState.CALLED, MotionState.OPEN):
            raise AnotherMotionGoing(title=other.title)


def move(motions: list[Motion], motion: Motion, position: int) -> list[Motion]:
    """Put it at this place (1 first, too large means last) and number all anew, in order."""
    others = sorted((other for other in motions if other is not motion), key=lambda other: other.position)
    others.insert(max(0, min(position - 1, len(others))), motion)
    for number, each in enumerate(others, start=1):
        each.position = number
    return others
