"""Texts of people and times, made ready for a screen."""

import re
from datetime import date, datetime, timedelta

from meeting_app.domain.calendar import day, hour, local
from meeting_app.i18n import _

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#~$|&]")
# An emoji shortcode, a directive or a material icon: Streamlit looks for these after the escapes are gone.
_COLON = re.compile(r":(?=[^\W\d_]|[\w+-]+:)")
_LINE_START = re.compile(r"^([-+=]|\d+(?=[.)]))", re.MULTILINE)
_JOINER = "\u2060"  # invisible, takes no room


def plain(text: str) -> str:
    """The text as Streamlit's Markdown shows it letter by letter: what people write is never markup."""
    escaped = _MARKUP.sub(lambda match: "\\" + match[0], text.strip())
    escaped = _COLON.sub(f":{_JOINER}", escaped)
    escaped = _LINE_START.sub(rf"{_JOINER}\1", escaped)
    return escaped.replace("\n", "  \n")


def span(starts_at: datetime, ends_at: datetime) -> str:
    """'8 giờ 30 – 11 giờ 00, thứ Hai 23/11/2026'."""
    if local(starts_at).date() == local(ends_at).date():
        return f"{hour(starts_at)} – {hour(ends_at)}, {day(starts_at)}"
    return f"{hour(starts_at)}, {day(starts_at)} – {hour(ends_at)}, {day(ends_at)}"


def until(moment: datetime, now: datetime) -> str:
    """How long it is to a moment, as people say it; empty once it has passed."""
    left = moment - now
    if left <= timedelta():
        return ""
    minutes = -(-int(left.total_seconds()) // 60)
    if minutes < 60:  # noqa: PLR2004 — an hour
        return _("in {minutes} minutes", minutes=minutes)
    if minutes < 24 * 60 and minutes % 60 == 0:
        return _("in {hours} hours", hours=minutes // 60)
    if minutes < 24 * 60:
        return _("in {hours} hours {minutes} minutes", hours=minutes // 60, minutes=minutes % 60)
    return _("in {days} days", days=(local(moment).date() - local(now).date()).days)


def lasting(duration: timedelta) -> str:
    """The time between two moments, in the largest unit that says enough: '3 phút', '2 giờ 5 phút'."""
    minutes = int(duration.total_seconds()) // 60
    if minutes < 1:
        return _("under a minute")
    if minutes < 60:  # noqa: PLR2004 — an hour
        return _("{minutes} minutes", minutes=minutes)
    if minutes < 24 * 60:
        return _("{hours} hours {minutes} minutes", hours=minutes // 60, minutes=minutes % 60)
    return _("{days} days", days=minutes // (24 * 60))


def stamp(moment: datetime | None) -> str:
    """'8:30:05, 23/11/2026' for tables and facts; a dash for what has not happened."""
    return f"{local(moment):%H:%M:%S, %d/%m/%Y}" if moment else "–"


def short_day(day: date) -> str:
    """'23/11/2026'."""
    return f"{day:%d/%m/%Y}"


def megabytes(size: int) -> str:
    """A file's size in bytes, as people read it: '1,4 MB'."""
    if size < 1_000_000:  # noqa: PLR2004 — below that, kilobytes
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")
