"""The rooms of a unit for its administrator: how many seats stand where."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.seat import MOST_HEAD, MOST_PER_ROW, MOST_ROWS, Plan
from meeting_app.errors import MeetingError
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import meeting as meetings
from meeting_app.services import seat as seats
from meeting_app.services.meeting import VenueView
from meeting_app.ui import notices
from meeting_app.ui.words import plain


def listed(ports: Ports, actor: Actor) -> None:
    """Each room with the numbers its plan is laid by."""
    found = meetings.venues(ports, actor)
    if not found:
        notices.nothing_here(_("This unit has no rooms yet."))
    for venue in found:
        with st.container(border=True, key=f"card_venue_{venue.id}"):
            _plan(ports, actor, venue)


def _plan(ports: Ports, actor: Actor, venue: VenueView) -> None:
    plan = seats.plan_of(ports, venue.id)
    st.markdown(f"**{plain(venue.name)}** · {_('{count} seats', count=venue.seats)}")
    with st.form(f"plan_{venue.id}", border=False):
        with st.container(horizontal=True):
            head = st.number_input(_("Seats at the head table"), 1, MOST_HEAD, plan.head, key=f"head_{venue.id}")
            rows = st.number_input(_("Rows"), 0, MOST_ROWS, plan.rows, key=f"rows_{venue.id}")
            per_row = st.number_input(_("Seats in a row"), 0, MOST_PER_ROW, plan.per_row, key=f"per_row_{venue.id}")
        if not st.form_submit_button(_("Save the plan"), icon=":material/check:", key=f"lay_{venue.id}"):
            return
        try:
            laid = seats.lay(ports, actor, venue.id, Plan(int(head), int(rows), int(per_row)))
        except MeetingError as error:
            notices.refused(error)
            return
    notices.offer_way_back(
        _("{venue} has {count} seats now.", venue=plain(venue.name), count=laid),
        lambda: seats.lay(ports, actor, venue.id, plan),
    )
    st.rerun()
