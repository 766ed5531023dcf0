"""Đăng ký cuộc họp: one page; with ?meeting= a draft is changed."""

import streamlit as st

from meeting_app import running
from meeting_app.domain.account import Right
from meeting_app.domain.meeting import EndsBeforeStart, MeetingState
from meeting_app.errors import MeetingError, NotAllowed
from meeting_app.i18n import _
from meeting_app.services import attendee as attendees
from meeting_app.services import meeting as meetings
from meeting_app.services import people
from meeting_app.services.meeting import MeetingView
from meeting_app.ui import notices, session
from meeting_app.ui.links import Page, asked_number, go
from meeting_app.ui.registration import Choices, Form, fresh, standing
from meeting_app.ui.words import plain, span

ports, actor = running.ports(), session.actor()


def opened(meeting_id: int | None) -> tuple[MeetingView | None, Form]:
    """The form for a new meeting, or for a draft of one's own."""
    choices = Choices(
        {each.id: each for each in meetings.venues(ports, actor)},
        {each.account_id: each for each in people.everybody(ports)},
    )
    if meeting_id is None:
        if Right.REGISTER not in actor.rights:
            raise NotAllowed
        return None, Form(actor.account_id, None, choices, fresh(actor.account_id, ports.clock.now(), choices))
    meeting = meetings.view(ports, actor, meeting_id)
    if not meeting.runs_desk:
        raise NotAllowed
    begin_with = standing(meeting, attendees.attendees(ports, actor, meeting_id))
    return meeting, Form(actor.account_id, meeting_id, choices, begin_with)


def time_conflicts(form: Form, meeting_id: int | None) -> None:
    """A room or an hour that cannot be, said the moment it is chosen."""
    starts_at, ends_at = form.moment("start"), form.moment("end")
    if starts_at is None or ends_at is None:
        return
    if ends_at <= starts_at:
        notices.refused(EndsBeforeStart())
        return
    if starts_at < ports.clock.now():
        st.warning(_("This time has already passed."), icon=":material/history:")
    over = (MeetingState.CANCELLED, MeetingState.CLOSED, MeetingState.RECORDED)
    for other in meetings.visible(ports, actor, starts_at, ends_at):
        taken = other.venue_id == form["venue"] and other.ends_at > starts_at and other.state not in over
        if taken and other.id != meeting_id:
            st.warning(
                _(
                    "{venue} is taken {when}: “{title}”. Choose another room or time.",
                    venue=plain(other.venue),
                    when=span(other.starts_at, other.ends_at),
                    title=plain(other.title),
                ),
                icon=":material/event_busy:",
            )


def people_conflicts(form: Form, meeting_id: int | None) -> None:
    starts_at, ends_at = form.moment("start"), form.moment("end")
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        return
    # The other meeting may be none of the registrar's business: only that somebody is busy is said.
    for conflict in meetings.conflicts(ports, form.invited, starts_at, ends_at, besides=meeting_id):
        st.warning(
            _("{name} is expected in another meeting from {hour}.", name=plain(conflict.name), hour=conflict.when),
            icon=":material/event_busy:",
        )


def summary(form: Form) -> None:
    """What the invitation will say, as far as it is known."""
    starts_at, ends_at = form.moment("start"), form.moment("end")
    with st.container(border=True, key="card_summary"):
        st.markdown(_("**The invitation will say**"))
        st.markdown(plain(form["title"] or _("(no title yet)")))
        if starts_at and ends_at and ends_at > starts_at:
            st.markdown(f":material/schedule: {span(starts_at, ends_at)}")
        if form["venue"]:
            st.markdown(f":material/location_on: {plain(form.venue_name)}")
        if form["chair"]:
            st.markdown(_(":material/person: Chaired by {name}", name=plain(form.person(form["chair"]))))
        st.caption(_("To be invited: {count}. What you type is kept as you type.", count=len(form.invited)))


def save(form: Form, meeting: MeetingView | None) -> int:
    """Store the draft; returns the meeting's id, raises the sentence of what is wrong."""
    if meeting is None:
        meeting_id = meetings.register(ports, actor, form.registration())
        notices.tell(_("The meeting is registered as a draft."))
    else:
        meeting_id = meeting.id
        meetings.change(ports, actor, meeting_id, form.registration())
        notices.tell(_("The draft is changed."))
    form.forget()
    return meeting_id


asked = asked_number("meeting")
st.title(_("Change the meeting") if asked else _("Register a meeting"), anchor=False)
notices.show()
try:
    meeting, form = opened(asked)
except MeetingError as error:
    notices.refused(error)
    st.stop()

left, right = st.columns([3, 2], gap="large")
with left:
    with st.container(border=True, key="card_what"):
        form.what_and_where()
        form.when()
        time_conflicts(form, asked)
    with st.container(border=True, key="card_who"):
        form.who()
        people_conflicts(form, asked)
    with st.container(border=True, key="card_note"):
        form.note()
    form.keep()
    label = _("Save the changes") if meeting else _("Save and prepare the agenda")
    if st.button(label, key="save", type="primary", icon=":material/check:"):
        try:
            saved = save(form, meeting)
        except MeetingError as error:
            notices.refused(error)
            st.caption(_("Nothing you typed is lost."))
        else:
            go(Page.MEETING, meeting=saved)
with right:
    summary(form)
