"""No request whatever ends the process, and no crowd of them keeps anybody out."""

import asyncio
import socket

import httpx
import pytest

from meeting_app.settings import COOKIE
from tests.web.stages import Shared
from tests.web.web_house import WebHouse


def raw(house: WebHouse, request: bytes) -> bytes:
    """What comes back for these very bytes."""
    with socket.create_connection(("127.0.0.1", house.port), timeout=20) as connection:
        received = b""
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                received += piece
        except OSError:  # closed while we still sent
            pass
        return received


def with_head(house: WebHouse, *lines: str, method: str = "POST", path: str = "/sign-in") -> bytes:
    head = (f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{house.port}", f"Origin: {house.origin}", *lines)
    return "\r\n".join((*head, "", "")).encode("latin-1")


MALFORMED = {
    "length no number": ("Content-Length: abc",),
    "length negative": ("Content-Length: -5",),
    "length endless": ("Content-Length: " + "9" * 5000,),
    "two lengths": ("Content-Length: 5", "Content-Length: 6"),
    "length and chunks": ("Content-Length: 5", "Transfer-Encoding: chunked"),
    "unknown coding": ("Transfer-Encoding: gzip",),
    "a head of a megabyte": ("X: " + "a" * 1_000_000,),
    "ten thousand heads": tuple(f"X{number}: y" for number in range(10_000)),
    "a head without name": (": x",),
    "a folded head": ("X: a", " b"),
    "a zero byte": ("X: a\x00b",),
    "a cookie of bytes": (f"Cookie: {COOKIE}=\xff\xfe; {COOKIE}; =; ;;",),
    "cookies without end": (f"Cookie: {COOKIE}=" + "x" * 60_000,),
    "an origin that is none": ("Origin: http://[",),
    "a switch of protocols": ("Connection: Upgrade", "Upgrade: h2c"),
    "a wait for permission": ("Expect: 100-continue", "Content-Length: 3"),
    "a form of lies": ("Content-Type: multipart/form-data; boundary=\xff", "Content-Length: 0"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_request_is_refused_and_the_house_stands(house: WebHouse, name: str):
    for path in ("/sign-in", "/session", "/verify"):
        received = raw(house, with_head(house, *MALFORMED[name], path=path))
        assert b"Traceback" not in received
        assert not received or received.split()[1][:1] in (b"1", b"4")
    assert house.is_alive()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"",
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS on a plain port
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET http://evil.example/files/document/1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /%ff%fe%c0%af HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + b"/" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /?" + b"a&" * 30_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"G" * 1_000_000,
        bytes(range(256)) * 100,
    ],
    ids=range(17),
)
def test_whatever_comes_the_house_stands(house: WebHouse, request_bytes: bytes):
    received = raw(house, request_bytes)
    assert b"Traceback" not in received
    assert not received or received.split()[1][:1] in (b"2", b"3", b"4")
    assert house.is_alive()


def test_a_method_that_is_none_is_refused(house: WebHouse):
    for method in ("TRACE", "PROPFIND", "LAN", "SUBSCRIBE"):
        answer = house.visitor("lan").ask(method, "/session")
        assert answer.status_code == 405
        assert answer.json()["sentence"].startswith("Có lỗi xảy ra.")


def test_two_hundred_at_once_all_get_their_answer(house: WebHouse, shared: Shared):
    meeting_id = shared("invited")
    cookie = {"Cookie": f"{COOKIE}={house.visitor('minh').token}"}

    async def ask() -> list[int]:
        async with httpx.AsyncClient(
            base_url=house.address, timeout=120, limits=httpx.Limits(max_connections=200)
        ) as client:
            paths = ("/", "/health", f"/files/invitation/{meeting_id}", f"/papers/invitation/{meeting_id}/0/800.jpg")
            answers = await asyncio.gather(*(client.get(path, headers=cookie) for path in paths * 50))
        return [answer.status_code for answer in answers]

    assert asyncio.run(ask()) == [200] * 200
    assert house.is_alive()


def test_idle_and_half_open_connections_keep_nobody_out(house: WebHouse):
    half = [socket.create_connection(("127.0.0.1", house.port), timeout=20) for _ in range(200)]
    try:
        for number, connection in enumerate(half):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n"[: number % 25])
        assert house.is_alive()
        assert house.nobody().get("/health").elapsed.total_seconds() < 5
    finally:
        for connection in half:
            connection.close()
