"""The table of contents that a PDF brings along."""

from typing import Any, TypedDict
from unicodedata import normalize

import pypdfium2

DEEPEST = 8  # levels
MOST_ENTRIES = 2_000
LONGEST_TITLE = 200  # characters


class Entry(TypedDict):
    title: str
    page: int  # 0-based
    children: list["Entry"]


def outline(document: pypdfium2.PdfDocument) -> list[Entry]:
    """Entries that lead to a page, below one another as in the file."""
    top: list[Entry] = []
    branch = [top]  # where an entry of each level belongs
    for count, bookmark in enumerate(document.get_toc(max_depth=DEEPEST)):
        if count == MOST_ENTRIES:
            break
        entry = _entry(bookmark, len(document))
        if entry is None:
            continue
        del branch[bookmark.level + 1 :]
        branch[-1].append(entry)
        branch.append(entry["children"])
    return top


def _entry(bookmark: Any, pages: int) -> Entry | None:
    destination = bookmark.get_dest()
    page = destination.get_index() if destination is not None else None
    title = _shown(bookmark.get_title())
    if page is None or page >= pages or not title:
        return None
    return {"title": title, "page": page, "children": []}


def _shown(title: str) -> str:
    """Without control and direction characters: safe in any list on a screen."""
    words = "".join(sign if sign.isprintable() else " " for sign in normalize("NFC", title)).split()
    return " ".join(words)[:LONGEST_TITLE].strip()
