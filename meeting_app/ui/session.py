"""Who reads this page: the one place where pages learn it (tests replace `actor` here)."""

from typing import NoReturn

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.i18n import _, use_language
from meeting_app.running import ports
from meeting_app.services import account
from meeting_app.settings import COOKIE


def actor() -> Actor:
    """The holder of the sign-in cookie, asked anew at every run; the run ends here when there is none.

    Also sets the run's language: a fragment, which runs without the frame, calls this first too.
    """
    found = account.actor_for(ports(), st.context.cookies.get(COOKIE), st.context.ip_address or "")
    if found is None:
        _ended()
    use_language(found.language)
    return found


def _ended() -> NoReturn:
    """The shell's script sees the container and goes to the sign-in page by itself."""
    with st.container(key="signed_out", border=True):
        st.subheader(_("Your sign-in has ended"), anchor=False)
        st.write(_("Please sign in again; you will come back to this page."))
        st.markdown(f"[{_('Sign in')}](/sign-in)")
    st.stop()
