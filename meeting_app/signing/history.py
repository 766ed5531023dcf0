"""A PDF with its earlier revisions as pyHanko asks for them: the same answers, found with less reading.

Judging what was done after a signature asks again and again in which revision an object was written,
and on which paths from the trailer it is reached. Here each object is read once for each time it was
written, and paths are followed only where they lead to the object in question; pyHanko walks every
path through the document, for each signature.
"""

from collections import defaultdict
from functools import cached_property
from io import BytesIO
from typing import Any, NamedTuple

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader, RawPdfPath
from pyhanko.pdf_utils.xref import ObjStreamRef, XRefCache

from meeting_app.signing import hex_strings

hex_strings.install()

Key = tuple[int, int]  # object number, generation
Path = tuple[str | int, ...]
Place = int | ObjStreamRef | None  # where an object stands in the file; None: it was freed

_TRAILER: Key = (-1, 0)
_PAGES: Path = ("/Root", "/Pages")
_STRUCTURE: Path = ("/Root", "/StructTreeRoot", "/K")


class Pointer(NamedTuple):
    """A reference inside an object: where it stands there, and to what."""

    path: Path
    to: Key


class HistoryReader(PdfFileReader):
    """To it a reference to nothing is null (ISO 32000-2, 7.3.10) and no fault of the file.

    That nothing becomes something later is told when the changes are judged.
    """

    def __init__(self, content: bytes, *, strict: bool) -> None:
        super().__init__(BytesIO(content), strict=strict)
        self.xrefs: _References = _References(self, self.xrefs._xref_sections)  # noqa: SLF001 — pyHanko offers no other way
        self._written: dict[tuple[Key, int], generic.PdfObject] = {}
        self._pointers: dict[tuple[Key, int], tuple[Pointer, ...]] = {}

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        known = self._historical_resolver_cache
        if revision not in known:
            known[revision] = _Revision(self, revision)
        return known[revision]

    def written(self, key: Key, revision: int) -> generic.PdfObject:
        """The object as it was in that revision."""
        place = (key, self.xrefs.written_in(key, revision))
        if place not in self._written:
            reference = generic.Reference(*key, pdf=self)
            newest = place[1] == self.xrefs.written_in(key, self.total_revisions)
            # pyHanko has no types here.
            self._written[place] = self.get_object(reference, None if newest else revision)  # type: ignore[no-untyped-call]
        return self._written[place]

    def pointers(self, key: Key, revision: int) -> tuple[Pointer, ...]:
        """What the object, as it was in that revision, points at."""
        place = (key, self.xrefs.written_in(key, revision))
        if place not in self._pointers:
            self._pointers[place] = _pointers(self.written(key, revision))
        return self._pointers[place]

    def _read_object(self, ref: generic.Reference, marker: Place, *options: Any, **named: Any) -> Any:
        if marker is None:
            nothing = generic.NullObject()
            nothing.container_ref = ref
            return nothing
        return super()._read_object(ref, marker, *options, **named)


class _References(XRefCache):
    """Looks each object up in all tables at once."""

    def __init__(self, reader: PdfFileReader, sections: list[Any]) -> None:
        super().__init__(reader, sections)
        self._places: dict[Key, list[tuple[int, Place]]] = {}

    def written_in(self, key: Key, revision: int) -> int:
        """The newest revision up to this one that wrote or freed the object; -1 for none."""
        return next((number for number, _ in reversed(self._history(key)) if number <= revision), -1)

    def get_last_change(self, ref: generic.Reference) -> int:
        history = self._history((ref.idnum, ref.generation))
        if not history:
            raise KeyError(ref)
        return history[-1][0]

    def get_introducing_revision(self, ref: generic.Reference) -> int:
        """What has been nothing from the beginning counts as introduced there."""
        history = self._history((ref.idnum, ref.generation))
        return next((number for number, place in history if place is not None), 0)

    def get_historical_ref(self, ref: generic.Reference, revision: int) -> Place:
        history = self._history((ref.idnum, ref.generation))
        return next((place for number, place in reversed(history) if number <= revision), None)

    def _history(self, key: Key) -> list[tuple[int, Place]]:
        """Each revision that wrote or freed the object, oldest first, and where it stands."""
        if key not in self._places:
            found, reference = [], generic.Reference(*key)
            for number, section in enumerate(self._xref_sections):
                try:
                    found.append((number, section.xref_data.try_resolve(reference)))
                except KeyError:
                    continue  # not this revision
            self._places[key] = found
        return self._places[key]


class _Revision(HistoricalResolver):
    """The document as it was in one revision."""

    def __init__(self, reader: HistoryReader, revision: int) -> None:
        super().__init__(reader, revision)
        self._history = reader
        self._paths: dict[Key, set[RawPdfPath]] = {}

    def get_object(self, ref: generic.Reference, *_: Any, **__: Any) -> Any:
        """The options tell encrypted metadata apart; what is encrypted is not read here."""
        known = self.cache
        if ref not in known:
            written = self._history.written((ref.idnum, ref.generation), self.revision)
            known[ref] = self._subsume_object(written)  # type: ignore[no-untyped-call]  # as above
        return known[ref]

    @cached_property
    def _map(self) -> "_Map":
        return _Map(self._history, self.revision)

    def _load_reverse_xref_cache(self) -> None:
        _ = self._map  # what cannot be read is told now

    def _get_usages_of_ref(self, ref: generic.Reference) -> set[RawPdfPath]:
        """All paths on which the object is reached from the trailer."""
        key = (ref.idnum, ref.generation)
        if key not in self._paths:
            self._paths[key] = {RawPdfPath(*path) for path in self._map.paths_to(key)}
        return self._paths[key]


