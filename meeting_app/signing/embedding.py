"""The steps between a paper and its signed bytes, on pyHanko's embedder."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

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
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from meeting_app.domain.signature import SigningOrder
from meeting_app.signing import appearance
from meeting_app.signing.cms import DIGEST
from meeting_app.signing.writing import AppendingWriter


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paper in its final form but for the signature object."""

    digest: bytes  # SHA-256 of all bytes but the gap
    _output: BytesIO
    _steps: Generator[Any, Any, None]

    def completed(self, cms: bytes) -> bytes:
        """The signed paper; to be called once."""
        self._steps.send(cms)
        return self._output.getvalue()


def prepared(writer: AppendingWriter, order: SigningOrder, room: int, at: datetime) -> Prepared:
    """Write the paper with its appearance and a gap of `room` bytes in the field, which must exist.

    Locks are those the field was created with (see `fields`). `at` is what the signer claims.
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
    digest, output = steps.send(SigIOSetup(md_algorithm=DIGEST))
    return Prepared(digest.document_digest, output, steps)


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
