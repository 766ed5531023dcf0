"""Authorities that answer badly: a real HTTP server before the real ones, which delays, forges or mangles."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from asn1crypto import algos, core, ocsp, tsp
from certomancer.registry import ServiceLabel

from meeting_app.signing.demo_pki import DemoPki, _architecture

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
Forge = Callable[[bytes, Callable[[bytes], bytes]], bytes]


def asked_for(request: bytes, *, digest: bytes | None = None, nonce: int | None = None) -> bytes:
    """The same request, for another digest or under another nonce."""
    changed = tsp.TimeStampReq.load(request).copy()
    if digest is not None:
        changed["message_imprint"] = tsp.MessageImprint(
            {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest}
        )
    if nonce is not None:
        changed["nonce"] = core.Integer(nonce)
    return changed.dump()


def wrong_nonce(request, authority):
    return authority(asked_for(request, nonce=7))


def wrong_imprint(request, authority):
    return authority(asked_for(request, digest=sha256(b"another paper").digest()))


def false_signature(request, authority):
    """The last byte of the token's signature is another."""
    answer = tsp.TimeStampResp.load(authority(request))
    value = answer["time_stamp_token"]["content"]["signer_infos"][0]["signature"].native
    raw = answer.dump()
    place = raw.rindex(value) + len(value) - 1
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


def refusal(_request, _authority):
    return tsp.TimeStampResp(
        {"status": {"status": "rejection", "status_string": ["không"], "fail_info": {"bad_alg"}}}
    ).dump()


def garbage(_request, _authority):
    return b"<html>Xin chao</html>"


def half(request, authority):
    answer = authority(request)
    return answer[: len(answer) // 2]


def endless(_request, _authority):
    return b"\x30" * 20_000_000


LIES = (wrong_nonce, wrong_imprint, false_signature, refusal, garbage, half, endless)


@contextmanager
def misbehaving(address: str, forge: Forge, *, drip_seconds: float = 0) -> Iterator[str]:
    """The address of a timestamp authority that answers what `forge` makes of the real one's answer.

    With `drip_seconds` it sends a byte that often.
    """

    def authority(request: bytes) -> bytes:
        return requests.post(address, request, headers={"Content-Type": QUERY}, timeout=10).content

    def answer(handler: BaseHTTPRequestHandler, request: bytes) -> None:
        content = forge(request, authority)
        handler.send_response(200)
        handler.send_header("Content-Type", REPLY)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        for place in range(0, len(content), 1 if drip_seconds else len(content)):
            handler.wfile.write(content[place : place + 1] if drip_seconds else content)
            time.sleep(drip_seconds)

    with _serving(answer) as port:
        yield f"http://127.0.0.1:{port}/tsa"


@contextmanager
def stale(pki: DemoPki, hours: float) -> Iterator[None]:
    """In the place of these authorities: OCSP as it was hours ago, and no revocation list."""
    architecture = _architecture(pki.directory, json.loads((pki.directory / "pki.json").read_text(encoding="utf-8")))
    then = datetime.now(UTC) - timedelta(hours=hours)
    responder = architecture.service_registry.summon_responder(ServiceLabel("ocsp"), at_time=then)

    def answer(handler: BaseHTTPRequestHandler, request: bytes) -> None:
        if not handler.path.endswith("/ocsp"):
            handler.send_error(503)
            return
        content = responder.build_ocsp_response(ocsp.OCSPRequest.load(request)).dump()
        handler.send_response(200)
        handler.send_header("Content-Type", "application/ocsp-response")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    with _serving(answer, pki.port):
        yield


@contextmanager
def _serving(answer: Callable[[BaseHTTPRequestHandler, bytes], None], port: int = 0) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with suppress(OSError):  # the asker may have gone
                answer(self, request)

        do_GET = do_POST  # noqa: N815 — the name the server calls

        def log_message(self, *_: object) -> None:
            """Nothing to the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
