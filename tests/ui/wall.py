"""A hall screen on a wall: the web process and a room beside it, and what can be read from 15 m."""

import asyncio
import threading
from dataclasses import dataclass, field, replace
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from meeting_app.domain.event import Kind
from meeting_app.domain.meeting import Meeting
from meeting_app.room.server import RoomServer
from meeting_app.services import hall_screen as screens
from meeting_app.services.unit_of_work import changing
from meeting_app.settings import Settings
from meeting_app.storage.wake_ups import SocketWakeUps
from tests.ui.browsing import PATIENCE
from tests.web.web_house import WebHouse

SIZES = {"full HD": (1920, 1080), "HD": (1280, 720), "4:3": (1024, 768)}
# Everything that is shown: too small, beyond the edge, cut off by its scene, or with a way to scroll.
COMPLAINTS = """() => {
  const found = [], height = Math.min(innerWidth, innerHeight);
  const size = (each) => parseFloat(getComputedStyle(each).fontSize);
  const inside = ({ left, top, right, bottom }) =>
    left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
  const { scrollWidth, scrollHeight } = document.documentElement;
  if (scrollWidth > innerWidth || scrollHeight > innerHeight) found.push("the page scrolls");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const home = text.parentElement, words = text.textContent.trim();
    if (!words || home.closest("noscript, script") || !home.checkVisibility({ visibilityProperty: true })) continue;
    if (size(home) < height * 0.045 - 0.5) found.push(`too small: ${words}`);
    if (home.closest(".meeting-title, .said, .is-full, .is-many")) continue; // end in "…"
    const range = document.createRange();
    range.selectNodeContents(text);
    if (![...range.getClientRects()].every(inside)) found.push(`outside: ${words}`);
  }
  for (const scene of document.querySelectorAll(".scene")) {
    const { scrollHeight, clientHeight, scrollWidth, clientWidth } = scene;
    if (scrollHeight > clientHeight + 1 || scrollWidth > clientWidth + 1) found.push("a scene is cut off");
  }
  const large = [...document.querySelectorAll(".scene h1, .scene .digits, .scene .ready, .verdict, .row, .code")];
  const largest = Math.max(...large.filter((each) => each.checkVisibility()).map(size));
  const letters = document.querySelector(".scene h1")?.textContent.length ?? 0;
  if (largest < height * 0.08 - 0.5 && letters < 120) found.push(`nothing is large: ${largest}`);
  return found;
}"""


MOTION = {
    "id": 1, "item_id": None, "title": "Thông qua dự toán ngân sách năm 2027", "text": "", "kind": "agreement",
    "options": [], "secret": False, "proxies": True, "max_choices": 1, "winners": 1, "base": "present",
    "numerator": 1, "denominator": 2, "strict": True, "tie": "fails", "seconds": 120, "round": 1,
    "repeat_of": None, "state": "approved", "called_at": None, "opened_at": None, "closes_at": None,
    "closed_at": None, "quorum": None, "need": None, "result": None,
}  # fmt: skip
RESULT = {
    "electors": 11, "cast": 11, "agree": 9, "disagree": 1, "other": 1, "options": [], "base": 11, "need": 6,
    "carried": True, "tie": False,
}  # fmt: skip
SPEECH = {
    "id": 1, "kind": "speech", "addressee_id": None, "item_id": None, "subject": "", "state": "speaking",
    "position": 1, "seconds": 180, "paused_at": None, "paused_seconds": 0, "ended_at": None,
}  # fmt: skip
HELLO = {"id": 1, "attendee_id": None, "text": "Mời các đại biểu trở lại hội trường."}


@dataclass
class Room:
    """A room of its own thread at a port that stays the same."""

    settings: Settings
    house: WebHouse
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    server: RoomServer | None = None

    def __post_init__(self) -> None:
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def start(self) -> None:
        async def start() -> RoomServer:
            server = RoomServer(self.settings, self.house.ports)
            await server.start()
            return server

        self.server = asyncio.run_coroutine_threadsafe(start(), self.loop).result(10)

    def stop(self) -> None:
        if self.server is not None:
            asyncio.run_coroutine_threadsafe(self.server.stop(), self.loop).result(10)
            self.server = None

    def close(self) -> None:
        self.stop()
        self.loop.call_soon_threadsafe(self.loop.stop)


def settings_of(house: WebHouse, room_port: int) -> Settings:
    address = f"sqlite:///{house.folder / 'meeting.db'}"
    return Settings(data_dir=house.folder, database_url=address, room_port=room_port, _env_file=None)


def waking(house: WebHouse, settings: Settings) -> None:
    """Let what the test does be heard in the room at once."""
    house.ports = replace(house.ports, wake_ups=SocketWakeUps(settings.wake_up_folder))


@dataclass
class Wall:
    """One screen of the hall: a browser that nobody signs in at."""

    house: WebHouse
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def shows(self, selector: str, text: str = "") -> None:
        self.page.locator(f"{selector}:visible").filter(has_text=text).first.wait_for(timeout=PATIENCE)

    def scene(self, name: str) -> None:
        self.shows(f'.wall[data-scene="{name}"]')

    @property
    def code(self) -> str:
        """What it shows for the desk; waits until there is one."""
        self.shows(".code:not(.waits)")
        return self.page.locator(".code").inner_text()

    def pair(self, meeting_id: int) -> None:
        screens.pair(self.house.ports, self.house.actor("lan"), meeting_id, self.code)
        self.shows(".wall")

    def unreadable(self) -> list[str]:
        found: list[str] = self.page.evaluate(COMPLAINTS)
        return found


def turn_on(browser: Browser, house: WebHouse, size: str = "full HD", script: str = "") -> Wall:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
    if script:
        context.add_init_script(script)
    return at(house, context)


def at(house: WebHouse, context: BrowserContext) -> Wall:
    """The same browser turned on (again)."""
    wall = Wall(house, context, context.new_page())
    wall.page.on("pageerror", lambda error: wall.complaints.append(str(error)))
    wall.page.goto(f"{house.address}/screen")
    return wall


def tell(house: WebHouse, meeting_id: int, *news: tuple[Kind, dict[str, Any]]) -> None:
    """Write into the log of a meeting what others would."""
    with changing(house.ports, house.actor("lan")) as work:
        meeting = work.session.get_one(Meeting, meeting_id)
        for kind, body in news:
            work.emit(meeting, kind, body)
