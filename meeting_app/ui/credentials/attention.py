"""The overview: what an administrator must see to, the most urgent first, each with its one step."""

from collections import Counter

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.calendar import local
from meeting_app.domain.key import KeyAlgorithm
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_, _
from meeting_app.ports import Ports
from meeting_app.services import certificate_request, credential_attention, credential_overview
from meeting_app.services.certificate_request import Asking
from meeting_app.services.credential_attention import Attention, Need
from meeting_app.services.credential_overview import RequestView
from meeting_app.ui import badges, notices
from meeting_app.ui.links import Page, way_button
from meeting_app.ui.words import plain

_USUAL = KeyAlgorithm.RSA_2048  # what every authority here issues for
_TEXT_WIDTH = 620  # pixels at most, beside a button
_NEED = {
    Need.MISSING: (N_("has no certificate to sign with"), "person_off", "red"),
    Need.LOCKED: (N_("is locked by wrong PINs"), "lock", "orange"),
    Need.SUSPENDED: (N_("is suspended"), "pause_circle", "orange"),
    Need.ENDING: (N_("ends soon"), "event_upcoming", "orange"),
}
_COUNT = {
    Need.MISSING: N_("{count} missing"),
    Need.LOCKED: N_("{count} locked"),
    Need.SUSPENDED: N_("{count} suspended"),
    Need.ENDING: N_("{count} end within 90 days"),
}


def listed(ports: Ports, actor: Actor) -> None:
    needs = credential_attention.attention(ports, actor)
    if not needs:
        notices.nothing_here(
            _("Everybody who must sign has a certificate, and none ends within 90 days."),
            hint=_("Keys that are missing, locked, suspended or about to end appear here."),
        )
        return
    counts = Counter(each.need for each in needs)
    st.markdown(
        " ".join(
            badges.inline(_(_COUNT[need], count=counts[need]), icon, colour)
            for need, (_label, icon, colour) in _NEED.items()
            if counts[need]
        )
    )
    pending = {each.account_id: each for each in credential_overview.requests(ports, actor) if _open(each)}
    for place, need in enumerate(needs):
        _row(ports, actor, need, pending.get(need.account_id), place)


def _open(request: RequestView) -> bool:
    return request.state in (request.state.ASKED, request.state.KEY_MADE)


def _row(ports: Ports, actor: Actor, need: Attention, pending: RequestView | None, place: int) -> None:
    label, icon, colour = _NEED[need.need]
    who = plain(need.holder) + (f" – {plain(need.post)}" if need.post else "")
    line = badges.inline(_(label), icon, colour)
    if need.need is Need.ENDING and need.ends_at is not None:
        days = (local(need.ends_at).date() - local(ports.clock.now()).date()).days
        line += " " + _("on {date}, in {days} days", date=f"{local(need.ends_at):%d/%m/%Y}", days=days)
    with (
        st.container(border=True, key=f"card_need_{place}"),
        st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"),
    ):
        st.markdown(f"**{who}**  \n{line}", width=_TEXT_WIDTH)
        if pending is not None and need.need in (Need.MISSING, Need.ENDING):
            st.markdown(badges.certificate_request(pending.state), width="content")
        elif need.need is Need.MISSING or need.credential_id is None:
            _asking(ports, actor, need, place)
        else:
            way_button(Page.CREDENTIALS, _("Open"), key=f"open_need_{place}", credential=need.credential_id)


def _asking(ports: Ports, actor: Actor, need: Attention, place: int) -> None:
    if not st.button(_("Request a certificate"), key=f"ask_{place}", icon=":material/add:"):
        return
    try:
        request_id = certificate_request.ask(ports, actor, Asking(_USUAL, need.account_id))
    except MeetingError as error:
        notices.refused(error)
        return
    notices.offer_way_back(
        _("A certificate is requested for {name}; the PIN is to be chosen next.", name=plain(need.holder)),
        lambda: certificate_request.withdraw(ports, actor, request_id),
    )
    st.rerun()
