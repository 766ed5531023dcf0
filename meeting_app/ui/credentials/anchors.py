"""Trusted authorities: the roots this house believes, and when that began or ended (L16)."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.calendar import local
from meeting_app.domain.trust_anchor import ANCHOR_LABEL
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import trust_anchor
from meeting_app.services.trust_anchor import AnchorView
from meeting_app.ui import certificate_upload, notices
from meeting_app.ui.badges import inline
from meeting_app.ui.credentials.card import grouped
from meeting_app.ui.words import plain


def listed(ports: Ports, actor: Actor) -> None:
    found = trust_anchor.anchors(ports, actor)
    trusted = [each for each in found if each.removed_at is None]
    left, right = st.columns([3, 2], gap="large")
    with left:
        if not trusted:
            notices.nothing_here(
                _("No authority was added here."),
                hint=_("The authorities of this installation's own trust file count besides."),
            )
        for each in trusted:
            _card(ports, actor, each)
        removed = [each for each in found if each.removed_at is not None]
        if removed:
            with st.expander(_("No longer trusted ({count})", count=len(removed))):
                st.markdown("\n".join(f"- {_past(each)}" for each in removed))
    with right, st.container(border=True, key="card_adding"):
        st.subheader(_("Add an authority"), anchor=False)
        st.caption(_("What its certificates sign is found valid in this whole installation from the next check on."))
        certificate_upload.anchor(news=_("The authority is trusted from now on."))


def _card(ports: Ports, actor: Actor, anchor: AnchorView) -> None:
    with st.container(border=True, key=f"card_anchor_{anchor.id}"):
        st.markdown(f"**{plain(anchor.name)}**  \n{inline(_(ANCHOR_LABEL[anchor.kind]), 'account_balance', 'blue')}")
        st.caption(
            _(
                "Valid until {end}; added by {name} on {date}.",
                end=f"{local(anchor.not_after):%d/%m/%Y}",
                name=plain(anchor.added_by),
                date=f"{local(anchor.added_at):%d/%m/%Y}",
            )
            + "  \n"
            + _("Fingerprint: {fingerprint}", fingerprint=grouped(anchor.sha256.upper()))
        )
        with st.popover(_("Trust it no longer"), icon=":material/remove_moderator:"):
            st.markdown(_("Nothing that hangs on it can be signed or confirmed any more, old papers included."))
            if st.button(_("Remove this authority"), key=f"remove_anchor_{anchor.id}"):
                with notices.refusals():
                    trust_anchor.remove(ports, actor, anchor.id)
                    notices.tell(_("The authority is no longer trusted."))
                    st.rerun()


def _past(anchor: AnchorView) -> str:
    ended = f"{local(anchor.removed_at):%d/%m/%Y}" if anchor.removed_at else ""
    return _("{name}: removed by {who} on {date}", name=plain(anchor.name), who=plain(anchor.removed_by), date=ended)
