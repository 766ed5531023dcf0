"""Tài liệu của tôi: one's own folders, and what one's unit is to bring for meetings."""

import streamlit as st

from meeting_app import running
from meeting_app.domain.calendar import day
from meeting_app.i18n import _
from meeting_app.services import approval as approvals
from meeting_app.services import folder as folders
from meeting_app.services import preparation as preparations
from meeting_app.services.folder import FolderView, OwnDocument
from meeting_app.services.preparation import Task
from meeting_app.ui import notices, session
from meeting_app.ui.desk.submissions import state
from meeting_app.ui.links import Page, way_button
from meeting_app.ui.uploader import handing_in, keeping
from meeting_app.ui.words import megabytes, plain

ports, actor = running.ports(), session.actor()


def task(each: Task) -> None:
    """An item for which the unit brings documents."""
    with st.container(border=True, key=f"card_task_{each.item_id}"):
        st.markdown(f"**{plain(each.item)}**  \n{plain(each.meeting)} · {day(each.starts_at)}")
        for one in approvals.brought(ports, actor, each.item_id):
            st.markdown(f"{plain(one.title)} · {_('version {number}', number=one.number)} {state(one)}")
            if one.reason:
                st.caption(_("Reason: {reason}", reason=plain(one.reason)))
            way_button(Page.READ, _("Read"), key=f"read_{one.version_id}", document=one.document_id, version=one.number)
            with st.popover(_("Hand in the next version"), key=f"next_{one.version_id}"):
                key = f"hand_in_{one.version_id}"
                if handing_in(each.item_id, document_id=one.document_id, key=key):
                    st.rerun()
        if handing_in(each.item_id, key=f"hand_in_item_{each.item_id}"):
            st.rerun()


def own(document: OwnDocument) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        size = _("{pages} pages, {size}", pages=document.pages, size=megabytes(document.size))
        st.markdown(f"{plain(document.title)}  \n{size}", width=480)
        with st.container(horizontal=True, width="content", gap="xxsmall"):
            way_button(
                Page.READ, _("Read"), key=f"read_own_{document.id}", icon=":material/menu_book:", document=document.id
            )
            if st.button(_("Remove"), key=f"remove_own_{document.id}"):
                folders.take_out(ports, actor, document.id)
                notices.offer_way_back(
                    _("“{title}” was removed.", title=plain(document.title)),
                    lambda: folders.put_back(ports, actor, document.id),
                )
                st.rerun()


def opened(folder: FolderView) -> None:
    """What lies in a folder, and the way in."""
    lying = folders.documents(ports, actor, folder.id)
    if not lying:
        notices.nothing_here(_("This folder is empty."), hint=_("Choose files above; nobody but you sees them."))
    for document in lying:
        own(document)
    if not lying and st.button(_("Remove this folder"), key=f"remove_folder_{folder.id}"):
        with notices.refusals():
            folders.remove(ports, actor, folder.id)
            st.rerun()


st.title(_("My documents"), anchor=False)
notices.show()
way_button(Page.SEARCH, _("Search in all documents"), key="to_search", icon=":material/search:")
tasks = preparations.tasks(ports, actor)
if tasks:
    st.subheader(_("Your unit brings documents for"), anchor=False)
    for each in tasks:
        task(each)
st.subheader(_("My folders"), anchor=False)
mine = {each.id: each for each in folders.folders(ports, actor)}
with st.container(horizontal=True, vertical_alignment="bottom"):
    name = st.text_input(_("New folder"), key="folder_name", max_chars=120)
    if st.button(_("Make the folder"), key="make_folder", icon=":material/create_new_folder:"):
        with notices.refusals():
            folders.make(ports, actor, name or "")
            st.rerun()
if mine:
    chosen = st.selectbox(
        _("Folder"),
        list(mine),
        format_func=lambda each: _("{name} ({count})", name=mine[each].name, count=mine[each].documents),
        key="folder_open",
    )
    if keeping(chosen, key=f"keep_{chosen}"):
        st.rerun()
    opened(mine[chosen])
else:
    notices.nothing_here(_("No folder yet."), hint=_("Make one above; only you see what lies in it."))
