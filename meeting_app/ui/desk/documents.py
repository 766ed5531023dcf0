"""Tài liệu: what lies under each item; at the desk the way in, and the way out."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from meeting_app import running
from meeting_app.domain.access import Actor
from meeting_app.domain.document import DocumentState
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import document as documents
from meeting_app.services import document_origin
from meeting_app.services.agenda import ItemView
from meeting_app.services.document import DocumentView
from meeting_app.services.document_origin import Origin
from meeting_app.ui import badges, notices, session
from meeting_app.ui.badges import inline
from meeting_app.ui.desk import rights
from meeting_app.ui.links import Page, document_source, way_button
from meeting_app.ui.uploader import uploader
from meeting_app.ui.words import megabytes, plain

_TEXT_WIDTH = 480  # pixels at most, beside the buttons
_WHOLE_MEETING = 0  # no item's id; a list whose choice is None could be emptied
_GLANCE_SECONDS = 2  # between two looks at pages being drawn


def listed(ports: Ports, actor: Actor, meeting_id: int, items: Sequence[ItemView], *, desk: bool) -> None:
    """The documents by item; while pages are being drawn the list looks again by itself."""
    found = documents.documents(ports, actor, meeting_id)
    drawing = any(each.state is DocumentState.PREPARING for each in found)
    st.fragment(_grouped, run_every=_GLANCE_SECONDS if drawing else None)(meeting_id, tuple(items), desk, drawing)


def _grouped(meeting_id: int, items: tuple[ItemView, ...], desk: bool, drawing: bool) -> None:  # noqa: FBT001 — a fragment
    ports, actor = running.ports(), session.actor()
    found = documents.documents(ports, actor, meeting_id)
    if drawing and all(each.state is not DocumentState.PREPARING for each in found):
        st.rerun()
    if not found:
        hint = _("Hand in files above; each attendee finds them here and in the room.") if desk else ""
        notices.nothing_here(_("No document yet."), hint=hint)
    origins = document_origin.of(ports, found)
    headings = {item.id: f"{item.position}. {plain(item.title)}" for item in items}
    for item_id in (None, *headings):
        group = [
            each for each in found if each.item_id == item_id or (item_id is None and each.item_id not in headings)
        ]
        if not group:
            continue
        with st.container(border=True, key=f"card_documents_{item_id or 'meeting'}"):
            heading = headings[item_id] if item_id else _("The whole meeting")
            st.markdown(f"**{heading}**")
            for each in group:
                with notices.refusals():
                    _row(ports, actor, meeting_id, each, origins[each.id], desk=desk)


def _row(ports: Ports, actor: Actor, meeting_id: int, document: DocumentView, origin: Origin, *, desk: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(
            f"{plain(document.title)}  \n{_facts(document, desk=desk)}{_brought(document, origin)}", width=_TEXT_WIDTH
        )
        with st.container(horizontal=True, width="content", gap="xxsmall"):
            way_button(
                Page.READ,
                _("Read"),
                key=f"read_document_{document.id}",
                icon=":material/menu_book:",
                document=document.id,
            )
            if desk and st.button(_("Remove"), key=f"remove_document_{document.id}"):
                _remove(ports, actor, document)
                st.rerun()
    if desk:
        with st.container(horizontal=True):
            if document.version > 1:
                way_button(
                    Page.COMPARE,
                    _("What changed"),
                    key=f"compare_{document.id}",
                    icon=":material/compare:",
                    document=document.id,
                )
            rights.handled(ports, actor, document, attendees.attendees(ports, actor, meeting_id))
    elif document.version > 1:
        way_button(
            Page.COMPARE,
            _("New version: what changed"),
            key=f"compare_{document.id}",
            icon=":material/compare:",
            document=document.id,
        )
    if document.state is DocumentState.PREPARING:
        drawn = _("Preparing pages: {done} of {pages}", done=document.prepared_pages, pages=document.pages)
        st.progress(min(1.0, document.prepared_pages / max(1, document.pages)), drawn)


def _facts(document: DocumentView, *, desk: bool) -> str:
    facts = _("{pages} pages, {size}", pages=document.pages, size=megabytes(document.size))
    if document.state is DocumentState.FAILED:
        facts += " " + inline(_("pages cannot be shown; the file can be downloaded"), "warning", "orange")
    if document.sealed_at is not None:
        facts += " " + inline(_("sealed"), "approval", "green")
    if document.version > 1:
        facts += " " + inline(_("version {number}", number=document.version), "update", "blue")
    return f"{facts} {rights.facts(document)}" if desk else facts


def _brought(document: DocumentView, origin: Origin) -> str:
    """Signatures as they were judged at the preparation, and the way to the office file."""
    facts = ""
    if origin.verdict is not None:
        facts += f"  \n{_('Signatures in the file')}: {badges.verdict(origin.verdict.verdict)}"
    if origin.file_name:
        facts += f"  \n{_('As it was handed in')}: [{plain(origin.file_name)}]({document_source(document.id)})"
    return facts


def _remove(ports: Ports, actor: Actor, document: DocumentView) -> None:
    documents.remove(ports, actor, document.id)
    notices.offer_way_back(
        _("“{title}” was removed from every tablet.", title=plain(document.title)),
        partial(documents.restore, ports, actor, document.id),
    )


def taking_in(meeting_id: int, items: Sequence[ItemView]) -> None:
    """Where the desk says what a file belongs to, and hands it in."""
    titles = {item.id: f"{item.position}. {item.title}" for item in items}
    with st.container(border=True, key="card_taking_in"):
        st.markdown(_("**Hand in documents**"))
        item_id = st.selectbox(
            _("They belong to"),
            [_WHOLE_MEETING, *titles],
            format_func=lambda each: titles.get(each, _("The whole meeting")),
            key=f"upload_item_{meeting_id}",
        )
        for_guests = st.toggle(_("Guests may read them too"), key=f"upload_guests_{meeting_id}")
        if uploader(meeting_id, item_id=item_id or None, for_guests=for_guests, key=f"upload_{meeting_id}"):
            st.rerun()
