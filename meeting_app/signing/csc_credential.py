"""A credential of a signing service as its `credentials/info` describes it, in either version of the API."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from asn1crypto import x509 as asn1_x509

from meeting_app.signing.csc_services import Version
from meeting_app.signing.trust import parse_roots

MOST_AT_ONCE: Final = 1000  # signatures under one authorisation, whatever the service promises
_MOST_CERTIFICATES = 10
_MOST_FACTORS = 10


class Delivery(Enum):
    """How the holder comes by a one-time code."""

    OWN = auto()  # their own device makes it
    SENT = auto()  # by credentials/sendOTP
    CHALLENGE = auto()  # by credentials/getChallenge, version 2


@dataclass(frozen=True, slots=True)
class Credential:
    identifier: str
    certificates: tuple[asn1_x509.Certificate, ...]  # its own first
    algorithms: frozenset[str]  # object identifiers
    limit: int  # signatures under one authorisation
    enabled: bool
    in_browser: bool  # is authorised on a page of the service (oauth2code)
    # Names of the authentication objects it asks for; empty when it does not.
    pin: str = ""
    code: str = ""
    delivery: Delivery = Delivery.OWN
    elsewhere: tuple[str, ...] = ()  # acquired by the service itself, e.g. on the holder's phone

    @property
    def certificate(self) -> asn1_x509.Certificate:
        return self.certificates[0]


def read(version: Version, identifier: str, fields: Mapping[str, Any]) -> Credential:
    """Raises ValueError, TypeError or KeyError for anything that is not such a description."""
    key = fields["key"]
    auth = {"mode": fields.get("authMode", "explicit")} if version is Version.V1 else fields["auth"]
    chain = fields["cert"]["certificates"]
    if not isinstance(chain, list) or not 0 < len(chain) <= _MOST_CERTIFICATES:
        raise ValueError("not a certificate chain")
    limit = int(fields["multisign"])
    if limit < 1:
        raise ValueError("cannot sign at all")
    factors = _factors_v1(fields) if version is Version.V1 else _factors_v2(auth)
    return Credential(
        identifier=identifier,
        certificates=tuple(parse_roots(decoded(entry))[0] for entry in chain),
        algorithms=frozenset(str(entry) for entry in key["algo"]),
        limit=min(limit, MOST_AT_ONCE),
        enabled=key.get("status") == "enabled",
        in_browser=auth["mode"] == "oauth2code",
        **factors,
    )


def decoded(text: object) -> bytes:
    """Base64 as the API writes it; raises ValueError or TypeError."""
    if not isinstance(text, str):
        raise TypeError("not text")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not Base64") from error


def _factors_v1(fields: Mapping[str, Any]) -> dict[str, Any]:
    # "implicit": the service sees to the authorisation by itself, whatever else is said.
    if fields.get("authMode") == "implicit":
        return {}
    pin, code = fields.get("PIN") or {}, fields.get("OTP") or {}
    return {
        # An optional PIN is asked for: two things to know are better than one.
        "pin": "PIN" if pin.get("presence") in ("true", "optional") else "",
        "code": "OTP" if code.get("presence") == "true" else "",
        "delivery": Delivery.SENT if code.get("type") == "online" else Delivery.OWN,
    }


def _factors_v2(auth: Mapping[str, Any]) -> dict[str, Any]:
    """By their types (8.3.1); an expression that offers a choice is read as asking for all that is typed here."""
    found: dict[str, Any] = {}
    elsewhere: list[str] = []
    objects = auth.get("objects") or []
    if len(objects) > _MOST_FACTORS:
        raise ValueError("too many authentication objects")
    for entry in objects:
        kind, name = entry["type"], entry["id"]
        if not (isinstance(name, str) and name):
            raise TypeError("an authentication object without a name")
        if kind == "ChallengeResponse":
            found |= {"code": name, "delivery": Delivery.CHALLENGE}
        elif kind == "Password" and (entry.get("generator") or name == "OTP"):
            found |= {"code": name, "delivery": Delivery.SENT}
        elif kind == "Password":
            found["pin"] = name
        elif kind in ("PasswordOOB", "ChallengeResponseOOB"):
            elsewhere.append(name)
        else:
            raise ValueError("an authentication object of an unknown type")
    return found | {"elsewhere": tuple(elsewhere)}
