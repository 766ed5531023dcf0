"""Kiểm tra chữ ký: drop a PDF, read the verdict."""

import streamlit as st

from meeting_app.i18n import _
from meeting_app.ui import notices, session, verdicts
from meeting_app.ui.verifier import Checked, verifier
from meeting_app.ui.words import plain

_CHECKED = "verify_checked"  # the last answer; the file itself is not kept

session.actor()
st.title(_("Check signatures"), anchor=False)
notices.show()
st.caption(_("Choose a PDF file; its signatures are checked here and the file is not kept."))
found = verifier(key="verifier")
if found is not None:
    st.session_state[_CHECKED] = found
checked: Checked | None = st.session_state.get(_CHECKED)
if checked is not None and checked.verdict is not None:
    st.markdown(_("File: {name}", name=f"**{plain(checked.file_name)}**"))
    verdicts.file_verdict(checked.verdict)
