"""Private keys, wherever they live: in an encrypted file, on a token, at a remote service, behind a phone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meeting_app.domain.signature import KeyRefused
from meeting_app.i18n import N_


class KeyPlace(StrEnum):
    FILE = "file"  # PKCS#12, encrypted by a PIN that is never stored
    TOKEN = "token"  # noqa: S105 — PKCS#11: a card, a USB token or a hardware module in this machine
    REMOTE = "remote"  # a signing service (Cloud Signature Consortium API), PIN and one-time code
    PHONE = "phone"  # such a service that asks its holder on the phone and answers later


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says about its holder."""

    common_name: str
    organisation: str
    unit: str
    issuer: str
    not_before: datetime
    not_after: datetime
    sha256: str  # hex, of the DER


@dataclass(frozen=True, slots=True)
class KeyHandle:
    """Which key: what is stored of it, never enough to sign with."""

    place: KeyPlace
    # TOKEN: "token label/key label". REMOTE and PHONE: "service name/credential id". FILE: unused.
    reference: str = ""
    key_file: bytes = b""  # FILE: the PKCS#12


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """What its holder types: an argument of one call, never stored, logged or put into an error."""

    pin: str = ""
    code: str = ""  # one-time code, where the place asks for one

    def __repr__(self) -> str:
        return "<Secret>"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Asked for on the holder's phone; the signatures are collected under the ticket, or it expires."""

    ticket: str
    expires_at: datetime


class KeyLocked(KeyRefused):
    """By the token or the service itself, after too many wrong secrets."""

    message = N_("This key is locked after too many wrong attempts. Please ask its issuer to unlock it.")


class KeyNotFound(KeyRefused):
    message = N_("The key is not there: its token is not plugged in, or the signing service does not know it.")


class KeyUnreachable(KeyRefused):
    """Nothing was signed; asking again later may help."""

    message = N_("The signing service does not answer. Nothing was signed; please try again later.")


class CodeRequired(KeyRefused):
    message = N_("A one-time code was sent to you. Please enter it to sign.")


class ConfirmationRefused(KeyRefused):
    message = N_("The signature was refused on the phone.")


class ConfirmationExpired(KeyRefused):
    message = N_("The signature was not confirmed on the phone in time. Please sign again.")


class TooManyAtOnce(KeyRefused):
    """One authorisation is good for so many signatures, and cannot be asked for again and again."""

    message = N_("This key signs at most {limit} documents at once. Nothing was signed; please sign fewer.")


class WrongSignature(KeyRefused):
    """The place that holds the key answered with something its certificate does not confirm."""

    message = N_(
        "The signature that came back does not belong to this key. Nothing was signed; please tell your administrator."
    )
