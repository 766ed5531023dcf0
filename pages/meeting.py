"""Cuộc họp: without ?meeting= the list of mine; with it the desk, or what an attendee sees."""

import streamlit as st

from meeting_app import running
from meeting_app.domain.meeting import MeetingState
from meeting_app.errors import MeetingError
from meeting_app.i18n import _
from meeting_app.services import agenda as agendas
from meeting_app.services import invitation as invitations
from meeting_app.services import meeting as meetings
from meeting_app.services import minutes as records
from meeting_app.services.meeting import MeetingView
from meeting_app.ui import badges, notices, session
from meeting_app.ui.desk import papers, sections
from meeting_app.ui.desk.steps import Stand, Step, next_step
from meeting_app.ui.links import Page, asked_number, go, way
from meeting_app.ui.meeting_list import meeting_list
from meeting_app.ui.words import plain, span

ports, actor = running.ports(), session.actor()
now = ports.clock.now()


def mine() -> None:
    st.title(_("Meetings"), anchor=False)
    notices.show()
    meeting_list(ports, actor, now)


def head(meeting: MeetingView) -> None:
    """What, when, where, and how far."""
    st.title(plain(meeting.title), anchor=False)
    st.markdown(
        f":material/schedule: {span(meeting.starts_at, meeting.ends_at)}  \n"
        f":material/location_on: {plain(meeting.venue)}"
    )
    if meeting.note:
        st.caption(plain(meeting.note))
    badges.ribbon(meeting.state)
    notices.show()


def submit(meeting_id: int, leader_id: int | None) -> None:
    with notices.refusals():
        invitations.draft(ports, actor, meeting_id, leader_id)
        notices.tell(_("The invitation was written and put before its signer."))
        st.rerun()


def next_thing(stand: Stand, step: Step) -> None:
    """The one thing that comes next, with its button for whoever is to do it."""
    meeting = stand.meeting
    with st.container(border=True, key="card_next_step"):
        st.markdown(step.sentence)
        submits = bool(step.label) and step.page is None
        leader_id = papers.leader_choice(ports, actor, meeting.id) if submits else None
        with st.container(horizontal=True, vertical_alignment="center"):
            if step.label and st.button(step.label, key="next", type="primary", icon=f":material/{step.icon}:"):
                if step.page is None:
                    submit(meeting.id, leader_id)
                else:
                    go(step.page, meeting=meeting.id, paper=step.paper)
            if meeting.runs_desk and meeting.state is MeetingState.DRAFT and not stand.pending:
                way(
                    Page.REGISTER,
                    _("Change title, time, room and people"),
                    icon=":material/edit:",
                    meeting=meeting.id,
                )


def opened(meeting_id: int) -> None:
    meeting = meetings.view(ports, actor, meeting_id)
    stand = Stand(
        meeting,
        invitations.view(ports, actor, meeting_id),
        records.view(ports, actor, meeting_id),
        agendas.items(ports, actor, meeting_id),
        now,
    )
    head(meeting)
    step = next_step(stand)
    next_thing(stand, step)
    if meeting.runs_desk or meeting.seals:
        sections.desk(ports, actor, stand)
    else:
        sections.reader(ports, actor, stand, primary=not step.label)


asked = asked_number("meeting")
try:
    if asked is None:
        mine()
    else:
        opened(asked)
except MeetingError as error:
    notices.refused(error)
    way(Page.MEETING, _("All meetings"), icon=":material/arrow_back:")
