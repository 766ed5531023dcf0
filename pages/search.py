"""Tìm kiếm: words in all documents somebody may read, with or without their marks."""

import streamlit as st

from meeting_app import running
from meeting_app.domain.calendar import day
from meeting_app.i18n import _
from meeting_app.services import search
from meeting_app.services.search import Hit
from meeting_app.ui import notices, session
from meeting_app.ui.links import Page, go
from meeting_app.ui.words import plain

ports, actor = running.ports(), session.actor()


def passage(hit: Hit) -> str:
    """The words that were found stand out; what people wrote is text and nothing else."""
    words = ((_spaced(each.text), each.hit) for each in hit.passage)
    return "".join(f":blue-background[**{text}**]" if marked else text for text, marked in words)


def _spaced(text: str) -> str:
    """As `plain`, which takes the blanks at both ends away."""
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{plain(text)}{after}" if text.strip() else " "


def shown(place: int, hit: Hit) -> None:
    with st.container(border=True, key=f"card_hit_{place}"):
        where = plain(hit.meeting) + (f" · {day(hit.starts_at)}" if hit.starts_at is not None else "")
        st.markdown(f"**{plain(hit.title)}**  \n{where} · {_('page {page}', page=hit.page + 1)}")
        st.markdown(passage(hit))
        if st.button(_("Read"), key=f"read_hit_{place}", icon=":material/menu_book:"):
            go(Page.READ, document=hit.document_id, page=hit.page + 1)


st.title(_("Search"), anchor=False)
words = st.text_input(
    _("Words in documents"),
    key="search_words",
    type="search",
    live="300ms",
    placeholder=_("Words with or without their marks"),
)
if words and words.strip():
    found = search.find(ports, actor, words)
    if not found:
        notices.nothing_here(_("Nothing found."), hint=_("All words have to stand on one page. Try fewer words."))
    for place, hit in enumerate(found):
        shown(place, hit)
else:
    notices.nothing_here(_("Documents of your meetings and of your own folders are searched."))
