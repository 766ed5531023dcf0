"""Có gì mới: two versions of a document, page by page beside each other. ?document="""

import streamlit as st

from meeting_app import running
from meeting_app.domain.comparison import Comparison
from meeting_app.domain.version import Version
from meeting_app.errors import MeetingError, NotFound
from meeting_app.i18n import _
from meeting_app.services import document as documents
from meeting_app.services import version as versions
from meeting_app.ui import notices, session
from meeting_app.ui.links import Page, asked_number, document_page, picture, way
from meeting_app.ui.words import plain

_AT_ONCE = 12  # pairs of pages on the screen; more come by a touch

ports, actor = running.ports(), session.actor()


def page(document_id: int, version: Version, number: int | None, caption: str) -> None:
    if number is None:
        st.caption(caption)
        return
    st.markdown(f"**{caption}**")
    st.markdown(picture(caption, document_page(document_id, version.sha256[:16], number)))


def pairs(found: Comparison) -> list[tuple[int | None, int | None]]:
    """Changed, removed and added pages in the order of the later version."""
    changed = [(new, old, new) for old, new in found.changed]
    added = [(new, None, new) for new in found.added]
    known = dict([*found.same, *found.changed])
    removed = []
    for old in found.removed:
        before = max((new for earlier, new in known.items() if earlier < old), default=-1)
        removed.append((before, old, None))
    return [(old, new) for _place, old, new in sorted([*changed, *added, *removed], key=lambda each: each[0])]


def beside(document_id: int, before: Version, after: Version, old: int | None, new: int | None) -> None:
    left, right = st.columns(2)
    with left:
        caption = _("Before: page {page}", page=old + 1) if old is not None else _("This page is new.")
        page(document_id, before, old, caption)
    with right:
        caption = _("Now: page {page}", page=new + 1) if new is not None else _("This page was taken out.")
        page(document_id, after, new, caption)


def compared(document_id: int) -> None:
    meeting_id, view = documents.view(ports, actor, document_id)
    st.title(plain(view.title), anchor=False)
    if meeting_id is not None:
        way(Page.MEETING, _("Back to the meeting"), icon=":material/arrow_back:", meeting=meeting_id)
    if view.version == 1:
        raise NotFound
    before, after, found = versions.compared(ports, actor, document_id, view.version - 1, view.version)
    st.markdown(
        _(
            "Version {after} against version {before}: {changed} pages changed, {added} added, {removed} removed,"
            " {same} as before.",
            after=after.number,
            before=before.number,
            changed=len(found.changed),
            added=len(found.added),
            removed=len(found.removed),
            same=len(found.same),
        )
    )
    rest = pairs(found)
    shown = st.session_state.get(f"compared_{document_id}", _AT_ONCE)
    for old, new in rest[:shown]:
        with st.container(border=True):
            beside(document_id, before, after, old, new)
    if len(rest) > shown and st.button(_("Show more pages"), key=f"more_{document_id}"):
        st.session_state[f"compared_{document_id}"] = shown + _AT_ONCE
        st.rerun()


asked = asked_number("document")
try:
    if asked is None:
        raise NotFound
    compared(asked)
except MeetingError as error:
    notices.refused(error)
    way(Page.TODAY, _("Today"), icon=":material/arrow_back:")
