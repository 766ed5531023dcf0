"""Who may do what with a document, at the desk: set beside it, released and taken back by one touch."""

from collections.abc import Sequence

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.document import AUDIENCE_LABEL, RELEASE_LABEL, Audience, Release, Rights
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import release as releases
from meeting_app.services.attendee import AttendeeView
from meeting_app.services.document import DocumentView
from meeting_app.ui import notices
from meeting_app.ui.badges import inline
from meeting_app.ui.uploader import replacing
from meeting_app.ui.words import plain


def facts(document: DocumentView) -> str:
    """What is not as usual, in the words of the desk."""
    rights = document.rights
    if rights is None:
        return ""
    words = [inline(_(AUDIENCE_LABEL[rights.audience]), "group", "blue")] if rights.audience != Audience.MEMBERS else []
    if not rights.may_download:
        words.append(inline(_("view only"), "visibility", "orange"))
    if rights.release is Release.AT_ITEM:
        words.append(inline(_("released at its item"), "schedule", "blue"))
    if rights.release is Release.BY_HAND:
        released = document.released_at is not None
        word = _("released by hand") if released else _("held back")
        words.append(inline(word, "lock_open" if released else "lock", "green" if released else "orange"))
    return " ".join(words)


def handled(ports: Ports, actor: Actor, document: DocumentView, people: Sequence[AttendeeView]) -> None:
    """The one touch that helps now, and the rest beside it."""
    rights = document.rights
    if rights is None:
        return
    if rights.release is not Release.ON_ISSUE and document.released_at is None:
        if st.button(_("Release now"), key=f"release_{document.id}", icon=":material/lock_open:"):
            releases.release(ports, actor, document.id)
            _offer_way_back(ports, actor, document, _("“{title}” was released.", title=plain(document.title)))
            st.rerun()
    elif st.button(_("Hold back"), key=f"hold_{document.id}", icon=":material/lock:"):
        releases.take_back(ports, actor, document.id)
        sentence = _("“{title}” left all tablets but the desk's.", title=plain(document.title))
        _offer_way_back(ports, actor, document, sentence)
        st.rerun()
    with st.popover(_("Rights and versions"), icon=":material/tune:", key=f"rights_{document.id}"):
        _form(ports, actor, document, rights, people)
        st.markdown(_("**New version in the place of version {number}**", number=document.version))
        if replacing(document.id, document.version, key=f"replace_{document.id}_{document.version}"):
            st.rerun()


def _form(ports: Ports, actor: Actor, document: DocumentView, rights: Rights, people: Sequence[AttendeeView]) -> None:
    names = {each.account_id: each.name for each in people}
    place = f"{document.id}_{document.version}"
    audience = st.selectbox(
        _("Who reads it"),
        list(Audience),
        index=list(Audience).index(rights.audience),
        format_func=lambda each: _(AUDIENCE_LABEL[each]),
        key=f"audience_{place}",
    )
    named: list[int] = []
    if (audience or rights.audience) is Audience.NAMED:
        named = st.pills(
            _("Persons"),
            list(names),
            selection_mode="multi",
            default=[each for each in rights.named if each in names],
            format_func=lambda each: names[each],
            key=f"named_{place}",
        )
    release = st.selectbox(
        _("When it is released"),
        list(Release),
        index=list(Release).index(rights.release),
        format_func=lambda each: _(RELEASE_LABEL[each]),
        key=f"when_{place}",
    )
    download = st.toggle(_("Its file may be downloaded"), rights.may_download, key=f"download_{place}")
    printing = st.toggle(_("It may be printed"), rights.may_print, key=f"print_{place}", disabled=download)
    if st.button(_("Save the rights"), key=f"permit_{place}", type="primary", width="stretch"):
        with notices.refusals():
            new = Rights(audience or rights.audience, download, printing, release or rights.release, frozenset(named))
            releases.permit(ports, actor, document.id, new)
            sentence = _("The rights of “{title}” were changed.", title=plain(document.title))
            _offer_way_back(ports, actor, document, sentence)
            st.rerun()


def _offer_way_back(ports: Ports, actor: Actor, document: DocumentView, sentence: str) -> None:
    rights, released = document.rights, document.released_at is not None

    def back() -> None:
        if rights is not None:
            releases.permit(ports, actor, document.id, rights)
            if rights.release is Release.BY_HAND:
                (releases.release if released else releases.take_back)(ports, actor, document.id)

    notices.offer_way_back(sentence, back)
