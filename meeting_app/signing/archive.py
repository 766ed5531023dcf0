"""Proofs and a timestamp over a whole paper, which carry its signatures beyond their certificates (B-LTA).

The first one completes what could not be had when the paper was signed; later ones renew it before
the timestamp authority's certificate ends (EN 319 142-1, 5.5).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import BinaryIO

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import CertificateValidator, ValidationContext, errors
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.path import ValidationPath

from meeting_app.domain.signature import TimestampUnavailable, Unreadable
from meeting_app.signing.chains import read_proofs
from meeting_app.signing.cms import DIGEST
from meeting_app.signing.embedding import fill, open_timestamp_gap
from meeting_app.signing.inquiry import Authority, Inquiry, asking_context, first_authority
from meeting_app.signing.reading import BROKEN
from meeting_app.signing.timestamps import CheckedTimeStamper, certificates_in
from meeting_app.signing.tokens import spelled
from meeting_app.signing.writing import AppendingWriter

_FIELD = "Timestamp{number}"
_SPARE = 256  # bytes: timestamps vary a little from one to the next


async def append_timestamp(
    paper: BinaryIO,
    stampers: Sequence[CheckedTimeStamper],
    trust: Sequence[asn1_x509.Certificate],
    now: datetime,
    fetch_seconds: float,
) -> datetime:
    """In place; returns when the new timestamp's chain ends. Raises TimestampUnavailable, TimestampUntrusted."""
    try:
        writer = AppendingWriter(paper)
        signatures = list(writer.prev.embedded_signatures)
        proofs = read_proofs(writer.prev, signatures)
    except BROKEN as error:
        raise Unreadable from error
    backend = AIOHttpFetcherBackend(per_request_timeout=fetch_seconds)
    others = [each for signature in signatures for each in _certificates(signature)]
    context = asking_context(trust, others, now, backend, proofs)
    try:
        authority = await first_authority(stampers, context)
        paths = [path for signature in signatures for path in await _paths(signature, context)]
    finally:
        await backend.close()  # type: ignore[no-untyped-call]  # pyHanko has no types here
    if authority is None:
        raise TimestampUnavailable
    Inquiry(tuple(others), tuple(paths), context, authority).store_in(writer)
    gap = open_timestamp_gap(writer, _free_name(writer.prev), len(authority.token.dump()) + _SPARE)
    token = await _token(authority, gap.digest)
    fill(paper, (gap.start, gap.end), token)
    return authority.ends_at


async def _token(authority: Authority, digest: bytes) -> bytes:
    """Under the certificates whose proofs the paper holds already."""
    try:
        token = await authority.stamper.async_timestamp(digest, DIGEST)
    except TimestampRequestError as error:
        authority.stamper.forget()
        raise TimestampUnavailable from error
    if not {each.hex() for each in certificates_in(token["content"])} <= authority.fingerprints:
        authority.stamper.forget()
        raise TimestampUnavailable
    return spelled(token["content"])


async def _paths(signature: EmbeddedPdfSignature, context: ValidationContext) -> list[ValidationPath]:
    """Of whoever signed and of the authorities that stamped it, as far as the answers can still be had.

    What cannot be had any more was needed earlier: it is in the paper already, or will be missed.
    """
    found = []
    for signed in _signed_objects(signature):
        embedded = extract_certificate_info(signed)
        validator = CertificateValidator(
            embedded.signer_cert, intermediate_certs=list(embedded.other_certs), validation_context=context
        )
        try:
            found.append(await validator.async_validate_usage(set()))  # type: ignore[no-untyped-call]  # pyHanko has no types here
        except (errors.PathError, errors.ValidationError):
            continue
    return found


def _certificates(signature: EmbeddedPdfSignature) -> Iterable[asn1_x509.Certificate]:
    for signed in _signed_objects(signature):
        yield from (entry.chosen for entry in signed["certificates"])


def _signed_objects(signature: EmbeddedPdfSignature) -> list[cms.SignedData]:
    return [signature.signed_data, *extract_tst_data_iter(signature.signer_info, signed=False)]


def _free_name(reader: PdfFileReader) -> str:
    taken = {name for name, _, _ in enumerate_sig_fields(reader)}
    return next(name for number in count(1) if (name := _FIELD.format(number=number)) not in taken)
