"""What an administrator does to a credential: the one that helps now stands out, the grave ones are folded away."""

from collections.abc import Callable

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.credential import CredentialState
from meeting_app.domain.credential_life import LONGEST_REASON
from meeting_app.domain.key import ALGORITHM_LABEL, KeyAlgorithm
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import certificate_request
from meeting_app.services import credential_life as life
from meeting_app.services.credential_life import HandOverForm
from meeting_app.services.credential_overview import CredentialCard
from meeting_app.ui import notices
from meeting_app.ui.words import plain

_FOR_GOOD = (CredentialState.REVOKED, CredentialState.STOPPED)


def first(ports: Ports, actor: Actor, seen: CredentialCard) -> None:
    """The step that a locked or suspended credential waits for."""
    view = seen.credential
    if view.state is CredentialState.LOCKED:
        _act(
            _("Unlock"),
            _("How was the holder's identity checked?"),
            lambda text: life.unlock(ports, actor, view.id, text),
            _("The key is unlocked; its holder may try the PIN again."),
        )
    if view.state is CredentialState.SUSPENDED:
        _act(
            _("Resume"),
            _("Reason"),
            lambda text: life.resume(ports, actor, view.id, text),
            _("The certificate is in use again."),
        )


def others(ports: Ports, actor: Actor, seen: CredentialCard) -> None:
    view = seen.credential
    if view.state not in _FOR_GOOD:
        _hand_over(ports, actor, seen)
    _reissue(ports, actor, seen)
    if view.state in (CredentialState.IN_USE, CredentialState.LOCKED, CredentialState.NOT_YET):
        with st.expander(_("Suspend"), icon=":material/pause_circle:"):
            st.caption(_("Nothing can be signed with it until you resume it."))
            _form(
                _("Suspend"),
                _("Reason"),
                lambda text: life.suspend(ports, actor, view.id, text),
                _("The certificate is suspended."),
            )
    if view.state is not CredentialState.REVOKED:
        with st.expander(_("Revoke for good"), icon=":material/block:"):
            st.caption(
                _("This cannot be undone here. Please also ask the issuing authority to revoke it: others ask there.")
            )
            _form(
                _("Revoke for good"),
                _("Reason"),
                lambda text: life.revoke(ports, actor, view.id, text),
                _("The certificate is revoked."),
            )


def _act(label: str, question: str, act: Callable[[str], object], news: str) -> None:
    with st.container(border=True, key="card_next_act"):
        _form(label, question, act, news, primary=True)


def _form(label: str, question: str, act: Callable[[str], object], news: str, *, primary: bool = False) -> None:
    with st.form(f"act_{label}", border=False):
        text = st.text_input(question, max_chars=LONGEST_REASON, key=f"reason_{label}")
        if st.form_submit_button(label, type="primary" if primary else "secondary"):
            with notices.refusals():
                act(text or "")
                notices.tell(news)
                st.rerun()


def _hand_over(ports: Ports, actor: Actor, seen: CredentialCard) -> None:
    names = dict(seen.receivers)
    if not names:
        return
    with st.expander(_("Record the hand-over"), icon=":material/handshake:"), st.form("hand_over", border=False):
        receiver = st.selectbox(_("Received by"), list(names), format_func=lambda each: names[each], key="receiver")
        device = st.text_input(_("Serial number of the device, if there is one"), max_chars=60, key="device")
        note = st.text_input(_("Note"), max_chars=LONGEST_REASON, key="hand_over_note")
        if st.form_submit_button(_("Record the hand-over")):
            with notices.refusals():
                form = HandOverForm(receiver, device or "", note or "")
                life.hand_over(ports, actor, seen.credential.id, form)
                notices.tell(_("The hand-over is recorded; its record can be printed below."))
                st.rerun()


def _reissue(ports: Ports, actor: Actor, seen: CredentialCard) -> None:
    with st.expander(_("Request the next certificate"), icon=":material/autorenew:"):
        st.caption(_("For the post held today: after a move, or before this one ends."))
        algorithm = kind_of_key("reissue_algorithm")
        if st.button(_("Request it"), key="reissue", icon=":material/add:"):
            with notices.refusals():
                request_id = certificate_request.reissue(ports, actor, seen.credential.id, algorithm)
                notices.offer_way_back(
                    _(
                        "A certificate is requested for {name}; the PIN is to be chosen next.",
                        name=plain(seen.credential.holder),
                    ),
                    lambda: certificate_request.withdraw(ports, actor, request_id),
                )
                st.rerun()


def kind_of_key(key: str) -> KeyAlgorithm:
    """A choice of what authorities issue certificates for; the usual one first."""
    labels = {ALGORITHM_LABEL[each]: each for each in KeyAlgorithm}
    return labels[st.selectbox(_("Kind of key"), list(labels), key=key)]
