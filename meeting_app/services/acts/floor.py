"""Who speaks, and who asks to."""

from enum import StrEnum
from typing import TypeVar

from meeting_app.domain.floor import FloorOrder, RequestKind, Taking
from meeting_app.services import floor, turn
from meeting_app.services.acts.given import Given, UnknownCommand, Use

Word = TypeVar("Word", bound=StrEnum)


def _word(given: Given, name: str, words: type[Word]) -> Word:
    try:
        return words(given.text(name))
    except ValueError:
        raise UnknownCommand from None


def _word_or_none(given: Given, name: str, words: type[Word]) -> Word | None:
    return None if given.values.get(name) is None else _word(given, name, words)


ACTS: dict[str, Use] = {
    "floor.raise": lambda ports, actor, meeting, g: floor.ask(
        ports,
        actor,
        meeting,
        _word(g, "kind", RequestKind),
        subject=g.text("subject", ""),
        item_id=g.number_or_none("item_id"),
        addressee_id=g.number_or_none("addressee_id"),
        attendee_id=g.number_or_none("attendee_id"),
    ),
    "floor.withdraw": lambda ports, actor, meeting, g: floor.withdraw(ports, actor, meeting, g.number("request_id")),
    "floor.restore": lambda ports, actor, meeting, g: floor.restore(ports, actor, meeting, g.number("request_id")),
    "floor.move": lambda ports, actor, meeting, g: floor.move(
        ports, actor, meeting, g.number("request_id"), g.number("position")
    ),
    "floor.rules": lambda ports, actor, meeting, g: floor.set_rules(
        ports,
        actor,
        meeting,
        order=_word_or_none(g, "order", FloorOrder),
        seconds=g.number_or_none("seconds"),
        question_seconds=g.number_or_none("question_seconds"),
        speeches=_word_or_none(g, "speeches", Taking),
        questions=_word_or_none(g, "questions", Taking),
    ),
    "floor.grant": lambda ports, actor, meeting, g: turn.grant(
        ports, actor, meeting, g.number("request_id"), g.number_or_none("instead_of")
    ),
    "floor.next": lambda ports, actor, meeting, g: turn.call_next(
        ports, actor, meeting, _word_or_none(g, "kind", RequestKind), g.number_or_none("instead_of")
    ),
    "floor.pause": lambda ports, actor, meeting, g: turn.pause(ports, actor, meeting, g.number("request_id")),
    "floor.resume": lambda ports, actor, meeting, g: turn.resume(ports, actor, meeting, g.number("request_id")),
    "floor.extend": lambda ports, actor, meeting, g: turn.extend(
        ports, actor, meeting, g.number("request_id"), g.number("seconds")
    ),
    "floor.end": lambda ports, actor, meeting, g: turn.end(ports, actor, meeting, g.number("request_id")),
    "floor.undo": lambda ports, actor, meeting, g: turn.undo(ports, actor, meeting, g.number("request_id")),
}
