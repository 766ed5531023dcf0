"""How long the clerk waits for many attachments: one whole act, timestamped and checked, on rows and files as usual.

The authorities (OCSP, timestamps) are the demo's, over HTTP on this machine: they take a part of the same cores.
"""

import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfWriter

from meeting_app import demo
from meeting_app.bench import papers
from meeting_app.bootstrap import assemble, migrate_rows
from meeting_app.domain.access import Actor
from meeting_app.domain.document import Document
from meeting_app.ports import Ports
from meeting_app.rehearsal import PlayedClock, Rehearsal
from meeting_app.services import sealing, sealing_progress
from meeting_app.services import version as versions
from meeting_app.services.unit_of_work import changing
from meeting_app.services.version import Received
from meeting_app.settings import Settings

_SECRETARY, _CLERK = "lan", "thu"


def bench_seal(count: int) -> dict[str, Any]:
    """Seal that many documents of about 100 kB, each another file, in one act."""
    with tempfile.TemporaryDirectory() as folder:
        settings = demo.demo_settings(Settings(data_dir=Path(folder), database_url=""))
        migrate_rows(settings)
        clock = PlayedClock(datetime.now(UTC))
        ports = assemble(settings, clock=clock, wakes_rooms=False)
        cast = demo.seat(ports, settings, demo.prepare_pki(settings))
        with demo.authorities(settings):
            play = Rehearsal.of(ports, clock, cast, demo.secrets_of(settings))
            play.register(starts_at=clock.now() + timedelta(days=1))
            play.convene()
            _hand_in(ports, cast.actors[_SECRETARY], play.meeting_id, _files(count))
            return _sealed(ports, cast.actors[_CLERK], play.meeting_id, demo.secrets_of(settings).pin)


def _sealed(ports: Ports, clerk: Actor, meeting_id: int, pin: str) -> dict[str, Any]:
    began = time.perf_counter()
    begun = sealing.start(ports, clerk, meeting_id, pin=pin)
    answered = time.perf_counter() - began
    sealing.finish(begun)
    seconds = time.perf_counter() - began
    view = sealing_progress.view(ports, clerk, meeting_id)
    return {
        "documents": view.documents,
        "sealed": view.sealed,
        "refused": len(view.refused),
        "first_answer_ms": answered * 1000,
        "seconds": seconds,
        "per_s": view.sealed / seconds,
    }


def _files(count: int) -> list[bytes]:
    pattern = papers.foreign(papers.invitation())
    return [_titled(pattern, f"Phụ lục {number}") for number in range(1, count + 1)]


def _titled(pattern: bytes, title: str) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(pattern))
    writer.add_metadata({"/Title": title})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _hand_in(ports: Ports, secretary: Actor, meeting_id: int, files: Sequence[bytes]) -> None:
    """What uploads write, without their inspection."""
    stored = [ports.files.put(each) for each in files]
    with changing(ports, secretary) as work:
        for number, (sha256, content) in enumerate(zip(stored, files, strict=True), start=1):
            document = Document(
                meeting_id=meeting_id,
                title=f"Phụ lục {number}",
                uploaded_by=secretary.account_id,
                uploaded_at=work.now,
            )
            work.session.add(document)
            work.session.flush()
            versions.add(work, document, Received(f"phu-luc-{number}.pdf", sha256, len(content), 1))
