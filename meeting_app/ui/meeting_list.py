"""Every meeting one may know of, filtered by time and words."""

from datetime import datetime, timedelta

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Right
from meeting_app.domain.meeting import MeetingState
from meeting_app.i18n import N_, _
from meeting_app.ports import Ports
from meeting_app.services import meeting as meetings
from meeting_app.services.meeting import MeetingView
from meeting_app.ui import cards, notices
from meeting_app.ui.links import Page, way_button

_YEARS = timedelta(days=2 * 366)  # before and after today
_ROWS = 50  # on one page
_FILTERS = {"coming": N_("To come"), "past": N_("Past"), "all": N_("All")}
_OVER = (MeetingState.CLOSED, MeetingState.RECORDED, MeetingState.CANCELLED)


def meeting_list(ports: Ports, actor: Actor, now: datetime) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        which = st.segmented_control(
            _("Show"),
            list(_FILTERS),
            default="coming",
            required=True,
            key="meetings_filter",
            format_func=lambda each: _(_FILTERS[each]),
            persist_state="session",
        )
        words = st.text_input(
            _("Search"), key="meetings_search", type="search", live="300ms", placeholder=_("Title or room")
        )
    wanted = (words or "").casefold()
    found = [
        each
        for each in _of_time(meetings.visible(ports, actor, now - _YEARS, now + _YEARS), which)
        if wanted in f"{each.title} {each.venue}".casefold()
    ]
    if not found:
        notices.nothing_here(
            _("No meeting matches.") if wanted else _("No meeting here yet."),
            hint=_("Meetings you are invited to, or that you prepare, stand here."),
        )
    place = st.container()
    pages = -(-len(found) // _ROWS)
    page = st.pagination(pages, key="meetings_page") if pages > 1 else 1
    with place:
        for each in found[(page - 1) * _ROWS : page * _ROWS]:
            cards.meeting_row(each)
    if Right.REGISTER in actor.rights:
        way_button(Page.REGISTER, _("Register a meeting"), key="register", icon=":material/add:")


def _of_time(found: list[MeetingView], which: str) -> list[MeetingView]:
    """Those to come soonest first, the past ones newest first."""
    if which == "coming":
        return [each for each in found if each.state not in _OVER]
    if which == "past":
        return [each for each in reversed(found) if each.state in _OVER]
    return found
