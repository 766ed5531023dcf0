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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from meeting_app import demo
from meeting_app.bench.fetching import Fetchers
from meeting_app.bench.first_page import FirstPage, chromium, first_page
from meeting_app.bench.live_room import TimedWakeUps
from meeting_app.bench.long_pdf import MEGABYTE, long_pdf
from meeting_app.bench.server_process import answering, free_port, running
from meeting_app.bench.tablets import Crowd
from meeting_app.bootstrap import assemble, migrate_rows
from meeting_app.domain.access import Actor
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.ports import Ports
from meeting_app.rehearsal import PlayedClock, Rehearsal
from meeting_app.services import account, document, presenter
from meeting_app.services.unit_of_work import changing
from meeting_app.settings import COOKIE, Settings
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
class House:
    """Web and room over the same rows, and a long document in a meeting that is under way."""

    ports: Ports
    wake_ups: TimedWakeUps
    secretary: Actor
    token: str
    web_port: int
    room_port: int
    meeting_id: int
    short_id: int  # another document of the meeting
    document_id: int
    sha: str

    def page_path(self, page: int) -> str:
        return f"/pages/{self.document_id}/{self.sha}/{page}/{WIDTH}.jpg"


def bench_read(*, pages: int = PAGES, size: int = SIZE, tablets: int = TABLETS) -> dict[str, Any]:
    """`first_page_ms`, `first_page_bytes`, `st_pdf_first_page_ms`, `st_pdf_bytes`, `turn_200_last_ms`, …"""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.pdf"
        long_pdf(path, pages=pages, size=size)
        with _house(Path(folder), path) as (house, pages_per_second):
            measured = {
                "pages": pages,
                "file_mb": round(path.stat().st_size / MEGABYTE, 1),
                **_first_pages(house, Path(folder)),
                **_turns(house, tablets),
                "pages_prepared_per_s": round(pages_per_second, 1),
            }
    return measured


def _first_pages(house: House, folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = dict.fromkeys(
        ("first_page_ms", "first_page_bytes", "st_pdf_first_page_ms", "st_pdf_bytes")
    )
    if importlib.util.find_spec("playwright") is None:
        return {**result, "first_page_reason": NO_BROWSER}
    host = f"http://127.0.0.1:{house.web_port}"
    cookie = {"name": COOKIE, "value": house.token, "url": host}
    with chromium() as browser:
        ours = first_page(
            browser,
            before=f"{host}/read?document={house.short_id}",
            address=f"{host}/read?document={house.document_id}",
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


def _turns(house: House, tablets: int) -> dict[str, Any]:
    """The last of many tablets after each turn, the next page fetched before, and fetched only then."""
    hello: dict[str, object] = {"t": "hello", "meeting": house.meeting_id, "version": None, "lang": "vi"}
    crowd = Crowd(house.room_port, house.token, hello)
    crowd.enter(tablets)
    presenter.take(house.ports, house.secretary, house.meeting_id)
    crowd.receive(1)
    time.sleep(GAP_SECONDS)
    fetchers = Fetchers(house.web_port, house.token)
    fetchers.connect(tablets)
    ahead, late = [], []
    for page in range(1, TURNS + 1):
        began = _turn(house, page)
        ahead.append(crowd.receive(1) - began)
        fetchers.fetch(house.page_path(page + 2))  # what everybody fetches ahead after a turn
        time.sleep(GAP_SECONDS)
    for page in range(TURNS + 10, TURNS + 15):
        began = _turn(house, page)
        crowd.receive(1)
        late.append(fetchers.fetch(house.page_path(page)) - began)
        time.sleep(GAP_SECONDS)
    crowd.leave()
    fetchers.close()
    return {
        "tablets": tablets,
        "turn_200_last_ms": round(max(ahead) * 1000, 1),
        "turn_200_last_p50_ms": round(statistics.median(ahead) * 1000, 1),
        "turn_200_last_without_prefetch_ms": round(max(late) * 1000, 1),
    }


def _turn(house: House, page: int) -> float:
    """Commit a turn; the moment (monotonic) at which it began."""
    began = time.monotonic()
    presenter.turn(house.ports, house.secretary, house.meeting_id, house.document_id, page)
    return began


@contextmanager
def _house(folder: Path, path: Path) -> Iterator[tuple[House, float]]:
    settings = demo.demo_settings(
        Settings(data_dir=folder / "house", database_url="", web_port=free_port(), room_port=free_port())
    )
    migrate_rows(settings)
    clock = PlayedClock(datetime.now(UTC))
    ports = assemble(settings, clock=clock)
    wake_ups = TimedWakeUps(ports.wake_ups)
    ports = replace(ports, wake_ups=wake_ups)
    cast, secrets = demo.seat(ports, settings, demo.prepare_pki(settings)), demo.secrets_of(settings)
    play = Rehearsal.of(ports, clock, cast, secrets)
    play.register(starts_at=clock.now() + timedelta(minutes=10))
    play.prepare_documents()
    name = play.script["secretary"]
    secretary = cast.actors[name]
    short_id = document.documents(ports, secretary, play.meeting_id)[0].id
    document_id = document.upload(ports, secretary, play.meeting_id, path, file_name=path.name, title="Long")
    began = time.perf_counter()
    while work_once(ports):
        pass
    took = time.perf_counter() - began
    _meeting_id, view = document.view(ports, secretary, document_id)
    with changing(ports, secretary) as work:
        work.session.get_one(Meeting, play.meeting_id).state = MeetingState.CONVENED
    token = account.sign_in(ports, name, secrets.password, address="127.0.0.1").token
    house = House(
        ports,
        wake_ups,
        secretary,
        token,
        settings.web_port,
        settings.room_port,
        play.meeting_id,
        short_id,
        document_id,
        view.sha,
    )
    environment = {
        "MEETING_DATA_DIR": str(settings.data_dir),
        "MEETING_DEMO": "true",
        "DATABASE_URL": "",
        "MEETING_WEB_PORT": str(settings.web_port),
        "MEETING_ROOM_PORT": str(settings.room_port),
        "MEETING_TIMESTAMP_URLS": " ".join(settings.timestamp_urls),
        "MEETING_TRUST_FILE": str(settings.trust_file),
    }
    command = [sys.executable, "-m", "meeting_app"]
    with ExitStack() as processes:
        processes.enter_context(running([*command, "room"], settings.room_port, "the room listens", environment))
        health = f"http://127.0.0.1:{settings.web_port}/health"
        processes.enter_context(answering([*command, "web"], health, environment))
        yield house, view.pages / took
