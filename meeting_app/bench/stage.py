"""A web process of the demo's cast with a few meetings, for the benchmarks to open pages of."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from meeting_app import demo
from meeting_app.bootstrap import assemble, migrate_rows
from meeting_app.rehearsal import PlayedClock, Rehearsal
from meeting_app.services import account
from meeting_app.settings import Settings

_READY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Stage:
    web_port: int
    token: str  # the secretary's cookie


@contextmanager
def running_web() -> Iterator[Stage]:
    """Rows, files and a port of its own; gone when the block is left."""
    with tempfile.TemporaryDirectory() as folder:
        settings = demo.demo_settings(Settings(data_dir=Path(folder), database_url="", web_port=_free_port()))
        token = _prepare(settings)
        environment = {
            **os.environ,
            "MEETING_DATA_DIR": folder,
            "MEETING_DEMO": "true",
            "MEETING_WEB_PORT": str(settings.web_port),
            "MEETING_TIMESTAMP_URLS": " ".join(settings.timestamp_urls),
            "MEETING_TRUST_FILE": str(settings.trust_file),
        }
        web = subprocess.Popen(
            [sys.executable, "-m", "meeting_app", "web"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://127.0.0.1:{settings.web_port}/health", web)
            yield Stage(settings.web_port, token)
        finally:
            web.terminate()
            web.wait(timeout=20)


def _prepare(settings: Settings) -> str:
    migrate_rows(settings)
    clock = PlayedClock(datetime.now(UTC))
    ports = assemble(settings, clock=clock, wakes_rooms=False)
    cast = demo.seat(ports, settings, demo.prepare_pki(settings))
    play = Rehearsal.of(ports, clock, cast, demo.secrets_of(settings))
    for days in (1, 2, 3):
        play.register(starts_at=clock.now() + timedelta(days=days))
    secrets = demo.secrets_of(settings)
    return account.sign_in(ports, "lan", secrets.password, address="127.0.0.1").token


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 — our own loopback address
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the web process does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
