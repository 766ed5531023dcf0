"""Credentials: the certificate and the encrypted key a person or an agency signs with."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from meeting_app.domain.key import KeyHandle, KeyPlace
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_


class CredentialKind(StrEnum):
    PERSON = "person"
    SEAL = "seal"


class CredentialState(StrEnum):
    """The first that applies, from above."""

    REVOKED = "revoked"  # for good, by an administrator
    STOPPED = "stopped"  # for good: its holder left the post it is bound to
    ENDED = "ended"  # its validity period is over
    SUSPENDED = "suspended"  # until an administrator resumes it
    LOCKED = "locked"  # the PIN was wrong too often
    NOT_YET = "not_yet"  # its validity period has not begun
    IN_USE = "in_use"


STATE_LABEL = {
    CredentialState.REVOKED: N_("Revoked"),
    CredentialState.STOPPED: N_("No longer in use"),
    CredentialState.ENDED: N_("Has expired"),
    CredentialState.SUSPENDED: N_("Suspended"),
    CredentialState.LOCKED: N_("Locked by wrong PINs"),
    CredentialState.NOT_YET: N_("Not valid yet"),
    CredentialState.IN_USE: N_("In use"),
}


class Credential(SQLModel, table=True):
    """A certificate and where its key lives; never enough to sign without what its holder knows."""

    id: int | None = Field(default=None, primary_key=True)
    kind: CredentialKind = Field(sa_type=stored_words(CredentialKind))
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)  # a person's
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)  # an agency's seal
    # The post it is for (L3, W8); None: a seal's, or one enrolled before posts were bound.
    appointment_id: int | None = Field(default=None, foreign_key="appointment.id", index=True)
    common_name: str = Field(max_length=200)
    certificate_sha256: str = Field(max_length=64, unique=True)
    not_before: datetime
    not_after: datetime
    place: KeyPlace = Field(default=KeyPlace.FILE, sa_type=stored_words(KeyPlace))
    reference: str = Field(default="", max_length=200)  # see KeyHandle
    pkcs12: bytes = b""  # FILE: encrypted by a PIN that nobody but its holder knows
    certificates: bytes  # the certificate, then its issuers; DER, one behind the other
    wrong_pins: int = 0  # in a row; the credential stops at PIN_TRIES
    enrolled_at: datetime
    # Who did it and why stands in the CredentialEvent of that moment.
    suspended_at: datetime | None = None
    revoked_at: datetime | None = None
    stopped_at: datetime | None = None

    def state(self, now: datetime) -> CredentialState:
        found = (
            (CredentialState.REVOKED, self.revoked_at is not None),
            (CredentialState.STOPPED, self.stopped_at is not None),
            (CredentialState.ENDED, self.not_after <= now),
            (CredentialState.SUSPENDED, self.suspended_at is not None),
            (CredentialState.LOCKED, self.wrong_pins >= PIN_TRIES),
            (CredentialState.NOT_YET, now < self.not_before),
        )
        return next((state for state, applies in found if applies), CredentialState.IN_USE)

    @property
    def handle(self) -> KeyHandle:
        return KeyHandle(self.place, self.reference, self.pkcs12)

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificate, then its issuers, DER."""
        return tuple(split_der(self.certificates))


def split_der(joined: bytes) -> Iterator[bytes]:
    """The structures (X.690, long form of the length or short) that stand one behind the other."""
    while joined:
        size = joined[1]
        start = 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(joined[2:start], "big")
        yield joined[: start + size]
        joined = joined[start + size :]


PIN_TRIES = 5


class NoCredential(MeetingError):
    message = N_("No valid digital certificate is registered for {name}. Please ask your administrator.")


class CredentialNotInUse(MeetingError):
    """Suspended, revoked or stopped between the look at it and the use of it."""

    message = N_("This key was suspended or revoked. Please ask your administrator.")


class CredentialKnown(MeetingError):
    message = N_("The certificate of {name} is already registered.")


class PinLocked(MeetingError):
    message = N_("The PIN was wrong {tries} times; this key is locked. Please ask your administrator.")
