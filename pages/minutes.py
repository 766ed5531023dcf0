"""Biên bản: written by the secretary beside what is known; read by everybody once it is issued."""

from typing import NoReturn

import streamlit as st

from meeting_app import running
from meeting_app.domain.attendee import Role
from meeting_app.domain.meeting import MeetingState
from meeting_app.domain.minutes import MeetingNotClosed, MinutesState
from meeting_app.errors import MeetingError
from meeting_app.i18n import _
from meeting_app.services import agenda as agendas
from meeting_app.services import attendee as attendees
from meeting_app.services import meeting as meetings
from meeting_app.services import minutes as records
from meeting_app.services import minutes_section
from meeting_app.services.meeting import MeetingView
from meeting_app.services.minutes import MinutesView
from meeting_app.ui import badges, notices, session, verdicts
from meeting_app.ui.desk import papers
from meeting_app.ui.desk.record import Record, concluded, known
from meeting_app.ui.links import Page, asked_number, go, way, way_button
from meeting_app.ui.minutes_editor import minutes_editor
from meeting_app.ui.words import plain, span

_SIGNING = (MinutesState.AWAITING_SECRETARY, MinutesState.AWAITING_CHAIR)

ports, actor = running.ports(), session.actor()


def opened(meeting_id: int) -> None:
    meeting = meetings.view(ports, actor, meeting_id)
    minutes = records.view(ports, actor, meeting_id)
    st.title(_("Minutes of the meeting"), anchor=False)
    st.markdown(f"**{plain(meeting.title)}**  \n{span(meeting.starts_at, meeting.ends_at)}")
    notices.show()
    if minutes is None:
        nothing_yet(meeting)
    elif minutes.may_write:
        written(meeting, minutes)
    else:
        standing(meeting, minutes)
    way(Page.MEETING, _("Back to the meeting"), icon=":material/arrow_back:", meeting=meeting_id)


def nothing_yet(meeting: MeetingView) -> None:
    if meeting.role not in (Role.SECRETARY, Role.CHAIR):
        notices.nothing_here(
            _("The minutes have not been issued yet."), hint=_("They appear here with all signatures.")
        )
        return
    if meeting.state is not MeetingState.CLOSED:
        notices.nothing_here(
            str(MeetingNotClosed()),
            hint=_("Until then they are noted in the room; what is written there becomes part of their text."),
        )
        if meeting.state in (MeetingState.RUNNING, MeetingState.PAUSED):
            way_button(Page.ROOM, _("Enter the meeting room"), key="enter", primary=True, meeting=meeting.id)
        return
    notices.nothing_here(
        _("The minutes have not been opened yet."),
        hint=_(
            "A section is made for the opening, each item and the closing, with what is known and was noted already."
        ),
    )
    if st.button(_("Open the minutes"), key="draft", type="primary", icon=":material/edit_note:"):
        with notices.refusals():
            records.draft(ports, actor, meeting.id)
            st.rerun()


def written(meeting: MeetingView, minutes: MinutesView) -> None:
    """The texts, and beside them what is known; then one button puts the paper before its signers."""
    if minutes.refusal_reason:
        st.warning(_("Given back: {reason}", reason=plain(minutes.refusal_reason)), icon=":material/undo:")
    record = Record(meeting, agendas.items(ports, actor, meeting.id), attendees.attendees(ports, actor, meeting.id))
    text, beside = st.columns([3, 2], gap="large")
    with text:
        if minutes_editor(minutes_section.sections(ports, actor, meeting.id), key=f"minutes_{meeting.id}"):
            with notices.refusals():
                finish(meeting)
    with beside:
        concluded(ports, actor, record)
        known(ports, actor, record)


def finish(meeting: MeetingView) -> NoReturn:
    """Put the paper before its signers; the secretary, who is the first of them, signs at once."""
    records.finalise(ports, actor, meeting.id)
    if meeting.role is Role.SECRETARY:
        go(Page.SIGN, paper="minutes", meeting=meeting.id)
    st.rerun()


def standing(meeting: MeetingView, minutes: MinutesView) -> None:
    """The paper as it waits for signatures or as it was issued, and what the check says of it."""
    paper, facts = st.columns([2, 3], gap="large")
    with paper:
        papers.preview("minutes", meeting.id, minutes.pages, minutes.sha256)
    with facts:
        st.markdown(f"{badges.minutes(minutes.state)} {badges.proof(minutes.profile, minutes.holds_until)}")
        if minutes.number:
            st.markdown(_("Number {number}", number=f"**{plain(minutes.number)}**"))
        if (minutes.may_sign or minutes.may_seal) and st.button(
            _("Sign the minutes") if minutes.may_sign else _("Seal and issue"),
            key="sign",
            type="primary",
            icon=":material/draw:",
        ):
            go(Page.SIGN, paper="minutes", meeting=meeting.id)
        if meeting.role is Role.SECRETARY and minutes.state in _SIGNING:
            reopening(meeting.id)
        if minutes.state is not MinutesState.AWAITING_SECRETARY:
            place = st.container()
            with place.skeleton():
                verdict = records.verdict(ports, actor, meeting.id)
            with place:
                verdicts.to_follow(minutes.profile)
                show = verdicts.paper_under_way if minutes.issued_at is None else verdicts.file_verdict
                show(verdict)


def reopening(meeting_id: int) -> None:
    st.caption(_("Until the chair has signed, the minutes can be taken back and changed."))
    if st.button(_("Take back and change"), key="reopen", icon=":material/undo:"):
        with notices.refusals():
            records.reopen(ports, actor, meeting_id)
            st.rerun()


asked = asked_number("meeting")
try:
    if asked is None:
        go(Page.MEETING)
    opened(asked)
except MeetingError as error:
    notices.refused(error)
    way(Page.MEETING, _("All meetings"), icon=":material/arrow_back:")
