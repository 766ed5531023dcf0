"""Biểu quyết: the list of motions; at the desk their order, rules and approval, the quorum and who votes."""

from collections.abc import Callable

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import Role
from meeting_app.domain.motion import Motion, MotionState
from meeting_app.domain.search import fold
from meeting_app.errors import MeetingError
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import motion as drafts
from meeting_app.services import quorum as quorums
from meeting_app.services.agenda import ItemView
from meeting_app.services.attendee import AttendeeView
from meeting_app.services.motion import Draft
from meeting_app.ui import notices, order_list
from meeting_app.ui.desk import motion_form, motion_words
from meeting_app.ui.desk.ballot_list import ballot_list
from meeting_app.ui.order_list import Entry
from meeting_app.ui.words import plain

_LINE_WIDTH = 480  # pixels at most, beside the buttons
_EDITED = "motion_edited"  # id of the motion whose form is open
_ADDED = "motions_added"  # how many were added: a new number is an empty form
_MANY = 12  # people, from which one looks for somebody by name
_QUORA = ((1, 2), (2, 3), (3, 4), (1, 1))
_WAITING = (MotionState.DRAFT, MotionState.APPROVED)


Ballots = Callable[[Motion], None]


def listed(motions: list[Motion], ballots: Ballots) -> None:
    """The motions for readers, with what came of them; `ballots` draws what is published of a vote."""
    if not motions:
        notices.nothing_here(_("There is no motion to vote on."))
    for motion in motions:
        with st.container(border=True, key=f"card_motion_{motion.id}"):
            st.markdown(motion_words.line(motion))
            motion_words.particulars(motion)
            motion_words.result(motion)
            ballots(motion)


def edited(
    ports: Ports,
    actor: Actor,
    meeting_id: int,
    motions: list[Motion],
    items: list[ItemView],
    people: list[AttendeeView],
) -> None:
    """The motions for the desk: each with its buttons, below them the form of the next one."""
    with notices.refusals():
        _who_decides(ports, actor, meeting_id, people)
    if not motions:
        notices.nothing_here(_("No motion has been written yet."), hint=_("Add the first one below."))
    if order_list.wanted(f"motions_{meeting_id}", len(motions)):
        _ordered(ports, actor, meeting_id, motions)
        return
    for motion in motions:
        if st.session_state.get(_EDITED) == motion.id and motion.state is MotionState.DRAFT:
            _change_form(ports, actor, meeting_id, motion, items)
            continue
        with st.container(border=True, key=f"card_motion_{motion.id}"), notices.refusals():
            _row(ports, actor, meeting_id, motion, len(motions))
            ballot_list(ports, actor, motion, {each.id: each.name for each in people})
    with notices.refusals():
        _approving(ports, actor, meeting_id, motions)
    _draft_form(ports, actor, meeting_id, items)


def _ordered(ports: Ports, actor: Actor, meeting_id: int, motions: list[Motion]) -> None:
    entries = [Entry(motion.id or 0, motion.title, motion.label) for motion in motions]
    order_list.order_list(
        f"motions_{meeting_id}",
        entries,
        lambda motion_id, place: drafts.move(ports, actor, meeting_id, motion_id, place),
    )


def _who_decides(ports: Ports, actor: Actor, meeting_id: int, people: list[AttendeeView]) -> None:
    """How many must be here before a vote opens, and whose votes count."""
    now = quorums.quorum(ports, actor, meeting_id)
    rule = (now.numerator, now.denominator)
    with st.container(border=True, key="card_quorum"):
        choices = sorted({*_QUORA, rule}, key=lambda each: each[0] / each[1])
        box = f"quorum_{meeting_id}_{now.numerator}_{now.denominator}"
        st.selectbox(
            _("Delegates present before a vote opens"),
            choices,
            index=choices.index(rule),
            format_func=_quorum_words,
            key=box,
            disabled=not now.may_change,
            on_change=_set_quorum,
            args=(ports, actor, meeting_id, box),
        )
        st.caption(
            _(
                "{all} may vote: at least {need} of them must be present. Present now: {present}.",
                all=now.all,
                need=now.need,
                present=now.present,
            )
        )
        # Its label never changes: another label is another expander, and closed.
        name = f"electors_{meeting_id}"
        section = st.expander(_("Who may vote"), icon=":material/how_to_vote:", key=name, on_change="rerun")
        if section.open:
            with section:
                _electors(ports, actor, meeting_id, people)


def _quorum_words(rule: tuple[int, int]) -> str:
    if rule == (1, 1):
        return _("All of them present")
    return _("At least {part} of them present", part=f"{rule[0]}/{rule[1]}")


def _set_quorum(ports: Ports, actor: Actor, meeting_id: int, box: str) -> None:
    numerator, denominator = st.session_state[box]
    try:
        drafts.set_quorum(ports, actor, meeting_id, numerator, denominator)
    except MeetingError as error:
        notices.tell(plain(str(error)))


