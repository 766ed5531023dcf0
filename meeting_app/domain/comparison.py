"""What became of each page from one version of a document to the next.

A page stays itself when its picture is the same, or all its words stand where they stood; its place in the
document may change. Of pages that were given up and pages that came in their place, those that share most
of their words count as changed; the others as removed and added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_ALIKE = 0.5  # of two pages' words in common, from which one is the other, changed
_MOST_WORDS = 600  # of a page that are looked at: two pages are compared in a millisecond


@dataclass(frozen=True, slots=True)
class PageTrace:
    """What a page is known by again."""

    picture: str  # hash of its image
    places: str  # hash of its words and where they stand; empty when it has none
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Pages count from 0; each list is in their order."""

    same: tuple[tuple[int, int], ...]  # before, after
    changed: tuple[tuple[int, int], ...]
    removed: tuple[int, ...]  # of the earlier version
    added: tuple[int, ...]  # of the later one

    @property
    def is_empty(self) -> bool:
        return not (self.changed or self.removed or self.added)


def compare(before: Sequence[PageTrace], after: Sequence[PageTrace]) -> Comparison:
    """Follow each page of the earlier version into the later one, in their order."""
    same: list[tuple[int, int]] = []
    changed: list[tuple[int, int]] = []
    removed: list[int] = []
    added: list[int] = []
    matcher = SequenceMatcher(None, _names(before, before), _names(after, before), autojunk=False)
    for what, start, end, later, later_end in matcher.get_opcodes():
        if what == "equal":
            same += zip(range(start, end), range(later, later_end), strict=True)
            continue
        pairs = _alike(before, after, range(start, end), range(later, later_end))
        changed += pairs
        removed += [page for page in range(start, end) if page not in dict(pairs)]
        added += [page for page in range(later, later_end) if page not in {new for _old, new in pairs}]
    return Comparison(tuple(same), tuple(changed), tuple(removed), tuple(added))


def _names(pages: Sequence[PageTrace], known: Sequence[PageTrace]) -> list[str]:
    """One name for pages that are each other: the picture of the first known page that this one is."""
    by_places = {page.places: page.picture for page in reversed(known) if page.places}
    pictures = {page.picture for page in known}
    return [page.picture if page.picture in pictures else by_places.get(page.places, page.picture) for page in pages]


def _alike(before: Sequence[PageTrace], after: Sequence[PageTrace], old: range, new: range) -> list[tuple[int, int]]:
    """Pairs that share most of their words, each page once, never crossing."""
    pairs: list[tuple[int, int]] = []
    rest = new.start
    for page in old:
        for other in range(rest, new.stop):
            if _likeness(before[page], after[other]) >= _ALIKE:
                pairs.append((page, other))
                rest = other + 1
                break
    if not pairs and len(old) == len(new):
        return list(zip(old, new, strict=True))  # as many pictures in the place of as many
    return pairs


def _likeness(one: PageTrace, other: PageTrace) -> float:
    matcher = SequenceMatcher(None, one.words[:_MOST_WORDS], other.words[:_MOST_WORDS], autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE else 0.0
