"""The answers of a remote signing service: CSC API v1 (1.0.4.0) and v2 (2.0.0.2); `csc_service` says them over HTTP."""

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from meeting_app.signing.csc_services import Authorization, Service, Version
from tests.csc_vault import SHA256, Held, Phone, Refused, Vault

CLIENT, CLIENT_SECRET = "meeting", "kh0ng-noi-cho-ai-biet"
METHODS = (
    "auth/login", "credentials/list", "credentials/info", "credentials/authorize",
    "credentials/sendOTP", "credentials/extendTransaction", "signatures/signHash",
)  # fmt: skip
LATER_METHODS = ("credentials/authorizeCheck", "credentials/getChallenge", "signatures/signPolling")
PAGE = 2  # credentials a page of a list, version 1
Fields = dict[str, Any]


class Fault(Enum):
    SILENCE = auto()  # no answer until the fault ends
    DRIP = auto()  # an answer that never comes to its end
    BROKEN = auto()  # 500
    TEXT = auto()
    LIST = auto()
    DEEP = auto()  # nested beyond reason
    EMPTY = auto()  # an object without anything expected in it
    HUGE = auto()
    CUT = auto()
    REDIRECT = auto()
    FEWER = auto()  # one signature missing
    FOREIGN = auto()  # signatures over something else
    ECHO = auto()  # a refusal that quotes the request


@dataclass
class CscService:
    vault: Vault = field(default_factory=Vault)
    port: int = 0
    scheme: str = "http"
    tokens: set[str] = field(default_factory=set)
    asked: list[tuple[str, Fields]] = field(default_factory=list)  # in the order they came
    faults: dict[str, Fault] = field(default_factory=dict)  # by method
    without: set[str] = field(default_factory=set)  # methods it does not know
    poured: int = 0  # bytes of a huge answer that were taken
    fault_over: threading.Event = field(default_factory=threading.Event)

    def settings(self, version: Version, **changes: Any) -> Service:
        """As the operator would write them down."""
        written = {
            "name": version.value,
            "url": f"{self.scheme}://127.0.0.1:{self.port}/csc/{version}",
            "version": version,
            "authorization": Authorization.CLIENT,
            "client_id": CLIENT,
            "client_secret": CLIENT_SECRET,
        }
        return Service.model_validate(written | changes)

    def enrol(self, held: Held) -> None:
        self.vault.keys[held.name] = held

    @contextmanager
    def failing(self, faults: dict[str, Fault]) -> Iterator[None]:
        self.fault_over.clear()
        self.faults = faults
        try:
            yield
        finally:
            self.faults = {}
            self.fault_over.set()

    @contextmanager
    def lacking(self, *methods: str) -> Iterator[None]:
        self.without = set(methods)
        try:
            yield
        finally:
            self.without = set()

    def fields_of(self, method: str) -> list[Fields]:
        return [fields for name, fields in self.asked if name == method]

    def answer(self, version: Version, method: str, fields: Fields, headers: Mapping[str, str]) -> tuple[int, Fields]:
        if method in self.without:
            raise Refused("No such method", "access_denied", 404)
        if method == "info":
            return 200, self._introduction(version)
        if method == "auth/login":
            wanted = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
            if headers.get("Authorization") != f"Basic {wanted}":
                raise Refused("An error occurred", "authentication_error")
            return 200, {"access_token": self._new_token(), "expires_in": 3600}
        if headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            raise Refused("The access token is not valid", "invalid_token", 401)
        with self.vault.lock:
            return _METHODS[method](self, version, fields)

    def token(self, form: Mapping[str, list[str]]) -> Fields:
        given = {name: values[0] for name, values in form.items()}
        if given.get("client_id") != CLIENT or given.get("client_secret") != CLIENT_SECRET:
            raise Refused("Invalid parameter client_secret", "invalid_client", 401)
        if given.get("grant_type") != "client_credentials":
            raise Refused("Invalid parameter grant_type")
        return {"access_token": self._new_token(), "token_type": "Bearer", "expires_in": 3600}

    def _new_token(self) -> str:
        token = secrets.token_urlsafe(24)
        self.tokens.add(token)
        return token

    def _introduction(self, version: Version) -> Fields:
        known = (*METHODS, *LATER_METHODS) if version is Version.V2 else METHODS
        return {
            "specs": "1.0.4.0" if version is Version.V1 else "2.0.0.2",
            "name": "Dịch vụ ký số thử nghiệm",
            "region": "VN",
            "lang": "vi-VN",
            "authType": ["basic", "oauth2client"],
            "oauth2": f"{self.scheme}://127.0.0.1:{self.port}",
            "methods": [name for name in known if name not in self.without],
            "asynchronousOperationMode": version is Version.V2,
        }

    def _list(self, version: Version, fields: Fields) -> tuple[int, Fields]:
        if not fields.get("userID"):
            raise Refused("Invalid parameter userID")
        names = sorted(self.vault.keys)
        start = int(fields.get("pageToken") or 0)
        if version is Version.V2:
            return 200, {"credentialIDs": names}
        page = {"credentialIDs": names[start : start + PAGE]}
        return 200, page | ({"nextPageToken": str(start + PAGE)} if start + PAGE < len(names) else {})

    def _describe(self, version: Version, fields: Fields) -> tuple[int, Fields]:
        held = self.vault.held(fields.get("credentialID"))
        chain = held.chain if fields.get("certificates") == "chain" else held.chain[:1]
        told: Fields = {
            "key": {"status": "enabled" if held.enabled else "disabled", "algo": held.offered, "len": 2048},
            "cert": {"status": "valid", "certificates": [base64.b64encode(der).decode() for der in chain]},
            "SCAL": "2",
            "multisign": held.limit,
        }
        if version is Version.V1:
            kind = "offline" if held.code_kind == "own" else "online"
            pin, code = {"presence": "true", "format": "N"}, {"presence": str(held.code).lower(), "type": kind}
            return 200, told | {"authMode": held.mode, "PIN": pin, "OTP": code}
        objects = [{"type": "Password", "id": "PIN", "format": "N"}]
        if held.code and held.code_kind == "challenge":
            objects += [{"type": "ChallengeResponse", "id": "OTP", "format": "N"}]
        elif held.code:
            objects += [{"type": "Password", "id": "OTP", "format": "N", "generator": "totp"}]
        objects += [{"type": "ChallengeResponseOOB", "id": "phone"}] if held.phone is Phone.ALLOWING else []
        expression = " AND ".join(entry["id"] for entry in objects)
        return 200, told | {"auth": {"mode": held.mode, "expression": expression, "objects": objects}}

    def _send_code(self, _version: Version, fields: Fields) -> tuple[int, Fields]:
        self.vault.held(fields.get("credentialID"))
        self.vault.new_code()
        return 204, {}

    def _challenge(self, version: Version, fields: Fields) -> tuple[int, Fields]:
        if fields.get("authObjectID") != "OTP":
            raise Refused("Invalid parameter authObjectID")
        return self._send_code(version, fields)

    def _authorize(self, version: Version, fields: Fields) -> tuple[int, Fields]:
        held = self.vault.held(fields.get("credentialID"))
        given = fields if version is Version.V1 else {entry["id"]: entry.get("value") for entry in fields["authData"]}
        typed = {name: given[name] for name in ("PIN", "OTP") if given.get(name)}
        if held.phone is Phone.ALLOWING and "phone" not in given:
            raise Refused("The authentication data is invalid", "invalid_authentication_data")
        wanted = _hashes(version, fields)
        try:
            sad = self.vault.authorize(held, typed, wanted, fields.get("numSignatures"))
        except Refused as error:
            raise _in_words_of(version, error) from None
        if sad is None:
            return 202, {"handle": self.vault.question(held, wanted, fields)}
        return 200, {"SAD": sad, "expiresIn": 300}

    def _check(self, _version: Version, fields: Fields) -> tuple[int, Fields]:
        try:
            question = self.vault.decided(fields.get("handle"), "handle")
        except Refused as error:
            if error.status == 202:
                return 202, {"handle": fields["handle"]}
            raise
        return 200, {"SAD": self.vault.activate(question.held, question.hashes, len(question.hashes))}

    def _extend(self, version: Version, fields: Fields) -> tuple[int, Fields]:
        held = self.vault.held(fields.get("credentialID"))
        return 200, {"SAD": self.vault.extend(held, fields.get("SAD"), _hashes(version, fields))}

    def _sign(self, version: Version, fields: Fields) -> tuple[int, Fields]:
        held = self.vault.held(fields.get("credentialID"))
        wanted = _hashes(version, fields)
        if version is Version.V1 and ("operationMode" in fields or fields.get("hashAlgo") != SHA256):
            raise Refused("Invalid parameter hashAlgo")
        if fields.get("operationMode", "S") == "S":
            self.vault.spend(held, fields.get("SAD"), wanted)
            return 200, self._signatures(held, wanted, fields)
        if held.phone is not Phone.SIGNING:
            raise Refused("Invalid parameter operationMode")
        if not isinstance(fields.get("validity_period"), int):
            raise Refused("Invalid parameter validity_period")
        self.vault.spend(held, fields.get("SAD"), wanted)
        return 200, {"responseID": self.vault.question(held, wanted, fields)}

    def _poll(self, _version: Version, fields: Fields) -> tuple[int, Fields]:
        question = self.vault.decided(fields.get("requestID"), "requestID")
        return 200, self._signatures(question.held, question.hashes, question.asked)

    def _signatures(self, held: Held, digests: list[bytes], asked: Fields) -> Fields:
        fault = self.faults.get("signatures")
        if fault is Fault.FOREIGN:
            digests = [hashlib.sha256(digest).digest() for digest in digests]
        values = [held.sign(digest, asked) for digest in digests]
        if fault is Fault.FEWER:
            values = values[:-1]
        return {"signatures": [base64.b64encode(value).decode() for value in values]}


