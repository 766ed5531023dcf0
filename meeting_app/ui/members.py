"""The people of a unit for its administrator: posts, dates, the state of each key; moving and ending in place."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.calendar import local
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_, _
from meeting_app.ports import Ports
from meeting_app.services import appointment as appointments
from meeting_app.services import staff
from meeting_app.services.staff import Consequences, HeldView, MemberView
from meeting_app.ui import notices
from meeting_app.ui.badges import inline
from meeting_app.ui.words import plain, short_day

_OPEN = "members_open"  # whose forms are unfolded
_DONE = "members_done"  # how many changes were made: a new number is a fresh form
_ROWS = 50  # on one page of the list
_TEXT_WIDTH = 640  # pixels at most, beside the button
_ACTS = {"move": N_("Move"), "end": N_("Leave the post"), "appoint": N_("One more post")}


def listed(ports: Ports, actor: Actor, everybody: list[MemberView]) -> None:
    """The list with its search; below whoever is chosen, what can be done."""
    words = st.text_input(_("Search"), key="members_search", type="search", live="300ms", placeholder=_("Name or post"))
    wanted = (words or "").casefold()
    found = [each for each in everybody if wanted in f"{each.name} {_posts(each)}".casefold()]
    st.caption(_("{count} people.", count=len(found)))
    if not found:
        notices.nothing_here(_("Nobody matches."), hint=_("Search by a part of the name or of the post."))
    place = st.container()
    pages = -(-len(found) // _ROWS)
    page = st.pagination(pages, key="members_page") if pages > 1 else 1
    with place:
        for each in found[(page - 1) * _ROWS : page * _ROWS]:
            with st.container(border=True, key=f"card_member_{each.account_id}"):
                _row(ports, actor, each)


def _row(ports: Ports, actor: Actor, member: MemberView) -> None:
    opened = st.session_state.get(_OPEN) == member.account_id
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        lines = [f"**{plain(member.name)}**", *(_held_line(each) for each in member.held), _key_badge(member)]
        if not member.held:
            lines.insert(1, _("holds no post"))
        st.markdown("  \n".join(lines), width=_TEXT_WIDTH)
        label, icon = (_("Close"), "close") if opened else (_("Change the post"), "edit")
        if st.button(label, key=f"change_member_{member.account_id}", icon=f":material/{icon}:"):
            st.session_state[_OPEN] = None if opened else member.account_id
            st.rerun()
    if opened:
        _changes(ports, actor, member)


def _posts(member: MemberView) -> str:
    return " ".join(held.post for held in member.held)


def _held_line(held: HeldView) -> str:
    since, until = short_day(held.since), short_day(held.until) if held.until else ""
    when = _("from {since} to {until}", since=since, until=until) if until else _("since {since}", since=since)
    return f"{plain(held.post)} · {when}"


def _key_badge(member: MemberView) -> str:
    """As much as is everybody's business: in force until when, stopped, or none yet."""
    if member.key_until is not None:
        until = short_day(local(member.key_until).date())
        return inline(_("Certificate in force until {day}", day=until), "verified_user", "green")
    if member.has_key:
        return inline(_("Certificate stopped"), "block", "red")
    return inline(_("No certificate yet"), "key_off", "gray")


def _changes(ports: Ports, actor: Actor, member: MemberView) -> None:
    number = st.session_state.setdefault(_DONE, 0)
    if not member.held:
        _appointing(ports, actor, member, number)
        return
    act = st.segmented_control(
        _("Change of post"),
        list(_ACTS),
        default="move",
        required=True,
        key=f"member_act_{member.account_id}_{number}",
        format_func=lambda each: _(_ACTS[each]),
    )
    if act == "appoint":
        _appointing(ports, actor, member, number)
        return
    held = _chosen(member, number)
    if act == "move":
        _moving(ports, actor, member, held)
    else:
        _ending(ports, actor, member, held)


def _chosen(member: MemberView, number: int) -> HeldView:
    """The post it is about; asked only of who holds several."""
    if len(member.held) == 1:
        return member.held[0]
    return st.selectbox(
        _("Which post"),
        member.held,
        format_func=lambda each: each.post,
        key=f"member_post_{member.account_id}_{number}",
    )


