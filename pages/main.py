"""The frame of every page: who reads, in which language, and the ways between the pages."""

from pathlib import Path

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Right
from meeting_app.i18n import N_, _
from meeting_app.ui import session, shell

_ACCOUNT = "account.py"
# File, title, sign, address. The first ones stand in the bar; for some one needs a right.
SHOWN = (
    ("today.py", N_("Today"), "today", ""),
    ("meeting.py", N_("Meetings"), "groups", "meeting"),
    ("papers.py", N_("Documents"), "folder", "papers"),
    ("register.py", N_("Register a meeting"), "edit_calendar", "register"),
    ("book.py", N_("Document register"), "menu_book", "book"),
    ("people.py", N_("People of the unit"), "badge", "people"),
    ("credentials.py", N_("Certificates"), "key", "credentials"),
    ("verify.py", N_("Check signatures"), "verified", "verify"),
)
HIDDEN = (
    ("room.py", N_("Meeting room"), "meeting_room", "room"),
    ("search.py", N_("Search"), "search", "search"),
    ("compare.py", N_("What changed"), "compare", "compare"),
    ("read.py", N_("Read a document"), "description", "read"),
    ("sign.py", N_("Sign"), "draw", "sign"),
    ("minutes.py", N_("Minutes of the meeting"), "article", "minutes"),
    (_ACCOUNT, N_("Account"), "account_circle", "account"),
)
NEEDED = {
    "register.py": {Right.REGISTER},
    "book.py": {Right.REGISTER, Right.SEAL, Right.ADMINISTER},
    "people.py": {Right.ADMINISTER},
    "credentials.py": {Right.ADMINISTER},
}


def offered(file: str, actor: Actor) -> bool:
    """Whether a page has something for this person; the pages' services decide what they may do there."""
    return file not in NEEDED or bool(NEEDED[file] & actor.rights)


# Without an icon of its own Streamlit fetches the page's sign from a server far away.
st.set_page_config(layout="wide", page_icon=shell.ICON)
actor = session.actor()
pages = {
    file: st.Page(file, title=_(title), icon=f":material/{icon}:", url_path=path, default=not path)
    for file, title, icon, path in (*SHOWN, *HIDDEN)
    if (Path(__file__).parent / file).exists()
}
page = st.navigation(list(pages.values()), position="hidden")
shell.ways([pages[file] for file, *_rest in SHOWN if file in pages and offered(file, actor)], pages[_ACCOUNT], actor)
page.run()
