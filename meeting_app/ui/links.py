"""The pages by name, and the ways between them: `?meeting=7` survives the back button and can be sent on."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

import streamlit as st

_LARGEST_ID = 2**31


class Page(StrEnum):
    """Files of `pages/`, as the frame names them."""

    TODAY = "today.py"
    REGISTER = "register.py"
    MEETING = "meeting.py"
    ROOM = "room.py"
    READ = "read.py"
    PAPERS = "papers.py"
    SEARCH = "search.py"
    COMPARE = "compare.py"
    SIGN = "sign.py"
    MINUTES = "minutes.py"
    VERIFY = "verify.py"
    BOOK = "book.py"
    PEOPLE = "people.py"
    CREDENTIALS = "credentials.py"
    ACCOUNT = "account.py"


def go(to: Page, **asked: object) -> NoReturn:
    """Leave this run for another page; what is None is not asked for."""
    st.switch_page(to.value, query_params={name: str(value) for name, value in asked.items() if value is not None})


def way(page: Page, label: str, *, icon: str | None = None, **asked: object) -> None:
    """A quiet link to another page."""
    query = {name: str(value) for name, value in asked.items() if value is not None}
    st.page_link(page.value, label=label, icon=icon, query_params=query)


def way_button(
    page: Page, label: str, *, key: str, icon: str | None = None, primary: bool = False, **asked: object
) -> None:
    """A button that leads to another page."""
    if st.button(label, key=key, icon=icon, type="primary" if primary else "secondary"):
        go(page, **asked)


def asked_number(name: str) -> int | None:
    """A row id from the address; None when it is missing or not one."""
    value = st.query_params.get(name, "")
    if not (value.isascii() and value.isdigit()):
        return None
    number = int(value[:12])
    return number if 0 < number < _LARGEST_ID else None


def asked_word(name: str, allowed: tuple[str, ...]) -> str | None:
    """One of a few words from the address."""
    value = st.query_params.get(name)
    return value if value in allowed else None


@dataclass(frozen=True, slots=True)
class PageAddresses:
    """Where page images lie: `before`/page (0 first)/width.jpg`after`."""

    before: str
    after: str = ""

    def page(self, number: int, width: int = 800) -> str:
        return f"{self.before}/{number}/{width}.jpg{self.after}"


def paper_pages(paper: str, meeting_id: int, sha256: str) -> PageAddresses:
    """The pages of a paper; another signature makes other addresses."""
    return PageAddresses(f"/papers/{paper}/{meeting_id}", f"?v={sha256[:16]}")


def document_page(document_id: int, sha: str, page: int, width: int = 800) -> str:
    """A page (0 first) of the version whose hash begins so."""
    return f"/pages/{document_id}/{sha}/{page}/{width}.jpg"


def paper_file(paper: str, meeting_id: int) -> str:
    """The paper as a file to keep."""
    return f"/files/{paper}/{meeting_id}?download=1"


def document_source(document_id: int) -> str:
    """The office file that a document was made of, to keep."""
    return f"/files/document/{document_id}?source=1"


def document_file(document_id: int, version: int | None = None) -> str:
    """The document as it was uploaded, to keep: the version of that number, or the one shown now."""
    return f"/files/document/{document_id}?download=1" + (f"&version={version}" if version else "")


def request_file(request_id: int) -> str:
    """What a certification authority gets for a request."""
    return f"/credentials/request/{request_id}/csr"


def hand_over_record(record_id: int) -> str:
    """The printable record of a hand-over."""
    return f"/credentials/hand-over/{record_id}"


def attendance_file(meeting_id: int, kind: str) -> str:
    """The list of attendance: "csv" or "pdf"."""
    return f"/attendance/{meeting_id}.{kind}"


def picture(name: str, address: str) -> str:
    """One of our own images in a line of Markdown: it is asked for with the reader's cookie."""
    return f"![{name}]({address})"
