"""Servers to measure beside ours: the kernel's limit in C, the package `ws` in Node, python-socketio under uvicorn.

Each is started by the measurement itself, and none is a part of the project: what they need is put once, at a
fixed version, into a folder of the bench.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from meeting_app.bench.server_process import ServerProcess, free_port, running
from meeting_app.bench.tablets import Crowd, Manners

HERE = Path(__file__).parent
NODE_PACKAGE = "ws@8.23.0"
PYTHON_PACKAGES = ("python-socketio==5.18.1", "python-engineio==4.15.1")
INSTALL_SECONDS = 180
TEXT = "x" * 600


class Missing(Exception):
    """This peer cannot be had here; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A running server and its tablets: how it is told of a change, and what each tablet should get then."""

    server: ServerProcess
    crowd: Crowd
    publish: Callable[[], float]  # returns when it was told (ours: when it was committed)
    size: Callable[[], int]  # of the next frame, in bytes


@dataclass(frozen=True, slots=True)
class Peer:
    """What starts it, how its tablets come in, what one of them says, and what all get then."""

    prepare: Callable[[Path], tuple[list[str], Mapping[str, str]]]  # command without the port, environment
    ready: str
    manners: Manners
    said: str
    heard: str


@contextmanager
def running_peer(name: str, folder: Path) -> Iterator[Contestant]:
    """Start a peer by its name in PEERS, keeping what it needs in `folder`; raises Missing."""
    peer, port = PEERS[name], free_port()
    command, environment = peer.prepare(folder)
    with running([*command, str(port)], port, peer.ready, environment) as server:
        crowd = Crowd(port)
        crowd.manners = peer.manners

        def publish() -> float:
            at = time.monotonic()
            crowd.say(peer.said.encode())
            return at

        yield Contestant(server, crowd, publish, lambda: len(peer.heard) + 4)  # the header of so short a frame


def _limit(folder: Path) -> tuple[list[str], Mapping[str, str]]:
    compiler = shutil.which("cc")
    if compiler is None:
        raise Missing("there is no C compiler (cc)")
    program = folder / "limit"
    _done([compiler, "-O2", "-o", str(program), str(HERE / "limit.c")])
    return [str(program)], {}


def _node_ws(folder: Path) -> tuple[list[str], Mapping[str, str]]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Missing("node or npm is not installed")
    place = folder / NODE_PACKAGE.replace("@", "-")
    if not (place / "node_modules").exists():
        _done([npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(place), NODE_PACKAGE])
    environment = {"NODE_PATH": str(place / "node_modules"), "NODE_ENV": "production"}
    return [node, str(HERE / "node_ws.cjs")], environment


def _python_socketio(folder: Path) -> tuple[list[str], Mapping[str, str]]:
    place = folder / PYTHON_PACKAGES[0].replace("==", "-")
    if not (place / "socketio").exists():
        _done([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(place), *PYTHON_PACKAGES])
    path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), *_ours(), str(place)]))
    return [sys.executable, str(HERE / "socketio_server.py")], {"PYTHONPATH": path}


def _ours() -> list[str]:
    """Our own uvicorn and websockets before those that came with the package."""
    return [each for each in sys.path if each.endswith("site-packages")]


def _done(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=INSTALL_SECONDS)
    except (subprocess.SubprocessError, OSError) as error:
        raise Missing(f"{Path(command[0]).name} did not bring it: {type(error).__name__}") from error


PEERS = {
    "limit": Peer(_limit, "ready", Manners(greeted_first=True), TEXT, TEXT),
    "node_ws": Peer(_node_ws, "ready", Manners(greeted_first=True), TEXT, TEXT),
    "python_socketio": Peer(
        _python_socketio,
        "Uvicorn running",
        Manners("/socket.io/?EIO=4&transport=websocket", b"40", greeted_first=True),
        f'42["say","{TEXT}"]',
        f'42["news","{TEXT}"]',
    ),
}
