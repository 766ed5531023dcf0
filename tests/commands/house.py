"""The real house for tests: `python -m meeting_app …` in a folder and on ports of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 240


@dataclass
class House:
    """A running supervisor and where it answers."""

    process: subprocess.Popen[bytes]
    data_dir: Path
    web_port: int
    room_port: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    def pids(self, command: str) -> list[int]:
        """Processes of the house that run this command ("room", "web", "worker", "pki")."""
        listed = subprocess.run(
            ["ps", "--ppid", str(self.process.pid), "-o", "pid=,args="], capture_output=True, text=True, check=False
        ).stdout
        rows = [line.split(None, 1) for line in listed.splitlines()]
        return [int(pid) for pid, arguments in rows if arguments.endswith(f"-m meeting_app {command}")]

    def stop(self) -> int:
        """Ask the supervisor to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """A clean environment: nothing of the tests' own settings reaches the command."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEETING_", "DATABASE_URL"))}
    return {**kept, "MEETING_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT), **settings}


def command(*arguments: str, data_dir: Path, timeout: float = 120, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "meeting_app", *arguments],
        cwd=ROOT,
        env=environment(data_dir, **settings),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@contextmanager
def running_demo(data_dir: Path) -> Iterator[House]:
    """`demo` started and answering; ended when the block is left."""
    web_port, room_port = free_port(), free_port()
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / "demo.log"
    settings = {"MEETING_WEB_PORT": str(web_port), "MEETING_ROOM_PORT": str(room_port)}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "meeting_app", "demo"],
            cwd=ROOT,
            env=environment(data_dir, **settings),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    house = House(process, data_dir, web_port, room_port, log)
    try:
        wait_until(lambda: "Mã PIN" in log.read_text(encoding="utf-8"), process, START_SECONDS)
        yield house
    finally:
        if process.poll() is None:
            house.stop()


def wait_until(holds, process: subprocess.Popen[bytes] | None = None, seconds: float = 30) -> None:
    """Look every 50 ms until it holds; fails when the process is gone or time is up."""
    deadline = time.monotonic() + seconds
    while not holds():
        if process is not None and process.poll() is not None:
            raise AssertionError(f"the process ended with {process.returncode}")
        if time.monotonic() > deadline:
            raise AssertionError("it did not come to hold in time")
        signal.sigtimedwait([], 0.05)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 — loopback
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
