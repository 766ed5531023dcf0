"""The steps between a paper and its signed bytes, on pyHanko's embedder."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from pyhanko.pdf_utils import generic
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigAppearanceSetup,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, SignatureObject

from meeting_app.domain.signature import SigningOrder
from meeting_app.signing import appearance
from meeting_app.signing.cms import DIGEST
from meeting_app.signing.writing import AppendingWriter

_CHUNK = 1 << 20  # bytes read at a time for the digest


@dataclass(frozen=True, slots=True)
class Gap:
    """Where the signature object goes, and what it is made over."""

    digest: bytes  # SHA-256 of all bytes but the gap
    start: int  # offset of the opening bracket
    end: int  # offset behind the closing bracket


def open_gap(writer: AppendingWriter, order: SigningOrder, room: int, at: datetime) -> Gap:
    """Append the signature's revision with its appearance and a gap of `room` bytes to the writer's own stream.

    The field must exist; locks are those it was created with (see `fields`). `at` is what the signer claims.
    """
    writer.register_extension(ESIC_EXTENSION_1)  # "here is PAdES", for PDF 1.7
    steps = PdfCMSEmbedder().write_cms(order.field.value, writer, existing_fields_only=True)
    field = next(steps).get_object()
    steps.send(
        SigObjSetup(
            sig_placeholder=SignatureObject(
                timestamp=at,
                subfilter=SigSeedSubFilter.PADES,
                location=order.location,
                reason=order.reason,
                bytes_reserved=2 * room,  # hexadecimal digits
            ),
            mdp_setup=_permissions(field, certify=order.certify),
            appearance_setup=SigAppearanceSetup(style=appearance.style(order.appearance), timestamp=at, name=None),
        )
    )
    return _written(steps)


def open_timestamp_gap(writer: AppendingWriter, name: str, room: int) -> Gap:
    """The same for a timestamp of the whole document, in a new invisible field of that name."""
    steps = PdfCMSEmbedder().write_cms(name, writer)
    next(steps)
    placeholder = DocumentTimestamp(bytes_reserved=2 * room)  # type: ignore[no-untyped-call]  # pyHanko has no types here
    steps.send(SigObjSetup(sig_placeholder=placeholder))
    return _written(steps)


def fill(paper: BinaryIO, gap: tuple[int, int], content: bytes) -> None:
    """Write the object's digits into the gap; raises ValueError, before a byte is changed, if it has no room."""
    start, end = gap
    digits = content.hex().upper().encode()
    if len(digits) > end - start - 2:
        raise ValueError("the gap is too small")
    paper.seek(start + 1)
    paper.write(digits)


def _written(steps: Generator[Any, Any, None]) -> Gap:
    ready, _ = steps.send(SigIOSetup(md_algorithm=DIGEST, in_place=True, chunk_size=_CHUNK))
    return Gap(ready.document_digest, ready.reserved_region_start, ready.reserved_region_end)


def _permissions(field: generic.DictionaryObject, *, certify: bool) -> SigMDPSetup:
    if "/Lock" not in field:  # created by other software
        return SigMDPSetup(DIGEST, certify, docmdp_perms=MDPPerm.FILL_FORMS if certify else None)
    lock = field["/Lock"]
    return SigMDPSetup(
        DIGEST,
        certify,
        field_lock=FieldMDPSpec.from_pdf_object(lock),
        docmdp_perms=MDPPerm(lock["/P"]) if "/P" in lock else MDPPerm.FILL_FORMS,
    )
