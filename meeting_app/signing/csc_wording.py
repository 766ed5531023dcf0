"""How the two versions of the API name what goes into a request."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final

from asn1crypto import algos

from meeting_app.domain.key import Secret
from meeting_app.signing.csc_credential import Credential
from meeting_app.signing.csc_services import Version
from meeting_app.signing.pss import SALT

Fields = Mapping[str, Any]

_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_PSS: Final = "1.2.840.113549.1.1.10"
_ECDSA: Final = "1.2.840.10045.4.3.2"  # with SHA-256
# Some services name a key's kind instead of each algorithm.
_KIND_OF: Final = {_PSS: "1.2.840.113549.1.1.1", _ECDSA: "1.2.840.10045.2.1"}

_PSS_PARAMETERS = base64.b64encode(
    algos.RSASSAPSSParams(
        {
            "hash_algorithm": {"algorithm": "sha256"},
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
            "salt_length": SALT,
        }
    ).dump()
).decode()


def can_sign(credential: Credential) -> bool:
    """Whether it offers the algorithm the law wants of such a key (L12)."""
    wanted = _algorithm_of(credential)
    return bool({wanted, _KIND_OF[wanted]} & credential.algorithms)


def hashes(version: Version, digests: Sequence[bytes]) -> Fields:
    encoded = [base64.b64encode(digest).decode() for digest in digests]
    if version is Version.V1:
        return {"hash": encoded}
    return {"hashes": encoded, "hashAlgorithmOID": _SHA256}


def algorithm(version: Version, credential: Credential) -> Fields:
    wanted = _algorithm_of(credential)
    parameters = {"signAlgoParams": _PSS_PARAMETERS} if wanted == _PSS else {}
    named = {"hashAlgo": _SHA256} if version is Version.V1 else {}  # version 2 names it with the hashes
    return {"signAlgo": wanted, **parameters, **named}


def secrets(version: Version, credential: Credential, secret: Secret) -> Fields:
    """What the credential asks its holder for, as far as it was typed."""
    typed = {credential.pin: secret.pin, credential.code: secret.code}
    values = {name: value for name, value in typed.items() if name and value}
    if version is Version.V1:
        return values
    here = [{"id": name, "value": value} for name, value in values.items()]
    # Where a code will do instead of the phone, the phone stays quiet.
    there = [{"id": name} for name in credential.elsewhere] if not secret.code else []
    return {"authData": [*here, *there]}


def asynchronous(seconds: int) -> Fields:
    """Version 2 alone: answer later, and keep the answer that long."""
    return {"operationMode": "A", "validity_period": seconds * 1000}


def _algorithm_of(credential: Credential) -> str:
    return _PSS if credential.certificate.public_key.algorithm == "rsa" else _ECDSA
