"""The newest snapshot of each audience of a meeting: read and encoded once, however many tablets wait for it."""

import asyncio
from concurrent.futures import Executor
from dataclasses import dataclass

from meeting_app.domain.access import Actor, Wall
from meeting_app.domain.event import Channel
from meeting_app.ports import Ports
from meeting_app.room import protocol
from meeting_app.room.delivery import Hearer
from meeting_app.services import snapshot
from meeting_app.services.event import Listener


class AudienceChanged(Exception):
    """Who asked for a snapshot hears other channels by now: ask the services anew what they are."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The shared state of one audience at a version, encoded."""

    version: int
    state: bytes


class Snapshots:
    def __init__(self, ports: Ports, reads: Executor, meeting_id: int) -> None:
        self._ports, self._reads, self._meeting_id = ports, reads, meeting_id
        self._made: dict[Hearer, Snapshot] = {}
        self._reading: dict[Hearer, asyncio.Future[Snapshot]] = {}

    def size(self, channels: frozenset[Channel], account_id: int | None) -> int:
        """Bytes of the newest one of this audience, 0 when none was made."""
        made = self._made.get(_audience(channels, account_id))
        return len(made.state) if made else 0

    async def take(self, who: Actor | Wall, listener: Listener, version: int) -> Snapshot:
        """The one of `version` if it was made, else the present state.

        Raises AudienceChanged, or NotFound when the asker was let go meanwhile.
        """
        audience = _audience(listener.channels, listener.account_id)
        made = self._made.get(audience)
        if made is not None and made.version == version:
            return made
        reading = self._reading.get(audience)
        if reading is None:
            reading = asyncio.ensure_future(self._read(who, audience))
            self._reading[audience] = reading
            reading.add_done_callback(lambda _: self._reading.pop(audience, None))
        return await asyncio.shield(reading)

    def close(self) -> None:
        for reading in self._reading.values():
            reading.cancel()

    async def _read(self, who: Actor | Wall, audience: Hearer) -> Snapshot:
        loop = asyncio.get_running_loop()
        listener, state = await loop.run_in_executor(self._reads, snapshot.take, self._ports, who, self._meeting_id)
        if _audience(listener.channels, listener.account_id) != audience:
            raise AudienceChanged
        made = Snapshot(state["version"], protocol.state_bytes(state))
        self._made[audience] = made
        return made


def _audience(channels: frozenset[Channel], account_id: int | None) -> Hearer:
    """Who shares one snapshot: all with the same channels, but whoever has something by name only with themselves."""
    return channels, account_id if Channel.PERSON in channels else None
