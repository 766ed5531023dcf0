"""A remote signing service over real HTTP on loopback, and its bad days."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from meeting_app.signing.csc_services import Service, Version
from tests.csc_answers import CscService, Fault, Fields
from tests.csc_vault import Decision, Refused

ENDLESS = 2**30  # bytes


class _Desk(BaseHTTPRequestHandler):
    """One request: read, asked, answered; or a fault."""

    service: CscService  # set by `running`
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: 40 ms between them otherwise

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.lstrip("/")
        try:
            if path == "oauth2/token":
                self._send(200, self.service.token(parse_qs(raw.decode())))
            elif path == "phone":
                wanted = json.loads(raw)
                self.service.vault.decide(wanted["request"], Decision(wanted["decision"]))
                self._send(204, {})
            else:
                self._answer(path, json.loads(raw))
        except Refused as error:
            self._send(error.status, {"error": error.error, "error_description": error.description})

    def _answer(self, path: str, fields: Fields) -> None:
        _csc, version, method = path.split("/", 2)
        self.service.asked.append((method, fields))
        fault = self.service.faults.get(method)
        if fault is None:
            self._send(*self.service.answer(Version(version), method, fields, dict(self.headers)))
        else:
            _FAULTS[fault](self, json.dumps(fields))

    def _send(self, status: int, fields: Fields) -> None:
        self.raw(status, json.dumps(fields).encode() if status != 204 else b"")

    def raw(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def silent(self, _fields: str) -> None:
        self.service.fault_over.wait(30)
        self.close_connection = True

    def drip(self, _fields: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        for _number in range(1500):
            try:
                self.wfile.write(b" ")
            except OSError:
                break  # the client has hung up
            if self.service.fault_over.wait(0.02):
                break
        self.close_connection = True

    def cut(self, _fields: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b'{"SAD": "')
        self.close_connection = True

    def pour(self, _fields: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(ENDLESS))
        self.end_headers()
        for _number in range(ENDLESS // 2**20):
            try:
                self.wfile.write(b" " * 2**20)
            except OSError:
                break  # the client has hung up
            self.service.poured += 2**20
        self.close_connection = True

    def redirect(self, _fields: str) -> None:
        self.raw(307, b"", Location=f"http://localhost:{self.service.port}/csc/v2/somewhere/else")

    def echo(self, fields: str) -> None:
        self._send(400, {"error": fields[:400], "error_description": fields[:400]})

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


_FAULTS: dict[Fault, Callable[[_Desk, str], None]] = {
    Fault.SILENCE: _Desk.silent,
    Fault.DRIP: _Desk.drip,
    Fault.CUT: _Desk.cut,
    Fault.REDIRECT: _Desk.redirect,
    Fault.ECHO: _Desk.echo,
    Fault.BROKEN: lambda desk, _fields: desk.raw(500, b'{"error": "server_error"}'),
    Fault.TEXT: lambda desk, _fields: desk.raw(200, b"<html>Xin ch\xc3\xa0o</html>"),
    Fault.LIST: lambda desk, _fields: desk.raw(200, b"[]"),
    Fault.DEEP: lambda desk, _fields: desk.raw(200, b'{"SAD": ' + b"[" * 200_000),
    Fault.EMPTY: lambda desk, _fields: desk.raw(200, b"{}"),
    Fault.HUGE: _Desk.pour,
}


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[CscService]:
    """The service on a free port of loopback, in threads of this process."""
    service = CscService(scheme="https" if tls else "http")
    desk = type("Desk", (_Desk,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), desk)
    server.daemon_threads = True
    server.block_on_close = False
    server.handle_error = lambda *_arguments: None  # type: ignore[method-assign]  # a client that hangs up is no news
    service.port = server.server_address[1]
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.fault_over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def write_settings(path: Path, *services: Service) -> Path:
    """The operator's file, JSON, closed to others."""
    entries = [
        service.model_dump(mode="json", exclude_none=True) | {"client_secret": service.client_secret.get_secret_value()}
        for service in services
    ]
    path.touch(mode=0o600)
    path.write_text(json.dumps({"service": entries}))
    return path
