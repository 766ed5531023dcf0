"""Checking a stranger's file in a process of its own, within limits of time and memory.

A hostile PDF of moderate size can keep the comparison of its revisions busy for minutes.
"""

import json
import logging
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import x509 as asn1_x509

from meeting_app.domain.signature import (
    FileVerdict,
    RouteStep,
    Unreadable,
    VerificationTookTooLong,
    route_from_json,
    route_to_json,
)
from meeting_app.pdf.child import Meter, answered, limit
from meeting_app.signing.trust import parse_roots, to_pem
from meeting_app.signing.verify import verify

LARGEST_ANSWER = 4 * 1024 * 1024  # bytes of JSON
_UNREADABLE = 3  # exit code of the child
_DEEPEST = 20_000  # nested calls: documents chain thousands of bookmarks to one another
_STACK_BYTES = 512 * 1024**2  # of address space


@dataclass(frozen=True, slots=True)
class Limits:
    cpu_seconds: int = 20
    wall_seconds: float = 40.0
    memory_bytes: int = 2 * 1024**3  # of address space, several times what is really used
    file_bytes: int = 200 * 1024**2


def verify_in_child(
    path: Path,
    trust: Sequence[asn1_x509.Certificate],
    limits: Limits | None = None,
    *,
    expected: Sequence[RouteStep] = (),
    now: datetime | None = None,
    meter: Meter | None = None,
) -> FileVerdict:
    """Like `verify.verify`; raises VerificationTookTooLong beyond the limits, Unreadable, OSError."""
    bounds = limits or Limits()
    if path.stat().st_size > bounds.file_bytes:
        raise VerificationTookTooLong
    question = {
        "path": str(path.resolve()),
        "trust": to_pem(trust).decode(),
        "expected": route_to_json(tuple(expected)).decode() if expected else "",
        "now": now.isoformat() if now else "",
        "limits": asdict(bounds),
    }
    asked = json.dumps(question).encode()
    try:
        code, answer = answered(__name__, wall_seconds=bounds.wall_seconds, meter=meter, question=asked)
    except TimeoutError as error:
        raise VerificationTookTooLong from error
    if code == _UNREADABLE:
        raise Unreadable
    if code:
        # Killed by a limit, or out of memory.
        raise VerificationTookTooLong
    return FileVerdict.from_json(answer.decode())


def main() -> int:
    """In the child, on a stack that deep recursion does not overflow."""
    sys.setrecursionlimit(_DEEPEST)
    threading.stack_size(_STACK_BYTES)
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(_answer).result()


def _answer() -> int:
    """The question as JSON on standard input, the verdict as JSON on standard output."""
    question = json.load(sys.stdin)
    limits = question["limits"]
    limit(memory=limits["memory_bytes"], cpu_seconds=limits["cpu_seconds"], written=LARGEST_ANSWER)
    logging.disable(logging.CRITICAL)
    content = Path(question["path"]).read_bytes()
    try:
        verdict = verify(
            content,
            parse_roots(question["trust"].encode()) if question["trust"] else (),
            route_from_json(question["expected"].encode()) if question["expected"] else (),
            now=datetime.fromisoformat(question["now"]) if question["now"] else None,
        )
    except Unreadable:
        return _UNREADABLE
    sys.stdout.write(verdict.to_json())
    return 0