_METHODS: dict[str, Callable[[CscService, Version, Fields], tuple[int, Fields]]] = {
    "credentials/list": CscService._list,
    "credentials/info": CscService._describe,
    "credentials/sendOTP": CscService._send_code,
    "credentials/getChallenge": CscService._challenge,
    "credentials/authorize": CscService._authorize,
    "credentials/authorizeCheck": CscService._check,
    "credentials/extendTransaction": CscService._extend,
    "signatures/signHash": CscService._sign,
    "signatures/signPolling": CscService._poll,
}


def _hashes(version: Version, fields: Fields) -> list[bytes]:
    listed = fields.get("hash" if version is Version.V1 else "hashes")
    if not isinstance(listed, list):
        raise Refused("Missing (or invalid type) array parameter hash")
    if version is Version.V2 and fields.get("hashAlgorithmOID") != SHA256:
        raise Refused("Invalid parameter hashAlgorithmOID")
    found = [base64.b64decode(entry, validate=True) for entry in listed]
    if any(len(digest) != 32 for digest in found):
        raise Refused("Invalid digest value length")
    return found


def _in_words_of(version: Version, error: Refused) -> Refused:
    if error.error == "credential_locked":
        return Refused("PIN locked" if version is Version.V1 else "Credential locked")
    if version is Version.V2 and error.error in ("invalid_pin", "invalid_otp"):
        return Refused("The authentication data is invalid", "invalid_authentication_data")
    return error
