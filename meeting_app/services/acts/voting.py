"""Motions and ballots."""

from enum import StrEnum
from typing import TypeVar

from meeting_app.domain.voting import Base, MotionKind, TieRule
from meeting_app.services import ballot, motion, vote
from meeting_app.services.acts.given import Given, UnknownCommand, Use
from meeting_app.services.motion import Draft

Word = TypeVar("Word", bound=StrEnum)


def _word(given: Given, name: str, default: Word) -> Word:
    try:
        return type(default)(given.text(name, default.value))
    except ValueError:
        raise UnknownCommand from None


def _draft(given: Given) -> Draft:
    return Draft(
        title=given.text("title"),
        text=given.text("text", ""),
        item_id=given.number_or_none("item_id"),
        kind=_word(given, "kind", MotionKind.AGREEMENT),
        options=given.text("options", ""),
        secret=given.flag("secret"),
        proxies=given.flag("proxies"),
        max_choices=given.number_or_none("max_choices") or 1,
        winners=given.number_or_none("winners") or 1,
        base=_word(given, "base", Base.PRESENT),
        numerator=given.number_or_none("numerator") or 1,
        denominator=given.number_or_none("denominator") or 2,
        strict=given.flag("strict", default=True),
        tie=_word(given, "tie", TieRule.FAILS),
        seconds=given.number_or_none("seconds"),
    )


ACTS: dict[str, Use] = {
    "motion.draft": lambda ports, actor, meeting, g: motion.draft(ports, actor, meeting, _draft(g)),
    "motion.change": lambda ports, actor, meeting, g: motion.change(
        ports, actor, meeting, g.number("motion_id"), _draft(g)
    ),
    "motion.remove": lambda ports, actor, meeting, g: motion.remove(ports, actor, meeting, g.number("motion_id")),
    "motion.restore": lambda ports, actor, meeting, g: motion.restore(ports, actor, meeting, g.number("motion_id")),
    "motion.move": lambda ports, actor, meeting, g: motion.move(
        ports, actor, meeting, g.number("motion_id"), g.number("position")
    ),
    "motion.approve": lambda ports, actor, meeting, g: motion.approve(
        ports, actor, meeting, g.number_or_none("motion_id")
    ),
    "motion.unapprove": lambda ports, actor, meeting, g: motion.unapprove(ports, actor, meeting, g.number("motion_id")),
    "motion.call": lambda ports, actor, meeting, g: vote.call(ports, actor, meeting, g.number("motion_id")),
    "motion.uncall": lambda ports, actor, meeting, g: vote.uncall(ports, actor, meeting, g.number("motion_id")),
    "motion.ready": lambda ports, actor, meeting, g: vote.set_ready(
        ports, actor, meeting, g.number("motion_id"), ready=True
    ),
    "motion.unready": lambda ports, actor, meeting, g: vote.set_ready(
        ports, actor, meeting, g.number("motion_id"), ready=False
    ),
    "motion.open": lambda ports, actor, meeting, g: vote.open_vote(
        ports, actor, meeting, g.number("motion_id"), g.text("overrule", "")
    ),
    "motion.cancel": lambda ports, actor, meeting, g: vote.cancel(ports, actor, meeting, g.number("motion_id")),
    "motion.extend": lambda ports, actor, meeting, g: vote.extend(
        ports, actor, meeting, g.number("motion_id"), g.number("seconds")
    ),
    "motion.shorten": lambda ports, actor, meeting, g: vote.shorten(
        ports, actor, meeting, g.number("motion_id"), g.number_or_none("seconds")
    ),
    "motion.close": lambda ports, actor, meeting, g: vote.close(ports, actor, meeting, g.number("motion_id")),
    "motion.repeat": lambda ports, actor, meeting, g: vote.repeat(ports, actor, meeting, g.number("motion_id")),
    "ballot.cast": lambda ports, actor, meeting, g: ballot.cast(
        ports,
        actor,
        meeting,
        g.number("motion_id"),
        g.number("elector_id"),
        choice=g.text("choice", ""),
        options=g.numbers("options"),
        comment=g.text("comment", ""),
        receipt=g.text("receipt", ""),
    ),
    "attendee.voting": lambda ports, actor, meeting, g: motion.let_vote(
        ports, actor, meeting, g.number("attendee_id"), votes=g.flag("votes")
    ),
    "meeting.quorum": lambda ports, actor, meeting, g: motion.set_quorum(
        ports, actor, meeting, g.number("numerator"), g.number("denominator")
    ),
}
