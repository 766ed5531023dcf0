"""The route of signatures that a paper carries inside itself, as an embedded file.

It lies under the first signature, so "signed by the wrong person" can be told offline.
"""

import json
import re
from io import BytesIO
from typing import Literal

from pypdf import PdfReader

from meeting_app.domain.signature import Field, RouteStep

ROUTE_FILE = "luong-ky.json"  # templates/paper.typ embeds it under this name
FORMAT = 1
Kind = Literal["invitation", "minutes"]
_LONGEST_ROUTE = 65_536  # characters; a few steps take less than one thousand
_MOST_STEPS = 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


def written_route(kind: Kind, route: tuple[RouteStep, ...]) -> str:
    steps = [
        {"field": step.field, "signer": step.signer, "certificate_sha256": step.certificate_sha256} for step in route
    ]
    return json.dumps({"format": FORMAT, "kind": kind, "steps": steps}, ensure_ascii=False, indent=2)


def read_route(pdf: bytes) -> tuple[RouteStep, ...]:
    """The route inside a paper; empty when there is none, more than one, or one that is malformed."""
    try:
        attached = PdfReader(BytesIO(pdf)).attachments
        (text,) = attached[ROUTE_FILE]
        return _steps(text)
    except Exception:  # noqa: BLE001 — hostile files break a PDF reader in endless ways; all mean "no route"
        return ()


def _steps(text: bytes) -> tuple[RouteStep, ...]:
    if len(text) > _LONGEST_ROUTE:
        raise ValueError("too long")
    content = json.loads(text)
    if content["format"] != FORMAT or len(content["steps"]) > _MOST_STEPS:
        raise ValueError("not a route of this format")
    return tuple(_step(step) for step in content["steps"])


def _step(step: dict[str, str]) -> RouteStep:
    signer, fingerprint = step["signer"], step["certificate_sha256"]
    if not (isinstance(signer, str) and _SHA256.fullmatch(fingerprint)):
        raise ValueError("not a step")
    return RouteStep(field=Field(step["field"]), signer=signer, certificate_sha256=fingerprint)
