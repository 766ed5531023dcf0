"""Requests: whom a certificate is asked for, what is sent to the authority, and what comes back."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.calendar import local
from meeting_app.domain.credential import CredentialKind
from meeting_app.domain.credential_life import RequestState
from meeting_app.domain.key import ALGORITHM_LABEL
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import certificate_request, credential_overview, people
from meeting_app.services.certificate_request import Asking
from meeting_app.services.credential_overview import RequestView
from meeting_app.ui import badges, certificate_upload, notices
from meeting_app.ui.credentials.acts import kind_of_key
from meeting_app.ui.links import request_file
from meeting_app.ui.words import plain

_OPEN = (RequestState.ASKED, RequestState.KEY_MADE)
_SEAL = 0  # among account ids: nobody's
_SHOWN = 50  # closed ones


def listed(ports: Ports, actor: Actor) -> None:
    found = credential_overview.requests(ports, actor)
    waiting = [each for each in found if each.state in _OPEN]
    left, right = st.columns([3, 2], gap="large")
    with left:
        if not waiting:
            notices.nothing_here(
                _("No request is open."), hint=_("Whom a certificate is asked for stands here until it comes.")
            )
        for each in waiting:
            _card(ports, actor, each)
    with right:
        _asking(ports, actor)
    closed = [each for each in found if each.state not in _OPEN]
    if closed:
        with st.expander(_("Closed requests ({count})", count=len(closed))):
            lines = [f"- {_who(each)} {badges.certificate_request(each.state)}" for each in closed[:_SHOWN]]
            st.markdown("\n".join(lines))


def _asking(ports: Ports, actor: Actor) -> None:
    """A form beside the list."""
    members = {each.account_id: each for each in people.of_unit(ports, actor.unit_id)}
    with st.container(border=True, key="card_asking"), st.form("ask_certificate", border=False):
        st.subheader(_("Request a certificate"), anchor=False)
        account_id = st.selectbox(
            _("For"),
            [_SEAL, *members],
            format_func=lambda each: _named(members[each].name, members[each].post) if each else _("The agency seal"),
            index=None,
            placeholder=_("A person in a post, or the seal"),
            key="ask_for",
        )
        algorithm = kind_of_key("ask_algorithm")
        st.caption(_("The key is made here when its holder chooses a PIN under “Account”; nobody else learns it."))
        if st.form_submit_button(_("Request"), type="primary", icon=":material/add:") and account_id is not None:
            with notices.refusals():
                certificate_request.ask(ports, actor, Asking(algorithm, account_id or None))
                notices.tell(_("The certificate is requested. Its holder now chooses a PIN under “Account”."))
                st.rerun()


def _card(ports: Ports, actor: Actor, request: RequestView) -> None:
    entered = _("The certificate is entered and in use.")
    with st.container(border=True, key=f"card_request_{request.id}"):
        st.markdown(
            f"**{_who(request)}**  \n{badges.certificate_request(request.state)} "
            f"{ALGORITHM_LABEL[request.algorithm]} · {local(request.asked_at):%d/%m/%Y}"
        )
        if request.state is RequestState.KEY_MADE:
            st.markdown(_("Send this request to the authority; when its certificate comes, enter it here."))
            st.link_button(_("Download the request (CSR)"), request_file(request.id), icon=":material/download:")
            certificate_upload.certificate(request.id, news=entered)
        with st.expander(_("The authority sent a whole key file")):
            certificate_upload.key_file(request.id, news=entered)
        if st.button(_("Withdraw"), key=f"withdraw_{request.id}", icon=":material/undo:"):
            with notices.refusals():
                certificate_request.withdraw(ports, actor, request.id)
                notices.tell(_("The request is withdrawn and its key forgotten."))
                st.rerun()


def _who(request: RequestView) -> str:
    what = _("agency seal") if request.kind is CredentialKind.SEAL else plain(request.post)
    return _named(plain(request.holder), what)


def _named(name: str, post: str) -> str:
    return f"{name} – {post}" if post else name
