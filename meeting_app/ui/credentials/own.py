"""My certificates on the account page: their dates, the PIN, and the emergency brake."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.calendar import local
from meeting_app.domain.credential import CredentialKind, CredentialState
from meeting_app.domain.credential_life import LONGEST_REASON
from meeting_app.domain.key import ALGORITHM_LABEL, KeyPlace
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import credential_life as life
from meeting_app.services import credential_overview
from meeting_app.services.credential_overview import OVER, CredentialView, RequestView
from meeting_app.ui import badges, notices, pin_form
from meeting_app.ui.words import plain

_MAY_STOP = (CredentialState.IN_USE, CredentialState.NOT_YET, CredentialState.LOCKED)


def shown(ports: Ports, actor: Actor) -> None:
    """What one signs with, and the keys one is to make."""
    waiting = credential_overview.keys_to_make(ports, actor)
    mine = [each for each in credential_overview.own(ports, actor) if each.state not in OVER]
    if not waiting and not mine:
        return
    st.subheader(_("My certificates"), anchor=False)
    for request in waiting:
        _making(request)
    for view in mine:
        _card(ports, actor, view)


def _making(request: RequestView) -> None:
    with st.container(border=True, key=f"card_make_key_{request.id}"):
        st.markdown(
            _(
                "**A certificate is being requested for {name}** ({key}). Choose the PIN you will sign with.",
                name=plain(request.holder),
                key=ALGORITHM_LABEL[request.algorithm],
            )
        )
        pin_form.choosing(
            request.id, news=_("The key is made. The administrator now sends the request to the authority.")
        )


def _card(ports: Ports, actor: Actor, view: CredentialView) -> None:
    what = _("agency seal") if view.kind is CredentialKind.SEAL else plain(view.post)
    until = f"{local(view.not_after):%d/%m/%Y}"
    with st.container(border=True, key=f"card_own_{view.id}"):
        st.markdown(
            f"**{plain(view.holder)}**"
            + (f" – {what}" if what else "")
            + f"  \n{badges.credential(view.state)} "
            + _("valid until {date}", date=until)
        )
        if view.ends_soon(ports.clock.now()):
            st.warning(_("It ends soon. Please ask your administrator for the next one."), icon=":material/event:")
        if view.state is CredentialState.SUSPENDED:
            st.caption(_("Nothing can be signed with it. Your administrator can resume it."))
        if view.state is CredentialState.LOCKED:
            st.caption(_("The PIN was wrong too often. Your administrator can unlock it."))
        if view.state is CredentialState.IN_USE and view.place is KeyPlace.FILE:
            with st.expander(_("Change the PIN"), icon=":material/pin:"):
                pin_form.changing(view.id)
        if view.state in _MAY_STOP:
            _brake(ports, actor, view)


def _brake(ports: Ports, actor: Actor, view: CredentialView) -> None:
    with (
        st.expander(_("Emergency: stop this key now"), icon=":material/emergency_home:"),
        st.form(f"brake_{view.id}", border=False),
    ):
        st.caption(_("For a lost device or a PIN that others may know. Only an administrator can resume the key."))
        reason = st.text_input(_("What happened (may stay empty)"), max_chars=LONGEST_REASON, key=f"why_{view.id}")
        if st.form_submit_button(_("Stop this key now"), icon=":material/block:"):
            with notices.refusals():
                life.suspend_own(ports, actor, view.id, reason or "")
                notices.tell(_("Your key is stopped. Please tell your administrator."))
                st.rerun()
