"""Timestamp authorities that follow each other for thirty years, and a clock for all of them.

One root, two issuing authorities and timestamp authorities, each with a certificate for its own
years, answering over real HTTP. What they hold for "now" stands in the file `clock`: the test writes it.
"""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from werkzeug.serving import make_server

from meeting_app.signing.keys import UnlockedKey
from tests.pki import ROOT

YEAR = timedelta(days=365)
HOST = "127.0.0.1"

# Label: issuer, from and until which year.
AUTHORITIES = {
    "root": ("root", -1, 30),
    "issuing-0": ("root", -1, 10),
    "issuing-1": ("root", 8, 29),
    "ocsp-0": ("issuing-0", -1, 10),
    "ocsp-1": ("issuing-1", 8, 29),
    "tsa-0": ("issuing-0", -1, 5),
    "tsa-b": ("issuing-0", -1, 7),
    "tsa-1": ("issuing-0", 3, 9.5),
    "tsa-2": ("issuing-1", 8.5, 14),
    "tsa-3": ("issuing-1", 12, 26),
}
PEOPLE = {"an": "rsa", "seal": "ec", "gone": "ec", "early": "ec"}  # each for three years
REVOKED = {"gone": 1, "early": -0.05}  # in which year


@dataclass(frozen=True)
class Succession:
    directory: Path
    port: int
    start: datetime

    @property
    def roots(self) -> tuple[asn1_x509.Certificate, ...]:
        return (self.certificate("root"),)

    def certificate(self, label: str) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load((self.directory / f"{label}.der").read_bytes())

    def key(self, label: str) -> UnlockedKey:
        private = load_pem_private_key((self.directory / f"{label}.pem").read_bytes(), None)
        assert isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
        chain = tuple(self.certificate(above) for above in ("issuing-0", "root"))
        return UnlockedKey(private, self.certificate(label), chain)

    def timestamp_url(self, label: str) -> str:
        return f"http://{HOST}:{self.port}/years/tsa/{label}"

    def set_clock(self, moment: datetime | None) -> None:
        """From now on the authorities believe in that moment; None: the true one."""
        (self.directory / "clock").write_text(moment.isoformat() if moment else "", encoding="ascii")


@contextmanager
def succession(directory: Path) -> Iterator[Succession]:
    """The authorities in a process of their own, listening."""
    start = datetime.now(UTC).replace(microsecond=0)
    (directory / "start").write_text(start.isoformat(), encoding="ascii")
    (directory / "clock").write_text("", encoding="ascii")
    for label in (*AUTHORITIES, *PEOPLE):
        key = ec.generate_private_key(ec.SECP256R1())
        if PEOPLE.get(label) == "rsa":
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        raw = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (directory / f"{label}.pem").write_bytes(raw)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.signing.succession", str(directory)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            assert child.stdout is not None
            yield Succession(directory, int(child.stdout.readline()), start)
        finally:
            child.terminate()


# --- in the other process -------------------------------------------------------------------


def serve(directory: Path) -> None:
    """Answer until the standard input closes; the port is printed once it listens."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # not a line for each request
    server = make_server(HOST, 0, lambda environ, answer: animator(clocked(environ), answer), threaded=True)
    architecture = _architecture(directory, server.port)
    for label in (*AUTHORITIES, *PEOPLE):
        (directory / f"{label}.der").write_bytes(architecture.get_cert(CertLabel(label)).dump())
    animator = Animator(AnimatorArchStore({architecture.arch_label: architecture}), with_web_ui=False)

    def clocked(environ):
        moment = (directory / "clock").read_text(encoding="ascii")
        return environ | ({"HTTP_X_CERTOMANCER_FAKE_TIME": moment} if moment else {})

    threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
    print(server.port, flush=True)
    server.serve_forever()


def _architecture(directory: Path, port: int):
    start = datetime.fromisoformat((directory / "start").read_text(encoding="ascii"))
    labels = (*AUTHORITIES, *PEOPLE)
    certificates = {}
    for serial, (label, (issuer, first, last)) in enumerate(AUTHORITIES.items(), start=1):
        certificates[label] = _certificate(label, issuer, serial, start, (first, last))
    for serial, label in enumerate(PEOPLE, start=100):
        certificates[label] = _certificate(label, "issuing-0", serial, start, (-0.1, 3))
        if label in REVOKED:
            since = (start + REVOKED[label] * YEAR).isoformat()
            certificates[label]["revocation"] = {"revoked-since": since, "reason": "affiliation_changed"}
    for label in ("issuing-0", "issuing-1", "root"):
        services = {"crl-repo": f"{label}-list"}
        if label != "root":
            services |= {"ocsp-service": f"ocsp-{label[-1]}", "max-path-len": 0}
        certificates[label]["profiles"] = [{"id": "simple-ca", "params": services}]
    config = {
        "external-url-prefix": f"http://{HOST}:{port}",
        "keysets": {"years": {"keys": {label: {"path": f"{label}.pem"} for label in labels}}},
        "pki-architectures": {
            "years": {
                "entity-defaults": {"country-name": "VN"},
                "entities": {label: {"common-name": f"Lưu trữ {label}"} for label in labels},
                "certs": certificates,
                "services": _services(),
            }
        },
    }
    made = CertomancerConfig(config, key_search_dir=str(directory), config_search_dir=str(directory))
    return made.get_pki_arch(ArchLabel("years"))


def _certificate(label, issuer, serial, start, years):
    first, last = (start + year * YEAR for year in years)
    certificate = {
        "subject": label,
        "issuer": issuer,
        "serial": serial,
        "validity": {"valid-from": first.isoformat(), "valid-to": last.isoformat()},
    }
    if label.startswith("ocsp"):
        certificate["profiles"] = ["ocsp-responder"]
    elif label.startswith("tsa"):
        purpose = {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]}
        certificate["extensions"] = [_usage("digital_signature"), purpose]
    elif label in PEOPLE:
        certificate["extensions"] = [_usage("digital_signature", "non_repudiation")]
    return certificate


def _usage(*bits):
    return {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": list(bits)}}


def _services():
    issuing = ("issuing-0", "issuing-1")
    return {
        "ocsp": {
            f"ocsp-{label[-1]}": {
                "for-issuer": label,
                "responder-cert": f"ocsp-{label[-1]}",
                "signing-key": f"ocsp-{label[-1]}",
            }
            for label in issuing
        },
        "crl-repo": {
            f"{label}-list": {"for-issuer": label, "simulated-update-schedule": "P1D"} for label in ("root", *issuing)
        },
        "time-stamping": {
            label: {"signing-cert": label, "signing-key": label, "certs-to-embed": [AUTHORITIES[label][0]]}
            for label in AUTHORITIES
            if label.startswith("tsa")
        },
    }


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
