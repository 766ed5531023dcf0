"""One signature: its facts (L15), and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import DiffPolicy, DiffResult, ModificationLevel
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import (
    DocumentTimestampStatus,
    PdfSignatureStatus,
    SignatureCoverageLevel,
)
from pyhanko_certvalidator.errors import InvalidCertificateError

from meeting_app.domain.signature import SignatureFacts, Verdict
from meeting_app.i18n import N_
from meeting_app.signing.chains import Chain, Problem, Proofs, context_at, judge, read_proofs, taken_at_word
from meeting_app.signing.changes import ANY_PAPER, OWN_PAPER
from meeting_app.signing.facts import facts_of, profile_of
from meeting_app.signing.reading import BROKEN, Document, has_sound_range, has_store_at, hidden_in_contents
from meeting_app.signing.tightness import is_sealed_tight, is_stamped_tight

ALTERED = N_("The signed content was altered after signing.")
NOT_COVERED = N_("The signature does not cover the whole document as it was when signed.")
CHANGED = N_("The document was changed after this signature in a way that the signature does not permit.")
CHANGED_AT_END = N_("The document was changed after the last signature.")
HIDDEN = N_("Bytes were hidden in the place that holds the signature.")
UNJUDGEABLE = N_("The signature is not built by the rules and cannot be judged.")
TOO_DEEP = N_("The document is too complex to be judged.")
UNTRUSTED = N_("The certificate was not issued by an authority this system trusts.")
REVOKED = N_("The certificate had been revoked or suspended when it was used to sign.")
OUTSIDE_VALIDITY = N_("The certificate was not in force when it was used to sign.")
UNPROVEN = N_("The file holds no proof that the certificate was not revoked when it was used to sign.")
WEAK = N_("The signature uses an algorithm that is no longer allowed.")
MISUSED = N_("The certificate was not issued for signing documents.")
NO_TIMESTAMP = N_("No timestamp proves when the signature was made.")
TIMESTAMP_LATE = N_("The first timestamp was made when the certificate was not good any more.")
TIMESTAMP_LOOSE = N_("The timestamp carries more than its authority signed.")
TIMESTAMP_FALSE = N_("The timestamp does not belong to this signature.")
TIMESTAMP_UNTRUSTED = N_("The timestamp was not made by an authority this system trusts.")
TIMESTAMP_UNPROVEN = N_("The file holds no proof that the timestamp authority's certificate was good.")
TIMESTAMP_ENDED = N_("The timestamp authority's certificate has ended; the time of signing cannot be proven any more.")

_OF_SIGNER = {
    Problem.UNTRUSTED: (Verdict.UNCONFIRMED, UNTRUSTED),
    Problem.REVOKED: (Verdict.INVALID, REVOKED),
    Problem.OUTSIDE_VALIDITY: (Verdict.INVALID, OUTSIDE_VALIDITY),
    Problem.UNPROVEN: (Verdict.UNCONFIRMED, UNPROVEN),
    Problem.WEAK: (Verdict.INVALID, WEAK),
    Problem.MISUSED: (Verdict.INVALID, MISUSED),
}
_WEAK_ALGORITHM = {
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
}
_SIGNING_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
_TIMESTAMPING = "time_stamping"


@dataclass(frozen=True, slots=True)
class Finding:
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    facts: SignatureFacts
    certificate_sha256: str
    is_timestamp: bool  # a timestamp of the document, not a person's signature
    findings: tuple[Finding, ...] = ()

    def with_finding(self, finding: Finding) -> Self:
        return replace(self, findings=(*self.findings, finding))


@dataclass(slots=True)
class _Case:
    """One signature while it is judged."""

    document: Document
    signature: EmbeddedPdfSignature
    proofs: Proofs
    trust: Sequence[asn1_x509.Certificate]
    provable_until: datetime  # a timestamp under a certificate that ended before this proves nothing
    witnessed_at: datetime | None  # the earliest timestamp of the document that holds and covers this signature
    own: bool  # a paper with a route: made by this software alone
    last: bool
    findings: list[Finding] = field(default_factory=list)
    intact: bool = False
    covers: bool = False

    @property
    def known(self) -> tuple[asn1_x509.Certificate, ...]:
        return (*self.proofs.certificates, *self.trust)

    def object(self, verdict: Verdict, reason: str) -> None:
        self.findings.append(Finding(verdict, reason))


async def judge_all(
    document: Document, trust: Sequence[asn1_x509.Certificate], now: datetime, *, own: bool
) -> list[Judged]:
    """Every signature, in the order they were made.

    From the last to the first: a document timestamp that holds carries those before it beyond the
    end of their own timestamp authorities (EN 319 142-1, B-LTA).
    """
    proofs = read_proofs(document.reader, document.signatures)
    witnessed: datetime | None = None
    archived = False  # by a timestamp that covers the proofs as well
    judged: list[Judged] = []
    for signature in reversed(document.signatures):
        case = _Case(document, signature, proofs, trust, witnessed or now, witnessed, own, last=not judged)
        entry = await _judge(case, archived=archived)
        if entry.is_timestamp and not entry.findings and entry.facts.timestamped_at:
            witnessed = entry.facts.timestamped_at
            archived = archived or has_store_at(document, signature.signed_revision)
        judged.append(entry)
    return judged[::-1]


async def _judge(case: _Case, *, archived: bool) -> Judged:
    is_timestamp = case.signature.sig_object_type == "/DocTimeStamp"
    stamped, proven, good = None, False, Chain(Problem.UNTRUSTED)
    try:
        if is_timestamp:
            stamped, good = await _judge_document_timestamp(case)
        else:
            stamped, proven, good = await _judge_signature(case)
    except RecursionError:
        case.object(Verdict.UNCONFIRMED, TOO_DEEP)  # long chains, e.g. of bookmarks, are nobody's fault
    except BROKEN:
        case.object(Verdict.INVALID, UNJUDGEABLE)
    facts = facts_of(
        case.signature,
        good,
        stamped=stamped,
        intact=case.intact,
        covers=case.covers,
        profile=profile_of(case.proofs, good, stamped=stamped, proven=proven or is_timestamp, archived=archived),
    )
    return Judged(facts, case.signature.signer_cert.sha256.hex(), is_timestamp, tuple(case.findings))


async def _judge_signature(case: _Case) -> tuple[datetime | None, bool, Chain]:
    """Time of the timestamp if there is one, whether it is proven, and the signer's chain at that time.

    A signature without its own is proven by the first timestamp of the document after it, from which
    EN 319 142-1 (6.3) takes the trusted time as well.
    """
    signature = case.signature
    token = next(extract_tst_data_iter(signature.signer_info, signed=False), None)
    stamped = _time_of(token) if token is not None else case.witnessed_at
    claimed = _claimed_time(signature, case)
    context = context_at(stamped or claimed, case.trust, case.proofs, demanding=stamped is not None)
    good = await judge(signature.signer_cert, signature.other_embedded_certs, context)
    status = await async_validate_pdf_signature(
        signature,
        signer_validation_context=taken_at_word([signature.signer_cert], context.moment),
        ts_validation_context=taken_at_word(_authorities(token), context.moment),
        diff_policy=_policy(case),
        key_usage_settings=_SIGNING_USAGE,
    )
    _judge_content(case, status)
    if case.own and not is_sealed_tight(case.document, signature, case.known):
        case.object(Verdict.INVALID, HIDDEN)
    proven = await _judge_timestamp(case, token, status)
    if not _for_documents(signature.signer_cert):
        case.object(Verdict.INVALID, MISUSED)
    if token is None and stamped and await _was_good_before(case, good, claimed, stamped):
        case.object(Verdict.UNCONFIRMED, TIMESTAMP_LATE)
    elif good.problem:
        case.object(*_OF_SIGNER[good.problem])
    elif case.intact and status.trust_problem_indic:
        weak = status.trust_problem_indic in _WEAK_ALGORITHM
        case.object(Verdict.INVALID, WEAK if weak else MISUSED)
    return stamped, proven, good


def _claimed_time(signature: EmbeddedPdfSignature, case: _Case) -> datetime:
    claimed = signature.self_reported_timestamp or case.provable_until
    return claimed.replace(tzinfo=case.provable_until.tzinfo) if claimed.utcoffset() is None else claimed


async def _was_good_before(case: _Case, good: Chain, claimed: datetime, stamped: datetime) -> bool:
    """Whether a chain that had ended or was revoked at the timestamp was good when the signer claims to have signed."""
    if good.problem not in {Problem.REVOKED, Problem.OUTSIDE_VALIDITY} or claimed > stamped:
        return False
    context = context_at(claimed, case.trust, case.proofs, demanding=False)
    earlier = await judge(case.signature.signer_cert, case.signature.other_embedded_certs, context)
    return earlier.problem is None


def _for_documents(certificate: asn1_x509.Certificate) -> bool:
    try:
        _SIGNING_USAGE.validate(certificate)
    except InvalidCertificateError:
        return False
    return True


async def _judge_document_timestamp(case: _Case) -> tuple[datetime, Chain]:
    token = case.signature.signed_data
    stamped = _time_of(token)
    context = taken_at_word([case.signature.signer_cert], stamped)
    status = await async_validate_pdf_timestamp(case.signature, context, diff_policy=_policy(case))
    _judge_content(case, status)
    good = await _judge_authority(case, token, stamped)
    # Not false if it is loose, for an archive may have used other software; but open to changes.
    if case.own and case.witnessed_at is None and not is_stamped_tight(case.document, case.signature, case.known):
        case.object(Verdict.UNCONFIRMED, TIMESTAMP_LOOSE)
    return stamped, good


def _policy(case: _Case) -> DiffPolicy:
    return OWN_PAPER if case.own else ANY_PAPER


def _judge_content(case: _Case, status: PdfSignatureStatus | DocumentTimestampStatus) -> None:
    """Signed bytes, what the signature spans, and what was done to the document afterwards."""
    sound = has_sound_range(case.document, case.signature)
    case.intact = status.intact and status.valid
    if not case.intact:
        case.object(Verdict.INVALID, ALTERED)
    if not sound or status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        case.object(Verdict.INVALID, NOT_COVERED)
        return
    if hidden_in_contents(case.document, case.signature):
        case.object(Verdict.INVALID, HIDDEN)
    changes = status.diff_result
    if not isinstance(changes, DiffResult) or status.docmdp_ok is False:
        case.object(Verdict.INVALID, CHANGED)
    elif case.last and changes.modification_level > ModificationLevel.LTA_UPDATES:
        case.object(Verdict.INVALID, CHANGED_AT_END)
    case.covers = not case.findings


async def _judge_timestamp(case: _Case, token: cms.SignedData | None, status: PdfSignatureStatus) -> bool:
    """Whether the signature's own timestamp proves a time."""
    validity = status.timestamp_validity
    if token is None or validity is None:
        if case.witnessed_at is None:
            case.object(Verdict.UNCONFIRMED, NO_TIMESTAMP)
        return case.witnessed_at is not None
    if not (validity.intact and validity.valid) or validity.timestamp != _time_of(token):
        case.object(Verdict.INVALID, TIMESTAMP_FALSE)
        return False
    before = len(case.findings)
    await _judge_authority(case, token, validity.timestamp)
    return len(case.findings) == before


async def _judge_authority(case: _Case, token: cms.SignedData, stamped: datetime) -> Chain:
    embedded = extract_certificate_info(token)
    context = context_at(stamped, case.trust, case.proofs)
    good = await judge(embedded.signer_cert, embedded.other_certs, context, purpose=_TIMESTAMPING)
    if good.problem is Problem.UNPROVEN:
        case.object(Verdict.UNCONFIRMED, TIMESTAMP_UNPROVEN)
    elif good.problem:
        case.object(Verdict.UNCONFIRMED, TIMESTAMP_UNTRUSTED)
    elif good.ends_at and good.ends_at < case.provable_until:
        case.object(Verdict.UNCONFIRMED, TIMESTAMP_ENDED)
    return good


def _authorities(token: cms.SignedData | None) -> list[asn1_x509.Certificate]:
    return [extract_certificate_info(token).signer_cert] if token is not None else []


def _time_of(token: cms.SignedData) -> datetime:
    stamped: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return stamped
