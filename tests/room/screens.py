"""The room's component alone, on a page of the test, against a real room server and the real routes of the minutes."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.applications import Starlette
from starlette.middleware import Middleware

from meeting_app import running
from meeting_app.settings import COOKIE
from meeting_app.ui import room as room_component
from meeting_app.web import sections
from meeting_app.web.answers import EXCEPTIONS
from meeting_app.web.gate import Gate

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


Ask = Callable[[str, str, dict[str, str], bytes], httpx.Response]


class PageServer(BaseHTTPRequestHandler):
    page = ""
    web: Ask

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/minutes/"):
            self.pass_on()
            return
        kind, body = "image/svg+xml", SHEET
        if path == "/":
            kind, body = "text/html; charset=utf-8", self.page.encode()
        elif path.startswith("/ui/"):
            file = UI / path.removeprefix("/ui/")
            kind, body = {".js": "text/javascript", ".css": "text/css"}[file.suffix], file.read_bytes()
        self.answer(200, kind, body)

    def do_POST(self) -> None:
        self.pass_on()

    def pass_on(self) -> None:
        """What the web process answers, behind its gate."""
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = self.web(self.command, self.path, dict(self.headers), content)
        self.answer(found.status_code, found.headers["Content-Type"], found.content)

    def answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
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
def web(waking_ports, settings) -> Ask:
    """The routes of the minutes, over the same rows as the room."""
    running.start(waking_ports)
    gate = Middleware(Gate, settings=settings)
    app = Starlette(routes=sections.ROUTES, middleware=[gate], exception_handlers=EXCEPTIONS)

    async def answer(method: str, path: str, headers: dict[str, str], content: bytes) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://web") as client:
            return await client.request(method, path, headers=headers, content=content)

    return lambda *asked: asyncio.run(answer(*asked))


@pytest.fixture
def screen(room, web, cookie, running_meeting, browser) -> Iterator[Callable[..., Page]]:
    """`screen(minh)`: somebody's tablet in the running meeting; `at`: what its own clock says."""
    data = room_component.room_data(running_meeting, room_port=room.port, room_address="")
    handler = type("Served", (PageServer,), {"page": PAGE % json.dumps(data), "web": staticmethod(web)})
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
