"""Hôm nay: what waits for me, the next meeting, today and the week."""

from datetime import datetime, time, timedelta

import streamlit as st

from meeting_app import running
from meeting_app.domain.account import Right
from meeting_app.domain.calendar import local
from meeting_app.domain.meeting import MeetingState
from meeting_app.i18n import _
from meeting_app.services import meeting as meetings
from meeting_app.services import waiting
from meeting_app.services.meeting import MeetingView
from meeting_app.ui import cards, notices, session
from meeting_app.ui.links import Page, way_button
from meeting_app.ui.words import plain

_AHEAD = timedelta(days=7)
_ON_ITS_WAY = (MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)


ports, actor = running.ports(), session.actor()
now = ports.clock.now()


def errands(*, stand_out: bool) -> None:
    """What waits, a card each; the first may stand out."""
    st.subheader(_("Waiting for me"), anchor=False)
    found = waiting.for_actor(ports, actor)
    if not found:
        notices.nothing_here(
            _("Nothing waits for you."),
            hint=_("Papers to sign, invitations to answer and minutes to read appear here."),
        )
        return
    with st.grid(2, min_column_width=300):
        for place, each in enumerate(found):
            cards.errand(each, now, first=stand_out and place == 0)


def next_of(found: list[MeetingView]) -> MeetingView | None:
    """The meeting one sits in: the one in session, else the soonest that is not over."""
    mine = [each for each in found if each.attendee_id is not None and each.state in _ON_ITS_WAY and each.ends_at > now]
    running = [each for each in found if each.attendee_id is not None and each.state in _ON_ITS_WAY[1:]]
    return next(iter([*running, *mine]), None)


def listed(title: str, found: list[MeetingView], empty: str) -> None:
    st.subheader(title, anchor=False)
    if not found:
        notices.nothing_here(empty)
    for each in found:
        cards.meeting_row(each)


st.title(_("Today"), anchor=False)
st.caption(_("Hello, {name}.", name=plain(actor.full_name)))
notices.show()

midnight = datetime.combine(local(now).date(), time(), local(now).tzinfo)
tomorrow = midnight + timedelta(days=1)
soon = [
    each
    for each in meetings.visible(ports, actor, midnight, midnight + _AHEAD)
    if each.state is not MeetingState.CANCELLED
]
coming = next_of(soon)
if coming is not None and meetings.may_enter_now(coming, now):
    cards.next_meeting(coming, now, primary=True)
    errands(stand_out=False)
else:
    errands(stand_out=True)
    if coming is not None:
        st.subheader(_("Next meeting"), anchor=False)
        cards.next_meeting(coming, now, primary=False)

listed(_("Meetings today"), [each for each in soon if each.starts_at < tomorrow], _("No meeting today."))
listed(
    _("The next seven days"),
    [each for each in soon if each.starts_at >= tomorrow],
    _("No meeting is planned in the next seven days."),
)
if Right.REGISTER in actor.rights:
    way_button(Page.REGISTER, _("Register a meeting"), key="register", icon=":material/add:")
