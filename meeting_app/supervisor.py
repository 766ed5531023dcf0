"""One command, several processes: start them, restart what dies, stop them cleanly.

A lock below the data folder (`alone`) keeps a second start from touching the same rows and files. Each
child holds the reading end of a pipe; when the supervisor dies, even by SIGKILL, the pipe ends and so do they.
"""

import errno
import fcntl
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from meeting_app.settings import LIFELINE

STOP_SECONDS = 10
_LOOK_SECONDS = 0.1
_BACK_OFF = (0.2, 0.5, 1, 2, 5)  # seconds before the first, second … restart in a row
_STEADY_SECONDS = 30  # alive this long: earlier deaths are forgotten
_log = logging.getLogger(__name__)


class AlreadyRunning(Exception):
    """Another start works on the same data folder; `address` is where it says it answers."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


@dataclass
class Child:
    name: str  # the command of `python -m meeting_app`
    ready_url: str = ""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    deaths: int = 0
    restart_at: float = 0


@dataclass
class Supervisor:
    children: Sequence[Child]
    environment: dict[str, str]
    on_ready: Callable[[], None] = lambda: None
    # A plain flag: an Event that is set by a handler waits for its own lock when a second signal comes meanwhile.
    _stopping: bool = False

    def run(self) -> None:
        """Blocks until SIGTERM or SIGINT; whoever calls this holds the data folder's lock."""
        reading, writing = os.pipe()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        threading.Thread(target=self._tell_when_ready, daemon=True).start()
        try:
            while not self._stopping:
                for child in self.children:
                    self._tend(child, reading)
                time.sleep(_LOOK_SECONDS)
        finally:
            self._stop_children()
            os.close(reading)
            os.close(writing)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _tend(self, child: Child, lifeline: int) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.restart_at:
                self._start(child, lifeline)
            return
        code = child.process.poll()
        if code is None:
            if now - child.started > _STEADY_SECONDS:
                child.deaths = 0
            return
        delay = _BACK_OFF[min(child.deaths, len(_BACK_OFF) - 1)]
        _log.warning("%s ended with %s; starting it again in %s s", child.name, code, delay)
        child.deaths += 1
        child.process, child.restart_at = None, now + delay

    def _start(self, child: Child, lifeline: int) -> None:
        child.started = time.monotonic()
        child.process = subprocess.Popen(
            [sys.executable, "-m", "meeting_app", child.name],
            env={**self.environment, LIFELINE: str(lifeline)},
            pass_fds=(lifeline,),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops them in order
        )

    def _stop_children(self) -> None:
        alive = [child.process for child in self.children if child.process is not None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in alive:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _tell_when_ready(self) -> None:
        """However long it takes: who started this waits for the address."""
        waiting = [child.ready_url for child in self.children if child.ready_url]
        while waiting and not self._stopping:
            time.sleep(_LOOK_SECONDS)
            waiting = [url for url in waiting if not _answers(url)]
        if not waiting:
            self.on_ready()


def end_with_supervisor() -> None:
    """In a child: end when the supervisor is gone, however it went."""
    lifeline = os.environ.get(LIFELINE)
    if lifeline is None:
        return

    def watch() -> None:
        os.read(int(lifeline), 1)  # returns only at the end of the pipe: nobody ever writes
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def alone(data_dir: Path, address: str) -> Iterator[None]:
    """Nobody else works on the data folder meanwhile; raises AlreadyRunning. `address` is told to who comes next."""
    folder = data_dir / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+", encoding="utf-8") as file:
        file.seek(0)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(file.read()) from error
        file.truncate(0)
        file.write(address)
        file.flush()
        yield


def port_in_use(host: str, port: int) -> bool:
    """Whether another program listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As the servers do: a port whose last connections are still fading away is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1):  # noqa: S310 — our own loopback address
            return True
    except (urllib.error.URLError, OSError):
        return False
