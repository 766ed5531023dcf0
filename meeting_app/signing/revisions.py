"""What stands behind the last signature, byte by byte.

No signature covers it. Viewers that rebuild a file's table of objects by themselves would find what
no table lists, so each byte there has to belong to a listed object or to the table itself.
"""

import re
from itertools import pairwise

from pyhanko.pdf_utils import generic

from meeting_app.signing.reading import Document, signed_end

_REVISION_END = re.compile(rb"\s*(?:endobj\s*)?startxref\s+(\d+)\s+%%EOF")
_OBJECT = re.compile(rb"\b\d+\s+\d+\s+obj\b")
_XREF = re.compile(rb"xref\s|\d+\s+\d+\s+obj\b")
_ONE_LINE_END = {b"", b"\n", b"\r", b"\r\n"}


def unexplained_tail(document: Document) -> bool:
    """Behind the last signed byte stands anything but whole revisions made of listed objects."""
    position = max(signed_end(signature) for signature in document.signatures)
    newest = max(signature.signed_revision for signature in document.signatures)
    total = document.reader.xrefs.total_revisions
    for revision in range(newest + 1, total):
        end = _revision_end(document, revision, position)
        if end is None:
            return True
        position = end
    permitted = _ONE_LINE_END if newest + 1 < total else {b""}
    return document.content[position:] not in permitted


def _revision_end(document: Document, revision: int, start: int) -> int | None:
    """Where a revision that begins at `start` ends, if each of its bytes belongs to a listed object."""
    xrefs, content = document.reader.xrefs, document.content
    xref_at = xrefs.get_xref_container_info(revision).declared_startxref
    listed: dict[int, generic.Reference | None] = {}
    for reference in xrefs.explicit_refs_in_revision(revision):
        place = xrefs.get_historical_ref(reference, revision)
        if isinstance(place, int):
            listed[place] = reference
    listed[xref_at] = None
    edges = sorted(listed)
    if edges[0] < start or edges[-1] != xref_at or content[start : edges[0]].strip():
        return None
    if not all(_is_one_object(document, listed[begin], revision, (begin, end)) for begin, end in pairwise(edges)):
        return None
    return _closing(document, revision, xref_at)


def _is_one_object(
    document: Document, reference: generic.Reference | None, revision: int, span: tuple[int, int]
) -> bool:
    """Read as an object, it ends where the next one begins, and no other begins in it."""
    begin, end = span
    written = document.content[begin:end]
    # Past the cache: leaves the stream behind the object.
    document.reader.get_object(reference, revision)  # type: ignore[no-untyped-call]  # pyHanko has no types here
    if document.reader.stream.tell() != end or not written.rstrip().endswith(b"endobj"):
        return False
    before_content = written.partition(b"stream")[0]
    return bool(_OBJECT.match(written)) and len(_OBJECT.findall(before_content)) == 1


def _closing(document: Document, revision: int, xref_at: int) -> int | None:
    """The end of a revision whose table, trailer and end marker follow each other directly."""
    reader, content = document.reader, document.content
    table = reader.xrefs.get_xref_container_info(revision)
    end = table.end_location
    if table.stream_ref is None:
        reader.stream.seek(end)
        generic.DictionaryObject.read_from_stream(reader.stream, generic.TrailerReference(reader))  # type: ignore[no-untyped-call]
        end = reader.stream.tell()
    closing = _REVISION_END.match(content, end)
    objects = len(_OBJECT.findall(content[xref_at:end].partition(b"stream")[0]))
    expected = 0 if table.stream_ref is None else 1
    if not _XREF.match(content, xref_at) or objects != expected or closing is None or int(closing[1]) != xref_at:
        return None
    return closing.end()
