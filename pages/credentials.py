"""Chứng thư số: what needs attention, every credential of the unit, requests, trust anchors; ?credential= opens one."""

import streamlit as st

from meeting_app import running
from meeting_app.domain.account import Right
from meeting_app.errors import MeetingError, NotFound
from meeting_app.i18n import _
from meeting_app.ui import notices, session
from meeting_app.ui.credentials import anchors, attention, card, listing, requests
from meeting_app.ui.links import Page, asked_number, way

ports, actor = running.ports(), session.actor()


def everything() -> None:
    """Only the tab that is open is drawn."""
    titles = [_("Overview"), _("Certificates"), _("Requests"), _("Trusted authorities")]
    tabs = st.tabs(titles, key="credentials_tab", on_change="rerun")
    for tab, draw in zip(tabs, (attention.listed, listing.listed, requests.listed, anchors.listed), strict=True):
        if tab.open:
            with tab:
                draw(ports, actor)


asked = asked_number("credential")
try:
    if Right.ADMINISTER not in actor.rights:
        raise NotFound
    if asked is None:
        st.title(_("Certificates"), anchor=False)
        notices.show()
        everything()
    else:
        card.opened(ports, actor, asked)
except MeetingError as error:
    notices.refused(error)
    if asked is not None and Right.ADMINISTER in actor.rights:
        way(Page.CREDENTIALS, _("All certificates"), icon=":material/arrow_back:")