def _moving(ports: Ports, actor: Actor, member: MemberView, held: HeldView) -> None:
    catalogue = {each.id: each.name for each in staff.posts(ports, actor) if each.id != held.post_id}
    post_id = st.selectbox(
        _("New post"),
        list(catalogue),
        index=None,
        format_func=catalogue.__getitem__,
        placeholder=_("Choose"),
        key=f"move_to_{held.appointment_id}",
    )
    _what_stops(member, held, staff.consequences(ports, actor, held.appointment_id), moves=True)
    if not st.button(_("Move now"), type="primary", icon=":material/swap_horiz:", key="move_now"):
        return
    if post_id is None:
        st.error(_("Choose the new post first."), icon=":material/error:")
        return
    with notices.refusals():
        appointments.move(ports, actor, held.appointment_id, post_id)
        _done(_("{name} holds the post {post} from now on.", name=plain(member.name), post=plain(catalogue[post_id])))


def _ending(ports: Ports, actor: Actor, member: MemberView, held: HeldView) -> None:
    today = local(ports.clock.now()).date()
    last_day = st.date_input(
        _("Last day in the post; empty: it ends now"),
        value=None,
        min_value=max(today, held.since),
        format="DD/MM/YYYY",
        key=f"last_day_{held.appointment_id}",
    )
    if last_day is None:
        _what_stops(member, held, staff.consequences(ports, actor, held.appointment_id), moves=False)
    if not st.button(_("End the post"), type="primary", icon=":material/event_busy:", key="end_post"):
        return
    with notices.refusals():
        if last_day is None:
            appointments.end(ports, actor, held.appointment_id)
            _done(_("{name} no longer holds the post {post}.", name=plain(member.name), post=plain(held.post)))
        else:
            appointments.end_on(ports, actor, held.appointment_id, last_day)
            notices.offer_way_back(
                _("{post}: the last day is {day}.", post=plain(held.post), day=short_day(last_day)),
                lambda: appointments.end_on(ports, actor, held.appointment_id, held.until),
            )
            _done()


def _what_stops(member: MemberView, held: HeldView, stops: Consequences, *, moves: bool) -> None:
    """In plain sentences, before anybody presses: what ends this second and cannot be taken back."""
    lines = [_("{name} stops being {post} the second it is confirmed.", name=plain(member.name), post=plain(held.post))]
    if stops.keys and (moves or len(member.held) == 1):
        lines.append(_("The digital certificate stops at once; a new one has to be issued for the new post."))
    if stops.delegations:
        lines.append(_("Authority to sign that rests on this post ends: {count}.", count=stops.delegations))
    if stops.waiting:
        lines.append(_("Papers that wait for this signature have to be submitted again: {count}.", count=stops.waiting))
    lines.append(_("This cannot be undone."))
    st.warning("  \n".join(lines), icon=":material/warning:")


def _appointing(ports: Ports, actor: Actor, member: MemberView, number: int) -> None:
    catalogue = {each.id: each.name for each in staff.posts(ports, actor)}
    with st.form(f"member_appoint_{member.account_id}_{number}", border=False):
        post_id = st.selectbox(
            _("New post"),
            list(catalogue),
            index=None,
            format_func=catalogue.__getitem__,
            placeholder=_("Choose"),
            key=f"appoint_to_{member.account_id}_{number}",
        )
        today = local(ports.clock.now()).date()
        since = st.date_input(
            _("From"), value=today, format="DD/MM/YYYY", key=f"appoint_since_{member.account_id}_{number}"
        )
        if not st.form_submit_button(_("Appoint"), type="primary", icon=":material/person_add:", key="appoint"):
            return
        if post_id is None or since is None:
            st.error(_("Choose the new post first."), icon=":material/error:")
            return
        try:
            appointment_id = appointments.appoint(ports, actor, member.account_id, post_id, since=since)
        except MeetingError as error:
            notices.refused(error)
            return
    notices.offer_way_back(
        _("{name} was appointed: {post}.", name=plain(member.name), post=plain(catalogue[post_id])),
        lambda: appointments.end(ports, actor, appointment_id),
    )
    _done()


def _done(sentence: str = "") -> None:
    if sentence:
        notices.tell(sentence)
    st.session_state[_OPEN] = None
    st.session_state[_DONE] = st.session_state.get(_DONE, 0) + 1
    st.rerun()
