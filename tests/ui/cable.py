"""A cable between browser and server that a test can pull out: a relay of TCP connections."""

import contextlib
import selectors
import socket
import threading
from dataclasses import dataclass, field

_CHUNK = 1 << 16


@dataclass
class Cable:
    """Relays loopback connections to a port; while unplugged it cuts and refuses all of them."""

    target: int
    port: int = 0
    _server: socket.socket | None = None
    _plugged: bool = False
    _open: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plug(self) -> None:
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", self.port))
        server.listen(64)
        self.port = server.getsockname()[1]
        self._server, self._plugged = server, True
        threading.Thread(target=self._accept, args=(server,), daemon=True).start()

    def unplug(self) -> None:
        """Nothing that was open survives, and nothing new comes through."""
        with self._lock:
            self._plugged = False
            ends, self._open = [*self._open, *([self._server] if self._server else [])], []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                near, _ = server.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            with self._lock:
                self._open += [near, far]
                plugged = self._plugged
            if not plugged:
                self.unplug()
                return
            threading.Thread(target=_relay, args=(near, far), daemon=True).start()


def _relay(near: socket.socket, far: socket.socket) -> None:
    other = {near: far, far: near}
    with selectors.DefaultSelector() as waiting:
        try:
            for end in other:
                waiting.register(end, selectors.EVENT_READ)
            while True:
                for ready, _ in waiting.select():
                    end = ready.fileobj
                    assert isinstance(end, socket.socket)
                    content = end.recv(_CHUNK)
                    if not content:
                        return
                    other[end].sendall(content)
        except (OSError, ValueError):  # pulled out
            return
        finally:
            for end in other:
                end.close()
