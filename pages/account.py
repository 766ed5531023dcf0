"""Tài khoản: who I am, my password, my language, and signing out."""

import streamlit as st

from meeting_app.i18n import _
from meeting_app.running import ports
from meeting_app.ui import account, notices, session
from meeting_app.ui.credentials import own

actor = session.actor()
st.title(_("Account"), anchor=False)
notices.show()
account.person(ports(), actor)
own.shown(ports(), actor)
account.settings(actor)
