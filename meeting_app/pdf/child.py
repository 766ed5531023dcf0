"""Files of unknown origin are read by a process of its own: it may crash, hang or be taken over.

The child limits itself (`limit`) before it opens the file. Whoever starts it bounds the time, ends
it together with whatever it started, and learns what it cost.
"""

import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

OUT_OF_ROOM = 70  # exit code of a child that found its limit of memory or of nesting by itself
# How a child dies of a limit: of CPU time, or where its libraries find no more memory.
DEATHS_OF_LIMITS = {OUT_OF_ROOM, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL}

_ROOT = Path(__file__).parents[2]
# -I: neither the working directory nor the environment decides which modules the child loads.
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from {module} import main; sys.exit(main())"
_POLITENESS = 10  # whoever waits before a screen comes first
_LOOKS_SECONDS = 0.05  # between two looks at a child's memory and time
_PEAK = re.compile(rb"^VmHWM:\s*(\d+) kB", re.MULTILINE)


@dataclass(slots=True)
class Meter:
    """What the children for one file cost."""

    peak_bytes: int = 0  # resident memory of the largest, to a twentieth of a second

    def note(self, process: int) -> None:
        # Not `ru_maxrss`: that begins with what the parent had when it started the child.
        with suppress(OSError):
            status = Path(f"/proc/{process}/status").read_bytes()
            if found := _PEAK.search(status):
                self.peak_bytes = max(self.peak_bytes, int(found[1]) * 1024)


class Child:
    """A running child; what it says, and how it ends."""

    def __init__(self, process: "subprocess.Popen[bytes]", meter: Meter, wall_seconds: float) -> None:
        self._process = process
        self._meter = meter
        self._ends_at = time.monotonic() + wall_seconds
        self._ended = threading.Event()
        self.late = False  # it was ended because its time was over
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    @property
    def output(self) -> IO[bytes]:
        assert self._process.stdout is not None  # noqa: S101 — asked of children with a pipe only
        return self._process.stdout

    def wait(self, seconds: float | None = None) -> int:
        """Its exit code, negative for the signal that ended it; with `seconds` it is ended after them."""
        if self._process.returncode is None:
            if seconds is not None:
                self._ends_at = min(self._ends_at, time.monotonic() + seconds)
            # Not reaped yet: its number is nobody else's until the watcher is gone.
            os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
            self._ended.set()
            self._watcher.join()
            self._end_group()
            self._process.wait()
        return self._process.returncode

    def end(self) -> None:
        if self._process.returncode is None:
            self._end_group()
        self.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _watch(self) -> None:
        pause = _LOOKS_SECONDS / 8
        while not self._ended.wait(pause):
            pause = min(2 * pause, _LOOKS_SECONDS)
            self._meter.note(self._process.pid)
            if time.monotonic() >= self._ends_at and not self.late:
                self.late = True
                self._end_group()

    def _end_group(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)


@contextmanager
def started(
    module: str,
    *arguments: object,
    wall_seconds: float,
    meter: Meter | None = None,
    question: IO[bytes] | None = None,
    answer: IO[bytes] | None = None,
) -> Iterator[Child]:
    """A child running a module's `main`; it is gone after the block. Without `answer` its output is a pipe."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", _START.format(module=module), str(_ROOT), *map(str, arguments)],
        stdin=question or subprocess.DEVNULL,
        stdout=answer or subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},  # nothing of our secrets
        start_new_session=True,
    )

    child = Child(process, meter or Meter(), wall_seconds)
    try:
        yield child
    finally:
        child.end()


def answered(
    module: str, *arguments: object, wall_seconds: float, meter: Meter | None = None, question: bytes = b""
) -> tuple[int, bytes]:
    """The exit code and the output; raises TimeoutError. The output is bounded by the child's own limit."""
    with TemporaryFile() as asked, TemporaryFile() as answer:
        asked.write(question)
        asked.seek(0)
        with started(
            module, *arguments, wall_seconds=wall_seconds, meter=meter, question=asked, answer=answer
        ) as child:
            code = child.wait()
        if child.late:
            raise TimeoutError
        answer.seek(0)
        return code, answer.read()


def limit(*, memory: int, cpu_seconds: int, written: int = 0) -> None:
    """In the child: at most so many bytes of address space, seconds of CPU, bytes in one written file."""
    os.nice(_POLITENESS)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
