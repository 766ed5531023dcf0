"""Many HTTP clients in one thread: each keeps its connection and asks for the same page at the same time."""

import select
import socket
import time

from meeting_app.settings import COOKIE

ANSWER_SECONDS = 60.0
_CHUNK = 1 << 18


class Fetchers:
    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._open: dict[int, socket.socket] = {}
        self._poll = select.epoll()
        self._room_for_bytes = bytearray(_CHUNK)

    def connect(self, count: int) -> None:
        for _ in range(count):
            client = socket.create_connection(("127.0.0.1", self._port), timeout=ANSWER_SECONDS)
            self._open[client.fileno()] = client
            self._poll.register(client, select.EPOLLIN)

    def fetch(self, path: str) -> float:
        """Ask by all at once and read all answers; the moment (monotonic) the last one was whole."""
        request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nCookie: {COOKIE}={self._token}\r\n"
            "Accept-Encoding: identity\r\nConnection: keep-alive\r\n\r\n"
        ).encode()
        heads: dict[int, bytes] = {}
        owed: dict[int, int] = {}
        for client in self._open.values():
            client.sendall(request)
        missing, deadline = set(self._open), time.monotonic() + ANSWER_SECONDS
        while missing and time.monotonic() < deadline:
            for number, _event in self._poll.poll(1):
                received = self._open[number].recv_into(self._room_for_bytes)
                if not received:
                    raise ConnectionError("the server closed a connection")
                if number in owed:
                    owed[number] -= received
                else:
                    self._begin(number, heads, owed, received)
                if number in owed and owed[number] <= 0:
                    missing.discard(number)
        if missing:
            raise TimeoutError(f"{len(missing)} clients did not get the page")
        return time.monotonic()

    def _begin(self, number: int, heads: dict[int, bytes], owed: dict[int, int], received: int) -> None:
        """The head says how much follows it."""
        heads[number] = heads.get(number, b"") + bytes(self._room_for_bytes[:received])
        head, end, body = heads[number].partition(b"\r\n\r\n")
        if not end:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(head.split(b"\r\n")[0].decode())
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        owed[number] = int(lengths[0].partition(b":")[2]) - len(body)

    def close(self) -> None:
        self._poll.close()
        for client in self._open.values():
            client.close()
