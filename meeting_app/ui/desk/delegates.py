"""Sending somebody in one's place: by the invited person, or by the desk for them; and the trail of it on paper."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import LONGEST_REASON, Role
from meeting_app.domain.calendar import moment_in_words
from meeting_app.domain.meeting import MeetingState
from meeting_app.errors import MeetingError
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import attendance_delegation as delegations
from meeting_app.services.attendance_delegation import DelegationView
from meeting_app.services.attendee import AttendeeView
from meeting_app.services.meeting import MeetingView
from meeting_app.ui import notices
from meeting_app.ui.words import plain

_SENT = "delegates_sent"  # how many were sent: a new number is an empty form
_OPEN = (MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)


def own(ports: Ports, actor: Actor, meeting: MeetingView, people: list[AttendeeView]) -> None:
    """For a member: who goes for me, whom I may send, or for whom I go."""
    me = next((each for each in people if each.account_id == actor.account_id), None)
    if me is None or me.role is not Role.MEMBER:
        return
    giver = next((each for each in people if each.delegate_id == me.id), None)
    if giver is not None:
        _goes_for(giver)
    elif me.delegate_id is not None:
        _standing(ports, actor, meeting, me, people)
    elif meeting.state in _OPEN and not me.present:
        with st.expander(_("Send somebody in my place"), icon=":material/person_add:"):
            _choosing(ports, actor, meeting.id, me, own=True)


def desk(ports: Ports, actor: Actor, meeting: MeetingView, people: list[AttendeeView]) -> None:
    """Who goes for whom, with every step; and sending somebody for a person who asks the desk to."""
    trail = delegations.trail(ports, actor, meeting.id)
    may = meeting.runs_desk and meeting.state in _OPEN
    if not trail and not may:
        return
    st.subheader(_("Attending for others"), anchor=False)
    if not trail:
        notices.nothing_here(
            _("Nobody attends for somebody else."), hint=_("Members may send somebody in their place; it stands here.")
        )
    ids = {each.account_id: each for each in people}
    for each in trail:
        _line(ports, actor, meeting, each, ids.get(each.giver_id), may=may)
    if may:
        _for_somebody(ports, actor, meeting, people)


def _goes_for(giver: AttendeeView) -> None:
    with st.container(border=True, key="card_goes_for"):
        votes = _("You vote for {name} too.", name=plain(giver.name)) if giver.delegate_votes else ""
        st.markdown(_("You attend this meeting for {name}.", name=f"**{plain(giver.name)}**") + " " + votes)


def _standing(ports: Ports, actor: Actor, meeting: MeetingView, me: AttendeeView, people: list[AttendeeView]) -> None:
    delegate = next((each for each in people if each.id == me.delegate_id), None)
    with st.container(border=True, key="card_delegate"):
        name = f"**{plain(delegate.name if delegate else '')}**"
        st.markdown(_("{name} attends for you.", name=name) + " " + _vote(with_vote=me.delegate_votes))
        if meeting.state not in _OPEN:
            return
        if st.button(_("Withdraw"), key="withdraw_delegate", icon=":material/undo:"):
            [given] = [each for each in delegations.trail(ports, actor, meeting.id) if _stands(each, me)]
            _withdraw(ports, actor, meeting.id, given, None)
        with st.expander(_("Send somebody else"), icon=":material/swap_horiz:"):
            _choosing(ports, actor, meeting.id, me, own=True)


def _for_somebody(ports: Ports, actor: Actor, meeting: MeetingView, people: list[AttendeeView]) -> None:
    """The desk notes whom somebody sends."""
    absent = [each for each in people if each.role is Role.MEMBER and not each.present]
    acting = {each.delegate_id for each in people}
    absent = [each for each in absent if each.stands_for_id is None and each.id not in acting]
    names = {each.id: each.name for each in absent}
    with st.expander(_("Note whom an attendee sends"), icon=":material/person_add:"):
        chosen = st.selectbox(
            _("Who cannot attend"),
            list(names),
            index=None,
            format_func=lambda each: names.get(each, ""),
            placeholder=_("Choose"),
            key="delegate_for",
        )
        giver = next((each for each in absent if each.id == chosen), None)
        if giver is not None:
            _choosing(ports, actor, meeting.id, giver, own=False)


def _choosing(ports: Ports, actor: Actor, meeting_id: int, giver: AttendeeView, *, own: bool) -> None:
    number = st.session_state.get(_SENT, 0)
    found = delegations.candidates(ports, actor, meeting_id, None if own else giver.id)
    names = {each.account_id: f"{each.name} – {each.post or each.unit}" for each in found}
    with st.form(f"send_{giver.id}_{number}", border=False):
        account_id = st.selectbox(
            _("Who attends instead"),
            list(names),
            index=None,
            format_func=lambda each: names.get(each, ""),
            placeholder=_("Find by name or post"),
            key=f"delegate_{giver.id}_{number}",
        )
        with_vote = giver.votes and st.checkbox(
            _("The vote goes along, where a motion allows it"), key=f"delegate_votes_{giver.id}_{number}"
        )
        reason = st.text_input(
            _("Reason, and the paper it rests on"),
            max_chars=LONGEST_REASON,
            key=f"delegate_reason_{giver.id}_{number}",
            placeholder=_("For example: on a mission; letter no. 12/GUQ of 20/11"),
        )
        if not st.form_submit_button(_("Send this person"), icon=":material/check:", key=f"send_now_{giver.id}"):
            return
        if account_id is None:
            st.error(_("Choose who attends instead."), icon=":material/error:")
            return
        try:
            delegations.choose(
                ports,
                actor,
                meeting_id,
                account_id,
                reason=reason or "",
                with_vote=bool(with_vote),
                attendee_id=None if own else giver.id,
            )
        except MeetingError as error:
            notices.refused(error)
            return
    st.session_state[_SENT] = number + 1
    notices.tell(_("{name} attends instead and has the papers of the meeting.", name=plain(names[account_id])))
    st.rerun()


def _line(
    ports: Ports, actor: Actor, meeting: MeetingView, given: DelegationView, giver: AttendeeView | None, *, may: bool
) -> None:
    with st.container(border=True, key=f"card_delegation_{given.id}"):
        lines = [
            _("{delegate} for {giver}", delegate=f"**{plain(given.delegate)}**", giver=f"**{plain(given.giver)}**"),
            _vote(with_vote=given.with_vote),
            _("Reason: {reason}", reason=plain(" ".join(given.reason.split()))),
            _("Noted by {name}, {when}", name=plain(given.given_by), when=moment_in_words(given.given_at)),
        ]
        if given.withdrawn_at is not None:
            when = moment_in_words(given.withdrawn_at)
            lines.append(_("Withdrawn by {name}, {when}", name=plain(given.withdrawn_by), when=when))
        st.markdown("  \n".join(lines))
        stands = given.withdrawn_at is None and giver is not None
        if may and stands and st.button(_("Withdraw"), key=f"withdraw_delegation_{given.id}", icon=":material/undo:"):
            _withdraw(ports, actor, meeting.id, given, giver.id if giver else None)


def _vote(*, with_vote: bool) -> str:
    return _("The vote goes along.") if with_vote else _("The vote does not go along.")


def _stands(given: DelegationView, giver: AttendeeView) -> bool:
    return given.giver_id == giver.account_id and given.withdrawn_at is None


def _withdraw(ports: Ports, actor: Actor, meeting_id: int, given: DelegationView, attendee_id: int | None) -> None:
    def send_again() -> None:
        delegations.choose(
            ports,
            actor,
            meeting_id,
            given.delegate_id,
            reason=given.reason,
            with_vote=given.with_vote,
            attendee_id=attendee_id,
        )

    with notices.refusals():
        delegations.withdraw(ports, actor, meeting_id, attendee_id)
        notices.offer_way_back(_("The delegation was withdrawn."), send_again)
        st.rerun()