class _Map:
    """What points at what in one revision, and by which rules pyHanko follows it.

    A page is entered from the page tree alone, an element of the structure from the structure alone,
    and neither is left by its way upwards: the paths would multiply and say nothing.
    """

    def __init__(self, reader: HistoryReader, revision: int) -> None:
        self._reader, self._revision = reader, revision
        self._trailer = _pointers(reader.trailer.flatten(revision))
        self._catalog = self._value(reader.trailer.raw_get("/Root", revision=revision))
        self._pages = self._page_tree()
        self._elements = self._structure()
        self._led_from = self._reversed()

    def paths_to(self, wanted: Key) -> set[Path]:
        leading = self._leading_to(wanted)
        found: set[Path] = set()
        ways: list[tuple[Key, Path, frozenset[Key]]] = [(_TRAILER, (), frozenset())]
        while ways:
            key, path, passed = ways.pop()
            for step, to in self._pointers_of(key):
                onwards = path + step
                if to in passed or _goes_up(onwards, len(path)):
                    continue
                if to == wanted:
                    found.add(onwards)
                elif to in leading and self._enters(to, onwards):
                    ways.append((to, onwards, passed | {to}))
        return found

    def _enters(self, key: Key, path: Path) -> bool:
        if self._pages.get(key, path) != path:
            return False
        return key not in self._elements or path[: len(_STRUCTURE)] == _STRUCTURE

    def _leading_to(self, wanted: Key) -> set[Key]:
        """Every object from which a path may go on to the wanted one."""
        leading: set[Key] = set()
        waiting = [wanted]
        while waiting:
            for key in self._led_from.get(waiting.pop(), ()):
                if key not in leading:
                    leading.add(key)
                    waiting.append(key)
        return leading

    def _reversed(self) -> dict[Key, list[Key]]:
        """By what each object is pointed at, among those that are reached from the trailer."""
        led_from: dict[Key, list[Key]] = defaultdict(list)
        seen, waiting = {_TRAILER}, [_TRAILER]
        while waiting:
            key = waiting.pop()
            for _, to in self._pointers_of(key):
                led_from[to].append(key)
                if to not in seen:
                    seen.add(to)
                    waiting.append(to)
        return led_from

    def _pointers_of(self, key: Key) -> tuple[Pointer, ...]:
        return self._trailer if key == _TRAILER else self._reader.pointers(key, self._revision)

    def _page_tree(self) -> dict[Key, Path]:
        """The one path on which each node of the page tree is entered."""
        found: dict[Key, Path] = {}
        waiting: list[tuple[Any, Path]] = [(self._catalog.raw_get("/Pages"), _PAGES)]
        while waiting:
            node, path = waiting.pop()
            if isinstance(node, generic.IndirectObject):
                _note(found, (node.idnum, node.generation), path)
                node = self._value(node)
            if path == _PAGES or self._value(node.get("/Type")) == "/Pages":
                kids = self._value(node.raw_get("/Kids"))
                waiting += [(kid, (*path, "/Kids", number)) for number, kid in enumerate(kids)]
        return found

    def _structure(self) -> dict[Key, Path]:
        """The elements of the structure tree that have a number; their paths are not asked for."""
        found: dict[Key, Path] = {}
        if "/StructTreeRoot" not in self._catalog:
            return found
        nothing: frozenset[Key] = frozenset()
        waiting = [(self._value(self._catalog.raw_get("/StructTreeRoot")), nothing)]
        while waiting:
            element, passed = waiting.pop()
            if "/K" not in element:
                continue
            kids = element.raw_get("/K")
            if isinstance(kids, generic.IndirectObject):
                passed = _passing(passed, (kids.idnum, kids.generation))
                kids = self._value(kids)
            for kid in kids if isinstance(kids, generic.ArrayObject) else (kids,):
                value = self._value(kid)
                if not isinstance(value, generic.DictionaryObject) or self._value(value.get("/Type")) not in _ELEMENTS:
                    continue
                if isinstance(kid, generic.IndirectObject):
                    _note(found, (kid.idnum, kid.generation), ())
                waiting.append((value, passed))
        return found

    def _value(self, item: Any) -> Any:
        if isinstance(item, generic.IndirectObject):
            return self._reader.written((item.idnum, item.generation), self._revision)
        return item


_CIRCLE = "a tree of the document goes in a circle"
_ELEMENTS = {None, "/StructElem"}  # the type may be left out (ISO 32000-2, table 355)


def _note(found: dict[Key, Path], key: Key, path: Path) -> None:
    if key in found:
        raise PdfReadError(_CIRCLE)
    found[key] = path


def _passing(passed: frozenset[Key], key: Key) -> frozenset[Key]:
    if key in passed:
        raise PdfReadError(_CIRCLE)
    return passed | {key}


def _goes_up(path: Path, known: int) -> bool:
    """From an element of the structure to the one above it, in the steps behind the `known` ones."""
    in_structure = path[: len(_STRUCTURE)] == _STRUCTURE
    return in_structure and "/P" in path[max(known, len(_STRUCTURE)) :]


def _pointers(value: generic.PdfObject) -> tuple[Pointer, ...]:
    found: list[Pointer] = []
    waiting: list[tuple[Path, generic.PdfObject]] = [((), value)]
    while waiting:
        path, container = waiting.pop()
        if isinstance(container, generic.DictionaryObject):
            parts: Any = ((key, part) for key, part in container.items() if key != "/Parent")
        elif isinstance(container, generic.ArrayObject):
            parts = enumerate(container)
        else:
            continue
        for step, part in parts:
            if isinstance(part, generic.IndirectObject):
                found.append(Pointer((*path, step), (part.idnum, part.generation)))
            else:
                waiting.append(((*path, step), part))
    return tuple(found)
