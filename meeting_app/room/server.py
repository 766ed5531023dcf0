"""The room process: listens, wakes up, sweeps, and goes without losing anything."""

import asyncio
import logging
import resource
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.engine import make_url

from meeting_app.ports import Ports
from meeting_app.room.connection import Connection
from meeting_app.room.house import House
from meeting_app.room.protocol import Close
from meeting_app.room.wake_ups import Datagrams, listen_on_postgres
from meeting_app.settings import Settings

SWEEP_SECONDS = 1
HELLO_SECONDS = 10  # from connecting to being let in
STALL_SECONDS = 8  # not reading what was sent
SILENCE_SECONDS = 150  # tablets ping every 20 s, those in a pocket every minute
GOODBYE_SECONDS = 3
RECHECK_SECONDS = 15  # a sign-in that ended is noticed within this time …
RECHECKS_PER_SECOND = 70  # … unless more than 1,000 tablets are there: looking must not slow the pushing down
SWITCH_SECONDS = 0.0005  # the loop gets the interpreter back from a reading thread ten times sooner than by default
MOST_CONNECTIONS = 8000
ARRIVALS_AT_ONCE = 16  # then the loop looks after everybody else; each costs a third of a millisecond
QUEUE_AT_THE_DOOR = 1024
_log = logging.getLogger(__name__)


class RoomServer:
    """Every tablet of this process. `start` it, `stop` it, inside one running loop."""

    def __init__(self, settings: Settings, ports: Ports) -> None:
        self._settings = settings
        self.house = House(settings, ports)
        self.connections: set[Connection] = set()
        self.deserted = asyncio.Event()
        self._checking = False
        self._server: asyncio.Server | None = None
        self._datagrams: Datagrams | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> int:
        """Listen; returns the port, which the system chose if the setting is 0."""
        loop = asyncio.get_running_loop()
        _allow_many_files()
        address = self._settings.database_address
        if make_url(address).get_backend_name() == "sqlite":
            self._datagrams = Datagrams(self._settings.wake_up_folder, self.house.look)
        else:
            self._tasks.append(loop.create_task(listen_on_postgres(address, self.house.look)))
        self._tasks.append(loop.create_task(_every(self._settings.room_poll_seconds, self._poll)))
        self._tasks.append(loop.create_task(_every(SWEEP_SECONDS, self._sweep)))
        host = self._settings.host
        door = socket.create_server((host, self._settings.room_port), family=_family(host))
        self._server = await loop.create_server(self._arrival, sock=door, backlog=ARRIVALS_AT_ONCE)
        door.listen(QUEUE_AT_THE_DOOR)  # the loop takes few at once, the system keeps many
        port: int = door.getsockname()[1]
        _log.info("the room listens on %s:%s", host, port)
        return port

    async def stop(self) -> None:
        """Send everybody away to come back at once (1012), and finish the commands that run."""
        if self._server is not None:
            self._server.close()
        for connection in list(self.connections):
            connection.end(Close.RESTARTING)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.connections:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.deserted.wait(), GOODBYE_SECONDS)
        for connection in list(self.connections):
            connection.abort()
        if self._datagrams is not None:
            self._datagrams.close()
        self.house.close()

    def _arrival(self) -> Connection:
        connection = Connection(self.house, self._departure)
        self.connections.add(connection)
        self.deserted.clear()
        return connection

    def _departure(self, connection: Connection) -> None:
        self.connections.discard(connection)
        if not self.connections:
            self.deserted.set()

    def _poll(self) -> None:
        self.house.close_empty_rooms()
        self.house.look()

    def _sweep(self) -> None:
        """Part with whoever does not speak, read or go; see whether the others are still signed in."""
        now = asyncio.get_running_loop().time()
        crowded = len(self.connections) - MOST_CONNECTIONS
        due = []
        # The oldest first: of a thousand that never speak, those give way who have had their time.
        for connection in sorted(self.connections, key=lambda each: each.arrived_at):
            if reason := _overdue(connection, now):
                crowded -= 1
                connection.abort(reason)
            elif crowded > 0 and connection.visit.listener is None:
                crowded -= 1
                connection.abort("too many connections")
            elif connection.open and now - connection.checked_at > RECHECK_SECONDS:
                due.append(connection)
        self.house.refusals.tell_rest()
        due.sort(key=lambda connection: connection.checked_at)
        if due and not self._checking:
            self._checking = True
            self.house.spawn(self._check(due[:RECHECKS_PER_SECOND]))

    async def _check(self, connections: list[Connection]) -> None:
        """End the visits of those who have signed out, asked for all at once."""
        now = asyncio.get_running_loop().time()
        asking = []
        for connection in connections:
            connection.checked_at = now
            if (listener := connection.visit.listener) is not None:
                asking.append((connection, (connection.ticket, listener.meeting_id)))
        try:
            answers = await self.house.still_in([each for _connection, each in asking])
        finally:
            self._checking = False
        for (connection, _each), still in zip(asking, answers, strict=True):
            if connection.open and not still:
                connection.visit.signed_out()


def _overdue(connection: Connection, now: float) -> str:
    """Why it is time to part with this one; empty when it is not."""
    if connection.ending_at is not None:
        return "no farewell" if now - connection.ending_at > GOODBYE_SECONDS else ""
    if connection.stalled_at is not None and now - connection.stalled_at > STALL_SECONDS:
        return "what is sent is not read"
    if connection.visit.listener is None:
        return "nobody came in" if now - connection.arrived_at > HELLO_SECONDS else ""
    return "nothing is heard any more" if now - connection.heard_at > SILENCE_SECONDS else ""


async def _every(seconds: float, act: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            act()
        except Exception:  # noqa: BLE001 — one failed sweep must not be the last
            _log.exception("the room's regular work failed")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _allow_many_files() -> None:
    """One tablet is one open file; 1,024 is the usual soft limit."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def _serve(settings: Settings, ports: Ports, ready: Callable[[int], None] | None) -> None:
    sys.setswitchinterval(SWITCH_SECONDS)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = RoomServer(settings, ports)
    port = await server.start()
    if ready is not None:
        ready(port)
    await stopped.wait()
    await server.stop()


def run(settings: Settings, ports: Ports, ready: Callable[[int], None] | None = None) -> None:
    """Serve the live rooms until SIGTERM or SIGINT; `ready` is told the port once tablets can come."""
    asyncio.run(_serve(settings, ports, ready))
