"""A meeting's page below its head: the desk's sections, or what an attendee needs."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import Role
from meeting_app.domain.meeting import MeetingState
from meeting_app.domain.motion import Motion
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import motion as drafts
from meeting_app.services.attendee import AttendeeView
from meeting_app.ui.desk import agenda, delegates, documents, motions, papers, people, screens, submissions
from meeting_app.ui.desk.ballot_list import ballot_list
from meeting_app.ui.desk.steps import Stand
from meeting_app.ui.links import asked_word
from meeting_app.ui.sealing import sealing

OVER = (MeetingState.CLOSED, MeetingState.RECORDED, MeetingState.CANCELLED)


def desk(ports: Ports, actor: Actor, stand: Stand) -> None:
    """For whoever prepares, signs or seals; only the section that is open is drawn."""
    meeting = stand.meeting
    titles = [_("Agenda"), _("People"), _("Documents"), _("Invitation"), _("Minutes of the meeting")]
    draws = [_agenda, _people, _documents, _invitation, _minutes]
    first = titles[2] if asked_word("tab", ("documents",)) else None
    if meeting.runs_desk:
        titles.insert(3, _("Motions to vote on"))
        draws.insert(3, _motions)
    tabs = st.tabs(titles, default=first, key=f"desk_{meeting.id}", on_change="rerun")
    for tab, draw in zip(tabs, draws, strict=True):
        if tab.open:
            with tab:
                draw(ports, actor, stand)
    if meeting.runs_desk:
        screens.screens(ports, actor, meeting)


def _agenda(ports: Ports, actor: Actor, stand: Stand) -> None:
    meeting = stand.meeting
    if stand.pending:
        st.caption(_("The invitation waits for a signature: take it back to change the agenda."))
    if meeting.runs_desk and meeting.state not in OVER and not stand.pending:
        names = [each.name for each in attendees.attendees(ports, actor, meeting.id)]
        agenda.edited(ports, actor, meeting, stand.items, names)
    else:
        agenda.listed(stand.items)


def _people(ports: Ports, actor: Actor, stand: Stand) -> None:
    meeting = stand.meeting
    everybody = attendees.attendees(ports, actor, meeting.id)
    people.listed(everybody, with_replies=True)
    if not meeting.runs_desk:
        delegates.own(ports, actor, meeting, everybody)
    if meeting.state is not MeetingState.DRAFT:
        delegates.desk(ports, actor, meeting, everybody)
    if meeting.runs_desk and meeting.opened_at is not None:
        people.taking_along(meeting.id)


def _documents(ports: Ports, actor: Actor, stand: Stand) -> None:
    meeting = stand.meeting
    if meeting.runs_desk and meeting.state not in OVER:
        documents.taking_in(meeting.id, stand.items)
        submissions.asking(ports, actor, meeting.id, stand.items)
    if meeting.runs_desk:
        submissions.waiting(ports, actor, meeting.id)
    if meeting.seals and sealing(ports, actor, meeting.id):
        st.rerun()
    if meeting.runs_desk or meeting.attendee_id is not None:  # the clerk alone seals, but does not read
        documents.listed(ports, actor, meeting.id, stand.items, desk=meeting.runs_desk)


def _motions(ports: Ports, actor: Actor, stand: Stand) -> None:
    meeting = stand.meeting
    known = drafts.motions(ports, actor, meeting.id)
    everybody = attendees.attendees(ports, actor, meeting.id)
    if meeting.state in OVER:
        motions.listed(known, _ballots(ports, actor, everybody))
        return
    motions.edited(ports, actor, meeting.id, known, stand.items, everybody)


def _ballots(ports: Ports, actor: Actor, everybody: list[AttendeeView]) -> motions.Ballots:
    """What is published of a vote, which guests do not read."""
    names = {each.id: each.name for each in everybody}
    guest = any(each.account_id == actor.account_id and each.role is Role.GUEST for each in everybody)

    def draw(motion: Motion) -> None:
        if not guest:
            ballot_list(ports, actor, motion, names)

    return draw


def _motions_read(ports: Ports, actor: Actor, meeting_id: int, everybody: list[AttendeeView]) -> None:
    """For whoever is of the meeting: what is voted on, once there is something."""
    try:
        known = drafts.motions(ports, actor, meeting_id)
    except (NotAllowed, NotFound):
        return
    if known:
        st.subheader(_("Motions to vote on"), anchor=False)
        motions.listed(known, _ballots(ports, actor, everybody))


def _invitation(ports: Ports, actor: Actor, stand: Stand) -> None:
    papers.invitation(ports, actor, stand.meeting, stand.invitation, desk=True)


def _minutes(ports: Ports, actor: Actor, stand: Stand) -> None:
    papers.minutes(ports, actor, stand.meeting.id, stand.minutes, desk=True)


def reader(ports: Ports, actor: Actor, stand: Stand, *, primary: bool) -> None:
    """The answer to give, the agenda and the documents; beside them the paper and the people."""
    meeting = stand.meeting
    present = attendees.attendees(ports, actor, meeting.id)
    me = next((each for each in present if each.account_id == actor.account_id), None)
    left, right = st.columns([3, 2], gap="large")
    with left:
        if me is not None and me.role in (Role.MEMBER, Role.GUEST) and meeting.state is MeetingState.CONVENED:
            people.own_reply(ports, actor, meeting.id, me, primary=primary)
        delegates.own(ports, actor, meeting, present)
        st.subheader(_("Agenda"), anchor=False)
        agenda.listed(stand.items)
        _motions_read(ports, actor, meeting.id, present)
        st.subheader(_("Documents"), anchor=False)
        documents.listed(ports, actor, meeting.id, stand.items, desk=False)
        st.subheader(_("People"), anchor=False)
        people.listed(present, with_replies=False)
    with right:
        # Once there are minutes, they are the paper that people come for.
        if stand.minutes is not None:
            st.subheader(_("Minutes of the meeting"), anchor=False)
            papers.minutes(ports, actor, meeting.id, stand.minutes, desk=False)
        st.subheader(_("Invitation"), anchor=False)
        papers.invitation(ports, actor, meeting, stand.invitation, desk=False, small=stand.minutes is not None)
