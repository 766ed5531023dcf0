"""Thành phần: who is invited, in which role, and what they answered; and one's own answer."""

from collections import Counter

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import LONGEST_REASON, ROLE_LABEL, Reply, Role, Whereabouts
from meeting_app.domain.calendar import hour
from meeting_app.errors import MeetingError
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services.attendee import AttendeeView
from meeting_app.ui import badges, links, notices
from meeting_app.ui.badges import inline
from meeting_app.ui.words import plain

_ANSWER_AGAIN = "reply_again"
_INVITED = (Role.MEMBER, Role.GUEST)


def listed(people: list[AttendeeView], *, with_replies: bool) -> None:
    """Everybody by role; at the desk their answers come first, at a glance."""
    if with_replies:
        _glance(people)
    for role in Role:
        group = [each for each in people if each.role is role]
        if not group:
            continue
        with st.container(border=True, key=f"card_{role}"):
            st.markdown(f"**{_(ROLE_LABEL[role])}**" + (f" ({len(group)})" if len(group) > 1 else ""))
            st.markdown("\n".join(f"- {_line(each, with_reply=with_replies)}" for each in group))


def _glance(people: list[AttendeeView]) -> None:
    answers = Counter(each.reply for each in people if each.role in _INVITED)
    seen = [
        inline(_("{count} will attend", count=answers[Reply.ACCEPTED]), "check_circle", "green"),
        inline(_("{count} cannot attend", count=answers[Reply.DECLINED]), "cancel", "red"),
        inline(_("{count} have not replied", count=answers[Reply.NONE]), "schedule", "gray"),
    ]
    st.markdown(" ".join(seen))


def _line(person: AttendeeView, *, with_reply: bool) -> str:
    where = ", ".join(plain(each) for each in (person.post, person.unit) if each)
    line = f"{plain(person.name)} – {where}"
    if with_reply and person.role in _INVITED:
        line += f" {badges.reply(person.reply)}"
        if person.reply_reason:
            line += " " + _("Reason: {reason}", reason=plain(" ".join(person.reply_reason.split())))
    return line + presence(person)


def presence(person: AttendeeView) -> str:
    """Here, elsewhere, gone: nothing of who has not come yet."""
    if person.checked_in_at is None:
        return ""
    if person.left_at is not None:
        return " " + inline(_("Left early at {hour}", hour=hour(person.left_at)), "logout", "gray")
    if person.place is Whereabouts.ONLINE:
        return " " + inline(_("Online since {hour}", hour=hour(person.checked_in_at)), "wifi", "blue")
    return " " + inline(_("Present"), "check", "green")


def taking_along(meeting_id: int) -> None:
    """The list of attendance as a file."""
    with st.container(horizontal=True):
        st.link_button(
            _("Attendance as a table"), links.attendance_file(meeting_id, "csv"), icon=":material/table_view:"
        )
        st.link_button(
            _("Attendance as a PDF"), links.attendance_file(meeting_id, "pdf"), icon=":material/picture_as_pdf:"
        )


def own_reply(ports: Ports, actor: Actor, meeting_id: int, mine: AttendeeView, *, primary: bool) -> None:
    """Will attend, or cannot and why; an answer may be changed until the meeting ends."""
    with st.container(border=True, key="card_own_reply"):
        answered = mine.reply is not Reply.NONE and not st.session_state.get(_ANSWER_AGAIN)
        if answered:
            st.markdown(_("Your reply: {reply}", reply=badges.reply(mine.reply)))
            if mine.reply_reason:
                st.markdown(_("Reason: {reason}", reason=plain(mine.reply_reason)))
            if st.button(_("Change the reply"), key="reply_again_button"):
                st.session_state[_ANSWER_AGAIN] = True
                st.rerun()
            return
        st.markdown(_("**Will you attend?**"))
        if st.button(
            _("I will attend"), key="accept", type="primary" if primary else "secondary", icon=":material/check_circle:"
        ):
            _send(ports, actor, meeting_id, reason=None)
        with st.form("decline", border=False):
            reason = st.text_input(
                _("Reason, if you cannot attend"),
                key="decline_reason",
                max_chars=LONGEST_REASON,
                placeholder=_("For example: on a mission decided before"),
            )
            if st.form_submit_button(_("I cannot attend"), icon=":material/cancel:"):
                _send(ports, actor, meeting_id, reason=reason or "")


def _send(ports: Ports, actor: Actor, meeting_id: int, reason: str | None) -> None:
    """The answer as clicked; a reason makes it a refusal."""
    try:
        if reason is None:
            attendees.accept(ports, actor, meeting_id)
        else:
            attendees.decline(ports, actor, meeting_id, reason)
    except MeetingError as error:
        notices.refused(error)
        return
    st.session_state.pop(_ANSWER_AGAIN, None)
    notices.tell(_("Your reply was sent to the secretary."))
    st.rerun()
