"""Checking the signatures of a file somebody brings along (L15)."""

from pathlib import Path

from meeting_app.domain.access import Actor
from meeting_app.domain.signature import FileVerdict
from meeting_app.domain.wording import typed
from meeting_app.ports import Ports
from meeting_app.services.unit_of_work import changing


def verify(ports: Ports, actor: Actor, path: Path, file_name: str = "") -> FileVerdict:
    """Judge a file for anyone signed in; raises Unreadable or VerificationTookTooLong."""
    verdict = ports.signatures.verify_file(path)
    with changing(ports, actor) as work:
        work.record(
            "file.verify", file_name=typed(file_name)[:200], sha256=verdict.sha256, verdict=verdict.verdict.value
        )
    return verdict
