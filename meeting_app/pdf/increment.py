"""An incremental update (ISO 32000-2, 7.5.6): the file as it was, and behind it what is new or changed.

pypdf finds what changed; what it writes leaves the cross-reference stream itself out of the table,
which checkers complain of. Here an update takes the form of the file's own cross-reference section.
"""

import re
from io import BytesIO
from typing import BinaryIO

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject, PdfObject

_LAST = 2048  # bytes at the end in which "startxref" must stand


class NoCrossReference(Exception):
    """The file does not say where its objects lie; nothing can be appended to it."""


def write_increment(source: BinaryIO, writer: PdfWriter, target: BinaryIO) -> None:
    """Write what `source` holds, then the changes of `writer`, which was opened on it incrementally."""
    source.seek(0)
    original = source.read()
    target.write(original)
    changed = writer.list_objects_in_increment()
    if not changed:
        return
    before = _cross_reference(original)
    if not original.endswith((b"\n", b"\r")):
        target.write(b"\n")
    places: dict[int, int] = {}
    for reference in changed:
        content = reference.get_object()
        if content is None:
            continue
        places[reference.idnum] = target.tell()
        target.write(b"%d %d obj\n" % (reference.idnum, reference.generation))
        content.write_to_stream(target)
        target.write(b"\nendobj\n")
    trailer = _trailer(writer, before)
    if original[before : before + 4] == b"xref":
        _write_table(target, places, trailer)
    else:
        _write_stream(target, places, trailer)


def _cross_reference(original: bytes) -> int:
    """Where the newest cross-reference section begins."""
    found = re.findall(rb"startxref\s+(\d+)", original[-_LAST:])
    if not found or not 0 < int(found[-1]) < len(original):
        raise NoCrossReference
    return int(found[-1])


def _trailer(writer: PdfWriter, before: int) -> DictionaryObject:
    reader = writer._reader  # noqa: SLF001 — the document being appended to has no public name
    kept = reader.trailer if reader is not None else DictionaryObject()
    trailer = DictionaryObject({NameObject("/Prev"): NumberObject(before)})
    for name in ("/Root", "/Info", "/ID"):
        if name in kept:
            trailer[NameObject(name)] = kept.raw_get(name)
    size = max(len(writer._objects), int(kept.get("/Size", 0)) - 1)  # noqa: SLF001
    trailer[NameObject("/Size")] = NumberObject(size + 1)
    return trailer


def _write_table(target: BinaryIO, places: dict[int, int], trailer: DictionaryObject) -> None:
    start = target.tell()
    target.write(b"xref\n")
    for first, numbers in _runs(places):
        target.write(b"%d %d\n" % (first, len(numbers)))
        target.writelines(b"%010d %05d n \n" % (places[number], 0) for number in numbers)
    target.write(b"trailer\n" + _bytes(trailer) + b"\nstartxref\n%d\n%%%%EOF\n" % start)


def _write_stream(target: BinaryIO, places: dict[int, int], trailer: DictionaryObject) -> None:
    start = target.tell()
    size = trailer["/Size"]
    assert isinstance(size, NumberObject)  # noqa: S101 — _trailer put it there
    own = int(size)
    places = {**places, own: start}
    rows, index = BytesIO(), ArrayObject()
    for first, numbers in _runs(places):
        index.extend([NumberObject(first), NumberObject(len(numbers))])
        for number in numbers:
            rows.write(b"\x01" + places[number].to_bytes(8, "big") + b"\x00\x00")
    section = DecodedStreamObject()
    section.set_data(rows.getvalue())
    packed = section.flate_encode()
    packed.update(trailer)
    packed[NameObject("/Type")] = NameObject("/XRef")
    packed[NameObject("/Size")] = NumberObject(own + 1)
    packed[NameObject("/W")] = ArrayObject([NumberObject(1), NumberObject(8), NumberObject(2)])
    packed[NameObject("/Index")] = index
    target.write(b"%d 0 obj\n" % own + _bytes(packed) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start)


def _runs(places: dict[int, int]) -> list[tuple[int, list[int]]]:
    """Object numbers in rows without gaps, as cross-reference sections list them."""
    runs: list[tuple[int, list[int]]] = []
    for number in sorted(places):
        if runs and runs[-1][1][-1] == number - 1:
            runs[-1][1].append(number)
        else:
            runs.append((number, [number]))
    return runs


def _bytes(content: PdfObject) -> bytes:
    written = BytesIO()
    content.write_to_stream(written)
    return written.getvalue()
