"""What is signed where, by whom, and what a check of it says: the nouns of signing, without I/O.

Norms: Thông tư 15/2025/TT-BKHCN (L12-L17), Nghị định 30/2020/NĐ-CP (L1, L2, L9), EN 319 142-1.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from meeting_app.errors import MeetingError
from meeting_app.i18n import N_


class Field(StrEnum):
    """Names of the signature fields in our own papers."""

    LEADER = "Leader"
    SECRETARY = "Secretary"
    CHAIR = "Chair"
    SEAL = "AgencySeal"
    ATTACHMENT = "AttachmentSeal"  # not of our papers: on files of any origin


class Verdict(StrEnum):
    VALID = "valid"  # hợp lệ
    INVALID = "invalid"  # không hợp lệ
    UNCONFIRMED = "unconfirmed"  # không xác nhận được


VERDICT_LABEL = {
    Verdict.VALID: N_("Valid"),
    Verdict.INVALID: N_("Not valid"),
    Verdict.UNCONFIRMED: N_("Cannot be confirmed"),
}


PROFILES = ("B-B", "B-T", "B-LT", "B-LTA")  # of PAdES, each with what the one before has (EN 319 142-1)
INCOMPLETE = PROFILES[:2]  # without a timestamp, without proofs about revocation


@dataclass(frozen=True, slots=True)
class Place:
    """A box on a page for a signature's appearance: PDF points, origin at the lower left corner."""

    page: int  # 0-based
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Paper:
    """A rendered paper before its first signature: bytes, and where each field's appearance goes."""

    pdf: bytes
    places: dict[Field, Place]


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One signature a paper must bear: the field and the certificate that may fill it.

    The whole route travels inside the paper as an embedded file, covered by the first signature,
    so that "signed by the wrong person" can be told offline, without this software's rows.
    """

    field: Field
    signer: str  # the certificate's common name
    certificate_sha256: str  # hex, of the DER


ROUTE_FILE = "luong-ky.json"  # name of the embedded file that holds the route
_ROUTE_FORMAT = 1
_MOST_STEPS = 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


def route_to_json(route: tuple[RouteStep, ...]) -> bytes:
    """The route as it is embedded in a paper: UTF-8 JSON, steps in signing order."""
    content = {"format": _ROUTE_FORMAT, "steps": [asdict(step) for step in route]}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def route_from_json(raw: bytes) -> tuple[RouteStep, ...]:
    """The steps of `{"format": 1, "steps": [{"field", "signer", "certificate_sha256"}, …]}`, other keys ignored.

    Raises ValueError for anything else, for fields named twice, and for no steps at all.
    """
    try:
        content = json.loads(raw)
        steps = content["steps"]
        known = content["format"] == _ROUTE_FORMAT and 0 < len(steps) <= _MOST_STEPS
        route = tuple(RouteStep(Field(step["field"]), step["signer"], step["certificate_sha256"]) for step in steps)
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a signing route") from error
    sound = all(isinstance(step.signer, str) and _is_sha256(step.certificate_sha256) for step in route)
    if not (known and sound) or len({step.field for step in route}) != len(route):
        raise ValueError("not a signing route of this format")
    return route


def _is_sha256(text: object) -> bool:
    return isinstance(text, str) and _SHA256.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class SigningOrder:
    """One signature to make: into which field, where it is seen, and what it still permits."""

    field: Field
    place: Place
    appearance: bytes  # a one-page PDF, drawn into the place
    reason: str
    location: str
    certify: bool = False  # the invitation's first signature: DocMDP, form filling permitted
    # Fields that later signers fill, in their order; none: the document is locked. The first signer
    # creates them all, so that nobody can add another later.
    next_fields: tuple[tuple[Field, Place], ...] = ()


@dataclass(frozen=True, slots=True)
class PreparedSignature:
    """A signature that waits for its key: the paper is in its final form but for a gap.

    It can be stored with the paper and finished by another process, long afterwards.
    """

    to_sign: bytes  # what the key signs: the signed attributes (DER)
    certificates: tuple[bytes, ...]  # the signer's first, then its issuers (DER)
    gap: tuple[int, int]  # offsets of the gap's opening bracket and behind its closing one
    stamper: str = ""  # address of the timestamp authority whose proofs are in the paper; empty: none answered
    stamped_by: frozenset[str] = frozenset()  # SHA-256 (hex) of the certificates that this authority uses

    def to_json(self) -> str:
        content = {
            "to_sign": self.to_sign.hex(),
            "certificates": [each.hex() for each in self.certificates],
            "gap": self.gap,
            "stamper": self.stamper,
            "stamped_by": sorted(self.stamped_by),
        }
        return json.dumps(content)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote."""
        raw = json.loads(text)
        return cls(
            to_sign=bytes.fromhex(raw["to_sign"]),
            certificates=tuple(bytes.fromhex(each) for each in raw["certificates"]),
            gap=(raw["gap"][0], raw["gap"][1]),
            stamper=raw["stamper"],
            stamped_by=frozenset(raw["stamped_by"]),
        )


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """What a verifier must show of one signature (L15)."""

    field: str
    signer: str
    unit: str  # managing unit: organisation (and unit) of the certificate's subject
    issuer: str
    signed_at: datetime | None  # claimed by the signer
    timestamped_at: datetime | None  # proven by a timestamp authority
    intact: bool
    covers_file: bool  # nothing but permitted updates after it
    trusted: bool
    valid_at_signing: bool
    not_before: datetime
    not_after: datetime
    algorithm: str  # e.g. "RSASSA-PSS, SHA-256"
    profile: str  # "B-B", "B-T", "B-LT" or "B-LTA"
    verdict: Verdict
    reasons: tuple[str, ...] = ()  # translatable sentences (N_), empty when valid


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The worst over all signatures, and over the file as a whole."""

    verdict: Verdict
    signatures: tuple[SignatureFacts, ...]
    reasons: tuple[str, ...] = ()  # of the file itself, e.g. "No signature was found."
    sha256: str = ""
    route: tuple[RouteStep, ...] = field(default=())

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The verdict that `to_json` wrote; raises ValueError, KeyError or TypeError for anything else."""
        raw = json.loads(text)
        return cls(
            verdict=Verdict(raw["verdict"]),
            signatures=tuple(_facts_from(entry) for entry in raw["signatures"]),
            reasons=tuple(raw["reasons"]),
            sha256=raw["sha256"],
            route=tuple(
                RouteStep(Field(step["field"]), step["signer"], step["certificate_sha256"]) for step in raw["route"]
            ),
        )


