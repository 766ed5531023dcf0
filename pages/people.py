"""Nhân sự và uỷ quyền: the unit's people with their posts and keys, and who may sign for its head."""

import streamlit as st

from meeting_app import running
from meeting_app.errors import MeetingError
from meeting_app.i18n import _
from meeting_app.services import authority, staff
from meeting_app.ui import delegations, members, notices, session, venues

ports, actor = running.ports(), session.actor()

st.title(_("People and authority to sign"), anchor=False)
notices.show()
try:
    office = authority.office(ports, actor)
    everybody = staff.members(ports, actor)
except MeetingError as error:
    notices.refused(error)
    st.stop()

titles = [_("People of the unit"), _("Authority to sign"), _("Meeting rooms")]
people, authorities, rooms = st.tabs(titles, key="people_tab", on_change="rerun")
if people.open:
    with people:
        members.listed(ports, actor, everybody)
if authorities.open:
    with authorities:
        delegations.office_card(ports, actor, office)
        delegations.listed(ports, actor)
        delegations.giving(ports, actor)
if rooms.open:
    with rooms:
        venues.listed(ports, actor)
