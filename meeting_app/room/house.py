"""All live rooms of this process, and the threads in which the services work for them.

The loop of the room process never waits for the database: whatever reads or writes rows runs here,
in a few threads, and comes back as frames.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from sqlalchemy.engine import make_url

from meeting_app.ports import Ports
from meeting_app.room.admitting import AT_ONCE, admit_together
from meeting_app.room.door import Admitted, Ticket, still_in
from meeting_app.room.live import LiveRoom
from meeting_app.room.performing import TOGETHER, Asked, perform, perform_together
from meeting_app.room.refusals import Refusals
from meeting_app.room.together import Together
from meeting_app.settings import Settings

READERS = 2  # more would only take turns in this interpreter
Answer = TypeVar("Answer")
_log = logging.getLogger(__name__)


class House:
    """What every connection of this process shares."""

    def __init__(self, settings: Settings, ports: Ports) -> None:
        self.ports = ports
        self.public_origins = settings.public_origins
        self.rooms: dict[int, LiveRoom] = {}
        self.refusals = Refusals()
        self._doors: Counter[int] = Counter()  # tablets just coming in, per meeting
        # SQLite has one writer at a time; a second thread would only sleep in its lock, and wake up late.
        one_writer = make_url(settings.database_address).get_backend_name() == "sqlite"
        self._writes = ThreadPoolExecutor(1 if one_writer else 8, "room-write")
        self._reads = ThreadPoolExecutor(READERS, "room-read")
        self._commands = Together(self._writes, partial(perform_together, ports, self.refusals), TOGETHER)
        self._one_writer = one_writer
        self._door = Together(self._reads, partial(admit_together, ports), AT_ONCE)
        # A hundred tablets at the door must not keep a change waiting: the event log has a thread of its own.
        self._log_reads = ThreadPoolExecutor(1, "room-log")
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Run in the background; what it raises is logged and hurts nobody else."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def admit(self, ticket: Ticket, meeting_id: int) -> Admitted | None:
        """Who came and what they are in the meeting; None when signed out. Raises NotFound."""
        return await self._door.ask((ticket, meeting_id))

    async def still_in(self, asking: Sequence[tuple[Ticket, int]]) -> list[bool]:
        """Per ticket and meeting whether the cookie still opens the house; for people far cheaper than `admit`."""
        return await self.read(still_in, self.ports, asking)

    @asynccontextmanager
    async def entering(self, meeting_id: int) -> AsyncIterator[LiveRoom]:
        """The live room of a meeting that exists, its ring filled; kept open while somebody stands in its door."""
        room = self.rooms.get(meeting_id)
        if room is None:
            room = self.rooms[meeting_id] = LiveRoom(self.ports, self._log_reads, self._reads, meeting_id)
        self._doors[meeting_id] += 1
        try:
            await room.open()
            yield room
        finally:
            self._doors[meeting_id] -= 1

    def close_empty_rooms(self) -> None:
        for meeting_id in [each for each, room in self.rooms.items() if room.deserted and not self._doors[each]]:
            del self.rooms[meeting_id], self._doors[meeting_id]

    def look(self, meeting_id: int | None = None) -> None:
        """A wake-up: read what is new of one meeting, or of all."""
        for room in list(self.rooms.values()) if meeting_id is None else [self.rooms.get(meeting_id)]:
            if room is not None and room.opened:
                self.spawn(room.look())

    async def perform(self, asked: Asked) -> bytes | None:
        """Do a command as whoever holds the cookie now: the answer's frame, or None when signed out."""
        if self._one_writer:
            return await self._commands.ask(asked)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writes, perform, self.ports, self.refusals, asked)

    async def read(self, function: Callable[..., Answer], *arguments: object) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._reads, function, *arguments)

    def close(self) -> None:
        """Let running commands finish: an answered command is a committed one."""
        for room in self.rooms.values():
            room.close()
        for task in self._tasks:
            task.cancel()
        self._commands.close()
        self._door.close()
        self._writes.shutdown(wait=True, cancel_futures=True)
        self._reads.shutdown(wait=True, cancel_futures=True)
        self._log_reads.shutdown(wait=True, cancel_futures=True)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("work in the room failed", exc_info=error)
