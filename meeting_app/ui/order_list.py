"""A list of a page put in order: dragged by a handle, or moved by keys and buttons."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from meeting_app.errors import MeetingError
from meeting_app.i18n import N_, _, current_language
from meeting_app.ui import component, notices
from meeting_app.ui.words import plain

Move = Callable[[int, int], object]  # id, position (1 the first)

_TEXTS = {
    "grip": N_("Drag “{title}”, or move it with the arrow keys"),
    "move_up": N_("Move up"),
    "move_down": N_("Move down"),
}
_component = component.load("order_list", "components/order_list/order_list.js")


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    title: str
    under: str = ""


def wanted(name: str, count: int) -> bool:
    """Whether the list is being put in order; the button that begins and ends it, where there is something to move."""
    key = f"ordering_{name}"
    if count < 2:  # noqa: PLR2004
        st.session_state.pop(key, None)
        return False
    begun = bool(st.session_state.get(key))
    label = _("Done reordering") if begun else _("Reorder")
    if st.button(label, key=f"{key}_toggle", icon=":material/check:" if begun else ":material/swap_vert:"):
        st.session_state[key] = not begun
        st.rerun()
    return begun


def order_list(name: str, entries: Sequence[Entry], move: Move) -> None:
    """The entries with their handles; each move is done at once, and can be taken back."""
    key = f"order_{name}"

    def moved() -> None:
        _move(st.session_state[key].get("moved"), entries, move)

    data = {"texts": component.texts(_TEXTS), "language": current_language(), "entries": [asdict(e) for e in entries]}
    _component(key=key, data=data, on_moved_change=moved)


def _move(asked: object, entries: Sequence[Entry], move: Move) -> None:
    """What the browser sent names an entry of this list and a place in it, or is nothing."""
    match asked:
        case {"id": int(entry_id), "position": int(position)}:
            pass
        case _:
            return
    place, entry = next(((n, each) for n, each in enumerate(entries, 1) if each.id == entry_id), (0, None))
    if entry is None:
        return
    try:
        move(entry_id, position)
    except MeetingError as error:
        notices.tell(plain(str(error)))
        return
    notices.offer_way_back(_("Moved: {title}", title=plain(entry.title)), lambda: move(entry_id, place))
