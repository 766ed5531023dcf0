"""The demo's authorities in the words of certomancer: names, certificates, services."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
ROOT_NAME = "Root CA demo"  # by which production knows a demo's root
AUTHORITIES = ("root", "issuing", "ocsp", "timestamp")

_DAY = timedelta(days=1)


def configuration(directory: Path, state: Mapping[str, Any]) -> dict[str, Any]:
    """The authorities as certomancer wants them told; what is a file in the directory already is taken from there."""
    made_at = datetime.fromisoformat(state["made_at"])
    labels = (*AUTHORITIES, *state["subjects"])
    suffix = state.get("suffix", "")
    names = {
        "root": {"common-name": f"{ROOT_NAME}{suffix}"},
        "issuing": {"common-name": f"CA phục vụ trình diễn{suffix}"},
        "ocsp": {"common-name": f"OCSP demo{suffix}"},
        "timestamp": {"common-name": f"Dấu thời gian demo{suffix}"},
    }
    certificates = _authority_certificates(made_at)
    for label, subject in state["subjects"].items():
        names[label] = _name(subject)
        certificates[label] = _subject_certificate(subject, made_at, state["revoked"].get(label))
    for label, certificate in certificates.items():
        if (directory / f"{label}.pem").exists():
            certificate["certificate-file"] = f"{label}.pem"
    return {
        "external-url-prefix": prefix(state["port"]),
        "keysets": {"demo": {"keys": {label: {"path": f"{label}.pem"} for label in labels}}},
        "pki-architectures": {
            "demo": {
                "entity-defaults": {"country-name": "VN"},
                "entities": names,
                "certs": certificates,
                "services": _services(),
            }
        },
    }


def _services() -> dict[str, Any]:
    return {
        "ocsp": {"ocsp": {"for-issuer": "issuing", "responder-cert": "ocsp", "signing-key": "ocsp"}},
        "crl-repo": {
            # One day, counted from the start of the authority's validity.
            "root-list": {"for-issuer": "root", "simulated-update-schedule": "P1D"},
            "issuing-list": {"for-issuer": "issuing", "simulated-update-schedule": "P1D"},
        },
        "time-stamping": {
            "tsa": {"signing-cert": "timestamp", "signing-key": "timestamp", "certs-to-embed": ["issuing"]}
        },
    }


def _authority_certificates(made_at: datetime) -> dict[str, dict[str, Any]]:
    long = _validity(made_at, -1, 20 * 365)
    issuing = {"issuer": "issuing", "validity": _validity(made_at, -1, 15 * 365)}
    return {
        "root": {
            "subject": "root",
            "issuer": "root",
            "serial": 1,
            "validity": long,
            "profiles": [{"id": "simple-ca", "params": {"crl-repo": "root-list"}}],
        },
        "issuing": {
            "subject": "issuing",
            "issuer": "root",
            "serial": 2,
            "validity": _validity(made_at, -1, 18 * 365),
            "profiles": [
                {
                    "id": "simple-ca",
                    "params": {"max-path-len": 0, "crl-repo": "issuing-list", "ocsp-service": "ocsp"},
                }
            ],
        },
        "ocsp": {"subject": "ocsp", "serial": 3, "profiles": ["ocsp-responder"], **issuing},
        "timestamp": {
            "subject": "timestamp",
            "serial": 4,
            "extensions": [
                _usage("digital_signature"),
                {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]},
            ],
            **issuing,
        },
    }


def _subject_certificate(subject: Mapping[str, Any], made_at: datetime, revoked: str | None) -> dict[str, Any]:
    usage = ("digital_signature", "non_repudiation") if subject["usage"] == "signing" else ("key_encipherment",)
    certificate: dict[str, Any] = {
        "subject": subject["label"],
        "issuer": "issuing",
        "serial": subject["serial"],
        "validity": _validity(made_at, subject["starts_days"], subject["ends_days"]),
        "extensions": [_usage(*usage)],
    }
    if revoked:
        certificate["revocation"] = {"revoked-since": revoked, "reason": "affiliation_changed"}
    return certificate


def _usage(*bits: str) -> dict[str, Any]:
    return {
        "id": "key_usage",
        "critical": True,
        "smart-value": {"schema": "key-usage", "params": list(bits)},
    }


def _name(subject: Mapping[str, Any]) -> dict[str, str]:
    name = {
        "organization-name": subject["organisation"],
        "organizational-unit-name": subject["unit"],
        "title": subject["title"],
        "serial-number": subject["serial_number"],
        "common-name": subject["common_name"],
    }
    return {key: value for key, value in name.items() if value}


def _validity(made_at: datetime, starts_days: float, ends_days: float) -> dict[str, str]:
    return {
        "valid-from": (made_at + starts_days * _DAY).isoformat(),
        "valid-to": (made_at + ends_days * _DAY).isoformat(),
    }


def prefix(port: int) -> str:
    return f"http://{HOST}:{port}"
