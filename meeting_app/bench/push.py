"""How soon the last tablet shows a change: our room against a plain broadcast, in the same run.

The room does its whole work: a row is committed by another process, a wake-up comes, the event is
read from SQLite, encoded, sent. The yardstick only passes on what it is told. The clock starts at the
commit (there: at the send) and stops when the last tablet has the frame's last byte. All is loopback,
and the tablets' own work is on the same machine and in the numbers.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from meeting_app import demo
from meeting_app.bench import broadcast
from meeting_app.bench.page_load import running_pages
from meeting_app.bench.server_process import ServerProcess, free_port, running
from meeting_app.bench.stage import running_web
from meeting_app.bench.tablets import Crowd
from meeting_app.bootstrap import assemble, migrate_rows
from meeting_app.domain.access import Actor
from meeting_app.domain.event import Channel, Kind, MeetingEvent
from meeting_app.ports import Ports, WakeUps
from meeting_app.rehearsal import PlayedClock, Rehearsal
from meeting_app.room import protocol
from meeting_app.services import account
from meeting_app.services.unit_of_work import changing
from meeting_app.settings import Settings

UPDATES = 150
WARM_UP = 10  # updates before the numbers count
GAP_SECONDS = (0.01, 0.05)  # between updates, evenly drawn: some 25 a second
BODY = {"note": "x" * 500}  # a frame of about 600 bytes


@dataclass
class TimedWakeUps:
    """Passes wake-ups on and notes the moment: the commit is just done then."""

    inner: WakeUps
    at: float = 0

    def ring(self, meeting_id: int) -> None:
        self.at = time.monotonic()
        self.inner.ring(meeting_id)


@dataclass(frozen=True, slots=True)
class Updating:
    """How a server is told of a change, and what it should send each tablet then."""

    times: int
    publish: Callable[[], float]  # returns when it was committed
    size: Callable[[], int]  # of the next frame, in bytes


@dataclass
class Room:
    """A room process over rows of its own, and the secretary who changes a meeting."""

    server: ServerProcess
    ports: Ports
    wake_ups: TimedWakeUps
    secretary: Actor
    token: str
    meeting_id: int
    version: int = 0

    def commit(self) -> float:
        with changing(self.ports, self.secretary) as work:
            self.version = work.emit(work.standing(self.meeting_id).meeting, Kind.MEETING, BODY)
        return self.wake_ups.at

    def next_frame_size(self) -> int:
        event = MeetingEvent(
            meeting_id=self.meeting_id,
            version=self.version + 1,
            channel=Channel.EVERYONE,
            kind=Kind.MEETING,
            body=BODY,
            at=datetime.now(UTC),
        )
        return len(protocol.event_frame(event))


def bench_push(
    tablets: Sequence[int] = (50, 200, 1000), *, with_page_runs: bool = False, updates: int = UPDATES
) -> dict[str, Any]:
    """Milliseconds until the last tablet has a change (p50, p99), per number of tablets, room and yardstick.

    Beside them the server's CPU per tablet and change (µs) and its memory per tablet (kB). With
    `with_page_runs` all is measured again while a web process runs some ten pages a second.
    """
    result: dict[str, Any] = {"alone": _all_sizes(tablets, updates)}
    if with_page_runs:
        with running_web() as stage, running_pages(stage) as load:
            result["with_page_runs"] = _all_sizes(tablets, updates)
            result["page_runs_per_s"] = round(load.runs_per_second, 1)
    return result


def _all_sizes(tablets: Sequence[int], updates: int) -> dict[str, Any]:
    measured: dict[str, Any] = {}
    for count in tablets:
        with _broadcast() as yardstick, _room() as room:
            measured[str(count)] = {
                "room": _measure_room(room, count, updates),
                "broadcast": _measure_broadcast(yardstick, count, updates),
            }
    return measured


def _measure_room(room: Room, count: int, updates: int) -> dict[str, float]:
    hello: dict[str, object] = {"t": "hello", "meeting": room.meeting_id, "version": None, "lang": "vi"}
    crowd = Crowd(room.server.port, room.token, hello)
    updating = Updating(updates, room.commit, room.next_frame_size)
    return _measured(crowd, count, room.server, updating)


def _measure_broadcast(yardstick: ServerProcess, count: int, updates: int) -> dict[str, float]:
    crowd, text = Crowd(yardstick.port), ("x" * 600).encode()

    def publish() -> float:
        at = time.monotonic()
        crowd.say(text)
        return at

    return _measured(crowd, count, yardstick, Updating(updates, publish, lambda: len(text) + 4))


def _measured(crowd: Crowd, count: int, server: ServerProcess, updating: Updating) -> dict[str, float]:
    memory, cpu, delays = server.memory_kb(), 0.0, []
    crowd.enter(count)  # before the clock: connecting is not pushing
    memory = server.memory_kb() - memory
    for number in range(WARM_UP + updating.times):
        if number == WARM_UP:
            cpu = server.cpu_seconds()
        due = updating.size()
        committed = updating.publish()
        delays.append(crowd.receive(due) - committed)
        time.sleep(random.uniform(*GAP_SECONDS))  # noqa: S311 — pacing, not secrets
    spent = server.cpu_seconds() - cpu
    crowd.leave()
    percent = statistics.quantiles(delays[WARM_UP:], n=100, method="inclusive")
    return {
        "p50_ms": round(percent[49] * 1000, 2),
        "p99_ms": round(percent[98] * 1000, 2),
        "cpu_us_per_tablet": round(spent / updating.times / count * 1e6, 1),
        "memory_kb_per_tablet": round(memory / count, 1),
    }


@contextmanager
def _room() -> Iterator[Room]:
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
        environment = {
            "MEETING_DATA_DIR": folder,
            "DATABASE_URL": "",
            "MEETING_ROOM_PORT": str(settings.room_port),
        }
        command = [sys.executable, "-m", "meeting_app", "room"]
        with running(command, settings.room_port, "the room listens", environment) as server:
            room = Room(server, ports, wake_ups, cast.actors[name], token, play.meeting_id)
            room.commit()
            yield room


@contextmanager
def _broadcast() -> Iterator[ServerProcess]:
    port = free_port()
    with running([sys.executable, "-m", "meeting_app.bench.broadcast", str(port)], port, broadcast.READY) as server:
        yield server
