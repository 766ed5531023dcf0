"""Who may sign for the head of a unit: how the unit signs, what was given to whom, giving and withdrawing."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.authority import STATE_LABEL, DelegationState
from meeting_app.domain.calendar import local
from meeting_app.domain.delegation import (
    KIND_LABEL,
    LONGEST_BASIS,
    LONGEST_CONTENT,
    PAPER_LABEL,
    DelegationKind,
    Terms,
)
from meeting_app.domain.paper import PaperKind
from meeting_app.errors import MeetingError
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import authority as authorities
from meeting_app.services import delegation as delegations
from meeting_app.services import staff
from meeting_app.services.authority import LONGEST_COLLECTIVE, OfficeView
from meeting_app.services.delegation import DelegationView, Receiver
from meeting_app.ui import notices
from meeting_app.ui.badges import inline
from meeting_app.ui.words import plain, short_day

_GIVEN = "delegations_given"  # how many were given: a new number is an empty form
_TEXT_WIDTH = 640  # pixels at most, beside the button
_BADGE = {
    DelegationState.COMING: ("schedule", "blue"),
    DelegationState.IN_FORCE: ("check_circle", "green"),
    DelegationState.OVER: ("event_busy", "gray"),
    DelegationState.WITHDRAWN: ("undo", "red"),
    DelegationState.LAPSED: ("person_off", "gray"),
}
# What is given most often comes first.
_OFFERED = (DelegationKind.DEPUTY, DelegationKind.AUTHORISED, DelegationKind.BY_ORDER, DelegationKind.ACTING)


def office_card(ports: Ports, actor: Actor, office: OfficeView) -> None:
    """Who heads the unit and in whose name it signs; rarely changed, so one step away."""
    with st.container(border=True, key="card_office"):
        if office.head_post_id is None:
            st.warning(_("Put down which post heads the unit; until then nobody can sign for it."))
        else:
            name = f"**{plain(office.head)}**" if office.head else _("vacant")
            how = _("Papers say: {lines}", lines=f"**{' / '.join(plain(line) for line in office.lines)}**")
            st.markdown(f"{_('Head of the unit: {post} – {name}', post=plain(office.head_post), name=name)}  \n{how}")
        with st.expander(_("Change who heads the unit"), icon=":material/edit:", expanded=office.head_post_id is None):
            _settling(ports, actor, office)


def _settling(ports: Ports, actor: Actor, office: OfficeView) -> None:
    catalogue = {each.id: each.name for each in staff.posts(ports, actor) if each.heads}
    with st.form("office", border=False):
        post_id = st.selectbox(
            _("Post that heads the unit"),
            list(catalogue),
            index=list(catalogue).index(office.head_post_id) if office.head_post_id in catalogue else None,
            format_func=catalogue.__getitem__,
            placeholder=_("Choose"),
            key="office_head",
        )
        collective = st.text_input(
            _("Body that decides together; empty: the head decides alone"),
            value=office.collective,
            max_chars=LONGEST_COLLECTIVE,
            key="office_collective",
        )
        if not st.form_submit_button(_("Save"), icon=":material/check:", key="save_office") or post_id is None:
            return
        try:
            authorities.settle(ports, actor, post_id, collective or "")
        except MeetingError as error:
            notices.refused(error)
            return
    before = office.head_post_id
    if before is not None:
        notices.offer_way_back(
            _("Who heads the unit was changed."), lambda: authorities.settle(ports, actor, before, office.collective)
        )
    st.rerun()


def listed(ports: Ports, actor: Actor) -> None:
    """What may be used or will be; what is over stands folded below."""
    found = delegations.of_unit(ports, actor)
    standing, over = [each for each in found if each.open], [each for each in found if not each.open]
    st.subheader(_("Who signs for the head"), anchor=False)
    if not standing:
        notices.nothing_here(
            _("Nobody but the head signs for the unit."), hint=_("Authority that is given below stands here.")
        )
    for each in standing:
        _card(ports, actor, each)
    if over:
        with st.expander(_("No longer in force ({count})", count=len(over)), icon=":material/history:"):
            for each in over:
                _card(ports, actor, each)


def _card(ports: Ports, actor: Actor, given: DelegationView) -> None:
    label, (icon, colour) = _(STATE_LABEL[given.state]), _BADGE[given.state]
    with (
        st.container(border=True, key=f"card_delegation_{given.id}"),
        st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"),
    ):
        with st.container(width=_TEXT_WIDTH, gap="xsmall"):
            lines = [
                f"**{plain(given.name)}** {inline(label, icon, colour)}",
                plain(" – ".join(given.lines)),
                f"{_('Signs {papers}', papers=_papers(given.terms))} · {_time(given.terms)}",
            ]
            st.markdown("  \n".join(lines))
            st.caption("  \n".join(plain(text) for text in (given.terms.basis, given.terms.content) if text))
        if given.open and st.button(_("Withdraw"), key=f"withdraw_{given.id}", icon=":material/undo:"):
            with notices.refusals():
                _withdraw(ports, actor, given)
                st.rerun()


def _papers(terms: Terms) -> str:
    if terms.papers == frozenset(PaperKind):
        return _("all papers")
    return ", ".join(_(PAPER_LABEL[kind]) for kind in PaperKind if kind in terms.papers)


def _time(terms: Terms) -> str:
    since = short_day(terms.since)
    if terms.until is None:
        return _("since {since}", since=since)
    return _("from {since} to {until}", since=since, until=short_day(terms.until))


def _withdraw(ports: Ports, actor: Actor, given: DelegationView) -> None:
    delegations.withdraw(ports, actor, given.id)
    notices.offer_way_back(
        _("The authority of {name} was withdrawn; nothing more is signed by it.", name=plain(given.name)),
        lambda: delegations.delegate(ports, actor, given.account_id, given.terms),
    )


def giving(ports: Ports, actor: Actor) -> None:
    """What was given in writing is put down here."""
    number = st.session_state.setdefault(_GIVEN, 0)
    with st.container(border=True, key="card_giving"):
        st.markdown(_("**Give authority to sign**"))
        kind = st.selectbox(
            _("Kind of authority"), _OFFERED, format_func=lambda each: _(KIND_LABEL[each]), key=f"give_kind_{number}"
        )
        found = {each.account_id: each for each in delegations.receivers(ports, actor)[kind]}
        if not found:
            st.caption(_("Nobody in the unit holds a post that permits this."))
            return
        account_id = st.selectbox(
            _("To whom"),
            list(found),
            index=0 if len(found) == 1 else None,
            format_func=lambda each: f"{found[each].name} – {found[each].post}",
            placeholder=_("Choose"),
            key=f"give_to_{kind}_{number}",
        )
        receiver = found[account_id] if account_id is not None else None
        if receiver is not None:
            printed = " / ".join(plain(line) for line in receiver.lines)
            st.markdown(_("Papers say: {lines}", lines=f"**{printed}**"))
        _terms_form(ports, actor, kind, receiver, number)


def _terms_form(ports: Ports, actor: Actor, kind: DelegationKind, receiver: Receiver | None, number: int) -> None:
    with st.form(f"give_{kind}_{number}", border=False):
        terms = _terms(ports, kind, f"{kind}_{number}")
        if not st.form_submit_button(_("Give this authority"), type="primary", icon=":material/draw:", key="give"):
            return
        if receiver is None:
            st.error(_("Choose to whom it is given."), icon=":material/error:")
            return
        try:
            delegation_id = delegations.delegate(ports, actor, receiver.account_id, terms)
        except MeetingError as error:
            notices.refused(error)
            return
    st.session_state[_GIVEN] = number + 1
    notices.offer_way_back(
        _("{name} was given authority to sign.", name=plain(receiver.name)),
        lambda: delegations.withdraw(ports, actor, delegation_id),
    )
    st.rerun()


def _terms(ports: Ports, kind: DelegationKind, suffix: str) -> Terms:
    papers: list[PaperKind] = list(PaperKind)
    if kind is not DelegationKind.ACTING:
        papers = st.pills(
            _("For which papers"),
            list(PaperKind),
            selection_mode="multi",
            default=[PaperKind.INVITATION],
            format_func=lambda each: _(PAPER_LABEL[each]),
            key=f"give_papers_{suffix}",
        )
    today = local(ports.clock.now()).date()
    begin, end = st.columns(2)
    with begin:
        since = st.date_input(_("From"), value=today, format="DD/MM/YYYY", key=f"give_since_{suffix}")
    with end:
        limited = kind.personal
        label = _("Last day") if limited else _("Last day; empty: until withdrawn")
        until = st.date_input(label, value=None, min_value=today, format="DD/MM/YYYY", key=f"give_until_{suffix}")
    basis = st.text_input(
        _("Document that gives it"),
        max_chars=LONGEST_BASIS,
        placeholder=_("Number, date and subject of the document"),
        key=f"give_basis_{suffix}",
    )
    content = st.text_area(
        _("What it is about") if kind.personal else _("What it is about, if limited"),
        max_chars=LONGEST_CONTENT,
        height=100,
        key=f"give_content_{suffix}",
    )
    return Terms(kind, frozenset(papers or ()), basis or "", since or today, until, content or "")
