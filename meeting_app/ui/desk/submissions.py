"""Chờ duyệt: what other units handed in, for the chair and the secretary to approve or refuse; and whom to ask."""

from collections.abc import Sequence

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.version import APPROVAL_LABEL, Approval
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import approval as approvals
from meeting_app.services import preparation as preparations
from meeting_app.services.agenda import ItemView
from meeting_app.services.approval import Submission
from meeting_app.ui import notices
from meeting_app.ui.badges import inline
from meeting_app.ui.links import Page, way_button
from meeting_app.ui.words import plain, stamp

COLOUR = {Approval.SUBMITTED: "orange", Approval.APPROVED: "green", Approval.REFUSED: "red"}
ICON = {Approval.SUBMITTED: "hourglass_top", Approval.APPROVED: "check_circle", Approval.REFUSED: "block"}


def state(submission: Submission) -> str:
    return inline(_(APPROVAL_LABEL[submission.approval]), ICON[submission.approval], COLOUR[submission.approval])


def waiting(ports: Ports, actor: Actor, meeting_id: int) -> None:
    """Nothing is drawn when nothing was handed in."""
    found = approvals.submissions(ports, actor, meeting_id)
    if not found:
        return
    with st.container(border=True, key="card_submissions"):
        st.markdown(_("**Handed in by other units**"))
        for each in found:
            with notices.refusals():
                _row(ports, actor, each)


def _row(ports: Ports, actor: Actor, each: Submission) -> None:
    st.markdown(
        f"{plain(each.title)}  \n{plain(each.by)}, {plain(each.unit)} · {stamp(each.at)} ·"
        f" {_('version {number}', number=each.number)} {state(each)}"
    )
    if each.reason:
        st.caption(_("Reason: {reason}", reason=plain(each.reason)))
    with st.container(horizontal=True):
        way_button(
            Page.READ,
            _("Read"),
            key=f"read_submission_{each.version_id}",
            icon=":material/menu_book:",
            document=each.document_id,
            version=each.number,
        )
        if each.approval is not Approval.SUBMITTED:
            if st.button(_("Decide anew"), key=f"undecide_{each.version_id}", icon=":material/undo:"):
                approvals.undo(ports, actor, each.version_id)
                st.rerun()
            return
        if st.button(_("Approve"), key=f"approve_{each.version_id}", icon=":material/check:", type="primary"):
            approvals.approve(ports, actor, each.version_id)
            _offer_way_back(ports, actor, each, _("“{title}” was approved.", title=plain(each.title)))
            st.rerun()
        with st.popover(_("Refuse"), icon=":material/block:", key=f"refusing_{each.version_id}"):
            reason = st.text_area(_("Why it is refused"), key=f"reason_{each.version_id}", max_chars=500)
            if st.button(_("Refuse with this reason"), key=f"refuse_{each.version_id}"):
                with notices.refusals():
                    approvals.refuse(ports, actor, each.version_id, reason or "")
                    _offer_way_back(ports, actor, each, _("“{title}” was refused.", title=plain(each.title)))
                    st.rerun()


def _offer_way_back(ports: Ports, actor: Actor, each: Submission, sentence: str) -> None:
    notices.offer_way_back(sentence, lambda: approvals.undo(ports, actor, each.version_id))


def asking(ports: Ports, actor: Actor, meeting_id: int, items: Sequence[ItemView]) -> None:
    """Which units bring documents for which item."""
    asked = preparations.units(ports, actor, meeting_id)
    known = preparations.askable(ports)
    if not items:
        return
    with st.expander(_("Ask units to bring documents"), icon=":material/outgoing_mail:", key=f"asking_{meeting_id}"):
        titles = {item.id: f"{item.position}. {item.title}" for item in items}
        for each in asked:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(f"{plain(titles.get(each.item_id, ''))}  \n{plain(each.name)}", width=480)
                if st.button(_("Let go"), key=f"let_go_{each.item_id}_{each.unit_id}"):
                    preparations.let_go(ports, actor, each.item_id, each.unit_id)
                    st.rerun()
        item_id = st.selectbox(
            _("For the item"), list(titles), format_func=lambda one: titles[one], key=f"asked_item_{meeting_id}"
        )
        unit_id = st.selectbox(
            _("Unit"), list(known), format_func=lambda one: known[one], key=f"asked_unit_{meeting_id}"
        )
        if st.button(_("Ask this unit"), key=f"ask_{meeting_id}", icon=":material/send:"):
            with notices.refusals():
                preparations.ask(ports, actor, item_id, unit_id)
                st.rerun()
