"""Keys on PKCS#11 tokens (cards, USB tokens, hardware modules): one child process for each token in use.

A login lets in a whole process, a second one is not checked, and a module may hang or crash: so each
token has a process of its own (`token_child`), asked one thing at a time, replaced when it has died.
"""

import hashlib
import json
import logging
import socket
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import IO, Any, Final, NoReturn

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from meeting_app.domain.key import (
    ConfirmationExpired,
    KeyHandle,
    KeyLocked,
    KeyNotFound,
    KeyPlace,
    KeyUnreachable,
    Secret,
)
from meeting_app.domain.signature import KeyRefused, KeyUnusable, WrongPin
from meeting_app.i18n import N_, _
from meeting_app.signing.held_certificates import chain_of, readable
from meeting_app.signing.keys import ensure_usable
from meeting_app.signing.names import common_name
from meeting_app.signing.proof import ensure_signed
from meeting_app.signing.token_child import Refusal

LONGEST_LABEL: Final = 32  # bytes, of a token (PKCS#11 2.40, CK_TOKEN_INFO)
LONGEST_PIN: Final = 255  # characters
LARGEST_ANSWER: Final = 1024**2  # bytes in a line: certificates, or one signature
ANSWER_SECONDS: Final = 30  # for one signature; cards take a second or two

_END_SECONDS = 2
_ROOT = Path(__file__).parents[2]
# -I: neither the working directory nor the environment decides which modules the child loads.
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from meeting_app.signing.token_child import main; main()"
_REFUSALS: dict[Refusal, type[KeyRefused]] = {
    Refusal.WRONG_PIN: WrongPin,
    Refusal.LOCKED: KeyLocked,
    Refusal.NOT_FOUND: KeyNotFound,
    Refusal.BROKEN: KeyUnreachable,
}
_log = logging.getLogger(__name__)


class TokenKeys:
    """The promise `ports.KeyProvider` for KeyPlace.TOKEN, by the PKCS#11 library of the token's maker."""

    def __init__(
        self,
        module: Path,
        *,
        environment: Mapping[str, str] = MappingProxyType({}),
        answer_seconds: int = ANSWER_SECONDS,
    ) -> None:
        """`environment`: all that the module gets to see of it, such as SOFTHSM2_CONF."""
        command = (sys.executable, "-I", "-c", _CHILD, str(_ROOT), str(module), str(answer_seconds))
        self._place = _Place(command, dict(environment), answer_seconds)
        self._children: dict[str, _Child] = {}

    def certificates(self, key: KeyHandle, secret: Secret) -> tuple[bytes, ...]:
        """See the port; raises a KeyRefused."""
        own, answer = self._ask(key, secret, ())
        return tuple(entry.public_bytes(Encoding.DER) for entry in chain_of(own, readable(answer.others)))

    def sign(self, key: KeyHandle, secret: Secret, contents: Sequence[bytes]) -> tuple[bytes, ...]:
        """See the port; raises a KeyRefused. What the token made is checked before it is given out."""
        own, answer = self._ask(key, secret, contents)
        digests = [hashlib.sha256(content).digest() for content in contents]
        ensure_signed(own.public_bytes(Encoding.DER), digests, answer.signatures)
        return answer.signatures

    def collect(self, key: KeyHandle, ticket: str) -> tuple[bytes, ...] | None:  # noqa: ARG002 — the port's
        """Nothing was promised here; raises ConfirmationExpired."""
        raise ConfirmationExpired

    def send_code(self, key: KeyHandle) -> None:
        """No codes here."""

    def close(self) -> None:
        """End the children; the next request starts them again."""
        for child in list(self._children.values()):
            child.close()

    def _ask(self, key: KeyHandle, secret: Secret, contents: Sequence[bytes]) -> tuple[x509.Certificate, "_Answer"]:
        token, label = _labels(key)
        # What nobody can type is no PIN; an empty one would ask for it at the reader's own keys.
        if not 0 < len(secret.pin) <= LONGEST_PIN or not secret.pin.isprintable():
            raise WrongPin
        child = self._children.setdefault(token, _Child(token, self._place))
        question = {"token": token, "key": label, "pin": secret.pin}
        answer = child.ask(question | {"contents": [b64encode(content).decode() for content in contents]})
        if answer.end in _REFUSALS:
            raise _REFUSALS[answer.end]
        candidates = readable(answer.own)
        if not candidates:
            raise KeyNotFound
        own = max(candidates, key=lambda entry: entry.not_valid_before_utc)  # renewed for the same key
        if answer.end is Refusal.UNFIT:
            _refuse(own, N_("its token can sign neither by RSASSA-PSS nor by ECDSA with SHA-256."))
        ensure_usable(_asn1(own))
        return own, answer


