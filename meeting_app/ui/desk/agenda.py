"""Chương trình: the items of a meeting, and at the desk their order, texts and times."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.agenda import LONGEST_ITEM_MINUTES, LONGEST_ITEM_TITLE, ItemState
from meeting_app.domain.meeting import MeetingState
from meeting_app.errors import MeetingError
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import document as documents
from meeting_app.services.agenda import ItemView
from meeting_app.services.meeting import MeetingView
from meeting_app.ui import notices, order_list
from meeting_app.ui.badges import inline
from meeting_app.ui.order_list import Entry
from meeting_app.ui.words import plain

_LINE_WIDTH = 480  # pixels at most, beside the buttons
_EDITED = "agenda_edited"  # id of the item whose form is open
_ADDED = "agenda_added"  # how many were added: a new number is an empty form


def _item_line(item: ItemView) -> str:
    """An item as everybody reads it."""
    presenter = "  \n" + _("Presented by {name}", name=plain(item.presenter)) if item.presenter else ""
    length = _("{minutes} minutes", minutes=item.minutes)
    marks = {
        ItemState.CURRENT: inline(_("being discussed"), "play_circle", "orange"),
        ItemState.FINISHED: inline(_("finished"), "check", "green"),
        ItemState.SKIPPED: inline(_("skipped"), "skip_next", "gray"),
    }
    mark = f" {marks[item.state]}" if item.state in marks else ""
    return f"**{item.position}. {plain(item.title)}**{mark}{presenter}  \n:material/timer: {length}"


def listed(items: list[ItemView]) -> None:
    """The agenda for readers."""
    if not items:
        notices.nothing_here(_("The agenda has not been written yet."))
        return
    for item in items:
        with st.container(border=True, key=f"card_item_{item.id}"):
            st.markdown(_item_line(item))
    _total(items)


def edited(ports: Ports, actor: Actor, meeting: MeetingView, items: list[ItemView], presenters: list[str]) -> None:
    """The agenda for the desk: each item with its buttons, below them the form of the next one."""
    meeting_id = meeting.id
    removable = meeting.state in (MeetingState.DRAFT, MeetingState.CONVENED)  # later an item is skipped, in the room
    if not items:
        notices.nothing_here(_("The agenda is empty."), hint=_("Add its first item below."))
    if order_list.wanted(f"agenda_{meeting_id}", len(items)):
        _ordered(ports, actor, meeting_id, items)
        return
    for item in items:
        if st.session_state.get(_EDITED) == item.id:
            _change_form(ports, actor, meeting_id, item, presenters)
            continue
        with st.container(border=True, key=f"card_item_{item.id}"), notices.refusals():
            _row(ports, actor, meeting_id, item, len(items), removable=removable)
    if items:
        _total(items)
    _insert_form(ports, actor, meeting_id, presenters)


def _ordered(ports: Ports, actor: Actor, meeting_id: int, items: list[ItemView]) -> None:
    entries = [Entry(item.id, item.title, _("{minutes} minutes", minutes=item.minutes)) for item in items]
    order_list.order_list(
        f"agenda_{meeting_id}", entries, lambda item_id, place: agendas.move(ports, actor, meeting_id, item_id, place)
    )


def _total(items: list[ItemView]) -> None:
    minutes = sum(item.minutes for item in items if item.state is not ItemState.SKIPPED)
    st.caption(_("Together {items} items, {minutes} minutes.", items=len(items), minutes=minutes))


def _row(ports: Ports, actor: Actor, meeting_id: int, item: ItemView, last: int, *, removable: bool) -> None:
    """An item and what can be done with it; on a phone the buttons stand below, in one line."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(_item_line(item), width=_LINE_WIDTH)
        with st.container(horizontal=True, width="content", gap="xxsmall"):
            moves = (("up", _("Earlier"), item.position - 1), ("down", _("Later"), item.position + 1))
            for name, label, place in moves:
                if st.button(label, key=f"{name}_{item.id}", disabled=not 1 <= place <= last):
                    agendas.move(ports, actor, meeting_id, item.id, place)
                    st.rerun()
            if st.button(_("Change"), key=f"change_{item.id}"):
                st.session_state[_EDITED] = item.id
                st.rerun()
            if removable and st.button(_("Remove"), key=f"remove_{item.id}"):
                _remove(ports, actor, meeting_id, item)
                st.rerun()


def _remove(ports: Ports, actor: Actor, meeting_id: int, item: ItemView) -> None:
    """Take an item out, and offer to put it back with the documents that lay under it."""
    lying = [each.id for each in documents.documents(ports, actor, meeting_id) if each.item_id == item.id]
    agendas.remove(ports, actor, meeting_id, item.id)

    def put_back() -> None:
        agendas.insert(
            ports,
            actor,
            meeting_id,
            item.title,
            presenter=item.presenter,
            minutes=item.minutes,
            position=item.position,
        )
        again = next(each.id for each in agendas.items(ports, actor, meeting_id) if each.position == item.position)
        for document_id in lying:
            documents.place(ports, actor, document_id, again)

    notices.offer_way_back(_("“{title}” was removed from the agenda.", title=plain(item.title)), put_back)


def _fields(prefix: str, presenters: list[str], item: ItemView | None = None) -> tuple[str, str, int]:
    title = st.text_input(
        _("Item"), value=item.title if item else "", max_chars=LONGEST_ITEM_TITLE, key=f"{prefix}_title"
    )
    who, long = st.columns([2, 1])
    named = sorted({*presenters, *([item.presenter] if item and item.presenter else [])})
    with who:
        presenter = st.selectbox(
            _("Presenter"),
            named,
            index=named.index(item.presenter) if item and item.presenter else None,
            accept_new_options=True,
            placeholder=_("Choose or type a name"),
            key=f"{prefix}_presenter",
        )
    with long:
        minutes = st.number_input(
            _("Length in minutes"),
            min_value=1,
            max_value=LONGEST_ITEM_MINUTES,
            value=item.minutes if item else 15,
            step=5,
            key=f"{prefix}_minutes",
        )
    return title or "", presenter or "", int(minutes)


def _insert_form(ports: Ports, actor: Actor, meeting_id: int, presenters: list[str]) -> None:
    number = st.session_state.setdefault(_ADDED, 0)
    prefix = f"new_item_{meeting_id}_{number}"
    with st.form(f"{prefix}_form"):
        st.markdown(_("**Add an item**"))
        title, presenter, minutes = _fields(prefix, presenters)
        if not st.form_submit_button(_("Add to the agenda"), icon=":material/add:"):
            return
        try:
            agendas.insert(ports, actor, meeting_id, title, presenter=presenter, minutes=minutes)
        except MeetingError as error:
            notices.refused(error)
            return
    st.session_state[_ADDED] = number + 1
    st.rerun()


def _change_form(ports: Ports, actor: Actor, meeting_id: int, item: ItemView, presenters: list[str]) -> None:
    prefix = f"item_{item.id}"
    with st.form(f"{prefix}_form"):
        title, presenter, minutes = _fields(prefix, presenters, item)
        with st.container(horizontal=True):
            saved = st.form_submit_button(_("Save"), type="primary", icon=":material/check:")
            left = st.form_submit_button(_("Leave as it was"))
        if saved:
            try:
                agendas.change(ports, actor, meeting_id, item.id, title=title, presenter=presenter, minutes=minutes)
            except MeetingError as error:
                notices.refused(error)
                return
    if saved or left:
        st.session_state.pop(_EDITED, None)
        st.rerun()
