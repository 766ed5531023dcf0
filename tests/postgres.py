"""A PostgreSQL server of the tests' own: in a temporary folder, on a free loopback port, without fsync."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

_SUPERUSER = "meeting"
_READY = "ready to accept connections"


@dataclass(frozen=True)
class PostgresServer:
    port: int
    password: str

    def address(self, database: str) -> str:
        return f"postgresql://{_SUPERUSER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        """A new database without a table; returns its address."""
        self._execute(f"CREATE DATABASE {database}")
        return self.address(database)

    def drop(self, database: str) -> None:
        self._execute(f"DROP DATABASE {database} WITH (FORCE)")

    def keep(self, database: str, tables: Sequence[str]) -> None:
        """Remember the rows of these tables, referenced ones first, for `put_back`."""
        statements = [f'CREATE TABLE kept."{table}" AS TABLE public."{table}"' for table in tables]
        self._in(database, "CREATE SCHEMA kept", *statements)

    def put_back(self, database: str, tables: Sequence[str]) -> None:
        """Every table as it was at `keep`: some milliseconds, where copying a database takes hundreds."""
        deletions = [f'DELETE FROM public."{table}"' for table in tables]  # noqa: S608 — names of our own tables
        insertions = [f'INSERT INTO public."{table}" SELECT * FROM kept."{table}"' for table in tables]  # noqa: S608
        # Neither foreign keys nor triggers stand in the way of the broom.
        self._in(database, "SET session_replication_role = replica", *deletions, *insertions)

    def _in(self, database: str, *statements: str) -> None:
        with psycopg.connect(self.address(database), options="-c lock_timeout=20s") as connection:
            connection.execute(";".join(statements))

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def memory_folder() -> Path | None:
    """Where files need no disk, if this machine has such a place."""
    memory = Path("/dev/shm")  # noqa: S108 — folders in it are made by tempfile
    return memory if os.access(memory, os.W_OK) else None


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server and stop it at the end; it also ends when this process dies."""
    folder = Path(tempfile.mkdtemp(prefix="meeting-postgres-", dir=memory_folder()))
    server: subprocess.Popen[str] | None = None
    try:
        password = _initialise(folder)
        port, server = _start(folder)
        yield PostgresServer(port, password)
    finally:
        if server is not None:
            server.terminate()
            server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(folder: Path) -> str:
    password = secrets.token_urlsafe(16)
    (folder / "password").write_text(password)
    if os.geteuid() == 0:
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres", "postgres")
    subprocess.run(
        [
            *_as_server_user(),
            _binary("initdb"),
            *("--pgdata", str(folder / "rows"), "--username", _SUPERUSER, "--pwfile", str(folder / "password")),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"),
        ],
        check=True,
        capture_output=True,
        cwd=folder,
    )
    return password


def _start(folder: Path) -> tuple[int, subprocess.Popen[str]]:
    for _ in range(5):  # somebody else may take the free port first
        port = _free_port()
        server = subprocess.Popen(
            [*_as_server_user(), _binary("postgres"), *_options(folder, port)],
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
        )
        if server.stderr is None:
            raise RuntimeError("a pipe was asked for")
        said = []
        for line in server.stderr:
            said.append(line)
            if _READY in line:
                # Whatever it says later must be read, or it stands still once the pipe is full.
                threading.Thread(target=server.stderr.read, daemon=True).start()
                return port, server
        server.wait()
    raise RuntimeError(f"PostgreSQL did not start: {''.join(said)}")


def _options(folder: Path, port: int) -> list[str]:
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
        "max_connections": 200,
        "shared_buffers": "32MB",
        "timezone": "Asia/Ho_Chi_Minh",  # not UTC: what comes back must not depend on it
    }
    return [
        "-D",
        str(folder / "rows"),
        *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
    ]


def _as_server_user() -> list[str]:
    """PostgreSQL refuses to run as root; and a killed test run must not leave a server behind."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() == 0:
        return [setpriv or "setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=QUIT"]
    return [setpriv, "--pdeathsig=QUIT"] if setpriv else []


def _binary(name: str) -> str:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise RuntimeError(f"The tests need PostgreSQL's {name} (Debian: apt install postgresql).")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
