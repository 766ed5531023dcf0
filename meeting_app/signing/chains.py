"""Whether a certificate was good at a moment, told from the proofs inside the file alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from asn1crypto import crl, ocsp
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import find_unique_cms_attribute
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import CertificateValidator, ValidationContext, errors
from pyhanko_certvalidator.path import ValidationPath

from meeting_app.signing.reading import BROKEN
from meeting_app.signing.trust import vouches_for_signers


class Problem(Enum):
    UNTRUSTED = auto()  # no chain to an authority we trust
    REVOKED = auto()
    OUTSIDE_VALIDITY = auto()
    UNPROVEN = auto()  # no proof about revocation for that moment
    WEAK = auto()  # algorithm
    MISUSED = auto()  # purpose, or a broken chain


# The special before the general.
_PROBLEMS = (
    (errors.RevokedError, Problem.REVOKED),
    ((errors.ExpiredError, errors.NotYetValidError), Problem.OUTSIDE_VALIDITY),
    (errors.InsufficientRevinfoError, Problem.UNPROVEN),
    (errors.DisallowedAlgorithmError, Problem.WEAK),
    (errors.PathError, Problem.UNTRUSTED),
    (errors.InvalidCertificateError, Problem.MISUSED),
    (errors.ValidationError, Problem.UNPROVEN),
)


@dataclass(frozen=True, slots=True)
class Chain:
    """The result for one certificate: no problem means good at that moment."""

    problem: Problem | None
    ends_at: datetime | None = None  # when the first certificate of the chain, below the root, ends


@dataclass(frozen=True, slots=True)
class Proofs:
    """Certificates and revocation material a file carries."""

    certificates: tuple[asn1_x509.Certificate, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()


def read_proofs(reader: PdfFileReader, signatures: Sequence[EmbeddedPdfSignature]) -> Proofs:
    """From the document security store, and from the older attribute inside signatures (ISO 32000-2, 12.8.3.3)."""
    certificates: list[asn1_x509.Certificate] = []
    ocsps: list[ocsp.OCSPResponse] = []
    crls: list[crl.CertificateList] = []
    try:
        store = DocumentSecurityStore.read_dss(reader)
        certificates += store.load_certs()
        ocsps += [ocsp.OCSPResponse.load(entry.get_object().data) for entry in store.ocsps]
        crls += [crl.CertificateList.load(entry.get_object().data) for entry in store.crls]
    except BROKEN:  # also when there is none
        pass  # what is missing will be missed where it is needed
    for signature in signatures:
        try:
            attributes = signature.signer_info["signed_attrs"]
            archive = find_unique_cms_attribute(attributes, "adobe_revocation_info_archival")
        except BROKEN:
            continue
        ocsps += list(archive["ocsp"] or ())
        crls += list(archive["crl"] or ())
    return Proofs(tuple(certificates), tuple(ocsps), tuple(_without_repetitions(crls)))


def _without_repetitions(crls: Sequence[crl.CertificateList]) -> Iterable[crl.CertificateList]:
    """Of lists that say the same the one that says it longest; each signature brings the list of its day."""
    longest: dict[bytes, crl.CertificateList] = {}
    for each in crls:
        try:
            said = _said_by(each)
            known = longest.get(said)
            if known is None or _ends(known) < _ends(each):
                longest[said] = each
        except BROKEN:
            continue  # no proof of anything
    return longest.values()


def _said_by(revoked: crl.CertificateList) -> bytes:
    """Everything in the list but its number, its dates and the value of its signature."""
    listed = revoked["tbs_cert_list"]
    extensions = [each.dump() for each in listed["crl_extensions"] or () if each["extn_id"].native != "crl_number"]
    parts = (listed["signature"], listed["issuer"], listed["revoked_certificates"], revoked["signature_algorithm"])
    return b"".join([*(part.dump() for part in parts), *extensions])


def _ends(revoked: crl.CertificateList) -> tuple[datetime, datetime]:
    listed = revoked["tbs_cert_list"]
    made = listed["this_update"].native
    return listed["next_update"].native or made, made  # the end may be left out (RFC 5280, 5.1.2.5, forbids it)


def context_at(
    moment: datetime, trust: Sequence[asn1_x509.Certificate], proofs: Proofs, *, demanding: bool = True
) -> ValidationContext:
    """Never fetches. `demanding`: every certificate below the root needs proof that it was not revoked."""
    return ValidationContext(
        trust_roots=list(trust),
        other_certs=list(proofs.certificates),
        moment=moment,
        allow_fetching=False,
        ocsps=list(proofs.ocsps),
        crls=list(proofs.crls),
        revocation_mode="require" if demanding else "soft-fail",
        # Proofs gathered after the signature tell about it as well.
        retroactive_revinfo=True,
    )


def taken_at_word(certificates: Sequence[asn1_x509.Certificate], moment: datetime) -> ValidationContext:
    """To look at what these certificates signed, not at them: whom to trust is asked of `judge`, once."""
    return ValidationContext(trust_roots=list(certificates), moment=moment, allow_fetching=False)


async def judge(
    certificate: asn1_x509.Certificate,
    chain: Sequence[asn1_x509.Certificate],
    context: ValidationContext,
    *,
    purpose: str | None = None,
) -> Chain:
    """`purpose`: an extended key usage the certificate must have, e.g. "time_stamping"."""
    validator = CertificateValidator(certificate, intermediate_certs=list(chain), validation_context=context)
    try:
        path = await validator.async_validate_usage(set(), {purpose} if purpose else None)  # type: ignore[no-untyped-call]  # pyHanko has no types here
    except (errors.PathError, errors.ValidationError) as error:
        return Chain(_problem(certificate, context.moment, error))
    if purpose is None and not vouches_for_signers(path):
        return Chain(Problem.UNTRUSTED)
    return Chain(None, _end(path))


def _problem(certificate: asn1_x509.Certificate, moment: datetime, error: Exception) -> Problem:
    problem = next(problem for kind, problem in _PROBLEMS if isinstance(error, kind))
    if problem is Problem.MISUSED and certificate.self_signed in {"yes", "maybe"}:
        return Problem.UNTRUSTED  # refused as "invalid", but only unknown to us
    if problem is Problem.UNPROVEN and not _in_force(certificate, moment):
        return Problem.OUTSIDE_VALIDITY  # proofs are looked for first, but here none could help
    return problem


def _in_force(certificate: asn1_x509.Certificate, moment: datetime) -> bool:
    return bool(certificate.not_valid_before <= moment <= certificate.not_valid_after)


def _end(path: ValidationPath) -> datetime | None:
    below_root = [authority.not_valid_after for authority in list(path.iter_certs(include_root=False))]
    return min(below_root, default=None)
