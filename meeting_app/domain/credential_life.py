"""What happens to a credential between its request and its end: who did it, when and why (S1.1-S1.4)."""

from datetime import datetime, timedelta
from enum import StrEnum
from unicodedata import normalize

from sqlmodel import Field, SQLModel

from meeting_app.domain.credential import PIN_TRIES, Credential, CredentialKind
from meeting_app.domain.key import KeyAlgorithm, Subject
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

LONGEST_REASON = 500
ENDS_SOON = timedelta(days=90)  # time enough for an authority to issue the next one


class CredentialAct(StrEnum):
    REQUESTED = "requested"
    KEY_MADE = "key_made"
    WITHDRAWN = "withdrawn"
    ISSUED = "issued"
    HANDED_OVER = "handed_over"
    PIN_CHANGED = "pin_changed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    UNLOCKED = "unlocked"
    REVOKED = "revoked"
    STOPPED = "stopped"
    REISSUED = "reissued"  # the certificate that follows it was issued


ACT_LABEL = {
    CredentialAct.REQUESTED: N_("Certificate requested"),
    CredentialAct.KEY_MADE: N_("Key made, PIN chosen by its holder"),
    CredentialAct.WITHDRAWN: N_("Request withdrawn"),
    CredentialAct.ISSUED: N_("Certificate issued and entered"),
    CredentialAct.HANDED_OVER: N_("Handed over"),
    CredentialAct.PIN_CHANGED: N_("PIN changed by its holder"),
    CredentialAct.SUSPENDED: N_("Was suspended"),
    CredentialAct.RESUMED: N_("Resumed"),
    CredentialAct.UNLOCKED: N_("Unlocked after wrong PINs"),
    CredentialAct.REVOKED: N_("Was revoked"),
    CredentialAct.STOPPED: N_("Stopped: its holder left the post"),
    CredentialAct.REISSUED: N_("The following certificate was issued"),
}


class RequestState(StrEnum):
    ASKED = "asked"  # its holder is to make the key
    KEY_MADE = "key_made"  # the authority is to issue the certificate
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


REQUEST_LABEL = {
    RequestState.ASKED: N_("Waiting for its holder to choose a PIN"),
    RequestState.KEY_MADE: N_("Waiting for the certificate"),
    RequestState.ISSUED: N_("Certificate entered"),
    RequestState.WITHDRAWN: N_("Request closed without a certificate"),
}


