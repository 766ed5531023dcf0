"""The hall's screens on the meeting's page: which show it, and the code of the next one."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.calendar import hour
from meeting_app.domain.hall_screen import PAIRING_STATES
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import hall_screen
from meeting_app.services.meeting import MeetingView
from meeting_app.ui import notices
from meeting_app.ui.words import plain


def screens(ports: Ports, actor: Actor, meeting: MeetingView) -> None:
    """For the desk, folded away: it is needed once, before the meeting."""
    shown = hall_screen.screens(ports, actor, meeting.id)
    if meeting.state not in PAIRING_STATES and not shown:
        return
    title = _("Hall screens ({count})", count=len(shown)) if shown else _("Hall screens")
    with st.expander(title, icon=":material/tv:", key=f"screens_{meeting.id}"):
        for each in shown:
            with st.container(horizontal=True, vertical_alignment="center"):
                since = _("Shows this meeting since {hour}", hour=hour(each.paired_at))
                st.markdown(f"**{plain(each.name)}**  \n{since}")
                if st.button(_("Part"), key=f"part_{each.id}"):
                    with notices.refusals():
                        hall_screen.part(ports, actor, meeting.id, each.id)
                        name = plain(each.name)
                        notices.tell(_("{name} no longer shows this meeting. Its code pairs it again.", name=name))
                        st.rerun()
        if meeting.state in PAIRING_STATES:
            _pairing(ports, actor, meeting.id)


def _pairing(ports: Ports, actor: Actor, meeting_id: int) -> None:
    address = f"{st.context.headers.get('Host', '')}/screen"
    st.caption(
        _("Open {address} on the screen's own computer, then type here the code that it shows.", address=plain(address))
    )
    with st.form(f"pair_{meeting_id}", border=False, clear_on_submit=False):
        code = st.text_input(_("Code on the screen"), max_chars=20, autocomplete="off", placeholder="K7M 4XR")
        if st.form_submit_button(_("Pair the screen"), icon=":material/cast:"):
            with notices.refusals():
                hall_screen.pair(ports, actor, meeting_id, code)
                notices.tell(_("The screen shows this meeting now."))
                st.rerun()