def _facts_from(raw: dict[str, Any]) -> SignatureFacts:
    times = {
        name: datetime.fromisoformat(raw[name]) if raw[name] else None
        for name in ("signed_at", "timestamped_at", "not_before", "not_after")
    }
    return SignatureFacts(**(raw | times | {"verdict": Verdict(raw["verdict"]), "reasons": tuple(raw["reasons"])}))


class KeyRefused(MeetingError):
    """The key or its certificate may not sign."""

    message = N_("This key cannot be used to sign.")


class WrongPin(KeyRefused):
    message = N_("The PIN is wrong.")


class KeyUnreadable(KeyRefused):
    message = N_("This is not a key file (PKCS#12) with one key and its certificate.")


class KeyUnusable(KeyRefused):
    """Scope of use or algorithm not allowed (L12, L13)."""

    message = N_("The certificate of {signer} may not be used to sign documents: {reason}")


class CredentialExpired(KeyRefused):
    message = N_("The certificate of {signer} is valid only from {not_before} to {not_after}.")


class CredentialRevoked(KeyRefused):
    message = N_("The certificate of {signer} was revoked or suspended.")


class CredentialUntrusted(KeyRefused):
    message = N_("The certificate of {signer} was not issued by an authority this system trusts.")


class RevocationUnknown(KeyRefused):
    """Neither CRL nor OCSP could be reached (L13)."""

    message = N_(
        "Whether the certificate of {signer} is still valid could not be found out: "
        "its authority does not answer. Nothing was signed yet; please try again later, or decide to sign all the same."
    )


class SigningRefused(MeetingError):
    """The paper does not take this signature; it was not changed."""

    message = N_("This document cannot be signed.")


class TimestampUnavailable(MeetingError):
    message = N_("No timestamp authority answers. The paper will be timestamped later.")


class TimestampUntrusted(SigningRefused):
    message = N_("The timestamp authority is not one this system trusts. Nothing was signed.")


class AlreadySigned(SigningRefused):
    message = N_("This place is already signed.")


class OutOfRoute(SigningRefused):
    """Not this field's turn, or the paper has no such field."""

    message = N_("It is not the turn of this signature: the document waits for {signer}.")


class WrongSigner(SigningRefused):
    message = N_("This place is to be signed by {planned}, not by {signer}.")


class DocumentLocked(SigningRefused):
    message = N_("An earlier signature locks this document; no further signature is possible.")


class EncryptedPaper(SigningRefused):
    message = N_("This document is encrypted, so it cannot be sealed. Please upload it again without protection.")


class DynamicForm(SigningRefused):
    """XFA: what is seen is made anew by a program at each opening."""

    message = N_(
        "This document is a form (XFA) that shows something else each time it is opened, so it cannot be sealed. "
        "Please print it to a new PDF and upload that one."
    )


class HarmsSignatures(SigningRefused):
    message = N_("The seal would make an earlier signature of this document invalid, so it was not kept.")


class Unreadable(MeetingError):
    message = N_("This file is not a PDF document that can be read.")


class VerificationTookTooLong(MeetingError):
    message = N_("The file is too large or too complex to be checked within the limits.")
