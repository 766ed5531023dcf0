"""Who shows the others the page: one presenter at a time, and the place where the presenter reads.

The chair and the secretary may take it at any time and hand it to anybody of the meeting; whoever
presents the current item may take it while nobody else has it. The place is latest-wins: one row per
meeting, overwritten with every turn, and never an event of the log.
"""

import re
from collections.abc import Collection
from datetime import datetime

from sqlmodel import Field, SQLModel

from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.meeting import MeetingState
from meeting_app.domain.wording import one_line
from meeting_app.errors import MeetingError, NotAllowed
from meeting_app.i18n import N_

# From the opening of the doors to the end: a projector is tried before the session.
PRESENTING_STATES = (MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)


class Presenter(SQLModel, table=True):
    """The one row of a meeting: nobody presents while `account_id` is empty."""

    meeting_id: int = Field(foreign_key="meeting.id", primary_key=True)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    since: datetime | None = None
    document_id: int | None = Field(default=None, foreign_key="document.id")
    page: int = 0  # 0 is the first
    turn: int = 0  # counts every change of the place, and is never set back: the larger one is the newer


class NotPresenting(NotAllowed):
    message = N_("Someone else leads the reading now. Your pages no longer turn for the others.")


class AnotherPresents(MeetingError):
    message = N_("{name} leads the reading now. The chair or the secretary can hand it over.")


class NotTheirTurn(NotAllowed):
    message = N_("The chair, the secretary and whoever presents the current item lead the reading.")


def names(item: AgendaItem | None, full_name: str, everybody: Collection[str] = ()) -> bool:
    """Whether the current item is presented by the bearer of this name (the agenda holds it as text).

    "Trần Thị Lan Anh" is not "Trần Thị Lan" where both are of the meeting: the names of `everybody` tell.
    """
    if item is None:
        return False
    written, mine = _folded(item.presenter), _folded(full_name)
    for other in map(_folded, everybody):
        if other != mine and mine in other:
            written = written.replace(other, "")
    return re.search(rf"(?<!\w){re.escape(mine)}(?!\w)", written) is not None


def _folded(words: str) -> str:
    return one_line(words).casefold()
