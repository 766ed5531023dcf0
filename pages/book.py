"""Sổ văn bản: the year's register of outgoing papers (L4), for clerks and registrars."""

import csv
import io

import streamlit as st

from meeting_app import running
from meeting_app.domain.calendar import local
from meeting_app.errors import MeetingError
from meeting_app.i18n import _
from meeting_app.services import register
from meeting_app.services.register import Entry
from meeting_app.ui import notices, session
from meeting_app.ui.words import plain, stamp

_FIRST_YEAR = 2024
_ROWS = 100  # on one page of the table

ports, actor = running.ports(), session.actor()


def rows(entries: list[Entry]) -> list[dict[str, str]]:
    return [
        {
            _("Number and symbol"): entry.number,
            _("Date"): f"{entry.dated:%d/%m/%Y}",
            _("Subject"): entry.subject,
            _("Issued"): stamp(entry.issued_at) if entry.issued_at else _("reserved, not issued yet"),
        }
        for entry in entries
    ]


def as_csv(table: list[dict[str, str]]) -> bytes:
    """For spreadsheets; a leading sign is made harmless, so that no cell is taken for a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(table[0])
    for row in table:
        writer.writerow([f"'{cell}" if cell[:1] in "=+-@" else cell for cell in row.values()])
    return written.getvalue().encode("utf-8-sig")


st.title(_("Document register"), anchor=False)
notices.show()
this_year = local(ports.clock.now()).year
with st.container(horizontal=True, vertical_alignment="bottom"):
    year = st.selectbox(_("Year"), range(this_year, _FIRST_YEAR - 1, -1), key="book_year", width=140)
    words = st.text_input(
        _("Search"), key="book_search", type="search", live="300ms", placeholder=_("Number or subject")
    )
try:
    found = register.book(ports, actor, year)
except MeetingError as error:
    notices.refused(error)
    st.stop()

wanted = (words or "").casefold()
table = rows([entry for entry in found if wanted in f"{entry.number} {entry.subject}".casefold()])
if table:
    pages = -(-len(table) // _ROWS)
    slot = st.container()
    page = st.pagination(pages, key="book_page") if pages > 1 else 1
    shown = table[(page - 1) * _ROWS : page * _ROWS]
    slot.table(
        [{name: plain(cell) for name, cell in row.items()} for row in shown],
        border="horizontal",
        hide_index=True,
        alt=_("Document register"),
    )
    st.caption(_("{count} papers.", count=len(table)))
    st.download_button(
        _("Download as CSV"),
        as_csv(table),
        file_name=f"so-van-ban-{year}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
else:
    notices.nothing_here(
        _("No paper matches.") if wanted else _("No paper was registered in {year}.", year=year),
        hint=_("A number is taken by itself when an invitation or minutes are drafted."),
    )
