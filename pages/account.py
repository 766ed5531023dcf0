"""Tài khoản: who I am, my password, my language, and signing out."""

import streamlit as st

from meeting_app.i18n import _
from meeting_app.running import ports
from meeting_app.ui import account, session

actor = session.actor()
st.title(_("Account"), anchor=False)
account.person(ports(), actor)
account.settings(actor)
