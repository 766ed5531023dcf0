"""A room whose every step a test decides: no sockets, no threads, but the real rows."""

import asyncio
import json
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from websockets.protocol import CLIENT, Protocol

from meeting_app.domain.event import Kind, apply
from meeting_app.room.admitting import AT_ONCE, admit_together
from meeting_app.room.door import Ticket
from meeting_app.room.house import House
from meeting_app.room.performing import TOGETHER, perform_together
from meeting_app.room.protocol import Do, Hello
from meeting_app.room.together import Together
from meeting_app.room.visit import Visit


class Held(Executor):
    """Jobs are done when the test says so, in the order it says."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future, Any]] = []

    def submit(self, function, /, *arguments, **named) -> Future:
        future: Future = Future()
        self.waiting.append((future, partial(function, *arguments, **named)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nothing runs by itself."""

    def do(self, place: int) -> None:
        future, job = self.waiting.pop(place % len(self.waiting))
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(job())
            except BaseException as error:  # noqa: BLE001 — told to who waits for it
                future.set_exception(error)


class HeldHouse(House):
    """All rooms of one process."""

    def __init__(self, settings, ports) -> None:
        super().__init__(settings, ports)
        self._writes, self._reads, self._log_reads = self.held = (Held(), Held(), Held())
        self._commands = Together(self._writes, partial(perform_together, ports, self.refusals), TOGETHER)
        self._door = Together(self._reads, partial(admit_together, ports), AT_ONCE)
        self.faults: list[BaseException] = []

    def _finished(self, task: asyncio.Task) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.faults.append(task.exception())

    def die(self) -> None:
        """As by SIGKILL: what was not done yet never is."""
        for room in self.rooms.values():
            room.close()
        for task in self._tasks:
            task.cancel()
        self._commands.close()
        self._door.close()


class Line:
    """What stands for a connection: frames arrive at once, or lie in its buffer while the tablet does not read."""

    def __init__(self, tablet: "Tablet", house: HeldHouse, token: str) -> None:
        self.ticket, self.language, self.open = Ticket(token, address="127.0.0.1"), "vi", True
        self.tablet, self.house = tablet, house
        self.stalled, self.buffer = False, b""
        self.visit = Visit(house, self)

    def write(self, frames: bytes) -> None:
        if not self.open:
            return
        if self.stalled:
            self.buffer += frames
            self.visit.delivery.clear = False
        else:
            self.tablet.receive(frames)

    def drain(self) -> None:
        self.stalled, frames, self.buffer = False, self.buffer, b""
        if frames:
            self.tablet.receive(frames)
        self.visit.delivery.clear = True
        self.visit.settle()

    def end(self, code, _error=None) -> None:
        if self.open:
            self.cut()
            self.tablet.ended.append(code)

    def cut(self) -> None:
        self.open = False
        self.visit.leave()
        self.tablet.line = None


@dataclass(eq=False)
class Tablet:
    """One person's tablet in one meeting: applies what it hears, and sends again what was not answered."""

    name: str
    actor: Any
    token: str
    meeting_id: int
    line: Line | None = None
    state: dict[str, Any] = field(default_factory=dict)
    pending: dict[str, Do] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)  # the version by command id
    refused: set[str] = field(default_factory=set)
    ended: list[int] = field(default_factory=list)

    @property
    def version(self) -> int | None:
        return self.state.get("version")

    def connect(self, house: HeldHouse) -> None:
        self.line = Line(self, house, self.token)
        self.line.visit.take(Hello(self.meeting_id, self.version, "vi"))
        for command in self.pending.values():
            self.line.visit.take(command)

    def say(self, command: Do) -> None:
        self.pending[command.command_id] = command
        if self.line is not None:
            self.line.visit.take(command)

    def receive(self, frames: bytes) -> None:
        wire = Protocol(CLIENT, max_size=None)
        wire.receive_data(frames)
        for frame in wire.events_received():
            self._take(json.loads(bytes(frame.data)))

    def _take(self, message: dict[str, Any]) -> None:
        match message["t"]:
            case "snapshot":
                assert message["state"]["version"] >= (self.version or 0), "went back in time"
                self.state = message["state"]
            case "event" | "skip":
                version = message["v"]
                assert version <= self.version + 1, f"{self.name}: {version} after {self.version}"
                if version == self.version + 1:
                    kind = Kind(message["k"]) if message["t"] == "event" else None
                    self.state = apply(self.state, version, kind, message.get("b", {}))
            case "done":
                self.pending.pop(message["id"], None)
                assert self.done.setdefault(message["id"], message["version"]) == message["version"]
            case "refused":
                self.pending.pop(message["id"], None)
                self.refused.add(message["id"])
