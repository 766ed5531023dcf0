"""Reading a long document: the first page beside Streamlit's own viewer, 200 tablets turning at once, preparation.

The document has 300 pages and 50 MB, the link 20 Mbit/s. Both viewers have shown a short
document before, as on a tablet in use. A turn is committed by a process of its own; the tablets have fetched the next
pages before (prefetch), and fetch the one after while the next turn comes. All is loopback on one machine.
"""

import importlib.util
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meeting_app.bench.fetching import Fetchers
from meeting_app.bench.first_page import FirstPage, chromium, first_page
from meeting_app.bench.long_pdf import MEGABYTE, long_pdf
from meeting_app.bench.server_process import answering, free_port
from meeting_app.bench.stage import Stage, stage
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.services import document, presenter
from meeting_app.services.unit_of_work import changing
from meeting_app.settings import COOKIE
from meeting_app.worker.loop import work_once

PAGES = 300
SIZE = 50 * MEGABYTE
TABLETS = 200
TURNS = 20
GAP_SECONDS = 0.5  # between turns: what one tablet asks for is spread over it by nobody
WIDTH = 1200  # pixels of the images that tablets fetch
NO_VIEWER = "streamlit[pdf] is not installed"
NO_BROWSER = "playwright is not installed"


@dataclass
class Reading:
    """A long document in a meeting that is under way, beside a short one."""

    stage: Stage
    short_id: int
    document_id: int
    sha: str

    def page_path(self, page: int) -> str:
        return f"/pages/{self.document_id}/{self.sha}/{page}/{WIDTH}.jpg"


def bench_read(*, pages: int = PAGES, size: int = SIZE, tablets: int = TABLETS) -> dict[str, Any]:
    """`first_page_ms`, `first_page_bytes`, `st_pdf_first_page_ms`, `st_pdf_bytes`, `turn_200_last_ms`, …"""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.pdf"
        long_pdf(path, pages=pages, size=size)
        with _reading(path) as (reading, pages_per_second):
            measured = {
                "pages": pages,
                "file_mb": round(path.stat().st_size / MEGABYTE, 1),
                **_first_pages(reading, Path(folder)),
                **_turns(reading, tablets),
                "pages_prepared_per_s": round(pages_per_second, 1),
            }
    return measured


def _first_pages(reading: Reading, folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = dict.fromkeys(
        ("first_page_ms", "first_page_bytes", "st_pdf_first_page_ms", "st_pdf_bytes")
    )
    if importlib.util.find_spec("playwright") is None:
        return {**result, "first_page_reason": NO_BROWSER}
    host = f"http://127.0.0.1:{reading.stage.settings.web_port}"
    cookie = {"name": COOKIE, "value": reading.stage.token, "url": host}
    with chromium() as browser:
        ours = first_page(
            browser,
            before=f"{host}/read?document={reading.short_id}",
            address=f"{host}/read?document={reading.document_id}",
            cookie=cookie,
        )
        result |= {"first_page_ms": ours.ms, "first_page_bytes": ours.bytes}
        if importlib.util.find_spec("streamlit_pdf") is None:
            return {**result, "st_pdf_reason": NO_VIEWER}
        theirs = _st_pdf(browser, folder)
    result |= {"st_pdf_first_page_ms": theirs.ms, "st_pdf_bytes": theirs.bytes}
    return {
        **result,
        "times_sooner": round(theirs.ms / ours.ms, 1),
        "times_fewer_bytes": round(theirs.bytes / ours.bytes, 1),
    }


def _st_pdf(browser: Any, folder: Path) -> FirstPage:
    long_pdf(folder / "short.pdf", pages=1, size=50_000)
    port = free_port()
    options = ["--server.port", str(port), "--server.headless", "true", "--server.fileWatcherType", "none"]
    options += ["--server.address", "127.0.0.1", "--browser.gatherUsageStats", "false"]
    script = str(Path(__file__).with_name("pdf_app.py"))
    command = [sys.executable, "-m", "streamlit", "run", script, *options, "--", str(folder)]
    with answering(command, f"http://127.0.0.1:{port}/_stcore/health"):
        host = f"http://127.0.0.1:{port}"
        return first_page(browser, before=host, address=f"{host}/?long")


def _turns(reading: Reading, tablets: int) -> dict[str, Any]:
    """The last of many tablets after each turn, the next page fetched before, and fetched only then."""
    made = reading.stage
    crowd = made.crowd()
    crowd.enter(tablets)
    presenter.take(made.ports, made.secretary, made.meeting_id)
    crowd.receive(1)
    time.sleep(GAP_SECONDS)
    fetchers = Fetchers(made.settings.web_port, made.token)
    fetchers.connect(tablets)
    ahead, late = [], []
    for page in range(1, TURNS + 1):
        began = _turn(reading, page)
        ahead.append(crowd.receive(1) - began)
        fetchers.fetch(reading.page_path(page + 2))  # what everybody fetches ahead after a turn
        time.sleep(GAP_SECONDS)
    for page in range(TURNS + 10, TURNS + 15):
        began = _turn(reading, page)
        crowd.receive(1)
        late.append(fetchers.fetch(reading.page_path(page)) - began)
        time.sleep(GAP_SECONDS)
    crowd.leave()
    fetchers.close()
    return {
        "tablets": tablets,
        "turn_200_last_ms": round(max(ahead) * 1000, 1),
        "turn_200_last_p50_ms": round(statistics.median(ahead) * 1000, 1),
        "turn_200_last_without_prefetch_ms": round(max(late) * 1000, 1),
    }


def _turn(reading: Reading, page: int) -> float:
    """Commit a turn; the moment (monotonic) at which it began."""
    began = time.monotonic()
    made = reading.stage
    presenter.turn(made.ports, made.secretary, made.meeting_id, reading.document_id, page)
    return began


@contextmanager
def _reading(path: Path) -> Iterator[tuple[Reading, float]]:
    """Web and room over the same rows; and how many pages a second were prepared."""
    with stage(documents=True) as made:
        short_id = document.documents(made.ports, made.secretary, made.meeting_id)[0].id
        document_id = document.upload(
            made.ports, made.secretary, made.meeting_id, path, file_name=path.name, title="Long"
        )
        began = time.perf_counter()
        while work_once(made.ports):
            pass
        took = time.perf_counter() - began
        _meeting_id, view = document.view(made.ports, made.secretary, document_id)
        with changing(made.ports, made.secretary) as work:
            work.session.get_one(Meeting, made.meeting_id).state = MeetingState.CONVENED
        with made.room(), made.web():
            yield Reading(made, short_id, document_id, view.sha), view.pages / took
