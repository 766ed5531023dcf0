"""Signing services of the Cloud Signature Consortium as the operator names them, in a file of TOML or JSON.

[[service]]
name = "ca"                              # the part of a key's reference before the "/"
url = "https://ky.example.vn/csc/v1"     # what stands before "/info"
version = "v1"
authorization = "client_credentials"     # or "login" (auth/login), or "bearer": the secret is the token
client_id = "meeting"
client_secret = "…"
"""

import json
import os
import stat
import tomllib
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

_LARGEST_FILE = 256 * 1024  # bytes


class Version(StrEnum):
    """Of the API; their requests differ in names and in how a credential is authorised."""

    V1 = "v1"  # 1.0.4.0
    V2 = "v2"  # 2.0.0.2


class Authorization(StrEnum):
    """How this application, not the holder of a key, is known to the service."""

    CLIENT = "client_credentials"  # OAuth 2.0 (RFC 6749, 4.4)
    LOGIN = "login"  # auth/login with name and password
    BEARER = "bearer"  # a token given by the service once and for all


def is_protected(url: str) -> bool:
    """Over TLS, or never leaving this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.scheme == "http" and parts.hostname == "localhost"


def _address(url: str) -> str:
    if url and (not is_protected(url) or urlsplit(url).username is not None or urlsplit(url).query):
        raise ValueError("an https address is needed, without a name, password or query in it")
    return url.rstrip("/")


class Service(BaseModel):
    """One signing service and this application's account with it."""

    # The values of a wrong file stay out of its complaints.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,60}$")]
    url: Annotated[str, Field(min_length=1), AfterValidator(_address)]
    version: Version
    authorization: Authorization = Authorization.CLIENT
    client_id: str = ""
    client_secret: SecretStr
    token_url: Annotated[str, AfterValidator(_address)] = ""  # empty: as the service itself says, on its own host
    ca_file: Path | None = None  # PEM of the roots that vouch for its TLS; none: the public ones
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20  # for each answer
    confirmation_seconds: Annotated[int, Field(ge=1, le=7 * 86400)] = 300  # its holders have to confirm by phone

    @model_validator(mode="after")
    def _is_known_to_it(self) -> Self:
        if not self.client_secret.get_secret_value():
            raise ValueError("client_secret is empty")
        if self.authorization is not Authorization.BEARER and not self.client_id:
            raise ValueError("client_id is empty")
        return self


class _ServicesFile(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    service: tuple[Service, ...]

    @model_validator(mode="after")
    def _are_told_apart(self) -> Self:
        if len({service.name for service in self.service}) != len(self.service):
            raise ValueError("two services have the same name")
        return self


def read_services(path: Path) -> tuple[Service, ...]:
    """The services in a file that only its owner (and a reading group) may open; raises OSError or ValueError."""
    raw = _read_secret(path)
    try:
        content = json.loads(raw) if path.suffix == ".json" else tomllib.loads(raw.decode())
        return _ServicesFile.model_validate(content).service
    except ValidationError as error:
        complaint = "; ".join(
            f"{'.'.join(map(str, entry['loc']))}: {entry['msg']}"
            for entry in error.errors(include_input=False, include_context=False, include_url=False)
        )
    except (ValueError, RecursionError) as error:
        # A parser quotes what it cannot read, and that may be a secret.
        complaint = f"neither TOML nor JSON ({type(error).__name__})"
    raise ValueError(f"{path}: {complaint}")


def _read_secret(path: Path) -> bytes:
    with path.open("rb") as file:
        facts = os.fstat(file.fileno())  # of what was opened, not of what the name means by now
        if facts.st_mode & (stat.S_IWGRP | stat.S_IRWXO):
            raise ValueError(f"{path}: holds secrets, but others may read or change it (chmod 600)")
        if facts.st_uid not in (0, os.geteuid()):
            raise ValueError(f"{path}: holds secrets, but belongs to somebody else")
        raw = file.read(_LARGEST_FILE + 1)
    if len(raw) > _LARGEST_FILE:
        raise ValueError(f"{path}: too large")
    return raw
