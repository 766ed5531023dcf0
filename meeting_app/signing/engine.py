"""Signing a PDF: PAdES B-LT in one step, or nothing at all.

Order of work: the paper takes this signature (route, locks), the certificate may sign (L12, L13), its
status and that of the timestamp authority are fetched and put into the document security store, and
only then the signature is made and timestamped, so that it covers the proofs as well.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator, ValidationContext, errors
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend
from pyhanko_certvalidator.path import ValidationPath

from meeting_app.domain.signature import (
    CredentialExpired,
    CredentialRevoked,
    CredentialUntrusted,
    DocumentLocked,
    KeyRefused,
    KeyUnusable,
    RevocationUnknown,
    SigningOrder,
    TimestampUnavailable,
    TimestampUntrusted,
    Unreadable,
)
from meeting_app.i18n import _
from meeting_app.signing import fields
from meeting_app.signing.cms import DIGEST, CmsMaker, imprint
from meeting_app.signing.embedding import prepared
from meeting_app.signing.keys import UnlockedKey, ensure_in_force, ensure_usable
from meeting_app.signing.names import common_name
from meeting_app.signing.running import finished
from meeting_app.signing.timestamps import CheckedTimeStamper, plain
from meeting_app.signing.writing import AppendingWriter


def now_utc() -> datetime:
    return datetime.now(UTC)


class SigningEngine:
    """Safe to share between threads; remembers what each timestamp authority's certificate is."""

    def __init__(
        self,
        timestamp_urls: Sequence[str],
        trust: Sequence[asn1_x509.Certificate],
        *,
        fetch_seconds: float = 5.0,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self._trust = tuple(trust)
        self._fetch_seconds = fetch_seconds
        self._clock = clock
        self._stampers = tuple(
            CheckedTimeStamper(url, timeout=fetch_seconds)  # type: ignore[no-untyped-call]  # pyHanko has no types here
            for url in timestamp_urls
        )

    def sign(self, pdf: bytes, order: SigningOrder, key: UnlockedKey) -> bytes:
        """The PDF with one more signature appended; raises a MeetingError and changes nothing otherwise."""
        ensure_usable(key.certificate)
        ensure_in_force(key.certificate, self._clock())
        fields.ensure_takes(pdf, order, key.certificate)
        return finished(self._sign(pdf, order, key))

    async def _sign(self, pdf: bytes, order: SigningOrder, key: UnlockedKey) -> bytes:
        context = self._context(key.chain)
        path = await _signers_path(key, context)
        for stamper in self._stampers:
            try:
                return await self._sign_with(stamper, pdf, order, key, (path, context))
            except (TimestampRequestError, OSError):
                continue
        raise TimestampUnavailable

    async def _sign_with(
        self,
        stamper: CheckedTimeStamper,
        pdf: bytes,
        order: SigningOrder,
        key: UnlockedKey,
        proven: tuple[ValidationPath, ValidationContext],
    ) -> bytes:
        path, context = proven
        paths = [path, *await _authoritys_paths(stamper, context)]
        token = await stamper.async_dummy_response(DIGEST)
        maker = CmsMaker(key)
        # Also those beside the paths: no certificate is left that only an unsigned place holds.
        certificates = [*key.chain, *(entry.chosen for entry in token["content"]["certificates"])]
        try:
            writer = AppendingWriter(pdf)
            fields.create_missing(writer, order)
            # In the signed revision itself: the signature covers the proofs, and no byte follows it.
            DocumentSecurityStore.supply_dss_in_writer(
                writer, None, certs=certificates, paths=paths, validation_context=context, embed_roots=False
            )
            paper = prepared(writer, order, maker.room(len(token.dump())), self._clock())
        except SigningError as error:
            raise DocumentLocked from error
        except PdfError as error:
            raise Unreadable from error
        signature = maker.sign(paper.digest)
        token = await stamper.async_timestamp(imprint(signature), DIGEST)
        stamp = cms.ContentInfo({"content_type": "signed_data", "content": plain(token["content"])})
        return paper.completed(maker.assembled(signature, stamp.dump()))

    def _context(self, chain: Sequence[asn1_x509.Certificate]) -> ValidationContext:
        return ValidationContext(
            trust_roots=list(self._trust),
            other_certs=list(chain),
            allow_fetching=True,
            revocation_mode="require",
            fetcher_backend=RequestsFetcherBackend(per_request_timeout=self._fetch_seconds),
        )


async def _authoritys_paths(stamper: CheckedTimeStamper, context: ValidationContext) -> list[ValidationPath]:
    try:
        return [path async for path in stamper.validation_paths(context)]  # type: ignore[no-untyped-call]  # pyHanko has no types here
    except errors.InsufficientRevinfoError as error:
        raise TimestampUnavailable from error
    except (errors.PathError, errors.ValidationError) as error:
        raise TimestampUntrusted from error


async def _signers_path(key: UnlockedKey, context: ValidationContext) -> ValidationPath:
    """Chain and revocation of the signer's certificate, asked now (L13); raises a KeyRefused."""
    validator = CertificateValidator(key.certificate, intermediate_certs=list(key.chain), validation_context=context)
    try:
        path: ValidationPath = await validator.async_validate_usage(set())  # type: ignore[no-untyped-call]  # pyHanko has no types here
    except (errors.PathError, errors.ValidationError) as error:
        raise _refusal(key.certificate, error) from error
    return path


def _refusal(certificate: asn1_x509.Certificate, error: Exception) -> KeyRefused:
    signer = common_name(certificate)
    match error:
        case errors.RevokedError():
            return CredentialRevoked(signer=signer)
        case errors.ExpiredError() | errors.NotYetValidError():
            return CredentialExpired(
                signer=signer,
                not_before=f"{certificate.not_valid_before:%d/%m/%Y}",
                not_after=f"{certificate.not_valid_after:%d/%m/%Y}",
            )
        case errors.InsufficientRevinfoError():
            return RevocationUnknown(signer=signer)
        case errors.DisallowedAlgorithmError():
            return KeyUnusable(signer=signer, reason=_("its algorithm is not allowed."))
        case _other:
            return CredentialUntrusted(signer=signer)
