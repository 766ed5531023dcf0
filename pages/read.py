"""Đọc tài liệu: ?document=, at ?page= if asked, or ?paper=&meeting=."""

import streamlit as st

from meeting_app import running
from meeting_app.domain.document import DocumentState
from meeting_app.errors import MeetingError, NotFound
from meeting_app.i18n import _
from meeting_app.services import document as documents
from meeting_app.services import invitation as invitations
from meeting_app.services import meeting as meetings
from meeting_app.services import minutes as records
from meeting_app.ui import notices, session
from meeting_app.ui.links import (
    Page,
    asked_number,
    asked_word,
    document_file,
    go,
    paper_file,
    paper_pages,
    way,
)
from meeting_app.ui.reader import document_reader, paper_reader
from meeting_app.ui.words import plain

_LOOK_SECONDS = 2  # between two looks at pages being drawn

ports, actor = running.ports(), session.actor()


def head(title: str, meeting_id: int | None, file: str | None) -> None:
    """What is read, the way back, and the file itself if its reader may have it."""
    with st.container(key="read_head", horizontal=True, vertical_alignment="center"):
        if meeting_id is None:
            way(Page.PAPERS, _("Back to my documents"), icon=":material/arrow_back:")
        else:
            way(Page.MEETING, _("Back to the meeting"), icon=":material/arrow_back:", meeting=meeting_id)
        st.title(title, anchor=False)
        if file is not None:
            st.link_button(_("Download"), file, icon=":material/download:")


def document(document_id: int, number: int | None) -> None:
    meeting_id, view = documents.view(ports, actor, document_id, number=number)
    head(plain(view.title), meeting_id, document_file(document_id, number) if view.keeps else None)
    if not view.prints:
        with st.container(key="not_for_print"):
            st.caption(_("This document may not be printed."))
    if view.state is DocumentState.FAILED:
        st.warning(_("The pages cannot be shown; the file can be downloaded."), icon=":material/warning:")
        return
    if view.state is DocumentState.PREPARING:
        st.fragment(drawing, run_every=_LOOK_SECONDS)(document_id, number)
    if view.prepared_pages:
        page = asked_number("page")
        document_reader(actor, meeting_id, view, page=page - 1 if page else None)


def drawing(document_id: int, number: int | None) -> None:
    """How far the pages are; once all are there the whole page is shown anew."""
    _meeting_id, view = documents.view(running.ports(), session.actor(), document_id, number=number)
    if view.state is not DocumentState.PREPARING:
        st.rerun()
    st.progress(
        min(1.0, view.prepared_pages / max(1, view.pages)),
        _("Preparing pages: {done} of {pages}", done=view.prepared_pages, pages=view.pages),
    )


def paper(kind: str, meeting_id: int) -> None:
    meeting = meetings.view(ports, actor, meeting_id)
    view = (invitations if kind == "invitation" else records).view(ports, actor, meeting_id)
    if view is None or not view.sha256:
        raise NotFound
    name = _("Invitation") if kind == "invitation" else _("Minutes of the meeting")
    head(f"{name}: {plain(meeting.title)}", meeting_id, paper_file(kind, meeting_id))
    addresses = paper_pages(kind, meeting_id, view.sha256)
    paper_reader(actor, addresses, title=name, pages=view.pages, key=f"{kind}_{meeting_id}")


asked, kind, meeting_id = (
    asked_number("document"),
    asked_word("paper", ("invitation", "minutes")),
    asked_number("meeting"),
)
try:
    if asked is not None:
        document(asked, asked_number("version"))
    elif kind is not None and meeting_id is not None:
        paper(kind, meeting_id)
    else:
        go(Page.TODAY)
except MeetingError as error:
    notices.refused(error)
    way(Page.TODAY, _("Today"), icon=":material/arrow_back:")
