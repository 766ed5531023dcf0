"""Times as the office says them; rows keep aware UTC, people read the time of Việt Nam.

In the reader's language: papers, which are always Vietnamese, have their own words (`domain/paper.py`).
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from meeting_app.i18n import N_, _

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def local(moment: datetime) -> datetime:
    """An aware moment on the clocks of Việt Nam."""
    return moment.astimezone(VIETNAM)


def hour(moment: datetime) -> str:
    """'8 giờ 30'"""
    here = local(moment)
    return _("{hour}:{minute}", hour=here.hour, minute=f"{here.minute:02d}")


def day(moment: datetime) -> str:
    """'thứ Hai 23/11/2026'."""
    here = local(moment)
    return f"{_(_WEEKDAYS[here.weekday()])} {here:%d/%m/%Y}"


def moment_in_words(moment: datetime) -> str:
    """'8 giờ 30, thứ Hai 23/11/2026'."""
    return f"{hour(moment)}, {day(moment)}"
