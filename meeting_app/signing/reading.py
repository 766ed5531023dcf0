"""What stands in a PDF from someone else: its signatures, and the bytes that no signature explains."""

import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from meeting_app.domain.signature import Unreadable

# What pyHanko and asn1crypto raise on broken or hostile input; not MemoryError, which is our limit.
BROKEN = (
    PdfError,
    ValueError,  # also: SignatureValidationError, UnicodeError
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
    EOFError,
    struct.error,
    zlib.error,
)

_SUBFILTERS = {"/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/ETSI.RFC3161"}
_REVISION_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
_XREF = re.compile(rb"xref\s|\d+\s+\d+\s+obj\b")
_ONE_LINE_END = {b"", b"\n", b"\r", b"\r\n"}


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF as read, its signatures in the order in which they were made."""

    content: bytes
    reader: PdfFileReader
    signatures: tuple[EmbeddedPdfSignature, ...]
    damaged: bool  # there are signatures that cannot be read
    unknown: bool  # there are signatures of a kind that we cannot judge
    ambiguous: bool  # written so that programs may show it differently


def open_document(content: bytes) -> Document:
    """Raises Unreadable for what is no PDF, is encrypted, or is broken beyond reading."""
    try:
        reader, ambiguous = _reader(content)
        if reader.encrypted:
            raise Unreadable
        fields = [(name, field, value) for name, value, field in enumerate_sig_fields(reader, filled_status=True)]
    except BROKEN as error:
        raise Unreadable from error
    signatures, damaged, unknown = [], False, False
    for name, field, value in fields:
        try:
            if str(value.get_object().get("/SubFilter")) not in _SUBFILTERS:
                unknown = True
                continue
            signature = EmbeddedPdfSignature(reader, field, name)
            _ = signature.signer_cert.native, signature.signer_info.native  # parsed lazily
        except BROKEN:
            damaged = True
        else:
            signatures.append(signature)
    signatures.sort(key=lambda signature: signature.signed_revision)
    return Document(content, reader, tuple(signatures), damaged, unknown, ambiguous)


def hidden_in_contents(document: Document, signature: EmbeddedPdfSignature) -> bool:
    """The gap between the signed ranges holds anything but one CMS object, written as hexadecimal digits.

    No digest covers these bytes: whatever could be put there must be refused.
    """
    start, end = _gap(signature)
    gap = document.content[start:end]
    digits = gap[1:-1]
    if not (gap.startswith(b"<") and gap.endswith(b">")):
        return True
    try:
        raw = bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return True
    if digits not in (digits.lower(), digits.upper()):
        return True
    length = _der_length(raw)
    return raw[: len(signature.pkcs7_content)] != signature.pkcs7_content or any(raw[length:])


def contents(document: Document, signature: EmbeddedPdfSignature) -> bytes:
    """The signature object as it stands in the file, without the padding behind it."""
    start, end = _gap(signature)
    raw = bytes.fromhex(document.content[start + 1 : end - 1].decode("ascii"))
    return raw[: _der_length(raw)]


def unexplained_tail(document: Document) -> bool:
    """Behind the last signed byte stands anything but whole revisions made of listed objects."""
    position = max(signed_end(signature) for signature in document.signatures)
    newest = max(signature.signed_revision for signature in document.signatures)
    for revision in range(newest + 1, document.reader.xrefs.total_revisions):
        end = _revision_end(document, revision, position)
        if end is None:
            return True
        position = end
    permitted = _ONE_LINE_END if newest + 1 < document.reader.xrefs.total_revisions else {b""}
    return document.content[position:] not in permitted


def signed_end(signature: EmbeddedPdfSignature) -> int:
    """Offset just behind the last byte that the signature covers."""
    _, _, start, length = signature.byte_range
    return int(start + length)


def has_sound_range(document: Document, signature: EmbeddedPdfSignature) -> bool:
    """Two ranges from the very first byte, around one gap, inside the file."""
    numbers = list(signature.byte_range)
    if len(numbers) != 4 or numbers[0] != 0 or any(number < 0 for number in numbers):  # noqa: PLR2004 — two pairs
        return False
    start, end = _gap(signature)
    return start < end and signed_end(signature) <= len(document.content)


def _reader(content: bytes) -> tuple[PdfFileReader, bool]:
    """A strict reader if the file allows one; otherwise a lenient one, and True."""
    try:
        reader = PdfFileReader(BytesIO(content))
        if not reader.xrefs.hybrid_xrefs_present:
            _ = reader.root
            return reader, False
    except BROKEN:
        pass
    return PdfFileReader(BytesIO(content), strict=False), True


def _gap(signature: EmbeddedPdfSignature) -> tuple[int, int]:
    return int(signature.byte_range[1]), int(signature.byte_range[2])


def _der_length(raw: bytes) -> int:
    """Length of the first DER element with its header; the whole for other encodings."""
    if len(raw) < 2 or raw[1] == 0x80:  # noqa: PLR2004 — tag and length; 0x80: indefinite (BER)
        return len(raw)
    if raw[1] < 0x80:  # noqa: PLR2004 — short form (X.690, 8.1.3.4)
        return 2 + raw[1]
    size = raw[1] & 0x7F
    return 2 + size + int.from_bytes(raw[2 : 2 + size], "big")


def _revision_end(document: Document, revision: int, start: int) -> int | None:
    """Where a revision that begins at `start` ends, if each of its bytes belongs to a listed object."""
    xrefs, content = document.reader.xrefs, document.content
    xref_at = xrefs.get_xref_container_info(revision).declared_startxref
    offsets = {xref_at}
    for reference in xrefs.explicit_refs_in_revision(revision):
        place = xrefs.get_historical_ref(reference, revision)
        if isinstance(place, int):
            offsets.add(place)
    edges = sorted(offsets)
    if edges[0] < start or edges[-1] != xref_at or content[start : edges[0]].strip():
        return None
    for begin, end in pairwise(edges):
        if not content[begin:end].rstrip().endswith(b"endobj"):
            return None
    closing = _REVISION_END.search(content, xref_at)
    if not _XREF.match(content, xref_at) or closing is None or int(closing[1]) != xref_at:
        return None
    return closing.end()
