"""The bar of ways that every page carries: above on tablets, below on phones."""

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from meeting_app.domain.access import Actor
from meeting_app.ui import component
from meeting_app.ui.words import plain

ICON = str(component.FOLDER / "theme" / "icon.png")


def ways(pages: Sequence[StreamlitPage], account: StreamlitPage, actor: Actor) -> None:
    """Links to the pages; the last one says who is signed in."""
    with st.container(key="ways", horizontal=True, gap=None):
        for page in pages:
            st.page_link(page, label=page.title, icon=page.icon, width="content")
        st.page_link(account, label=plain(actor.full_name), icon=account.icon, width="content")
