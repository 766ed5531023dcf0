"""People of the story: each a browser of their own, signed in to the real house, acting by touch and click."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from meeting_app.domain.calendar import VIETNAM
from tests.commands.house import House
from tests.story.finger import Finger

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}
SETTLED = '[data-testid=stApp][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
# A page that ran this carries body[data-dialog=seen] once Streamlit has shown a dialog, however shortly.
DIALOGS_ARE_NOTED = """() => {
  const note = () => document.querySelector('[role=dialog]') && (document.body.dataset.dialog = 'seen');
  new MutationObserver(note).observe(document.body, { childList: true, subtree: true });
}"""
SECONDS = 1000  # playwright counts milliseconds
expect.set_options(timeout=30 * SECONDS)  # what a busy machine may need


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@dataclass
class Person:
    """One signed-in browser."""

    house: House
    name: str
    context: BrowserContext
    page: Page

    def go(self, path: str) -> None:
        self.page.goto(f"{self.house.address}{path}")
        self.settle()

    def settle(self) -> None:
        """Until Streamlit has drawn the page."""
        self.page.wait_for_selector(SETTLED, timeout=60 * SECONDS)

    def at(self, key: str) -> Locator:
        """What Streamlit drew under a key."""
        return self.page.locator(f".st-key-{key}")

    def press(self, key: str) -> None:
        """Touch a button of a page; the page settles afterwards."""
        self.at(key).get_by_role("button").first.tap()
        self.settle()

    def type_into(self, key: str, text: str) -> None:
        box = self.at(key).locator("input, textarea").first
        box.fill(text)
        box.press("Tab")
        self.settle()

    def choose(self, key: str, *texts: str) -> None:
        """Find each in a list by typing."""
        for text in texts:
            box = self.at(key).locator("input").first
            box.click()
            box.fill(text)
            self.page.locator("[role=option]").filter(has_text=text).first.click()
            self.settle()
        self.page.keyboard.press("Tab")  # Escape would empty a list that chooses one

    def tab(self, title: str) -> None:
        self.page.get_by_role("tab", name=title, exact=True).tap()
        self.settle()

    def sign(self, kind: str, meeting_id: int, pin: str, *, stroke: bool) -> None:
        """On the signing page: draw with a finger where a stroke is asked for, give the PIN, sign."""
        self.go(f"/sign?paper={kind}&meeting={meeting_id}")
        if stroke:
            self.draw_stroke()
        self.give_pin(pin)

    def give_pin(self, pin: str) -> None:
        self.page.locator("input#pin").fill(pin)
        self.page.locator("form button[type=submit].primary").tap()

    def draw_stroke(self) -> None:
        pad = self.page.locator(".pad")
        pad.evaluate("pad => pad.scrollIntoView({ block: 'center' })")
        pad.tap(trial=True)  # waits until it stands still
        box = pad.bounding_box()
        assert box is not None
        parts = [(0.15, 0.6), (0.25, 0.25), (0.35, 0.7), (0.5, 0.4), (0.65, 0.65), (0.85, 0.45)]
        Finger(self.page).draw([(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in parts])

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=20 * SECONDS)

    def enter_room(self, meeting_id: int) -> None:
        self.page.goto(f"{self.house.address}/room?meeting={meeting_id}")
        self.in_room('.room[data-connection="live"]').wait_for(timeout=60 * SECONDS)

    def count_runs(self) -> None:
        """From here on note each beginning and end of a run of the page's script."""
        self.page.evaluate(
            """() => {
              window.runs = 0;
              const app = document.querySelector("[data-testid=stApp]");
              const note = (changes) => (window.runs += changes.length);
              new MutationObserver(note).observe(app, { attributeFilter: ["data-test-script-state"] });
            }"""
        )

    def runs(self) -> int:
        counted: int = self.page.evaluate("window.runs")
        return counted

    def in_room(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def act(self, name: str) -> None:
        """Touch a control of the room by what it does."""
        self.in_room(f'[data-act="{name}"]:visible').first.tap()

    def items(self) -> list[str]:
        """The agenda as this tablet shows it."""
        return self.in_room(".agenda-list .item-title").all_inner_texts()

    def shows_items(self, titles: list[str]) -> None:
        expect(self.in_room(".agenda-list .item-title")).to_have_text(titles, timeout=20 * SECONDS)

    def shows_current(self, title: str) -> None:
        expect(self.in_room('.now[data-state="current"] .now-title')).to_have_text(title, timeout=20 * SECONDS)

    def picture(self, folder: Path, name: str) -> None:
        self.page.screenshot(path=folder / f"{name}.png")


@dataclass
class Stage:
    """The house and the people in it."""

    house: House
    browser: Browser
    people: list[Person] = field(default_factory=list)

    @property
    def secrets(self) -> dict[str, str]:
        made: dict[str, str] = json.loads((self.house.data_dir / "demo.json").read_text(encoding="utf-8"))
        return made

    def enter(self, name: str, size: dict[str, int] | None = None) -> Person:
        """Somebody signs in through the page, on a device of this size."""
        context = self.browser.new_context(
            viewport=size or TABLET,
            has_touch=True,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            accept_downloads=True,
        )
        person = Person(self.house, name, context, context.new_page())
        person.page.goto(f"{self.house.address}/sign-in")
        person.page.fill("input[name=username]", name)
        person.page.fill("input[name=password]", self.secrets["password"])
        person.page.locator("button[type=submit]").tap()
        person.page.wait_for_url(f"{self.house.address}/")
        person.settle()
        self.people.append(person)
        return person


def quarter_hours() -> tuple[str, str]:
    """The quarter that has just begun, and a later one of today, as the form offers them."""
    now = datetime.now(VIETNAM)
    start = min(now.hour * 60 + now.minute // 15 * 15, 23 * 60 + 30)
    end = min(start + 90, 23 * 60 + 45)
    return f"{start // 60} giờ {start % 60:02d}", f"{end // 60} giờ {end % 60:02d}"
