"""A meeting's floor as tests ask about it."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from meeting_app.domain.access import Actor
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import command as commands
from meeting_app.services import snapshot

_ids = count(1)


@dataclass(frozen=True)
class Floor:
    """The floor of one meeting, acted on by commands as the tablets send them."""

    ports: Ports
    meeting_id: int
    lan: Actor

    def act(self, who: Actor, name: str, **arguments: Any) -> int:
        act = name if "." in name else f"floor.{name}"
        return commands.perform(self.ports, who, self.meeting_id, f"floor{next(_ids)}", act, arguments)

    def state(self, who: Actor | None = None) -> dict[str, Any]:
        return snapshot.take(self.ports, who or self.lan, self.meeting_id)[1]

    def rows(self, state: str | None = None) -> list[dict[str, Any]]:
        return [row for row in self.state()["floor"] if state in (None, row["state"])]

    def row(self, who: Actor) -> dict[str, Any]:
        """The newest request of somebody."""
        return max((row for row in self.rows() if row["attendee_id"] == self.id_of(who)), key=lambda row: row["id"])

    def id_of(self, who: Actor) -> int:
        everybody = attendees.attendees(self.ports, self.lan, self.meeting_id)
        return next(each.id for each in everybody if each.account_id == who.account_id)

    def who(self, *states: str) -> list[str]:
        """First names, in the order of the list."""
        names = {each["id"]: each["name"].split()[-1] for each in self.state()["attendees"]}
        return [names[row["attendee_id"]] for row in self.rows() if row["state"] in states]

    def ask(self, who: Actor, kind: str = "speech", **arguments: Any) -> int:
        self.act(who, "raise", kind=kind, **arguments)
        return int(self.row(who)["id"])
