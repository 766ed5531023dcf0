"""Times as the office writes them; rows keep aware UTC, people read the time of Việt Nam."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def local(moment: datetime) -> datetime:
    """An aware moment on the clocks of Việt Nam."""
    return moment.astimezone(VIETNAM)


def hour(moment: datetime) -> str:
    """'8 giờ 30' — as papers and screens say it."""
    here = local(moment)
    return f"{here.hour} giờ {here.minute:02d}"


def day(moment: datetime) -> str:
    """'thứ Hai 23/11/2026'."""
    here = local(moment)
    return f"{_WEEKDAYS[here.weekday()]} {here:%d/%m/%Y}"


def moment_in_words(moment: datetime) -> str:
    """'8 giờ 30, thứ Hai 23/11/2026'."""
    return f"{hour(moment)}, {day(moment)}"


def dated(place: str, on: date) -> str:
    """'An Hải, ngày 05 tháng 02 năm 2026': zero before days below 10 and months 1 and 2 (L8)."""
    month = f"{on.month:02d}" if on.month in (1, 2) else str(on.month)
    return f"{place}, ngày {on.day:02d} tháng {month} năm {on.year}"
