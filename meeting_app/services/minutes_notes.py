"""The minutes as they grow in the room: under each item what the house knows, and the desk's own words.

The words are the sections of the minutes from the start, saved as `minutes_section.save` saves them, so
nothing has to be carried from the room to the editor: `minutes.draft` puts what is known above them.
"""

from dataclasses import dataclass

from meeting_app.domain.access import Actor, ensure_writes_minutes
from meeting_app.domain.meeting import MeetingState, ensure_state
from meeting_app.domain.minutes import MinutesState
from meeting_app.ports import Ports
from meeting_app.services import minutes_rows, minutes_section
from meeting_app.services.minutes_outline import Part, outline
from meeting_app.services.minutes_section import SectionView
from meeting_app.services.unit_of_work import changing, reading_standing


@dataclass(frozen=True, slots=True)
class GrowingPart:
    """One part of the minutes; `section` is None until somebody opens the notes after it was added."""

    item_id: int | None
    heading: str
    known: tuple[str, ...]  # not in the text yet: the draft will begin with it
    votes: tuple[str, ...]
    conclusions: tuple[str, ...]
    section: SectionView | None


@dataclass(frozen=True, slots=True)
class Growing:
    state: MinutesState | None  # None: nobody has opened the notes
    may_write: bool
    parts: tuple[GrowingPart, ...]


def begin(ports: Ports, actor: Actor, meeting_id: int) -> None:
    """While the meeting lasts: somewhere to write for each item that has none yet; twice is once."""
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_writes_minutes(standing)
        ensure_state(standing.meeting, MeetingState.RUNNING, MeetingState.PAUSED)
        if minutes_rows.kept(work.session, meeting_id) is None:
            work.record("minutes.begin", meeting_id)
        minutes_section.open_all(work, standing.meeting)


def view(ports: Ports, actor: Actor, meeting_id: int) -> Growing:
    """For those who write; what nobody has to type is composed anew each time."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_writes_minutes(standing)
        row = minutes_rows.kept(session, meeting_id)
        noted = row is None or row.state is MinutesState.NOTES
        pairs = minutes_section.paired(session, row, outline(session, standing.meeting))
        parts = tuple(
            _part(part, noted=noted, section=minutes_section.view_of(section) if section else None)
            for part, section in pairs
        )
        return Growing(row.state if row else None, row is not None and row.being_written, parts)


def _part(part: Part, *, noted: bool, section: SectionView | None) -> GrowingPart:
    known = part.first_words if noted else ()
    return GrowingPart(part.item_id, part.heading, known, part.votes, part.conclusions, section)
