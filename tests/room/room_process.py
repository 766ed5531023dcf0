"""The room as a process of its own."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading


class RoomProcess:
    """`python -m meeting_app room`, on a port that stays the same."""

    def __init__(self, settings) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"ws://127.0.0.1:{self.port}/"
        self._environment = {
            **os.environ,
            "MEETING_DATA_DIR": str(settings.data_dir),
            "DATABASE_URL": settings.database_address,
            "MEETING_ROOM_PORT": str(self.port),
            "MEETING_ROOM_POLL_SECONDS": str(settings.room_poll_seconds),
        }
        self.process: subprocess.Popen | None = None
        self.said: list[str] = []  # lines of its log

    async def start(self) -> None:
        await asyncio.to_thread(self.start_now)

    async def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return await asyncio.to_thread(self.process.wait, 20)

    def end(self) -> None:
        """However it stands with it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def start_now(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "meeting_app", "room"], env=self._environment, stderr=subprocess.PIPE, text=True
        )
        for line in self.process.stderr:
            self.said.append(line)
            if "the room listens" in line:
                threading.Thread(target=self.said.extend, args=(self.process.stderr,), daemon=True).start()
                return
        raise AssertionError("".join(self.said))
