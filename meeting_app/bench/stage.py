"""A house of its own for a measurement: the demo's cast, a registered meeting, and processes that come and go."""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from meeting_app import demo
from meeting_app.bench.peers import Contestant
from meeting_app.bench.server_process import ServerProcess, answering, free_port, running
from meeting_app.bench.tablets import Crowd
from meeting_app.bootstrap import assemble, migrate_rows
from meeting_app.domain.access import Actor
from meeting_app.domain.event import Channel, Happened, Kind
from meeting_app.ports import Ports, WakeUps
from meeting_app.rehearsal import PlayedClock, Rehearsal
from meeting_app.room import protocol
from meeting_app.services import account
from meeting_app.services.unit_of_work import changing
from meeting_app.settings import Settings

_COMMAND = (sys.executable, "-m", "meeting_app")
BODY = {"note": "x" * 500}  # a frame of about 600 bytes


@dataclass
class TimedWakeUps:
    """Passes wake-ups on and notes the moment: the commit is just done then."""

    inner: WakeUps
    at: float = 0

    def ring(self, meeting_id: int) -> None:
        self.at = time.monotonic()
        self.inner.ring(meeting_id)


@dataclass
class Stage:
    """Rows and files in a folder, and a meeting in them."""

    settings: Settings
    ports: Ports
    wake_ups: TimedWakeUps
    secretary: Actor
    token: str
    meeting_id: int
    body: dict[str, Any] = field(default_factory=lambda: BODY)
    version: int = 0

    def commit(self) -> float:
        """Change the meeting; the moment (monotonic) it was committed."""
        with changing(self.ports, self.secretary) as work:
            self.version = work.emit(work.standing(self.meeting_id).meeting, Kind.MEETING, self.body)
        return self.wake_ups.at

    def next_frame_size(self) -> int:
        event = Happened(self.version + 1, Channel.EVERYONE, None, Kind.MEETING, self.body, datetime.now(UTC))
        return len(protocol.event_frame(event))

    def crowd(self, token: str | Sequence[str] = "", version: int | None = None) -> Crowd:
        hello: dict[str, object] = {"t": "hello", "meeting": self.meeting_id, "version": version, "lang": "vi"}
        return Crowd(self.settings.room_port, token or self.token, hello)

    def contestant(self, server: ServerProcess) -> Contestant:
        return Contestant(server, self.crowd(), self.commit, self.next_frame_size)

    @contextmanager
    def room(self) -> Iterator[ServerProcess]:
        """A room process for the length of the block, always on the same port."""
        port = self.settings.room_port
        with running([*_COMMAND, "room"], port, "the room listens", self._environment()) as server:
            yield server

    @contextmanager
    def web(self) -> Iterator[int]:
        """A web process for the length of the block, and its port."""
        port = self.settings.web_port
        with answering([*_COMMAND, "web"], f"http://127.0.0.1:{port}/health", self._environment()):
            yield port

    def _environment(self) -> dict[str, str]:
        settings = self.settings
        return {
            "MEETING_DATA_DIR": str(settings.data_dir),
            "MEETING_DEMO": "true",
            "DATABASE_URL": "",
            "MEETING_WEB_PORT": str(settings.web_port),
            "MEETING_ROOM_PORT": str(settings.room_port),
            "MEETING_TIMESTAMP_URLS": " ".join(settings.timestamp_urls),
            "MEETING_TRUST_FILE": str(settings.trust_file),
        }


@contextmanager
def stage(meetings: int = 1, *, documents: bool = False) -> Iterator[Stage]:
    """The demo's cast and so many registered meetings, the last one to be changed, with the demo's papers or none."""
    with tempfile.TemporaryDirectory() as folder:
        settings = demo.demo_settings(
            Settings(data_dir=Path(folder), database_url="", web_port=free_port(), room_port=free_port())
        )
        migrate_rows(settings)
        clock = PlayedClock(datetime.now(UTC))
        ports = assemble(settings, clock=clock)
        wake_ups = TimedWakeUps(ports.wake_ups)
        ports = replace(ports, wake_ups=wake_ups)
        cast, secrets = demo.seat(ports, settings, demo.prepare_pki(settings)), demo.secrets_of(settings)
        play = Rehearsal.of(ports, clock, cast, secrets)
        for later in reversed(range(meetings)):
            play.register(starts_at=clock.now() + timedelta(days=later, minutes=10))
        if documents:
            play.prepare_documents()
        name = play.script["secretary"]
        token = account.sign_in(ports, name, secrets.password, address="127.0.0.1").token
        made = Stage(settings, ports, wake_ups, cast.actors[name], token, play.meeting_id)
        made.commit()
        yield made
