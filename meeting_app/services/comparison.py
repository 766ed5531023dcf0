"""What changed from one version of a document to the next, told from the files made at its preparation."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from meeting_app.domain.comparison import Comparison, PageTrace, compare
from meeting_app.domain.page_file import PAGE_WIDTHS, page_name, text_name
from meeting_app.domain.version import Version
from meeting_app.ports import Ports


def between(ports: Ports, before: Version, after: Version) -> Comparison:
    """Both are prepared; a page whose files are missing is like no other."""
    return compare(_traces(ports, before), _traces(ports, after))


def _traces(ports: Ports, version: Version) -> list[PageTrace]:
    return [_trace(ports, version, page) for page in range(version.pages)]


def _trace(ports: Ports, version: Version, page: int) -> PageTrace:
    image = ports.files.derived_path(version.sha256, page_name(page, PAGE_WIDTHS[0]))
    if not image.exists():
        return PageTrace(f"{version.sha256} {page}", "", ())
    words = list(words_of(ports, version.sha256, page))
    texts = tuple(word for _place, word in words)
    places = json.dumps(words, ensure_ascii=False) if words else ""
    return PageTrace(_hash(image.read_bytes()), _hash(places.encode()) if places else "", texts)


def words_of(ports: Ports, sha256: str, page: int) -> Iterator[tuple[tuple[float, ...], str]]:
    """Each word of a page with its place, to a thousandth of the page; nothing when it was not read."""
    path = ports.files.derived_path(sha256, text_name(page))
    if not path.exists():
        return
    text: dict[str, Any] = json.loads(path.read_bytes())
    for line in text["lines"]:
        for *place, word in line:
            yield tuple(round(each, 3) for each in place), word


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
