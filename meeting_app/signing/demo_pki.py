"""The demo's own certification authorities, over real HTTP on the loopback address; never in production.

A root "demo", an issuing authority, an OCSP responder, revocation lists, a timestamp authority, and a
certificate for each person and each agency's seal. Everything lives in one directory: `pki.json` (port,
dates, subjects), `keys/*.pem` and `*.p12`, readable by the owner alone. The directory is made at the
first start and never changed afterwards, except by new subjects and revocations.
"""

import json
import logging
import os
import re
import signal
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from meeting_app.signing.demo_config import AUTHORITIES, HOST, ROOT_NAME, configuration, prefix

__all__ = ["ROOT_NAME", "DemoPki", "DemoSubject", "prepare", "run"]

PIN_ITERATIONS = 100_000  # of PBKDF2, to open one key file

_STATE = "pki.json"
_CURVES = {"ec": ec.SECP256R1(), "ec384": ec.SECP384R1()}
_LABEL = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True, slots=True)
class DemoSubject:
    """Who gets a certificate; the PIN opens the key file and is kept nowhere."""

    label: str  # ASCII, unique: names the files
    common_name: str
    organisation: str
    pin: str
    unit: str = ""
    title: str = ""
    serial_number: str = ""  # of the subject: "CCCD:…" or "MST:…"
    algorithm: Literal["rsa", "ec", "ec384"] = "rsa"  # RSA-2048, P-256 or P-384
    starts_days: float = -1  # validity, in days after the directory was made
    ends_days: float = 3 * 365
    usage: Literal["signing", "encipherment"] = "signing"

    def __post_init__(self) -> None:
        if not _LABEL.fullmatch(self.label) or self.label in AUTHORITIES:
            raise ValueError(self.label)


@dataclass(frozen=True, slots=True)
class DemoPki:
    directory: Path
    port: int

    @property
    def timestamp_url(self) -> str:
        return f"{prefix(self.port)}/demo/tsa/tsa"

    @property
    def trust_file(self) -> Path:
        """PEM of the root certificate."""
        return self.directory / "root.pem"

    def pkcs12(self, label: str) -> bytes:
        return (self.directory / f"{label}.p12").read_bytes()

    def certificate(self, label: str) -> bytes:
        """DER."""
        return _read_certificate(self.directory, label)

    def revoke(self, label: str, at: datetime | None = None) -> None:
        """From now (or `at`) on the responder and the lists say: revoked. Read anew by a running server."""
        state = _load(self.directory)
        state["revoked"][label] = (at or datetime.now(UTC)).isoformat()
        _save(self.directory, state)

    def serve(self, port: int | None = None) -> None:
        """Answer OCSP, CRL and timestamp requests until the process gets SIGTERM; blocks."""
        run(self.directory, port)


def prepare(directory: Path, people: Sequence[DemoSubject], port: int = 0, *, suffix: str = "") -> DemoPki:
    """The authorities in that directory, with a certificate for each subject; makes only what is missing.

    The port stands in the certificates' addresses: it is chosen at the first call (0: any free one).
    `suffix` tells the names of these authorities from those of others who are trusted beside them.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    (directory / "keys").mkdir(exist_ok=True, mode=0o700)
    if not (directory / _STATE).exists():
        start = datetime.now(UTC).replace(microsecond=0)
        _save(
            directory,
            {
                "port": port or _free_port(),
                "suffix": suffix,
                "made_at": start.isoformat(),
                "subjects": {},
                "revoked": {},
            },
        )
    state = _load(directory)
    missing = [subject for subject in people if subject.label not in state["subjects"]]
    if missing or not (directory / "root.pem").exists():
        _issue(directory, state, missing)
    return DemoPki(directory, state["port"])


def run(directory: Path, port: int | None = None, *, started: Callable[[], None] | None = None) -> None:
    """Serve a prepared directory on the loopback address until SIGTERM or SIGINT.

    `started` is called once the port listens.
    """
    from werkzeug.serving import make_server  # noqa: PLC0415 — only the server's process needs it

    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # not a line for each request
    chosen = port or _load(directory)["port"]
    server = make_server(HOST, chosen, _Responder(directory), threaded=True)
    if started:
        started()
    if threading.current_thread() is threading.main_thread():
        for name in (signal.SIGTERM, signal.SIGINT):
            # shutdown() waits for the loop that this very thread runs: another thread has to ask.
            signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    try:
        server.serve_forever()
    finally:
        server.server_close()


class _Responder:
    """A WSGI application that reads the directory again when somebody was added or revoked."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._read_at = -1
        self._answer: Any = None

    def __call__(self, environ: Mapping[str, Any], start_response: Any) -> Any:
        changed_at = (self._directory / _STATE).stat().st_mtime_ns
        with self._lock:
            if changed_at != self._read_at:
                self._answer = _animator(self._directory)
                self._read_at = changed_at
            answer = self._answer
        return answer(environ, start_response)


