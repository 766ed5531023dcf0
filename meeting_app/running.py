"""The one Ports of this process, set by whoever starts it."""

from meeting_app.ports import Ports

_ports: list[Ports] = []


def start(ports: Ports) -> None:
    _ports[:] = [ports]


def ports() -> Ports:
    if not _ports:
        raise RuntimeError("bootstrap has not started this process")
    return _ports[0]
