"""A room process over rows of its own for a measurement, and the secretary who changes a meeting."""

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
from meeting_app.bench.server_process import ServerProcess, free_port, running
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
    """Rows in a folder, and a meeting in them; rooms may come and go."""

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
        environment = {
            "MEETING_DATA_DIR": str(self.settings.data_dir),
            "DATABASE_URL": "",
            "MEETING_ROOM_PORT": str(self.settings.room_port),
        }
        command = [sys.executable, "-m", "meeting_app", "room"]
        with running(command, self.settings.room_port, "the room listens", environment) as server:
            yield server


@contextmanager
def stage() -> Iterator[Stage]:
    """The demo's cast and a registered meeting."""
    with tempfile.TemporaryDirectory() as folder:
        settings = demo.demo_settings(Settings(data_dir=Path(folder), database_url="", room_port=free_port()))
        migrate_rows(settings)
        clock = PlayedClock(datetime.now(UTC))
        ports = assemble(settings, clock=clock)
        wake_ups = TimedWakeUps(ports.wake_ups)
        ports = replace(ports, wake_ups=wake_ups)
        cast, secrets = demo.seat(ports, settings, demo.prepare_pki(settings)), demo.secrets_of(settings)
        play = Rehearsal.of(ports, clock, cast, secrets)
        play.register(starts_at=clock.now() + timedelta(minutes=10))
        name = play.script["secretary"]
        token = account.sign_in(ports, name, secrets.password, address="127.0.0.1").token
        made = Stage(settings, ports, wake_ups, cast.actors[name], token, play.meeting_id)
        made.commit()
        yield made


@contextmanager
def running_room() -> Iterator[Contestant]:
    with stage() as made, made.room() as server:
        yield made.contestant(server)
