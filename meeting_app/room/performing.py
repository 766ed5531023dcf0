"""Commands, done: as whoever holds the cookie now, each with its own answer, those that wait together in one commit.

SQLite has one writer at a time, and each commit waits for the disk. So a burst of commands shares transactions:
each command is a savepoint of its own, a refused one undoes only itself, and nobody is answered before the commit.
When the commit itself fails nothing of the group has happened, and each is tried again alone.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from meeting_app.domain.event import CommandIdTaken
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.i18n import speaking
from meeting_app.ports import Ports
from meeting_app.room import protocol
from meeting_app.room.door import Ticket
from meeting_app.room.protocol import Do
from meeting_app.room.refusals import Refusals
from meeting_app.services import account, command
from meeting_app.services.acts.given import UnknownCommand

TOGETHER = 16  # commands in one commit: other processes wait for the write lock meanwhile
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A command, from whom, the language of the answer, and when it came."""

    ticket: Ticket
    language: str
    meeting_id: int
    command: Do
    arrived_at: datetime


@dataclass
class _Rung:
    """Whom to wake once the group is committed."""

    meetings: set[int] = field(default_factory=set)

    def ring(self, meeting_id: int) -> None:
        self.meetings.add(meeting_id)


def perform_together(ports: Ports, refusals: Refusals, group: Sequence[Asked]) -> list[bytes | None]:
    """The answers in the order of the commands, all of them committed."""
    if len(group) == 1:
        return [perform(ports, refusals, group[0])]
    rung = _Rung()
    try:
        with ports.database.together() as database:
            inside = replace(ports, database=database, wake_ups=rung)
            answers = [perform(inside, refusals, each) for each in group]
    except Exception:  # noqa: BLE001 — whatever it was, nothing was committed: each may find out for itself
        _log.exception("a group of %s commands could not be committed", len(group))
        return [perform(ports, refusals, each) for each in group]
    for meeting_id in rung.meetings:
        ports.wake_ups.ring(meeting_id)
    return answers


def perform(ports: Ports, refusals: Refusals, asked: Asked) -> bytes | None:
    """Do one command; its answer's frame, or None when the asker is signed out."""
    ticket, do = asked.ticket, asked.command
    with speaking(asked.language):
        if ticket.as_screen:
            refusals.note("a command of a hall screen", ticket.address)
            return protocol.refused_frame(do.command_id, str(NotAllowed()))
        actor = account.actor_for(ports, ticket.token, ticket.address)
        if actor is None:
            return None
        try:
            version = command.perform(
                ports, actor, asked.meeting_id, do.command_id, do.act, dict(do.arguments), asked.arrived_at
            )
        except MeetingError as error:
            if isinstance(error, NotAllowed | NotFound | UnknownCommand | CommandIdTaken):
                act = do.act if do.act in command.ACTS else "an unknown act"
                refusals.note(f"{act}: {type(error).__name__}", ticket.address, actor.account_id)
            return protocol.refused_frame(do.command_id, str(error))
        except Exception:  # noqa: BLE001 — a fault in one command must not end the room of all
            _log.exception("command %s failed", do.act)
            return protocol.refused_frame(do.command_id, str(MeetingError()))
    return protocol.done_frame(do.command_id, version)
