"""Tablets that vote through anything: each casts its ballot under one id, again and again, until it is answered."""

import json
import re
import socket
import threading
from dataclasses import dataclass, field
from uuid import uuid4

from websockets.frames import Frame, Opcode

from tests.room.storm import shake_hands

AGAIN_SECONDS = 0.1
PATIENCE_SECONDS = 120


@dataclass
class Voter(threading.Thread):
    """One person's tablet and one ballot."""

    port: int
    token: str
    meeting_id: int
    arguments: dict
    after: float  # seconds
    command_id: str = field(default_factory=lambda: str(uuid4()))
    version: int | None = None  # at which the ballot counts, once it is answered
    tries: int = 0
    refusal: str = ""

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self._pause = threading.Event()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        self._pause.wait(self.after)
        while self.version is None and not self.refusal:
            self.tries += 1
            try:
                with shake_hands(self.port, self.token) as wire:
                    self._cast(wire)
            except OSError:
                self._pause.wait(AGAIN_SECONDS)

    def _cast(self, wire: socket.socket) -> None:
        hello = {"t": "hello", "meeting": self.meeting_id, "version": None, "lang": "vi"}
        command = {"t": "do", "id": self.command_id, "act": "ballot.cast", "args": self.arguments}
        for message in (hello, command):
            wire.sendall(Frame(Opcode.TEXT, json.dumps(message).encode()).serialize(mask=True))
        answer = re.compile(
            rb'"(done|refused)","id":"%b","(?:version":(\d+)|reason":"([^"]*)")' % self.command_id.encode()
        )
        heard = b""
        while (found := answer.search(heard)) is None:
            piece = wire.recv(65536)
            if not piece:
                raise ConnectionError
            heard = heard[-1000:] + piece
        if found[1] == b"done":
            self.version = int(found[2])
        else:
            self.refusal = found[3].decode()


def all_answered(voters: list[Voter]) -> None:
    for voter in voters:
        voter.join(PATIENCE_SECONDS)
        assert not voter.is_alive(), f"no answer after {voter.tries} tries"
        assert not voter.refusal, voter.refusal
