"""Commands of the live room by name: checked, translated into use cases, each done once."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from meeting_app.domain.access import Actor
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_
from meeting_app.ports import Ports
from meeting_app.services import agenda, attendee, conclusion, presenter
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services.unit_of_work import Repeated

Arguments = dict[str, Any]

_COMMAND_ID = re.compile("[!-~]{1,64}")  # the column's width; signs that every database holds


class UnknownCommand(MeetingError):
    message = N_("The room does not know this command. Please reload the page.")


@dataclass(frozen=True, slots=True)
class _Given:
    """The arguments of one command, read with their types; anything else is an unknown command."""

    values: Arguments

    def number(self, name: str) -> int:
        value = self.values.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**31:
            raise UnknownCommand
        return value

    def number_or_none(self, name: str) -> int | None:
        return None if self.values.get(name) is None else self.number(name)

    def text(self, name: str, default: str | None = None) -> str:
        value = self.values.get(name, default)
        if not isinstance(value, str):
            raise UnknownCommand
        return value


_Use = Callable[[Ports, Actor, int, _Given], int]

ACTS: dict[str, _Use] = {
    "meeting.open": lambda ports, actor, meeting, _: meetings.open_session(ports, actor, meeting),
    "meeting.pause": lambda ports, actor, meeting, _: meetings.pause(ports, actor, meeting),
    "meeting.resume": lambda ports, actor, meeting, _: meetings.resume(ports, actor, meeting),
    "meeting.close": lambda ports, actor, meeting, _: meetings.close(ports, actor, meeting),
    "item.start": lambda ports, actor, meeting, g: agenda.start(ports, actor, meeting, g.number("item_id")),
    "item.finish": lambda ports, actor, meeting, g: agenda.finish(ports, actor, meeting, g.number("item_id")),
    "item.skip": lambda ports, actor, meeting, g: agenda.skip(ports, actor, meeting, g.number("item_id")),
    "item.undo": lambda ports, actor, meeting, g: agenda.undo(ports, actor, meeting, g.number("item_id")),
    "item.insert": lambda ports, actor, meeting, g: agenda.insert(
        ports,
        actor,
        meeting,
        g.text("title"),
        presenter=g.text("presenter", ""),
        minutes=g.number("minutes"),
        position=g.number("position"),
    ),
    "item.move": lambda ports, actor, meeting, g: agenda.move(
        ports, actor, meeting, g.number("item_id"), g.number("position")
    ),
    "item.extend": lambda ports, actor, meeting, g: agenda.extend(
        ports, actor, meeting, g.number("item_id"), g.number("minutes")
    ),
    "attendee.check_in": lambda ports, actor, meeting, g: attendee.check_in(
        ports, actor, meeting, g.number_or_none("attendee_id")
    ),
    "attendee.check_out": lambda ports, actor, meeting, g: attendee.check_out(
        ports, actor, meeting, g.number("attendee_id")
    ),
    "attendee.absence": lambda ports, actor, meeting, g: attendee.explain_absence(
        ports, actor, meeting, g.number("attendee_id"), g.text("reason")
    ),
    "present.take": lambda ports, actor, meeting, _: presenter.take(ports, actor, meeting),
    "present.hand": lambda ports, actor, meeting, g: presenter.hand(ports, actor, meeting, g.number("attendee_id")),
    "present.stop": lambda ports, actor, meeting, _: presenter.stop(ports, actor, meeting),
    "present.turn": lambda ports, actor, meeting, g: presenter.turn(
        ports, actor, meeting, g.number("document_id"), g.number("page")
    ),
    "conclusion.record": lambda ports, actor, meeting, g: conclusion.record(
        ports, actor, meeting, g.text("text"), g.number_or_none("item_id")
    ),
    "conclusion.remove": lambda ports, actor, meeting, g: conclusion.remove(
        ports, actor, meeting, g.number("conclusion_id")
    ),
}


def perform(ports: Ports, actor: Actor, meeting_id: int, command_id: str, act: str, arguments: Arguments) -> int:
    """Do a command once and return the version at which it took effect; raises MeetingError when refused.

    The same id again returns the same version and changes nothing.
    """
    use = ACTS.get(act)
    if use is None or not _COMMAND_ID.fullmatch(command_id):
        raise UnknownCommand
    events.enter(ports, actor, meeting_id)
    try:
        return use(ports, actor.commanding(command_id), meeting_id, _Given(arguments))
    except Repeated as done:
        return done.version
