"""A room server in a thread of its own, and tablets that enter it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from meeting_app.domain.access import Actor
from meeting_app.ports import Ports
from meeting_app.room.client import RoomClient, State, connect
from meeting_app.room.server import RoomServer
from meeting_app.services import account
from meeting_app.settings import Settings
from meeting_app.storage.wake_ups import PostgresWakeUps, SocketWakeUps
from tests.cast import PASSWORD
from tests.room.crowd import crowded  # noqa: F401 — a fixture of every test here
from tests.room.screens import browser, screen, web  # noqa: F401 — fixtures of every test here

Enter = Callable[..., AbstractAsyncContextManager[RoomClient]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def poll_seconds() -> float:
    """A test that is about wake-ups says 3600, and only a wake-up can tell the room in time."""
    return 0.5


@pytest.fixture
def settings(database_address: str, tmp_path: Path, poll_seconds: float) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=database_address,
        room_port=0,
        room_poll_seconds=poll_seconds,
        _env_file=None,
    )


@pytest.fixture
def waking_ports(ports: Ports, database, settings: Settings) -> Ports:
    """The same world, with real wake-ups from the services to the room."""
    if database.engine.dialect.name == "sqlite":
        return replace(ports, wake_ups=SocketWakeUps(settings.wake_up_folder))
    return replace(ports, wake_ups=PostgresWakeUps(database.engine))


@dataclass
class RunningRoom:
    server: RoomServer
    loop: asyncio.AbstractEventLoop
    port: int

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self.port}/"

    def ask(self, question: Callable[[], object]) -> object:
        """The answer of a function called inside the server's loop."""

        async def answer() -> object:
            return question()

        return asyncio.run_coroutine_threadsafe(answer(), self.loop).result(10)

    def wait_until_deserted(self) -> None:
        """Until the last tablet is gone, as it went or as it was parted with."""
        asyncio.run_coroutine_threadsafe(self.server.deserted.wait(), self.loop).result(10)

    def make_rechecks_due(self) -> None:
        """As if every sign-in had last been looked at long ago."""
        self.age_connections(0)

    def age_connections(self, seconds: float) -> None:
        """As if every connection had come, spoken and been checked that much earlier."""

        def age() -> None:
            for connection in self.server.connections:
                connection.arrived_at -= seconds
                connection.heard_at -= seconds
                connection.checked_at -= 1000
                if connection.stalled_at is not None:
                    connection.stalled_at -= seconds

        self.ask(age)


@pytest.fixture
def room(settings: Settings, waking_ports: Ports) -> Iterator[RunningRoom]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> tuple[RoomServer, int]:
        server = RoomServer(settings, waking_ports)
        return server, await server.start()

    server, port = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    yield RunningRoom(server, loop, port)
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def cookie(ports: Ports, cast) -> Callable[[Actor], str]:
    """Sign somebody in and return the cookie."""
    names = {actor.account_id: name for name, actor in cast.actors.items()}

    def sign_in(actor: Actor) -> str:
        return account.sign_in(ports, names[actor.account_id], PASSWORD, address="127.0.0.1").token

    return sign_in


@pytest.fixture
def enter(room: RunningRoom, cookie: Callable[[Actor], str]) -> Enter:
    """`async with enter(minh, meeting) as tablet:`"""

    def into(actor: Actor, meeting_id: int, state: State | None = None) -> AbstractAsyncContextManager[RoomClient]:
        return connect(room.address, cookie(actor), meeting_id, state=state)

    return into
