"""What stands in a PDF from someone else, and its signatures as they are written."""

import struct
import zlib
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from meeting_app.domain.signature import Unreadable
from meeting_app.signing.history import HistoryReader

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

_SHOWN = ("sid", "digest_algorithm", "signature_algorithm")  # of every signature, whatever the verdict
_SUBFILTERS = {"/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/ETSI.RFC3161"}


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF as read, its signatures in the order in which they were made."""

    content: bytes
    reader: PdfFileReader
    signatures: tuple[EmbeddedPdfSignature, ...]
    damaged: bool  # there are signatures that cannot be read
    unknown: bool  # there are signatures of a kind that we cannot judge
    lost: bool  # there were signatures that the newest revision does not show
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
            _ = signature.signer_cert.native, [signature.signer_info[part].native for part in _SHOWN]  # parsed lazily
        except BROKEN:
            damaged = True
        else:
            signatures.append(signature)
    signatures.sort(key=lambda signature: signature.signed_revision)
    lost = _has_lost(reader, {value.reference for _, _, value in fields if isinstance(value, generic.IndirectObject)})
    return Document(content, reader, tuple(signatures), damaged, unknown, lost, ambiguous)


def _has_lost(reader: PdfFileReader, present: set[generic.Reference]) -> bool:
    for revision in range(reader.xrefs.total_revisions - 1):
        try:
            earlier = list(enumerate_sig_fields(reader.get_historical_resolver(revision), filled_status=True))
        except BROKEN:
            continue  # parts of a linearised file are no documents of their own
        if any(isinstance(value, generic.IndirectObject) and value.reference not in present for _, value, _ in earlier):
            return True
    return False


def hidden_in_contents(document: Document, signature: EmbeddedPdfSignature) -> bool:
    """The gap between the signed ranges holds anything but one CMS object, written as hexadecimal digits.

    No digest covers these bytes: whatever could be put there must be refused.
    """
    start, end = _gap(signature)
    written = digits(document, signature)
    if document.content[start : start + 1] != b"<" or document.content[end - 1 : end] != b">":
        return True
    try:
        raw = bytes.fromhex(written.decode("ascii"))
    except ValueError:
        return True
    if written not in (written.lower(), written.upper()):
        return True
    length = _der_length(raw)
    return raw[: len(signature.pkcs7_content)] != signature.pkcs7_content or any(raw[length:])


def contents(document: Document, signature: EmbeddedPdfSignature) -> bytes:
    """The signature object as it stands in the file, without the padding behind it."""
    raw = bytes.fromhex(digits(document, signature).decode("ascii"))
    return raw[: _der_length(raw)]


def digits(document: Document, signature: EmbeddedPdfSignature) -> bytes:
    """The same as written, with the padding."""
    start, end = _gap(signature)
    return document.content[start + 1 : end - 1]


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


def has_store_at(document: Document, revision: int) -> bool:
    """Whether the document carried proofs (a security store) then."""
    try:
        return "/DSS" in document.reader.get_historical_root(revision)
    except BROKEN:
        return False


def _reader(content: bytes) -> tuple[PdfFileReader, bool]:
    """A strict reader if the file allows one; otherwise a lenient one, and True."""
    try:
        reader = HistoryReader(content, strict=True)
        if not reader.xrefs.hybrid_xrefs_present:
            _ = reader.root
            return reader, False
    except BROKEN:
        pass
    return HistoryReader(content, strict=False), True


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
