"""From settings to the one Ports of a process: with `outside` the only file that names adapters."""

from collections.abc import Iterator
from contextlib import contextmanager

from meeting_app import running
from meeting_app.ports import Clock, Ports, WakeUps
from meeting_app.settings import Settings
from meeting_app.storage.clock import Argon2Passwords, SystemClock, new_token
from meeting_app.storage.database import SqlDatabase
from meeting_app.storage.files import DiskFiles
from meeting_app.storage.migrate import empty, migrate
from meeting_app.storage.text_index import SqlTextIndex
from meeting_app.storage.trust_anchors import StoredAnchors
from meeting_app.storage.wake_ups import NoWakeUps, PostgresWakeUps, SocketWakeUps


def assemble(settings: Settings, *, clock: Clock | None = None, wakes_rooms: bool = True) -> Ports:
    """Build the Ports; `wakes_rooms` False is for commands that run while no room does."""
    # Only here: migrating needs no signatures, and a start is half a second sooner without them.
    from meeting_app import outside  # noqa: PLC0415

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = SqlDatabase(settings.database_address)
    clock = clock or SystemClock()
    return Ports(
        clock=clock,
        database=database,
        files=DiskFiles(settings.files_dir),
        texts=SqlTextIndex(),
        signatures=outside.signatures(settings, StoredAnchors(database)),
        keys=outside.keys(settings),
        certification=outside.certification(),
        wake_ups=_wake_ups(settings, database) if wakes_rooms else NoWakeUps(),
        passwords=Argon2Passwords(),
        new_token=new_token,
        session_hours=settings.session_hours,
        upload_limit_mb=settings.upload_limit_mb,
        mail=outside.mail_office(settings, clock) if settings.sends_mail else None,
    )


def start(settings: Settings) -> Ports:
    """What every process does first."""
    ports = assemble(settings)
    running.start(ports)
    return ports


@contextmanager
def rows(settings: Settings) -> Iterator[SqlDatabase]:
    """The rows alone, brought to the newest layout before any process starts."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = SqlDatabase(settings.database_address)
    migrate(database.engine)
    yield database
    database.close()


def migrate_rows(settings: Settings) -> None:
    with rows(settings):
        pass


def empty_rows(settings: Settings) -> None:
    """Forget everything in the rows."""
    with rows(settings) as database:
        empty(database.engine)


def _wake_ups(settings: Settings, database: SqlDatabase) -> WakeUps:
    if database.engine.dialect.name == "postgresql":
        return PostgresWakeUps(database.engine)
    return SocketWakeUps(settings.wake_up_folder)
