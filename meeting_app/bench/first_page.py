"""Until a browser has painted the first page over a slow link, and the bytes that came until then."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image

from meeting_app.bench.long_pdf import MARK

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LINK_BITS = 20_000_000  # a second
LATENCY_MS = 20
PATIENCE_SECONDS = 180.0
_CHROMIUM = "/usr/bin/chromium"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
_TABLET: dict[str, Any] = {"viewport": {"width": 1024, "height": 768}, "device_scale_factor": 2, "has_touch": True}
_LOOKED_AT: Any = {"x": 380, "y": 120, "width": 260, "height": 400}  # where the mark appears in either viewer
_CLOSE = 12  # how far a painted colour may be from the one that is meant


@contextmanager
def chromium() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 — of the tests' requirements alone

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class FirstPage:
    ms: float = 0
    bytes: int = 0


def first_page(browser: "Browser", *, before: str, address: str, cookie: dict[str, str] | None = None) -> FirstPage:
    """Open an address over the slow link, after another one of the same application was opened without haste.

    `before` is the same viewer with a short document: scripts and styles are in the browser's cache, on both sides.
    """
    context = browser.new_context(**_TABLET)
    if cookie is not None:
        context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(before, wait_until="networkidle")
    wire = context.new_cdp_session(page)
    received = FirstPage()
    kept: set[str] = set()  # by the browser: what did not travel
    wire.on("Network.requestServedFromCache", lambda event: kept.add(event["requestId"]))
    wire.on("Network.dataReceived", lambda event: _count(received, event["encodedDataLength"]))
    wire.on("Network.responseReceived", lambda event: _count(received, _head(event, kept)))
    wire.on("Network.webSocketFrameReceived", lambda event: _count(received, len(event["response"]["payloadData"])))
    wire.send("Network.enable")
    throughput = LINK_BITS / 8
    link = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": throughput, "uploadThroughput": throughput}
    wire.send("Network.emulateNetworkConditions", link)
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    _wait_for_mark(page, began)
    received.ms = round((time.perf_counter() - began) * 1000)
    total = received.bytes
    context.close()
    return FirstPage(received.ms, total)


def _head(event: dict[str, Any], kept: set[str]) -> float:
    """What came of an answer with its head."""
    response = event["response"]
    travelled = event["requestId"] not in kept and not response.get("fromDiskCache")
    return float(response["encodedDataLength"]) if travelled else 0


def _count(received: FirstPage, size: float) -> None:
    received.bytes += max(0, int(size))


def _wait_for_mark(page: "Page", began: float) -> None:
    """Look at the screen until the first page's own colour is on it."""
    while time.perf_counter() - began < PATIENCE_SECONDS:
        with Image.open(io.BytesIO(page.screenshot(scale="css", clip=_LOOKED_AT))) as screen:
            small = screen.convert("RGB").resize((65, 100), Image.Resampling.NEAREST)
        if any(_is_mark(colour) for _count_of, colour in small.getcolors(65 * 100) or []):
            return
    raise TimeoutError("the first page did not appear")


def _is_mark(colour: object) -> bool:
    return isinstance(colour, tuple) and all(abs(a - b) <= _CLOSE for a, b in zip(colour, MARK, strict=True))