def _electors(ports: Ports, actor: Actor, meeting_id: int, people: list[AttendeeView]) -> None:
    st.caption(_("Guests, and delegates who only stand for somebody, have no vote of their own."))
    able = [each for each in people if each.role is not Role.GUEST and each.stands_for_id is None]
    if len(able) > _MANY:
        sought = fold(st.text_input(_("Find by name, post or unit"), key=f"electors_sought_{meeting_id}") or "")
        able = [each for each in able if sought in fold(f"{each.name} {each.post} {each.unit}")]
    for person in able:
        # Another key for another answer: what was said elsewhere is never said back by an old box.
        box = f"votes_{person.id}_{int(person.votes)}"
        label = ", ".join(plain(each) for each in (person.name, person.post) if each)
        st.checkbox(
            label, value=person.votes, key=box, on_change=_let_vote, args=(ports, actor, meeting_id, person.id, box)
        )


def _let_vote(ports: Ports, actor: Actor, meeting_id: int, attendee_id: int, box: str) -> None:
    try:
        drafts.let_vote(ports, actor, meeting_id, attendee_id, votes=st.session_state[box])
    except MeetingError as error:
        notices.tell(plain(str(error)))


def _row(ports: Ports, actor: Actor, meeting_id: int, motion: Motion, last: int) -> None:
    """A motion and what can be done with it; on a phone the buttons stand below, in one line."""
    motion_id = motion.id or 0
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(motion_words.line(motion), width=_LINE_WIDTH)
        with st.container(horizontal=True, width="content", gap="xxsmall"):
            moves = (("up", _("Earlier"), motion.position - 1), ("down", _("Later"), motion.position + 1))
            for name, label, place in moves if motion.state in _WAITING else ():
                if st.button(label, key=f"motion_{name}_{motion_id}", disabled=not 1 <= place <= last):
                    drafts.move(ports, actor, meeting_id, motion_id, place)
                    st.rerun()
            _acts(ports, actor, meeting_id, motion)
    motion_words.particulars(motion)
    motion_words.result(motion)


def _acts(ports: Ports, actor: Actor, meeting_id: int, motion: Motion) -> None:
    motion_id, draft = motion.id or 0, motion.state is MotionState.DRAFT
    if draft and st.button(_("Change"), key=f"motion_change_{motion_id}"):
        st.session_state[_EDITED] = motion_id
        st.rerun()
    if motion.state is MotionState.APPROVED and st.button(_("Back to draft"), key=f"motion_unapprove_{motion_id}"):
        drafts.unapprove(ports, actor, meeting_id, motion_id)
        st.rerun()
    leave = _("Remove") if draft else _("Take off the list")
    if motion.state in _WAITING and st.button(leave, key=f"motion_remove_{motion_id}"):
        drafts.remove(ports, actor, meeting_id, motion_id)
        said = _("“{title}” was taken off the list.", title=plain(motion.title))
        notices.offer_way_back(said, lambda: drafts.restore(ports, actor, meeting_id, motion_id))
        st.rerun()
    if motion.state is MotionState.WITHDRAWN and st.button(
        _("Put back on the list"), key=f"motion_restore_{motion_id}"
    ):
        drafts.restore(ports, actor, meeting_id, motion_id)
        st.rerun()


def _approving(ports: Ports, actor: Actor, meeting_id: int, motions: list[Motion]) -> None:
    waiting = [each.id or 0 for each in motions if each.state is MotionState.DRAFT]
    if not waiting:
        return
    st.caption(_("Only what is approved can be voted on; from then on everybody of the meeting reads it."))
    label = _("Approve the list ({count})", count=len(waiting))
    if not st.button(label, key="motions_approve", icon=":material/done_all:"):
        return
    drafts.approve(ports, actor, meeting_id)

    def take_back() -> None:
        for motion_id in waiting:
            drafts.unapprove(ports, actor, meeting_id, motion_id)

    notices.offer_way_back(_("Motions approved: {count}", count=len(waiting)), take_back)
    st.rerun()


def _draft_form(ports: Ports, actor: Actor, meeting_id: int, items: list[ItemView]) -> None:
    number = st.session_state.setdefault(_ADDED, 0)
    prefix = f"new_motion_{meeting_id}_{number}"
    with st.container(border=True, key="card_new_motion"):
        st.markdown(_("**Add a motion**"))
        draft = motion_form.fields(prefix, items, Draft(title=""))
        if not st.button(_("Add to the list"), key="motion_add", icon=":material/add:"):
            return
        with notices.refusals():
            drafts.draft(ports, actor, meeting_id, draft)
            st.session_state[_ADDED] = number + 1
            st.rerun()


def _change_form(ports: Ports, actor: Actor, meeting_id: int, motion: Motion, items: list[ItemView]) -> None:
    motion_id = motion.id or 0
    with st.container(border=True, key=f"card_motion_{motion_id}"):
        draft = motion_form.fields(f"motion_{motion_id}", items, motion_form.written(motion))
        with st.container(horizontal=True):
            saved = st.button(_("Save"), key=f"motion_save_{motion_id}", icon=":material/check:")
            left = st.button(_("Leave as it was"), key=f"motion_leave_{motion_id}")
        with notices.refusals():
            if saved:
                drafts.change(ports, actor, meeting_id, motion_id, draft)
            if saved or left:
                st.session_state.pop(_EDITED, None)
                st.rerun()
