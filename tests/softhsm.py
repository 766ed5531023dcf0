"""Real PKCS#11 tokens in folders of their own: SoftHSM2, and a stern module around it (`stern_module.c`).

Keys are put on a token by a process of its own (`python -m tests.softhsm`): the one that runs the
tests never loads a module.
"""

import json
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from meeting_app.signing.demo_pki import DemoPki

ROOT = Path(__file__).parent.parent
MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "975318"  # of every token
_SO_PIN = "86420864"


@dataclass(frozen=True)
class Entry:
    """A subject of the demo authorities, as it lies on a token; an authority lies there without its key."""

    label: str
    identity: str = ""  # CKA_ID, hex
    with_key: bool = True
    asks_each_time: bool = False  # CKA_ALWAYS_AUTHENTICATE


AUTHORITIES = (Entry("root", with_key=False), Entry("issuing", with_key=False))


@dataclass(frozen=True)
class Reader:
    """A folder in which tokens are plugged in and taken out; `mechanisms`: all that they can, or a list of names."""

    folder: Path
    mechanisms: str = "ALL"
    tokens: dict[str, Path] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {"SOFTHSM2_CONF": str(self.folder / "softhsm2.conf")}

    def plug_in(self, label: str, pki: DemoPki, entries: Sequence[Entry]) -> None:
        """A token of that label with those keys and certificates."""
        slots = self.folder / "tokens"
        slots.mkdir(parents=True, exist_ok=True)
        made = _made(label, pki, tuple(entries))
        self.tokens[label] = slots / made.name
        shutil.copytree(made, self.tokens[label])
        _configure(self.folder, self.mechanisms)

    def take_out(self, label: str) -> None:
        self.tokens[label].rename(self.folder / self.tokens[label].name)

    def put_back(self, label: str) -> None:
        (self.folder / self.tokens[label].name).rename(self.tokens[label])


@dataclass(frozen=True)
class SternModule:
    """SoftHSM2 behind a module that locks after three wrong PINs, and misbehaves as the test asks it to."""

    path: Path
    folder: Path  # where it counts and looks

    @property
    def environment(self) -> dict[str, str]:
        return {"STERN_MODULE": str(MODULE), "STERN_FOLDER": str(self.folder)}

    def shall(self, misbehave: str) -> None:
        """`hang` in the next logins, `lie` in signatures, `linger` after logouts, `chat` on standard output."""
        (self.folder / misbehave).touch()

    def behave(self) -> None:
        for path in self.folder.iterdir():
            path.unlink()


def stern_module(folder: Path) -> SternModule:
    path, files = folder / "stern.so", folder / "files"
    files.mkdir()
    source = Path(__file__).with_name("stern_module.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", str(path), str(source)], check=True)
    return SternModule(path, files)


@cache
def _made(label: str, pki: DemoPki, entries: tuple[Entry, ...]) -> Path:
    """The folder that is the token, to be copied: making one takes half a second."""
    folder = Path(mkdtemp(dir=pki.directory, prefix="token"))
    (folder / "tokens").mkdir()
    environment = _configure(folder, "ALL")
    initialise = ["softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", _SO_PIN, "--pin", PIN]
    subprocess.run(initialise, env=environment, stdout=subprocess.DEVNULL, check=True)
    order = {"token": label, "entries": [_loaded(pki, each) for each in entries]}
    command = [sys.executable, "-m", "tests.softhsm"]
    subprocess.run(command, cwd=ROOT, env=environment, input=json.dumps(order), text=True, check=True)
    (token,) = (folder / "tokens").iterdir()
    return token


def _configure(folder: Path, mechanisms: str) -> dict[str, str]:
    """The environment in which SoftHSM2 finds the tokens in that folder."""
    path = folder / "softhsm2.conf"
    path.write_text(f"directories.tokendir = {folder / 'tokens'}\nslots.mechanisms = {mechanisms}\nlog.level = ERROR\n")
    return {"SOFTHSM2_CONF": str(path)}


def _loaded(pki: DemoPki, entry: Entry) -> dict[str, Any]:
    loaded: dict[str, Any] = asdict(entry) | {"certificate": b64encode(pki.certificate(entry.label)).decode()}
    if entry.with_key:
        key = load_pem_private_key((pki.directory / "keys" / f"{entry.label}.pem").read_bytes(), None)
        # RSAPrivateKey (RFC 8017) and ECPrivateKey (RFC 5915).
        raw = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        loaded["key"] = {"rsa": isinstance(key, rsa.RSAPrivateKey), "raw": b64encode(raw).decode()}
    return loaded


def _put(order: Mapping[str, Any]) -> None:
    import pkcs11
    from pkcs11 import Attribute
    from pkcs11.util import ec as ec_keys
    from pkcs11.util import rsa as rsa_keys
    from pkcs11.util.x509 import decode_x509_certificate

    token = pkcs11.lib(str(MODULE)).get_token(token_label=order["token"])
    with token.open(rw=True, user_pin=PIN) as session:
        for entry in order["entries"]:
            named = {
                Attribute.TOKEN: True,
                Attribute.LABEL: entry["label"],
                Attribute.ID: bytes.fromhex(entry["identity"]),
            }
            session.create_object(decode_x509_certificate(b64decode(entry["certificate"])) | named)
            if entry["with_key"]:
                decode = rsa_keys.decode_rsa_private_key if entry["key"]["rsa"] else ec_keys.decode_ec_private_key
                kept = {
                    Attribute.PRIVATE: True,
                    Attribute.SENSITIVE: True,
                    Attribute.EXTRACTABLE: False,
                    Attribute.SIGN: True,
                    Attribute.ALWAYS_AUTHENTICATE: entry["asks_each_time"],
                }
                session.create_object(decode(b64decode(entry["key"]["raw"])) | named | kept)


if __name__ == "__main__":
    _put(json.load(sys.stdin))
