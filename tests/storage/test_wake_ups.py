"""A wake-up arrives, or is lost without anybody waiting for it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from meeting_app.storage.database import SqlDatabase
from meeting_app.storage.wake_ups import CHANNEL, NoWakeUps, PostgresWakeUps, SocketWakeUps
from tests.postgres import PostgresServer


@pytest.fixture
def room(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as room:
        room.bind(str(tmp_path / "room.sock"))
        room.settimeout(10)
        yield room


def test_the_room_hears_which_meeting_changed(room: socket.socket):
    wake_ups = SocketWakeUps(Path(room.getsockname()).parent)
    wake_ups.ring(7)
    wake_ups.ring(123_456)
    assert [room.recv(64), room.recv(64)] == [b"7", b"123456"]


def test_a_room_in_a_deep_folder_is_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    deep = tmp_path / ("sâu" * 20) / ("thư mục" * 6)
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as room:
        room.bind("room.sock")
        room.settimeout(10)
        SocketWakeUps(deep).ring(7)
        assert room.recv(64) == b"7"


def test_every_room_of_the_machine_is_woken_and_a_dead_one_is_no_obstacle(room: socket.socket, tmp_path: Path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as dead:
        dead.bind(str(tmp_path / "a-dead-one.sock"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
        other.bind(str(tmp_path / "other.sock"))
        SocketWakeUps(tmp_path).ring(7)
        assert [room.recv(64), other.recv(64)] == [b"7", b"7"]


def test_nobody_listening_is_no_error(tmp_path: Path):
    SocketWakeUps(tmp_path / "no such folder").ring(7)
    SocketWakeUps(tmp_path).ring(7)
    NoWakeUps().ring(7)


def test_a_room_that_starts_later_is_heard_without_a_restart(tmp_path: Path):
    wake_ups = SocketWakeUps(tmp_path)
    wake_ups.ring(1)
    for meeting in (2, 3):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as room:
            room.bind(str(tmp_path / "room.sock"))
            wake_ups.ring(meeting)
            assert room.recv(64) == str(meeting).encode()
        (tmp_path / "room.sock").unlink()


def test_a_room_that_sleeps_holds_nobody_up(room: socket.socket):
    wake_ups = SocketWakeUps(Path(room.getsockname()).parent)
    for meeting in range(5_000):  # far more than a socket's buffer takes
        wake_ups.ring(meeting)
    assert room.recv(64) == b"0"


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_postgresql_tells_every_room_that_listens(database: SqlDatabase, database_address: str):
    with psycopg.connect(database_address, autocommit=True) as room:
        room.execute(f"listen {CHANNEL}")
        PostgresWakeUps(database.engine).ring(42)
        [notice] = room.notifies(timeout=10, stop_after=1)
    assert (notice.channel, notice.payload) == (CHANNEL, "42")


def test_a_database_that_is_gone_is_no_error(postgres: PostgresServer):
    database = SqlDatabase(postgres.address("no_such_database"))
    PostgresWakeUps(database.engine).ring(42)
    database.close()
