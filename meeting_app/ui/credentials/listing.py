"""Every credential of the unit: found by name or post, filtered by state."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.calendar import local
from meeting_app.domain.credential import CredentialKind, CredentialState
from meeting_app.i18n import N_, _
from meeting_app.ports import Ports
from meeting_app.services import credential_overview
from meeting_app.services.credential_overview import OVER, CredentialView
from meeting_app.ui import badges, notices
from meeting_app.ui.links import Page, way_button
from meeting_app.ui.words import plain

_ROWS = 20  # on one page of the list
_TEXT_WIDTH = 620  # pixels at most, beside a button
_FILTERS = {"all": N_("All"), "use": N_("In use"), "held": N_("Suspended or locked"), "over": N_("No longer in use")}


def listed(ports: Ports, actor: Actor) -> None:
    found = credential_overview.credentials(ports, actor)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            _("Search"), key="credential_search", type="search", live="300ms", placeholder=_("Name or post"), width=340
        )
        chosen = st.pills(
            _("State"),
            list(_FILTERS),
            format_func=lambda each: _(_FILTERS[each]),
            default="all",
            required=True,
            key="credential_filter",
        )
    wanted = (words or "").casefold()
    shown = [each for each in found if wanted in f"{each.holder} {each.post}".casefold() and _passes(each, chosen)]
    if not shown:
        notices.nothing_here(
            _("No certificate matches.") if found else _("No certificate is registered yet."),
            hint="" if found else _("Request the first one under “Requests”."),
        )
        return
    pages = -(-len(shown) // _ROWS)
    slot = st.container()
    page = st.pagination(pages, key="credential_page") if pages > 1 else 1
    with slot:
        for each in shown[(page - 1) * _ROWS : page * _ROWS]:
            _row(each)
    st.caption(_("{count} certificates.", count=len(shown)))


def _passes(view: CredentialView, chosen: str | None) -> bool:
    match chosen:
        case "use":
            return view.state in (CredentialState.IN_USE, CredentialState.NOT_YET)
        case "held":
            return view.state in (CredentialState.SUSPENDED, CredentialState.LOCKED)
        case "over":
            return view.state in OVER
    return True


def standing(view: CredentialView) -> str:
    """The state as a badge, and that its holder left the post without having been moved."""
    left = "" if view.post_held or view.state in OVER else f" {badges.post_left()}"
    return badges.credential(view.state) + left


def _row(view: CredentialView) -> None:
    what = _("agency seal") if view.kind is CredentialKind.SEAL else plain(view.post)
    dates = f"{local(view.not_before):%d/%m/%Y} – {local(view.not_after):%d/%m/%Y}"
    with (
        st.container(border=True, key=f"card_credential_{view.id}"),
        st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"),
    ):
        head = f"**{plain(view.holder)}**" + (f" – {what}" if what else "")
        st.markdown(f"{head}  \n{standing(view)} {dates}", width=_TEXT_WIDTH)
        way_button(Page.CREDENTIALS, _("Open"), key=f"open_credential_{view.id}", credential=view.id)
