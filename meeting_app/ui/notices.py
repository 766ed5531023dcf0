"""Sentences a page says to its reader: refusals in place, news after a step, a way back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from meeting_app.errors import MeetingError
from meeting_app.i18n import _
from meeting_app.ui.words import plain

_NEWS = "notices_news"
_WAY_BACK = "notices_way_back"


@dataclass(frozen=True, slots=True)
class WayBack:
    """A step just done, and how it is taken back."""

    sentence: str
    undo: Callable[[], object]


def refused(error: MeetingError) -> None:
    """Why something was not done; the sentence may quote people."""
    st.error(plain(str(error)), icon=":material/error:")


@contextmanager
def refusals() -> Iterator[None]:
    """What goes wrong inside is said in place, and the page goes on."""
    try:
        yield
    except MeetingError as error:
        refused(error)


def tell(sentence: str) -> None:
    """Say this after the next run, wherever that is."""
    st.session_state.setdefault(_NEWS, []).append(sentence)


def offer_way_back(sentence: str, undo: Callable[[], object]) -> None:
    """Offer to take the step back until another one is made or the page is left."""
    st.session_state[_WAY_BACK] = WayBack(sentence, undo)


def show() -> None:
    """What was told or offered before; each page calls this once, below its title."""
    for sentence in st.session_state.pop(_NEWS, []):
        st.toast(sentence, icon=":material/check_circle:", duration="long")
    way_back: WayBack | None = st.session_state.pop(_WAY_BACK, None)
    if way_back is None:
        return
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
        border=True,
        key="card_way_back",
    ):
        st.markdown(way_back.sentence)
        st.button(_("Undo"), icon=":material/undo:", key="take_back", on_click=_take_back, args=(way_back,))


def _take_back(way_back: WayBack) -> None:
    try:
        way_back.undo()
    except MeetingError as error:
        tell(plain(str(error)))


def nothing_here(sentence: str, *, hint: str = "") -> None:
    """An empty place says what will stand there and how to fill it."""
    with st.container(border=True):
        st.markdown(sentence)
        if hint:
            st.caption(hint)
