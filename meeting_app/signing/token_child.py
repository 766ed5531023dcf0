"""The child process that alone speaks to one token: `python -I -c … ROOT MODULE SECONDS`.

A PKCS#11 module is foreign code that may crash, hang or print: here it can. It logs in the whole
process, not the session that asked, and nothing but C_Finalize is sure to end that: so every question is
answered between C_Initialize and C_Finalize. Afterwards nobody is logged in, no session is left
over, and a token that was plugged in meanwhile is seen.

Lines of JSON, byte strings as base64. In: `{"token", "key", "pin", "contents": […]}`. Out:
`{"own": […], "others": […]}`, the certificates of the key and whatever else is on the token; `{"signature": …}`
for each content; and always `{"end": …, "cause": …}`, once nobody is logged in any more: "" or a Refusal,
and the name of the module's error. The PIN comes in by a line and goes to the module, nowhere else.
"""

import hashlib
import json
import os
import resource
import signal
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import StrEnum
from typing import IO, Any

import pkcs11
from pkcs11 import MGF, Attribute, KeyType, Mechanism, ObjectClass, Session, Token, TokenFlag
from pkcs11.util.ec import encode_ecdsa_signature

from meeting_app.signing import pss

_PSS = (Mechanism.SHA256, MGF.SHA256, pss.SALT)


class Refusal(StrEnum):
    """Why nothing, or not everything, was signed."""

    WRONG_PIN = "wrong pin"
    LOCKED = "locked"
    NOT_FOUND = "not found"
    UNFIT = "unfit"  # the token knows no algorithm that we may use
    BROKEN = "broken"  # the module failed in another way


def main() -> None:
    module, seconds = sys.argv[2:]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the PIN
    questions, answers = _withdrawn(0, "rb"), _withdrawn(1, "wb")
    for line in questions:
        # A module that hangs ends here, also when nobody is left who would end it.
        signal.alarm(int(seconds))
        end = {"end": "", "cause": ""}
        try:
            for answer in _answers(module, json.loads(line)):
                _say(answers, answer)
                signal.alarm(int(seconds))
        except Exception as error:  # noqa: BLE001 — foreign code
            end = {"end": _refusal(error), "cause": type(error).__name__}
        _say(answers, end)
        signal.alarm(0)


def _withdrawn(number: int, mode: str) -> IO[bytes]:
    """A standard stream for ourselves alone: what the module prints goes nowhere."""
    own = os.dup(number)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, number)
    os.close(nowhere)
    return os.fdopen(own, mode)


def _say(answers: IO[bytes], answer: Mapping[str, Any]) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()


def _answers(module: str, question: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    library = pkcs11.lib(module)  # initialised, also after it was finalised
    try:
        token = _token(library.get_slots(token_present=True), question["token"])
        if TokenFlag.USER_PIN_LOCKED in token.flags:
            raise pkcs11.PinLocked
        with token.open(user_pin=question["pin"]) as session:
            key = _key(session, question["key"])
            yield _certificates(session, key)
            for content in question["contents"]:
                yield {"signature": _text(_signature(key, b64decode(content), question["pin"]))}
    finally:
        library.finalize()


def _token(slots: list[pkcs11.Slot], label: str) -> Token:
    tokens = []
    for slot in slots:
        with suppress(pkcs11.PKCS11Error):  # one broken reader does not hide the others
            tokens.append(slot.get_token())
    try:
        (token,) = (token for token in tokens if token.label == label)
    except ValueError:  # also where two are called the same: which one is meant is not for us to guess
        raise pkcs11.NoSuchToken from None
    return token


def _key(session: Session, label: str) -> Any:
    """A PrivateKey; what else it can do, the library adds at run time."""
    wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label, Attribute.SIGN: True}
    try:
        (key,) = list(session.get_objects(wanted))
    except ValueError:
        raise pkcs11.NoSuchKey from None
    return key


def _certificates(session: Session, key: Any) -> dict[str, list[str]]:
    """Those of the key by its CKA_ID, or where there is none by its label; and all others."""
    own: list[str] = []
    others: list[str] = []
    for entry in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        same = entry[Attribute.ID] == key.id if key.id else entry[Attribute.LABEL] == key.label
        (own if same else others).append(_text(entry[Attribute.VALUE]))
    return {"own": own, "others": others}


def _signature(key: Any, content: bytes, pin: str) -> bytes:
    """By the first way the token knows; raises MechanismInvalid where it knows none."""
    known = key.session.token.slot.get_mechanisms()
    # Some keys, above all qualified ones, want the PIN again for each signature (PKCS#11 2.40, 4.9).
    again = pin if _asks_each_time(key) else None
    for mechanism, part, parameter in _ways(key, content):
        if mechanism in known:
            value: bytes = key.sign(part, mechanism=mechanism, mechanism_param=parameter, pin=again)
            return value if key.key_type is KeyType.RSA else encode_ecdsa_signature(value)
    raise pkcs11.MechanismInvalid


def _ways(key: Any, content: bytes) -> Iterator[tuple[Mechanism, bytes, Any]]:
    """Mechanism, what is given to it, its parameter; hashed here where possible, as slow cards read slowly."""
    digest = hashlib.sha256(content).digest()
    if key.key_type is KeyType.RSA:
        yield Mechanism.RSA_PKCS_PSS, digest, _PSS
        yield Mechanism.SHA256_RSA_PKCS_PSS, content, _PSS
        bits = int.from_bytes(key[Attribute.MODULUS], "big").bit_length()
        yield Mechanism.RSA_X_509, pss.padded(digest, bits), None
    elif key.key_type is KeyType.EC:
        yield Mechanism.ECDSA, digest, None
        yield Mechanism.ECDSA_SHA256, content, None


def _asks_each_time(key: Any) -> bool:
    try:
        return bool(key[Attribute.ALWAYS_AUTHENTICATE])
    except pkcs11.AttributeTypeInvalid:  # older than version 2.20
        return False


def _refusal(error: Exception) -> Refusal:
    match error:
        case pkcs11.PinIncorrect() | pkcs11.PinInvalid() | pkcs11.PinLenRange():
            return Refusal.WRONG_PIN
        case pkcs11.PinLocked():
            return Refusal.LOCKED
        case pkcs11.NoSuchToken() | pkcs11.TokenNotPresent() | pkcs11.DeviceRemoved() | pkcs11.NoSuchKey():
            return Refusal.NOT_FOUND
        case pkcs11.MechanismInvalid() | pkcs11.MechanismParamInvalid():
            return Refusal.UNFIT
        case _other:
            return Refusal.BROKEN


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
