"""What a remote signing service keeps and decides, without HTTP: real keys, PINs, codes, locks, activations."""

import base64
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from asn1crypto import algos
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

PSS = "1.2.840.113549.1.1.10"
ECDSA = "1.2.840.10045.4.3.2"
SHA256 = "2.16.840.1.101.3.4.2.1"


class Refused(Exception):
    def __init__(self, description: str, error: str = "invalid_request", status: int = 400) -> None:
        super().__init__(description)
        self.description = description
        self.error = error
        self.status = status


class Phone(StrEnum):
    """Whether and when its holder is asked on the phone."""

    NEVER = ""
    SIGNING = "signing"  # the signatures are made once the holder confirms (signPolling)
    ALLOWING = "allowing"  # the holder's confirmation allows to sign (authorizeCheck)


class Decision(StrEnum):
    NONE = "none"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    EXPIRE = "expire"


@dataclass
class Held:
    """A key in the vault, and how its holder is recognised."""

    name: str
    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    chain: Sequence[bytes]  # DER
    pin: str
    code: bool = False
    code_kind: Literal["challenge", "sent", "own"] = "challenge"  # how its holder comes by it
    phone: Phone = Phone.NEVER
    limit: int = 25
    extends: bool = False  # one authorisation may go beyond the limit, each activation stays within
    tries: int = 50
    wrong: int = 0
    enabled: bool = True
    mode: str = "explicit"
    algorithms: tuple[str, ...] = ()

    @property
    def offered(self) -> list[str]:
        return list(self.algorithms) or [PSS if isinstance(self.private, rsa.RSAPrivateKey) else ECDSA]

    def sign(self, digest: bytes, asked: dict[str, Any]) -> bytes:
        """By the algorithm asked for, from its parameters as they were sent."""
        if asked.get("signAlgo") not in self.offered:
            raise Refused("Invalid parameter signAlgo")
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return self.private.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
        if not isinstance(asked.get("signAlgoParams"), str):
            raise Refused("Missing (or invalid type) string parameter signAlgoParams")
        wanted = algos.RSASSAPSSParams.load(base64.b64decode(asked["signAlgoParams"]), strict=True)
        if wanted["hash_algorithm"]["algorithm"].native != "sha256":
            raise Refused("Invalid parameter signAlgoParams")
        scheme = padding.PSS(padding.MGF1(hashes.SHA256()), wanted["salt_length"].native)
        return self.private.sign(digest, scheme, utils.Prehashed(hashes.SHA256()))


@dataclass
class Activation:
    held: Held
    hashes: list[bytes]
    left: int


@dataclass
class Question:
    """On somebody's phone."""

    held: Held
    hashes: list[bytes]
    asked: dict[str, Any]
    decision: Decision = Decision.NONE


@dataclass
class Vault:
    keys: dict[str, Held] = field(default_factory=dict)
    mailbox: list[str] = field(default_factory=list)  # codes as they were sent
    codes: set[str] = field(default_factory=set)  # not used yet
    activations: dict[str, Activation] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def held(self, name: object) -> Held:
        if not isinstance(name, str):
            raise Refused("Missing (or invalid type) string parameter credentialID")
        if name not in self.keys:
            raise Refused("Invalid parameter credentialID")
        return self.keys[name]

    def new_code(self) -> str:
        code = f"{secrets.randbelow(10**6):06}"
        self.codes.add(code)
        self.mailbox.append(code)
        return code

    def authorize(self, held: Held, typed: dict[str, str], wanted: list[bytes], total: object) -> str | None:
        """Activation data, or None when the phone is to be asked. The code is used up by a right PIN only."""
        if not isinstance(total, int) or total < len(wanted) or not wanted:
            raise Refused("Invalid value for parameter numSignatures")
        if len(wanted) > held.limit or (total > held.limit and not held.extends):
            raise Refused("Numbers of signatures is too high")
        self._recognise(held, typed)
        if held.phone is Phone.ALLOWING:
            return None
        return self.activate(held, wanted, total)

    def _recognise(self, held: Held, typed: dict[str, str]) -> None:
        if held.mode == "implicit":
            return
        if held.wrong >= held.tries:
            raise Refused("Credential locked", "credential_locked")
        if not secrets.compare_digest(typed.get("PIN", "").encode(), held.pin.encode()):
            held.wrong += 1
            raise Refused("The PIN is invalid", "invalid_pin")
        if held.code and typed.get("OTP") not in self.codes:
            held.wrong += 1
            raise Refused("The OTP is invalid", "invalid_otp")
        held.wrong = 0
        self.codes.discard(typed.get("OTP", ""))

    def activate(self, held: Held, wanted: list[bytes], total: int) -> str:
        sad = secrets.token_urlsafe(24)
        self.activations[sad] = Activation(held, wanted, total)
        return sad

    def extend(self, held: Held, sad: object, wanted: list[bytes]) -> str:
        old = self._activation(held, sad)
        if len(wanted) > min(old.left, held.limit):
            raise Refused("Numbers of signatures is too high")
        del self.activations[str(sad)]
        return self.activate(held, wanted, old.left)

    def spend(self, held: Held, sad: object, wanted: list[bytes]) -> None:
        """The activation covers each hash, once."""
        activation = self._activation(held, sad)
        if not wanted:
            raise Refused("Empty hash array")
        if [digest for digest in wanted if digest not in activation.hashes]:
            raise Refused("Hash is not authorized by the SAD")
        activation.hashes = [digest for digest in activation.hashes if digest not in wanted]
        activation.left -= len(wanted)
        if activation.left <= 0:
            del self.activations[str(sad)]

    def question(self, held: Held, wanted: list[bytes], asked: dict[str, Any]) -> str:
        name = secrets.token_hex(8)
        self.questions[name] = Question(held, wanted, asked)
        return name

    def decide(self, name: str, decision: Decision) -> None:
        """The holder's finger on the phone."""
        self.questions[name].decision = decision

    def decided(self, name: object, parameter: str) -> Question:
        """The confirmed question; raises Refused, under 202 while nobody has decided."""
        question = self.questions.get(str(name))
        if question is None or question.decision is Decision.EXPIRE:
            raise Refused(f"Invalid parameter {parameter}")
        if question.decision is Decision.REFUSE:
            raise Refused("The user denied the request", "access_denied")
        if question.decision is Decision.NONE:
            raise Refused("Accepted but not yet been completed", "accepted_request", 202)
        return question

    def _activation(self, held: Held, sad: object) -> Activation:
        found = self.activations.get(str(sad))
        if found is None or found.held is not held:
            raise Refused("Invalid parameter SAD")
        return found