def _animator(directory: Path) -> Any:
    from certomancer.integrations.animator import Animator, AnimatorArchStore  # noqa: PLC0415 — see run()

    architecture = _architecture(directory, _load(directory))
    return Animator(
        AnimatorArchStore({architecture.arch_label: architecture}), with_web_ui=False, allow_time_override=False
    )


def _issue(directory: Path, state: dict[str, Any], subjects: Sequence[DemoSubject]) -> None:
    """Make keys, certificates and key files, and only then enter the subjects into `pki.json`."""
    for label in AUTHORITIES:
        if not (directory / "keys" / f"{label}.pem").exists():
            # P-256: certomancer parses the key for every answer, which takes 50 ms for RSA.
            _write_key(directory, label, "ec")
    taken = len(state["subjects"])
    for number, subject in enumerate(subjects, start=taken + 1):
        _write_key(directory, subject.label, subject.algorithm)
        entry = asdict(subject)
        del entry["pin"]
        state["subjects"][subject.label] = entry | {"serial": 1000 + number}
    architecture = _architecture(directory, state)
    from certomancer.registry import CertLabel  # noqa: PLC0415 — see run()

    for label in (*AUTHORITIES, *(subject.label for subject in subjects)):
        path = directory / f"{label}.pem"
        if not path.exists():
            _write(path, pem.armor("CERTIFICATE", architecture.get_cert(CertLabel(label)).dump()))
    for subject in subjects:
        _write(directory / f"{subject.label}.p12", _key_file(directory, subject))
    _save(directory, state)


def _key_file(directory: Path, subject: DemoSubject) -> bytes:
    """PKCS#12 with PBES2 (PBKDF2-HMAC-SHA-256, AES-256-CBC)."""
    key = load_pem_private_key((directory / "keys" / f"{subject.label}.pem").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)  # noqa: S101 — we wrote it
    chain = [
        x509.load_pem_x509_certificate((directory / f"{label}.pem").read_bytes())
        for label in (subject.label, "issuing", "root")
    ]
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(PIN_ITERATIONS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(subject.pin.encode())
    )
    return pkcs12.serialize_key_and_certificates(subject.common_name.encode(), key, chain[0], chain[1:], encryption)


def _architecture(directory: Path, state: Mapping[str, Any]) -> Any:
    from certomancer.registry import ArchLabel, CertomancerConfig  # noqa: PLC0415 — see run()

    config = CertomancerConfig(
        configuration(directory, state),
        key_search_dir=str(directory / "keys"),
        config_search_dir=str(directory),
        lazy_load_keys=True,
    )
    return config.get_pki_arch(ArchLabel("demo"))


def _write_key(directory: Path, label: str, algorithm: str) -> None:
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    if algorithm in _CURVES:
        key = ec.generate_private_key(_CURVES[algorithm])
    else:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    raw = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(directory / "keys" / f"{label}.pem", raw)


def _read_certificate(directory: Path, label: str) -> bytes:
    _, _, der = pem.unarmor((directory / f"{label}.pem").read_bytes())
    return bytes(der)


def _load(directory: Path) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((directory / _STATE).read_text(encoding="utf-8"))
    return state


def _save(directory: Path, state: Mapping[str, Any]) -> None:
    _write(directory / _STATE, json.dumps(state, ensure_ascii=False, indent=1).encode())


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, for the owner alone."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
