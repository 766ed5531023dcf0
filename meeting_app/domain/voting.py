"""The arithmetic of a vote: quorum, majority, tally and ties, from numbers and ballots alone.

Whoever has the rules, the electors and the ballots of a motion comes to the same result with this file;
`python -m meeting_app recount` does so from the event log.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class MotionKind(StrEnum):
    AGREEMENT = "agreement"  # Tán thành / Không tán thành / Ý kiến khác
    CHOICE = "choice"  # one or several of the options


class Choice(StrEnum):
    AGREE = "agree"  # Tán thành
    DISAGREE = "disagree"  # Không tán thành
    OTHER = "other"  # Ý kiến khác


class Base(StrEnum):
    """Of what the majority is a fraction."""

    PRESENT = "present"  # the electors, frozen when the motion opened
    ALL = "all"  # everybody of the meeting who is entitled to vote, present or not
    CAST = "cast"  # the ballots that were cast


class TieRule(StrEnum):
    FAILS = "fails"  # as many against as for: not carried
    CHAIR = "chair"  # the chair's own open ballot decides


@dataclass(frozen=True, slots=True)
class Fraction:
    """A part of a whole: more than it (`strict`), or at least it."""

    numerator: int
    denominator: int
    strict: bool = False

    def need(self, whole: int) -> int:
        """How many of `whole` make this part; never nobody."""
        floor, rest = divmod(whole * self.numerator, self.denominator)
        return max(1, floor + 1 if self.strict or rest else floor)

    @property
    def is_half(self) -> bool:
        return 2 * self.numerator == self.denominator


@dataclass(frozen=True, slots=True)
class Quorum:
    """Who is here to vote, and how many of all entitled must be."""

    present: int
    need: int
    all: int

    @property
    def reached(self) -> bool:
        return self.present >= self.need


@dataclass(frozen=True, slots=True)
class Rules:
    """What was decided about a motion before anybody voted."""

    kind: MotionKind
    base: Base
    majority: Fraction
    tie: TieRule = TieRule.FAILS
    options: tuple[int, ...] = ()  # ids, in the order of the list
    max_choices: int = 1
    winners: int = 1


@dataclass(frozen=True, slots=True)
class Vote:
    """What one ballot says: a choice, or the options it names (none of them is an answer, too)."""

    choice: Choice | None = None
    options: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionCount:
    id: int
    count: int
    carried: bool
    tied: bool  # reached the need, but as many votes as there are seats left stand against each other


@dataclass(frozen=True, slots=True)
class Result:
    electors: int
    cast: int
    agree: int
    disagree: int
    other: int
    options: tuple[OptionCount, ...]
    base: int  # of how many `need` was computed
    need: int
    carried: bool
    tie: bool


def quorum(present: int, entitled: int, fraction: Fraction) -> Quorum:
    return Quorum(present, fraction.need(entitled), entitled)


def is_valid(rules: Rules, vote: Vote) -> bool:
    """Whether a ballot says something these rules can count."""
    if rules.kind is MotionKind.AGREEMENT:
        return vote.choice is not None and not vote.options
    known = set(vote.options) <= set(rules.options)
    once = len(set(vote.options)) == len(vote.options)
    return vote.choice is None and known and once and len(vote.options) <= rules.max_choices


def tally(rules: Rules, votes: Sequence[Vote], *, electors: int, entitled: int, chair: Choice | None = None) -> Result:
    """Count; `chair` is what the chair's own ballot says, where it is open."""
    base = {Base.PRESENT: electors, Base.ALL: entitled, Base.CAST: len(votes)}[rules.base]
    need = rules.majority.need(base)
    said = Counter(vote.choice for vote in votes)
    agree, disagree = said[Choice.AGREE], said[Choice.DISAGREE]
    if rules.kind is MotionKind.CHOICE:
        options = _elected(rules, votes, need)
        carried, tie = any(each.carried for each in options), any(each.tied for each in options)
    else:
        options = ()
        tie = rules.majority.is_half and agree == disagree > 0
        carried = (rules.tie is TieRule.CHAIR and chair is Choice.AGREE) if tie else agree >= need
    return Result(electors, len(votes), agree, disagree, said[Choice.OTHER], options, base, need, carried, tie)


def _elected(rules: Rules, votes: Sequence[Vote], need: int) -> tuple[OptionCount, ...]:
    """Carried is who reaches the need and stands among the winners; equal numbers at the last seat carry nobody."""
    counts = Counter(option for vote in votes for option in vote.options)
    counted = {option: counts[option] for option in rules.options}
    found: list[OptionCount] = []
    for option, count in counted.items():
        above = sum(other > count for other in counted.values())
        equal = sum(other == count for other in counted.values())
        reached = count >= need and above < rules.winners
        tied = reached and above + equal > rules.winners
        found.append(OptionCount(option, count, reached and not tied, tied))
    return tuple(found)
