"""What in a PDF would act by itself: scripts, commands to start programs, embedded programs.

Everything reachable from the catalogue is walked with a list of what was seen, so that a cycle or a
chain without end costs a bounded amount of work. Page contents cannot act and are not read.
"""

import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from meeting_app.domain.upload import ActiveContent, TakesTooLong

MOST_OBJECTS = 300_000
_ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/Rendition", "/RichMediaExecute", "/SubmitForm"}
_ACTIVE_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent"}
# Branches that hold no action, and are large: looks, tags for screen readers, the way back up.
_PASSIVE = {"/Parent", "/P", "/Resources", "/Contents", "/AP", "/StructTreeRoot", "/Metadata", "/OutputIntents"}
_PROGRAM_NAMES = {
    *(".app", ".apk", ".bat", ".cmd", ".com", ".cpl", ".dll", ".exe", ".hta", ".jar", ".js", ".jse", ".lnk"),
    *(".msi", ".msp", ".ps1", ".py", ".reg", ".scr", ".sh", ".vb", ".vbe", ".vbs", ".wsf", ".elf", ".deb", ".iso"),
    *(".docm", ".xlsm", ".pptm", ".dotm", ".xltm", ".xlam", ".html", ".htm", ".svg", ".swf", ".one"),
}
_PROGRAM_BEGINNINGS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"X5O!P%@AP")
_LONGEST_XMP = 262_144  # bytes
_BEGINNING = 64  # bytes of an embedded file that tell a program


def ensure_inert(reader: PdfReader) -> None:
    """Raises ActiveContent, or TakesTooLong for more than MOST_OBJECTS."""
    for thing in _walk(_root(reader)):
        if isinstance(thing, DictionaryObject) and _acts(thing):
            raise ActiveContent


def attached_names(reader: PdfReader) -> list[str]:
    """Names of embedded files, at most 100, each of at most 200 characters."""
    names = {_name(thing) for thing in _walk(_root(reader)) if _is_attachment(thing)}
    return sorted(name[:200] for name in names)[:100]


def properties(reader: PdfReader) -> list[str]:
    """The values a file states about itself: its information dictionary, also own keys, and XMP."""
    stated = reader.trailer.get("/Info")
    stated = stated.get_object() if stated is not None else None
    values = [str(value) for value in stated.values()] if isinstance(stated, DictionaryObject) else []
    metadata = _root(reader).get("/Metadata")
    stream = metadata.get_object() if metadata is not None else None
    if isinstance(stream, StreamObject):
        xmp = _beginning(stream, _LONGEST_XMP).decode("utf-8", "replace")
        values += [part.split("<", 1)[0].strip() for part in xmp.split(">")]
    return [value for value in values if value]


def _root(reader: PdfReader) -> DictionaryObject:
    root = reader.trailer["/Root"].get_object()
    return root if isinstance(root, DictionaryObject) else DictionaryObject()


def _walk(root: DictionaryObject) -> Iterator[Any]:
    """Every dictionary and array from the catalogue down, each indirect object once."""
    waiting: list[Any] = [root]
    seen: set[tuple[int, int]] = set()
    visited = 0
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if (thing.idnum, thing.generation) in seen:
                continue
            seen.add((thing.idnum, thing.generation))
            thing = thing.get_object()
        visited += 1
        if visited > MOST_OBJECTS:
            raise TakesTooLong
        if isinstance(thing, DictionaryObject):
            yield thing
            waiting += [thing.raw_get(key) for key in thing if key not in _PASSIVE]
        elif isinstance(thing, ArrayObject):
            waiting += list.__iter__(thing)


def _acts(thing: DictionaryObject) -> bool:
    if thing.get("/S") in _ACTIVE_ACTIONS or any(key in thing for key in _ACTIVE_KEYS):
        return True
    address = thing.get("/URI")
    if isinstance(address, str | bytes) and _text(address).strip().lower().startswith("javascript:"):
        return True
    return _is_attachment(thing) and _is_program(thing)


def _is_attachment(thing: object) -> bool:
    return isinstance(thing, DictionaryObject) and isinstance(_embedded(thing), StreamObject)


def _embedded(specification: DictionaryObject) -> object:
    files = specification.get("/EF")
    files = files.get_object() if files is not None else None
    if not isinstance(files, DictionaryObject):
        return None
    stream = files.get("/UF") or files.get("/F")
    return stream.get_object() if stream is not None else None


def _is_program(specification: DictionaryObject) -> bool:
    stream = _embedded(specification)
    assert isinstance(stream, StreamObject)  # noqa: S101 — asked before
    named = PurePosixPath(_name(specification).strip(" .").lower()).suffix
    return named in _PROGRAM_NAMES or _beginning(stream, _BEGINNING).startswith(_PROGRAM_BEGINNINGS)


def _name(specification: DictionaryObject) -> str:
    return _text(specification.get("/UF") or specification.get("/F") or "")


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _beginning(stream: StreamObject, size: int) -> bytes:
    """The first bytes behind one Flate filter or none; empty behind any other."""
    encoded = stream._data  # noqa: SLF001 — get_data() would unpack a bomb whole
    filters = stream.get("/Filter")
    filters = filters.get_object() if filters is not None else None
    names = list(filters) if isinstance(filters, ArrayObject) else [filters] if filters else []
    if not names:
        return bytes(encoded[:size])
    if names != ["/FlateDecode"]:
        return b""
    try:
        return zlib.decompressobj().decompress(encoded, size)
    except zlib.error:
        return b""