class CertificateRequest(SQLModel, table=True):
    """A certificate asked for; its key is made here and waits, encrypted, until the certificate comes."""

    __tablename__ = "certificate_request"

    id: int | None = Field(default=None, primary_key=True)
    kind: CredentialKind = Field(sa_type=stored_words(CredentialKind))
    unit_id: int = Field(foreign_key="unit.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    appointment_id: int | None = Field(default=None, foreign_key="appointment.id")
    # Whom the certificate is to name, as of the day it was asked for.
    common_name: str = Field(max_length=200)
    organisation: str = Field(max_length=200)
    title: str = Field(default="", max_length=100)
    locality: str = Field(default="", max_length=100)
    algorithm: KeyAlgorithm = Field(sa_type=stored_words(KeyAlgorithm))
    state: RequestState = Field(default=RequestState.ASKED, sa_type=stored_words(RequestState))
    key_file: bytes = b""  # encrypted by its holder's PIN; moves to the credential
    request: bytes = b""  # PKCS#10, DER
    replaces_id: int | None = Field(default=None, foreign_key="credential.id")
    credential_id: int | None = Field(default=None, foreign_key="credential.id", index=True)
    # One open request for each holder: the row's own word while it is open, nothing afterwards.
    open_for: str | None = Field(default=None, max_length=60, unique=True)
    asked_at: datetime
    closed_at: datetime | None = None

    @property
    def subject(self) -> Subject:
        return Subject(self.common_name, self.organisation, self.title, self.locality)


class CredentialEvent(SQLModel, table=True):
    """One thing that was done; rows are only added."""

    __tablename__ = "credential_event"

    id: int | None = Field(default=None, primary_key=True)
    credential_id: int | None = Field(default=None, foreign_key="credential.id", index=True)
    request_id: int | None = Field(default=None, foreign_key="certificate_request.id", index=True)
    act: CredentialAct = Field(sa_type=stored_words(CredentialAct))
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")  # None: the system itself
    by_name: str = Field(default="", max_length=120)
    reason: str = Field(default="", max_length=LONGEST_REASON)


class HandOver(SQLModel, table=True):
    """The record of a hand-over (biên bản bàn giao): who got what from whom (S1.4)."""

    __tablename__ = "hand_over"

    id: int | None = Field(default=None, primary_key=True)
    credential_id: int = Field(foreign_key="credential.id", index=True)
    giver_id: int = Field(foreign_key="account.id")
    receiver_id: int = Field(foreign_key="account.id")
    device: str = Field(default="", max_length=60)  # serial number of the token or card, if there is one
    note: str = Field(default="", max_length=LONGEST_REASON)
    at: datetime


class ReasonMissing(MeetingError):
    message = N_("Please give the reason in a few words.")


class IdentityUnchecked(MeetingError):
    message = N_("Please note how the identity of {name} was checked before the key is unlocked.")


class CredentialOver(MeetingError):
    message = N_("The certificate of {name} was revoked or stopped for good; please request a new one.")


class AlreadySuspended(MeetingError):
    message = N_("The certificate of {name} is suspended already.")


class NotSuspended(MeetingError):
    message = N_("The certificate of {name} is not suspended.")


class NotLocked(MeetingError):
    message = N_("The key of {name} is not locked.")


class KeyElsewhere(MeetingError):
    message = N_("This key lives on a device or at a service: its PIN is changed and unlocked there.")


class KeyChangedMeanwhile(MeetingError):
    message = N_("The PIN of this key was changed at the same moment in another window. Please try again.")


class AlreadyRequested(MeetingError):
    message = N_("A certificate for {name} is being requested already.")


class NoPostHeld(MeetingError):
    message = N_("{name} holds no post today; a certificate is bound to a post.")


class KeyAlreadyMade(MeetingError):
    message = N_("The key for this request was made already.")


class KeyNotMade(MeetingError):
    message = N_("{name} has not made the key for this request yet.")


class RequestClosed(MeetingError):
    message = N_("This request was closed: its certificate was entered, or it was withdrawn.")


class NotTheReceiver(MeetingError):
    message = N_("The key of {name} can be handed over to its holder alone.")


class NameDiffers(MeetingError):
    message = N_("The certificate names {found}, but it was requested for {name}.")


def ensure_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing


def ensure_not_over(credential: Credential) -> None:
    if credential.revoked_at is not None or credential.stopped_at is not None:
        raise CredentialOver(name=credential.common_name)


def ensure_may_suspend(credential: Credential) -> None:
    ensure_not_over(credential)
    if credential.suspended_at is not None:
        raise AlreadySuspended(name=credential.common_name)


def ensure_may_resume(credential: Credential) -> None:
    ensure_not_over(credential)
    if credential.suspended_at is None:
        raise NotSuspended(name=credential.common_name)


def ensure_may_revoke(credential: Credential) -> None:
    """Also one that was stopped: a key may be lost after its holder moved."""
    if credential.revoked_at is not None:
        raise CredentialOver(name=credential.common_name)


def ensure_may_unlock(credential: Credential, identity_check: str) -> None:
    ensure_not_over(credential)
    if credential.wrong_pins < PIN_TRIES:
        raise NotLocked(name=credential.common_name)
    if not identity_check.strip():
        raise IdentityUnchecked(name=credential.common_name)


def ensure_awaits_key(request: CertificateRequest) -> None:
    if request.closed_at is not None:
        raise RequestClosed
    if request.state is not RequestState.ASKED:
        raise KeyAlreadyMade


def ensure_awaits_certificate(request: CertificateRequest) -> None:
    if request.closed_at is not None:
        raise RequestClosed
    if request.state is not RequestState.KEY_MADE:
        raise KeyNotMade(name=request.common_name)


def ensure_open(request: CertificateRequest) -> None:
    if request.closed_at is not None:
        raise RequestClosed


def ensure_names(expected: str, found: str) -> None:
    """Authorities write names in capitals or with other spaces; the letters and their signs must be the same."""
    if _folded(expected) != _folded(found):
        raise NameDiffers(name=expected, found=found)


def _folded(name: str) -> str:
    return " ".join(normalize("NFC", name).casefold().split())
