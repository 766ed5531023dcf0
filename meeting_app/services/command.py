"""Commands of the live room by name: checked, translated into use cases, each done once."""

import re
from datetime import datetime

from meeting_app.domain.access import Actor
from meeting_app.ports import Ports
from meeting_app.services.acts import agenda, floor, hall_screen, presence, reading, record, talk, voting
from meeting_app.services.acts.given import Arguments, Given, UnknownCommand, Use
from meeting_app.services.unit_of_work import Repeated

_COMMAND_ID = re.compile("[!-~]{1,64}")  # the column's width; signs that every database holds

ACTS: dict[str, Use] = {
    **agenda.ACTS,
    **floor.ACTS,
    **hall_screen.ACTS,
    **presence.ACTS,
    **reading.ACTS,
    **record.ACTS,
    **talk.ACTS,
    **voting.ACTS,
}


def perform(
    ports: Ports,
    actor: Actor,
    meeting_id: int,
    command_id: str,
    act: str,
    arguments: Arguments,
    arrived_at: datetime | None = None,
) -> int:
    """Do a command once and return the version at which it took effect; raises MeetingError when refused.

    The same id again returns the same version and changes nothing; for another act or meeting it is refused.
    What must come in time is judged by `arrived_at`, the room's clock, if it had to wait for its turn.
    """
    use = ACTS.get(act)
    if use is None or not _COMMAND_ID.fullmatch(command_id):
        raise UnknownCommand
    try:
        return use(ports, actor.commanding(command_id, act, arrived_at), meeting_id, Given(arguments))
    except Repeated as done:
        return done.version
