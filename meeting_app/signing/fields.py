"""Signature fields: whether a paper takes a signature, and the fields the first signer creates.

The first signer creates every field of the route, with what each later signature will lock
(ISO 32000-2, 12.7.5.5), so that afterwards nobody may add a field.
"""

from typing import BinaryIO

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    append_signature_field,
    enumerate_sig_fields,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from meeting_app.domain.signature import (
    AlreadySigned,
    DocumentLocked,
    Field,
    OutOfRoute,
    Place,
    SigningOrder,
    SigningRefused,
    Unreadable,
    WrongSigner,
)
from meeting_app.signing.names import common_name
from meeting_app.signing.reading import BROKEN
from meeting_app.signing.route import RouteDamaged, read_route
from meeting_app.signing.tags import tag_field

# Read out by screen readers (PDF/UA, 7.18.1). The content of an official paper is Vietnamese.
_TOOLTIP = {
    Field.LEADER: "Chữ ký số của người có thẩm quyền",
    Field.SECRETARY: "Chữ ký số của thư ký",
    Field.CHAIR: "Chữ ký số của chủ trì",
    Field.SEAL: "Chữ ký số của cơ quan, tổ chức",
    Field.ATTACHMENT: "Chữ ký số của cơ quan, tổ chức trên văn bản kèm theo",
}


def ensure_takes(paper: BinaryIO, order: SigningOrder, certificate: asn1_x509.Certificate) -> None:
    """The paper may be signed in that field by that certificate now; raises a SigningRefused."""
    try:
        reader = PdfFileReader(paper)
        found = {name: (value, field) for name, value, field in enumerate_sig_fields(reader)}
        route = read_route(reader.root)
    except RouteDamaged as error:
        raise SigningRefused from error
    except BROKEN as error:
        raise Unreadable from error
    signed = {name for name, (value, _) in found.items() if value is not None}
    if order.field in signed:
        raise AlreadySigned
    if signed and (order.field not in found or order.certify):
        raise DocumentLocked
    if any(_locks_all(reader, name, field) for name, (value, field) in found.items() if value is not None):
        raise DocumentLocked
    waiting = next((step for step in route if step.field not in signed), None)
    if waiting is None:
        return
    if waiting.field != order.field:
        raise OutOfRoute(signer=waiting.signer)
    if waiting.certificate_sha256 != certificate.sha256.hex():
        raise WrongSigner(planned=waiting.signer, signer=common_name(certificate))


def create_missing(writer: IncrementalPdfFileWriter, order: SigningOrder) -> None:
    """The order's own field and those of later signers, each with the lock its signature will set."""
    present = {name: value for name, value, _ in enumerate_sig_fields(writer)}
    # Whoever signed a stranger's file did not foresee that its structure tree would change.
    tags = order.field is not Field.ATTACHMENT or all(value is None for value in present.values())
    wanted = ((order.field, order.place), *order.next_fields)
    for number, (field, place) in enumerate(wanted):
        if field in present:
            continue
        later = [name.value for name, _ in wanted[number + 1 :]]
        append_signature_field(writer, _specification(field, place, later))
        _, _, reference = next(enumerate_sig_fields(writer, with_name=field.value))
        if tags:
            tag_field(writer, reference, _TOOLTIP[field])


def _specification(field: Field, place: Place, later: list[str]) -> SigFieldSpec:
    if later:
        lock, permission = FieldMDPSpec(FieldMDPAction.EXCLUDE, later), MDPPerm.FILL_FORMS
    else:
        lock, permission = FieldMDPSpec(FieldMDPAction.ALL), MDPPerm.NO_CHANGES
    return SigFieldSpec(
        sig_field_name=field.value,
        on_page=place.page,
        # pyHanko types whole points, but writes what it is given.
        box=(place.x, place.y, place.x + place.width, place.y + place.height),  # type: ignore[arg-type]
        field_mdp_spec=lock,
        doc_mdp_update_value=permission,
        readable_field_name=_TOOLTIP[field],
    )


def _locks_all(reader: PdfFileReader, name: str, field: generic.IndirectObject) -> bool:
    signed = EmbeddedPdfSignature(reader, field.get_object(), name)  # type: ignore[no-untyped-call]  # pyHanko has no types here
    return signed.docmdp_level is MDPPerm.NO_CHANGES
