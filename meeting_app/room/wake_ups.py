"""Hearing that a meeting has something new: a datagram on one machine, LISTEN on PostgreSQL.

A wake-up only says "look": none carries content, and the poll of the server makes up for a lost one.
"""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

from meeting_app.storage.wake_ups import CHANNEL, LONGEST_PATH, SUFFIX

RETRY_SECONDS = 2
_log = logging.getLogger(__name__)

Wake = Callable[[int | None], None]  # None: any meeting may have something new


class Datagrams:
    """A datagram socket of this room's own in a folder that all rooms of the machine share.

    What earlier, killed rooms left there is removed.
    """

    def __init__(self, folder: Path, wake: Wake) -> None:
        self._wake = wake
        folder.mkdir(parents=True, exist_ok=True)
        _remove_dead(folder)
        self._path = folder / f"{os.getpid()}-{secrets.token_hex(4)}{SUFFIX}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        with _address(self._path) as address:
            self._socket.bind(address)
        asyncio.get_running_loop().add_reader(self._socket, self._receive)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _receive(self) -> None:
        meetings: set[int] = set()
        with suppress(BlockingIOError):
            while len(meetings) < 1000:  # noqa: PLR2004 — let the loop breathe under a storm of wake-ups
                word = self._socket.recv(64)
                meetings.add(int(word) if word.isdigit() else 0)
        for meeting_id in meetings:
            self._wake(meeting_id)


def _remove_dead(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as knocking:
        for path in folder.glob(f"*{SUFFIX}"):
            try:
                with _address(path) as address:
                    knocking.connect(address)
            except ConnectionRefusedError:
                path.unlink(missing_ok=True)
            except OSError:
                _log.debug("nobody can tell whether %s is alive", path.name)


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """The name of a socket, also in a deep folder: there by the folder's open descriptor (Linux)."""
    if len(os.fsencode(path)) <= LONGEST_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


async def listen_on_postgres(address: str, wake: Wake) -> None:
    """LISTEN for good; a lost connection is made again, and then everything may be new."""
    url = make_url(address)
    while True:
        try:
            await _listen_once(url, wake)
        except (OSError, psycopg.Error) as error:
            _log.warning("the room does not hear PostgreSQL and polls: %s", type(error).__name__)
        await asyncio.sleep(RETRY_SECONDS)


async def _listen_once(url: URL, wake: Wake) -> None:
    conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await psycopg.AsyncConnection.connect(conninfo, autocommit=True)
    async with connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        wake(None)
        async for notice in connection.notifies():
            wake(int(notice.payload) if notice.payload.isdigit() else None)
