"""What waits for somebody, and meetings, as cards and rows."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from meeting_app.domain.calendar import hour, moment_in_words
from meeting_app.domain.meeting import MeetingState
from meeting_app.i18n import N_, _
from meeting_app.services.meeting import SOON, MeetingView, may_enter_now
from meeting_app.services.waiting import Errand, Waiting
from meeting_app.ui import badges, words
from meeting_app.ui.links import Page, way, way_button
from meeting_app.ui.words import plain

_TEXT_WIDTH = 720  # pixels at most, beside a button


@dataclass(frozen=True, slots=True)
class Way:
    """Where an errand is done: the button's label, its sign, and the page."""

    sentence: str
    label: str
    icon: str
    page: Page
    paper: str | None = None
    tab: str | None = None


WAYS = {
    Errand.SIGN_INVITATION: Way(
        N_("An invitation waits for your signature."), N_("Sign the invitation"), "draw", Page.SIGN, "invitation"
    ),
    Errand.SEAL_INVITATION: Way(
        N_("A signed invitation waits for the agency's seal."),
        N_("Seal and issue"),
        "approval",
        Page.SIGN,
        "invitation",
    ),
    Errand.REPLY: Way(N_("You are invited; please say whether you will attend."), N_("Reply"), "reply", Page.MEETING),
    Errand.PREPARE: Way(
        N_("A draft to be prepared: agenda, documents, invitation."),
        N_("Prepare the meeting"),
        "edit_note",
        Page.MEETING,
    ),
    Errand.WRITE_MINUTES: Way(
        N_("The meeting has ended; its minutes are to be written."), N_("Write the minutes"), "edit_note", Page.MINUTES
    ),
    Errand.SIGN_MINUTES: Way(
        N_("Minutes wait for your signature."), N_("Sign the minutes"), "draw", Page.SIGN, "minutes"
    ),
    Errand.SEAL_MINUTES: Way(
        N_("Signed minutes wait for the agency's seal."), N_("Seal and issue"), "approval", Page.SIGN, "minutes"
    ),
    Errand.SEAL_DOCUMENTS: Way(
        N_("The documents of an issued invitation wait for the agency's seal."),
        N_("Seal the documents"),
        "approval",
        Page.MEETING,
        tab="documents",
    ),
    Errand.READ_MINUTES: Way(
        N_("New minutes have been issued to you."), N_("Read the minutes"), "article", Page.MINUTES
    ),
}


def errand(waiting: Waiting, now: datetime, *, first: bool) -> None:
    """One thing to do with its one button; the first of the list stands out."""
    leads = WAYS[waiting.errand]
    with st.container(border=True, height="stretch", key=f"card_errand_{waiting.errand}_{waiting.meeting_id}"):
        st.markdown(f"**{plain(waiting.title)}**")
        st.markdown(_(leads.sentence))
        if waiting.reason:
            st.warning(_("Given back: {reason}", reason=plain(waiting.reason)), icon=":material/undo:")
        st.caption(_deadline(waiting, now))
        st.space("stretch")
        way_button(
            leads.page,
            _(leads.label),
            key=f"do_{waiting.errand}_{waiting.meeting_id}",
            icon=f":material/{leads.icon}:",
            primary=first,
            meeting=waiting.meeting_id,
            paper=leads.paper,
            tab=leads.tab,
        )


def _deadline(waiting: Waiting, now: datetime) -> str:
    if waiting.errand in (Errand.WRITE_MINUTES, Errand.SIGN_MINUTES, Errand.SEAL_MINUTES, Errand.READ_MINUTES):
        return _("Meeting of {when}", when=moment_in_words(waiting.starts_at))
    left = words.until(waiting.starts_at, now)
    when = moment_in_words(waiting.starts_at)
    return f"{when} · {left}" if left else when


def next_meeting(meeting: MeetingView, now: datetime, *, primary: bool) -> None:
    """The meeting that comes next or runs now, large, with the way into its room."""
    running = meeting.state in (MeetingState.RUNNING, MeetingState.PAUSED)
    with st.container(border=True, key="card_next_meeting"):
        left = words.until(meeting.starts_at, now)
        lead = badges.meeting_state(meeting.state) if running else badges.inline(left or _("now"), "schedule", "orange")
        st.header(plain(meeting.title), anchor=False)
        st.markdown(
            f"{lead}  \n:material/schedule: {words.span(meeting.starts_at, meeting.ends_at)}  \n"
            f":material/location_on: {plain(meeting.venue)}"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            if meeting.attendee_id is not None and may_enter_now(meeting, now):
                way_button(
                    Page.ROOM,
                    _("Enter the meeting room"),
                    key="enter_room",
                    icon=":material/meeting_room:",
                    primary=primary,
                    meeting=meeting.id,
                )
            way(Page.MEETING, _("Agenda and documents"), icon=":material/folder_open:", meeting=meeting.id)
        if meeting.state is MeetingState.CONVENED and not may_enter_now(meeting, now):
            st.caption(_("The room opens at {hour}.", hour=hour(meeting.starts_at - SOON)))


def meeting_row(meeting: MeetingView) -> None:
    """One row of a list: what, when, where, how it stands, and the way in."""
    line = f"{words.span(meeting.starts_at, meeting.ends_at)} · {plain(meeting.venue)}"
    states = badges.meeting_state(meeting.state) + (f" {badges.role(meeting.role)}" if meeting.role else "")
    with (
        st.container(border=True, key=f"card_row_{meeting.id}"),
        st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"),
    ):
        st.markdown(f"**{plain(meeting.title)}**  \n{line}  \n{states}", width=_TEXT_WIDTH)
        way_button(Page.MEETING, _("Open"), key=f"open_{meeting.id}", icon=":material/event:", meeting=meeting.id)