@dataclass(frozen=True, slots=True)
class _Place:
    """How children are started, and how long one may take for an answer."""

    command: tuple[str, ...]
    environment: dict[str, str]
    seconds: int


@dataclass(frozen=True, slots=True)
class _Answer:
    own: tuple[bytes, ...]  # certificates of the key, DER
    others: tuple[bytes, ...]  # further ones on the token
    signatures: tuple[bytes, ...]
    end: Refusal | None


class _Child:
    """The process of one token, started when it is needed."""

    def __init__(self, token: str, place: _Place) -> None:
        self._token = token
        self._place = place
        self._turn = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def ask(self, question: Mapping[str, Any]) -> _Answer:
        """One question after the other; raises KeyUnreachable where no answer comes in time."""
        if not self._turn.acquire(timeout=self._place.seconds):
            raise KeyUnreachable
        try:
            answer = self._exchange(question)
        except (OSError, ValueError, KeyError, TypeError) as error:  # dead, hung, or taken over by its module
            self._stop()
            _log.warning("token %r: %s", self._token, type(error).__name__)
            raise KeyUnreachable from None  # the cause may quote what was sent
        except BaseException:
            # Interrupted in the middle of an answer: the rest must not be taken for the next one.
            self._stop()
            raise
        finally:
            self._turn.release()
        return answer

    def close(self) -> None:
        with self._turn:
            self._stop()

    def _exchange(self, question: Mapping[str, Any]) -> _Answer:
        line = self._running()
        line.sendall(json.dumps(question).encode() + b"\n")
        with line.makefile("rb") as lines:
            *said, last = _until_end(lines, most=len(question["contents"]) + 1)
        end = Refusal(last["end"]) if last["end"] else None
        if end in (Refusal.NOT_FOUND, Refusal.BROKEN):
            # No process is kept for a token that is not there; one whose module failed is made anew.
            self._stop()
        if end is Refusal.BROKEN:
            _log.warning("token %r: %s", self._token, last["cause"])
        certificates = said[0] if said else {"own": [], "others": []}
        own, others = (tuple(map(b64decode, certificates[kind])) for kind in ("own", "others"))
        return _Answer(own, others, tuple(b64decode(each["signature"]) for each in said[1:]), end)

    def _running(self) -> socket.socket:
        if self._line is None or self._process is None or self._process.poll() is not None:
            self._stop()
            # Not pipes: a socket bounds both writing and reading in time.
            self._line, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    self._place.command,
                    stdin=theirs.fileno(),
                    stdout=theirs.fileno(),
                    stderr=subprocess.DEVNULL,
                    env=self._place.environment,
                )
            self._line.settimeout(self._place.seconds)
        return self._line

    def _stop(self) -> None:
        line, self._line = self._line, None
        process, self._process = self._process, None
        if line is not None:
            line.close()
        if process is not None:
            process.kill()
            with suppress(subprocess.TimeoutExpired):  # stuck in the kernel, with its device
                process.wait(_END_SECONDS)


def _until_end(lines: IO[bytes], *, most: int) -> list[dict[str, Any]]:
    """What the child says, up to its last word; raises OSError, ValueError."""
    said: list[dict[str, Any]] = []
    while not said or "end" not in said[-1]:
        raw = lines.readline(LARGEST_ANSWER)
        if not raw.endswith(b"\n") or len(said) > most:
            raise ConnectionError
        said.append(json.loads(raw))
    return said


def _labels(key: KeyHandle) -> tuple[str, str]:
    """Of the token and the key; raises KeyNotFound for what no token can be called."""
    token, _slash, label = key.reference.partition("/")
    sound = key.place is KeyPlace.TOKEN and token and label and key.reference.isprintable()
    if not sound or len(token.encode()) > LONGEST_LABEL:
        raise KeyNotFound
    return token, label


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _refuse(certificate: x509.Certificate, reason: str) -> NoReturn:
    raise KeyUnusable(signer=common_name(_asn1(certificate)), reason=_(reason))
