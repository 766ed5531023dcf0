"""Trust anchors: the root authorities whose certificates this house believes (L16)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_


class AnchorKind(StrEnum):
    STATE = "state"  # the state's specialised authority
    PUBLIC = "public"  # a licensed public one (S3.2)
    FOREIGN = "foreign"  # a recognised foreign one
    TIMESTAMP = "timestamp"  # vouches for timestamp authorities alone, never for a signer


ANCHOR_LABEL = {
    AnchorKind.STATE: N_("State specialised authority"),
    AnchorKind.PUBLIC: N_("Public authority"),
    AnchorKind.FOREIGN: N_("Recognised foreign authority"),
    AnchorKind.TIMESTAMP: N_("Timestamps only"),
}


class TrustAnchor(SQLModel, table=True):
    """Rows are never deleted: who trusted whom, from when to when, stays known."""

    __tablename__ = "trust_anchor"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    kind: AnchorKind = Field(sa_type=stored_words(AnchorKind))
    certificate: bytes  # DER
    sha256: str = Field(max_length=64)
    # The same while it is trusted, nothing afterwards: one root stands once.
    trusted_sha256: str | None = Field(default=None, max_length=64, unique=True)
    not_after: datetime
    added_by_id: int = Field(foreign_key="account.id")
    added_at: datetime
    removed_by_id: int | None = Field(default=None, foreign_key="account.id")
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AnchorFacts:
    """What a root says of itself, to be compared with what its authority publishes."""

    name: str
    certificate: bytes  # DER
    sha256: str  # hex
    not_before: datetime
    not_after: datetime


class AnchorRefused(MeetingError):
    message = N_("This certificate cannot be a trust anchor.")


class AnchorUnreadable(AnchorRefused):
    message = N_("This is not a file with one certificate (PEM or DER).")


class AnchorNotRoot(AnchorRefused):
    message = N_("{name} is not the self-signed certificate of a certification authority.")


class AnchorSignatureFalse(AnchorRefused):
    message = N_("The certificate of {name} does not bear its own signature: it was altered or damaged.")


class AnchorWeak(AnchorRefused):
    message = N_("The key of {name} is shorter than the law allows.")


class AnchorEnded(AnchorRefused):
    message = N_("The certificate of {name} is valid only from {not_before} to {not_after}.")


class AnchorKnown(AnchorRefused):
    message = N_("{name} is trusted already.")


class FingerprintDiffers(AnchorRefused):
    message = N_("The fingerprint is not the one that was compared. Nothing was added.")


class AnchorGone(AnchorRefused):
    message = N_("{name} is no longer trusted: somebody has just removed it.")


def ensure_trusted(anchor: TrustAnchor) -> None:
    if anchor.removed_at is not None:
        raise AnchorGone(name=anchor.name)
