"""How many of those entitled are here to vote, against how many must be."""

from dataclasses import dataclass

from meeting_app.domain.access import Actor, ensure_desk
from meeting_app.ports import Ports
from meeting_app.services import motion_rows as rows
from meeting_app.services.motion import may_set_quorum
from meeting_app.services.unit_of_work import reading_standing


@dataclass(frozen=True, slots=True)
class QuorumView:
    """The meeting's rule ("at least numerator of denominator"), and how it stands now."""

    numerator: int
    denominator: int
    present: int
    need: int
    all: int
    may_change: bool  # the reader, this rule


def quorum(ports: Ports, actor: Actor, meeting_id: int) -> QuorumView:
    """Those who are here themselves, as a motion without delegated votes would count them; for the desk."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_desk(standing)
        meeting = standing.meeting
        now = rows.quorum_now(meeting, rows.attendees_of(session, meeting_id), proxies=False)
        rule = meeting.quorum_numerator, meeting.quorum_denominator
        return QuorumView(*rule, now.present, now.need, now.all, may_set_quorum(standing))
