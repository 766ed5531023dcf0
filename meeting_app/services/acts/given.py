"""What comes with a command: arguments read with their types, anything else is an unknown command."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meeting_app.domain.access import Actor
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_
from meeting_app.ports import Ports

Arguments = dict[str, Any]


class UnknownCommand(MeetingError):
    message = N_("The room does not know this command. Please reload the page.")


@dataclass(frozen=True, slots=True)
class Given:
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

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.values.get(name, default)
        if not isinstance(value, bool):
            raise UnknownCommand
        return value

    def moment_or_none(self, name: str) -> datetime | None:
        """An ISO time with its offset."""
        text = self.text(name, "")
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise UnknownCommand from None
        if moment.tzinfo is None:
            raise UnknownCommand
        return moment

    def numbers(self, name: str) -> tuple[int, ...]:
        """A short list of integers, empty when it is not there."""
        value = self.values.get(name, [])
        if not isinstance(value, list):
            raise UnknownCommand
        return tuple(Given({"each": each}).number("each") for each in value)


Use = Callable[[Ports, Actor, int, Given], int]
