"""What is found out before a signature is made (L13): the signer's certificate, and who can timestamp it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator, ValidationContext, errors
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.path import ValidationPath

from meeting_app.domain.signature import (
    CredentialExpired,
    CredentialRevoked,
    CredentialUntrusted,
    KeyRefused,
    KeyUnusable,
    RevocationUnknown,
    TimestampUntrusted,
)
from meeting_app.i18n import _
from meeting_app.signing.chains import Proofs
from meeting_app.signing.names import common_name
from meeting_app.signing.timestamps import CheckedTimeStamper, certificates_in
from meeting_app.signing.trust import vouches_for_signers


@dataclass(frozen=True, slots=True)
class Authority:
    """A timestamp authority that answers, with the proof that its certificate is good."""

    stamper: CheckedTimeStamper
    token: cms.ContentInfo  # a throw-away one
    path: ValidationPath

    @property
    def certificates(self) -> list[asn1_x509.Certificate]:
        return [entry.chosen for entry in self.token["content"]["certificates"]]

    @property
    def fingerprints(self) -> frozenset[str]:
        return frozenset(each.hex() for each in certificates_in(self.token["content"]))

    @property
    def ends_at(self) -> datetime:
        """When the first certificate of its chain, below the root, ends."""
        ends: list[datetime] = [each.not_valid_after for each in self.path.iter_certs(include_root=False)]
        return min(ends)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The answers, as they go into the document security store."""

    certificates: tuple[asn1_x509.Certificate, ...]  # the signer's first; none for a timestamp alone
    paths: tuple[ValidationPath, ...]
    context: ValidationContext  # holds what the authorities said
    authority: Authority | None  # None: no timestamp authority answers

    def store_in(self, writer: IncrementalPdfFileWriter) -> None:
        """Into the revision that is being written: what is signed next covers the proofs as well."""
        authority = [self.authority] if self.authority else []
        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            None,
            # Also those beside the paths: no certificate is left that only an unsigned place holds.
            certs=[*self.certificates, *(each for one in authority for each in one.certificates)],
            paths=[*self.paths, *(one.path for one in authority)],
            validation_context=self.context,
            embed_roots=False,
        )


def asking_context(
    trust: Sequence[asn1_x509.Certificate],
    others: Sequence[asn1_x509.Certificate],
    moment: datetime,
    backend: AIOHttpFetcherBackend,
    known: Proofs | None = None,
) -> ValidationContext:
    """Asks OCSP and CRL now; every certificate below the root needs an answer."""
    proofs = known or Proofs()
    return ValidationContext(
        trust_roots=list(trust),
        other_certs=[*others, *proofs.certificates],
        moment=moment,
        allow_fetching=True,
        revocation_mode="require",
        fetcher_backend=backend,
        ocsps=list(proofs.ocsps),
        crls=list(proofs.crls),
    )


async def signers_path(
    certificates: Sequence[asn1_x509.Certificate], context: ValidationContext, *, unchecked: bool
) -> list[ValidationPath]:
    """Chain and revocation of the signer's certificate; raises a KeyRefused.

    `unchecked`: the signer was told that no authority answers about revocation, and signs all the
    same (L13); the path then carries no proof and is left out.
    """
    validator = CertificateValidator(
        certificates[0], intermediate_certs=list(certificates[1:]), validation_context=context
    )
    try:
        path = await validator.async_validate_usage(set())  # type: ignore[no-untyped-call]  # pyHanko has no types here
    except (errors.PathError, errors.ValidationError) as error:
        refused = _refusal(certificates[0], error)
        if unchecked and isinstance(refused, RevocationUnknown):
            return []
        raise refused from error
    if not vouches_for_signers(path):
        raise CredentialUntrusted(signer=common_name(certificates[0]))
    return [path]


async def first_authority(stampers: Sequence[CheckedTimeStamper], context: ValidationContext) -> Authority | None:
    """The first that answers under a trusted certificate; raises TimestampUntrusted when one answered, none trusted."""
    untrusted: Exception | None = None
    for stamper in stampers:
        try:
            token = await stamper.sample()
            path = await _authoritys_path(token, context)
        except (TimestampRequestError, errors.InsufficientRevinfoError):
            stamper.forget()
        except (errors.PathError, errors.ValidationError) as error:
            stamper.forget()
            untrusted = error
        else:
            return Authority(stamper, token, path)
    if untrusted is not None:
        raise TimestampUntrusted from untrusted
    return None


async def _authoritys_path(token: cms.ContentInfo, context: ValidationContext) -> ValidationPath:
    embedded = extract_certificate_info(token["content"])
    validator = CertificateValidator(
        embedded.signer_cert, intermediate_certs=list(embedded.other_certs), validation_context=context
    )
    return await validator.async_validate_usage(set(), {"time_stamping"})  # type: ignore[no-any-return, no-untyped-call]  # pyHanko has no types here


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
