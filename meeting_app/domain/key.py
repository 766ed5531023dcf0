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
    serial: str = ""  # hex, as authorities print it
    algorithm: str = ""  # "RSA 2048", "ECDSA P-256"


class KeyAlgorithm(StrEnum):
    """What keys are made here (L12)."""

    RSA_2048 = "rsa_2048"
    EC_P256 = "ec_p256"
    EC_P384 = "ec_p384"


ALGORITHM_LABEL = {
    KeyAlgorithm.RSA_2048: "RSA 2048",
    KeyAlgorithm.EC_P256: "ECDSA P-256",
    KeyAlgorithm.EC_P384: "ECDSA P-384",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate is to name."""

    common_name: str
    organisation: str
    title: str = ""  # the post; empty for a seal
    locality: str = ""


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A fresh key, encrypted by its holder's PIN before anybody sees it, and the request for its certificate."""

    key_file: bytes  # PKCS#12 without a certificate
    request: bytes  # PKCS#10, DER


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


class UploadUnreadable(KeyRefused):
    message = N_("This file holds no certificate that can be read (PEM, DER or PKCS#7, at most 64 kB).")


class KeyDiffers(KeyRefused):
    message = N_("None of the certificates in this file belongs to the key of this request.")


class PinNotOfUse(KeyRefused):
    message = N_("A PIN has 6 to 64 characters.")


class PinTooSimple(KeyRefused):
    message = N_("This PIN is too easy to guess: please avoid repeated signs and rows such as 123456.")


SHORTEST_PIN, LONGEST_PIN = 6, 64
_ROWS = ("01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop")


def ensure_good_pin(pin: str) -> None:
    """What guards a key file must not be what everybody tries first."""
    if not SHORTEST_PIN <= len(pin) <= LONGEST_PIN:
        raise PinNotOfUse
    half = len(pin) // 2
    repeated = len(set(pin)) <= 2 or (len(pin) % 2 == 0 and pin[:half] == pin[half:])  # noqa: PLR2004 — 121212, 246246
    if repeated or any(pin.casefold() in row for row in _ROWS) or "123456" in pin:
        raise PinTooSimple


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
