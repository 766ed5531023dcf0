"""The room's component alone, on a page of the test, against a real room server."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from meeting_app.settings import COOKIE
from meeting_app.ui import room as room_component

UI = Path(room_component.__file__).parent
TABLET, PHONE = {"width": 1024, "height": 768}, {"width": 390, "height": 844}
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
expect.set_options(timeout=30_000)  # ms; what a busy machine may need
PAGE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Phòng họp</title><div id="host"></div><script type="module">
const { default: mount } = await import("/ui/components/room/room.js");
const parentElement = document.getElementById("host").attachShadow({ mode: "open" });
mount({ data: %s, parentElement });
</script>"""
SHEET = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="800" height="1131"><path d="M0 0h800v1131H0z" fill="#fff"/></svg>'
)


class PageServer(BaseHTTPRequestHandler):
    page = ""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        kind, body = "image/svg+xml", SHEET
        if path == "/":
            kind, body = "text/html; charset=utf-8", self.page.encode()
        elif path.startswith("/ui/"):
            file = UI / path.removeprefix("/ui/")
            kind, body = {".js": "text/javascript", ".css": "text/css"}[file.suffix], file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def screen(room, cookie, running_meeting, browser) -> Iterator[Callable[..., Page]]:
    """`screen(minh)`: somebody's tablet in the running meeting; `at`: what its own clock says."""
    data = room_component.room_data(running_meeting, room_port=room.port, room_address="")
    handler = type("Served", (PageServer,), {"page": PAGE % json.dumps(data)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever).start()
    contexts, complaints = [], []

    def open_page(actor, size=None, at: datetime | None = None, **options) -> Page:
        context = browser.new_context(viewport=size or TABLET, has_touch=True, **options)
        contexts.append(context)
        token = cookie(actor)
        context.add_cookies([{"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/"}])
        page = context.new_page()
        page.token = token
        if at is not None:
            page.clock.install(time=at)
        page.on("pageerror", lambda error: complaints.append(str(error)))  # to raise in here could hang the test
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
        page.wait_for_selector('.room[data-connection="live"] .foot > :not([hidden])')
        return page

    yield open_page
    for context in contexts:
        context.close()
    server.shutdown()
    server.server_close()
    assert complaints == []
