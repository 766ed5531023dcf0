"""A server in a process of its own, for the length of a measurement, and what it costs."""

import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_READY_SECONDS = 60
_CPU_OF_PROCESS = 2  # the kernel's number for such a clock (clock_getcpuclockid(3), CPUCLOCK_SCHED)


@dataclass(frozen=True, slots=True)
class ServerProcess:
    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """Spent so far by all its threads, its own and the kernel's for it, to the nanosecond."""
        return time.clock_gettime((~self.pid << 3) | _CPU_OF_PROCESS)

    def end(self, number: signal.Signals) -> None:
        """Send it the signal, and wait until it is gone."""
        os.kill(self.pid, number)
        while Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
            time.sleep(0.001)

    def memory_kb(self) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise RuntimeError("the server has ended")


@contextmanager
def running(
    command: Sequence[str], port: int, ready: str, environment: Mapping[str, str] | None = None
) -> Iterator[ServerProcess]:
    """Start a server and wait until it writes `ready` to its standard error; stopped when the block is left."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        if process.stderr is None or not any(ready in line for line in process.stderr):
            raise RuntimeError(f"{command} ended before it was ready")
        threading.Thread(target=process.stderr.read, daemon=True).start()  # a full pipe would stop it
        yield ServerProcess(process.pid, port)
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def answering(command: Sequence[str], url: str, environment: Mapping[str, str] | None = None) -> Iterator[None]:
    """Start a web server and wait until it answers there; stopped when the block is left."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + _READY_SECONDS
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command} does not answer")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 — our own loopback address
    except OSError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
