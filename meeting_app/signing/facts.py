"""What must be shown of a signature (L15), read from the signature and from what was found out about it."""

from datetime import datetime

from asn1crypto import x509 as asn1_x509
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from meeting_app.domain.signature import SignatureFacts, Verdict
from meeting_app.signing.chains import Chain, Problem, Proofs
from meeting_app.signing.names import common_name, issuer_name, managing_unit
from meeting_app.signing.reading import BROKEN

_SCHEMES = {"rsassa_pss": "RSASSA-PSS", "rsassa_pkcs1v15": "RSASSA-PKCS1-v1_5"}
_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}


def facts_of(
    signature: EmbeddedPdfSignature,
    good: Chain,
    *,
    stamped: datetime | None,
    intact: bool,
    covers: bool,
    profile: str,
) -> SignatureFacts:
    """`good`: the signer's chain; `stamped`: the timestamp's time. The verdict is told elsewhere."""
    certificate = signature.signer_cert
    return SignatureFacts(
        field=str(signature.field_name),
        signer=common_name(certificate),
        unit=managing_unit(certificate),
        issuer=issuer_name(certificate),
        signed_at=_claimed_time(signature),
        timestamped_at=stamped,
        intact=intact,
        covers_file=covers,
        trusted=good.problem is not Problem.UNTRUSTED,
        valid_at_signing=good.problem is None and stamped is not None,
        not_before=certificate.not_valid_before,
        not_after=certificate.not_valid_after,
        algorithm=_algorithm(signature, certificate),
        profile=profile,
        verdict=Verdict.UNCONFIRMED,
    )


def profile_of(proofs: Proofs, good: Chain, *, stamped: datetime | None, proven: bool, archived: bool) -> str:
    """The baseline level of EN 319 142-1 (6.3) that the file's content reaches.

    A timestamp of the document may be both the trusted time of B-T, for a signature without its own,
    and, if a security store was there when it was made (`archived`), what makes B-LTA of B-LT.
    """
    if stamped is None:
        return "B-B"
    if not proven or good.problem is not None or not (proofs.ocsps or proofs.crls):
        return "B-T"
    return "B-LTA" if archived else "B-LT"


def _claimed_time(signature: EmbeddedPdfSignature) -> datetime | None:
    try:
        return signature.self_reported_timestamp
    except BROKEN:
        return None


def _algorithm(signature: EmbeddedPdfSignature, certificate: asn1_x509.Certificate) -> str:
    scheme = signature.signer_info["signature_algorithm"]
    try:
        name = scheme.signature_algo
    except ValueError:
        return str(scheme["algorithm"].native)
    written = f"ECDSA {_curve(certificate)}" if name == "ecdsa" else _SCHEMES.get(name, name)
    return f"{written}, {signature.md_algorithm.upper().replace('SHA', 'SHA-', 1)}"


def _curve(certificate: asn1_x509.Certificate) -> str:
    public = certificate.public_key
    kind, name = public.curve if public.algorithm == "ec" else ("", "")
    return _CURVES.get(name, str(name)) if kind == "named" else ""
