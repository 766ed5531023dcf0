"""Beside the minutes being written: what is known of the meeting without anybody typing, and its conclusions."""

from dataclasses import dataclass

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.agenda import ItemState
from meeting_app.domain.attendee import LONGEST_REASON
from meeting_app.domain.calendar import hour
from meeting_app.errors import MeetingError
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import conclusion as conclusions
from meeting_app.services import event as events
from meeting_app.services import snapshot
from meeting_app.services.agenda import ItemView
from meeting_app.services.attendee import AttendeeView
from meeting_app.services.meeting import MeetingView
from meeting_app.ui import notices
from meeting_app.ui.desk import people
from meeting_app.ui.words import plain

_WHOLE_MEETING = 0  # no item's id; a list whose choice is None could be emptied
_ADDED = "conclusions_added"  # how many were added: a new number is an empty form


@dataclass(frozen=True, slots=True)
class Record:
    """The meeting as its minutes need it."""

    meeting: MeetingView
    items: list[ItemView]
    people: list[AttendeeView]


def known(ports: Ports, actor: Actor, record: Record) -> None:
    """Times, who was present, who was absent and why, when each item was discussed."""
    meeting = record.meeting
    with st.container(border=True, key="card_known"):
        st.markdown(_("**What is known**"))
        if meeting.opened_at:
            st.markdown(_("Opened at {hour}", hour=hour(meeting.opened_at)))
        if meeting.closed_at:
            st.markdown(_("Ended at {hour}", hour=hour(meeting.closed_at)))
        present = [each for each in record.people if each.checked_in_at is not None]
        st.markdown(_("Present: {count} of {all}", count=len(present), all=len(record.people)))
        st.markdown("\n".join(f"- {plain(each.name)}{people.presence(each)}" for each in present) or "–")
        for item in record.items:
            st.markdown(f"{item.position}. {plain(item.title)}  \n{_times(item, over=meeting.closed_at is not None)}")
    for person in record.people:
        if person.checked_in_at is None:
            _absence(ports, actor, meeting.id, person)


def _times(item: ItemView, *, over: bool) -> str:
    if item.state is ItemState.SKIPPED or (over and item.started_at is None):
        return _("not discussed")
    if item.started_at is None:
        return _("not begun")
    return f"{hour(item.started_at)} – {hour(item.finished_at) if item.finished_at else '…'}"


def _absence(ports: Ports, actor: Actor, meeting_id: int, person: AttendeeView) -> None:
    """Why somebody was absent, as the minutes will say it."""
    with st.form(f"absence_{person.id}", border=True):
        st.markdown(_("Absent: {name}", name=f"**{plain(person.name)}**"))
        reason = st.text_input(
            _("Reason of the absence"), value=person.why_absent, max_chars=LONGEST_REASON, key=f"reason_{person.id}"
        )
        if st.form_submit_button(_("Save the reason"), key=f"save_reason_{person.id}"):
            with notices.refusals():
                attendees.explain_absence(ports, actor, meeting_id, person.id, reason or "")
                notices.tell(_("The reason is saved."))
                st.rerun()


def concluded(ports: Ports, actor: Actor, record: Record) -> None:
    """The conclusions that stand, each with its way out, and the form of the next one."""
    meeting_id = record.meeting.id
    titles = {item.id: f"{item.position}. {item.title}" for item in record.items}
    with st.container(border=True, key="card_conclusions"):
        st.markdown(_("**Conclusions**"))
        standing = snapshot.take(ports, actor, meeting_id)[1].get("conclusions", [])
        if not standing:
            st.caption(_("No conclusion yet. Each one you add goes into the minutes under its item."))
        for each in standing:
            about = titles.get(each["item_id"], _("The whole meeting"))
            st.markdown(f"**{plain(about)}**  \n{plain(each['text'])}")
            if st.button(_("Remove"), key=f"remove_conclusion_{each['id']}", icon=":material/delete:"):
                with notices.refusals():
                    _remove(ports, actor, meeting_id, each)
                    st.rerun()
    _add(ports, actor, meeting_id, titles)


def _add(ports: Ports, actor: Actor, meeting_id: int, titles: dict[int, str]) -> None:
    number = st.session_state.setdefault(_ADDED, 0)
    with st.form(f"conclude_{meeting_id}_{number}"):
        item_id = st.selectbox(
            _("Concluded on"),
            [_WHOLE_MEETING, *titles],
            format_func=lambda each: titles.get(each, _("The whole meeting")),
            key=f"conclusion_item_{number}",
        )
        text = st.text_area(_("Conclusion"), max_chars=conclusions.LONGEST, key=f"conclusion_text_{number}")
        if not st.form_submit_button(_("Add the conclusion"), icon=":material/add:"):
            return
        try:
            conclusions.record(ports, actor, meeting_id, text or "", item_id or None)
        except MeetingError as error:
            notices.refused(error)
            return
    st.session_state[_ADDED] = number + 1
    st.rerun()


def _remove(ports: Ports, actor: Actor, meeting_id: int, conclusion: events.Body) -> None:
    conclusions.remove(ports, actor, meeting_id, conclusion["id"])
    text, item_id = conclusion["text"], conclusion["item_id"]
    notices.offer_way_back(
        _("The conclusion was removed."), lambda: conclusions.record(ports, actor, meeting_id, text, item_id)
    )
