"""After a commit, tell the rooms to look: a datagram on one machine, NOTIFY on PostgreSQL.

A wake-up may be lost (no room running, a full buffer): the row is the truth and the rooms poll.
"""

import logging
import os
import socket
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

CHANNEL = "meeting_event"
SUFFIX = ".sock"
LONGEST_PATH = 107  # bytes of a socket's name (unix(7))
_log = logging.getLogger(__name__)


class SocketWakeUps:
    """One datagram per commit to each room's socket in the folder, the meeting's number in decimal digits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def ring(self, meeting_id: int) -> None:
        try:
            rooms = [path.name for path in self._folder.iterdir() if path.suffix == SUFFIX]
        except OSError:
            rooms = []
        for name in rooms:
            try:
                self._send(str(meeting_id).encode(), name)
            except OSError as error:
                _log.debug("no room heard the wake-up: %s", error)

    def _send(self, message: bytes, name: str) -> None:
        path = self._folder / name
        if len(os.fsencode(path)) <= LONGEST_PATH:
            self._socket.sendto(message, str(path))
            return
        # A deep folder: name it by its open descriptor instead (Linux), as the room does.
        folder = os.open(self._folder, os.O_DIRECTORY)
        try:
            self._socket.sendto(message, f"/proc/self/fd/{folder}/{name}")
        finally:
            os.close(folder)


class PostgresWakeUps:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ring(self, meeting_id: int) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(
                    text("select pg_notify(:channel, :meeting)"),
                    {"channel": CHANNEL, "meeting": str(meeting_id)},
                )
        except SQLAlchemyError as error:
            _log.warning("the wake-up was not sent: %s", type(error).__name__)


class NoWakeUps:
    """For commands that run while no room does."""

    def ring(self, meeting_id: int) -> None:
        """Nobody listens."""
