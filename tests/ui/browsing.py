"""Somebody of the cast in a real browser at the real web process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from meeting_app.settings import COOKIE
from tests.story.stage import PHONE, SECONDS, SETTLED, TABLET
from tests.web.web_house import WebHouse

SIZES = {"tablet": TABLET, "phone": PHONE}
PATIENCE = 30 * SECONDS


@dataclass
class Reader:
    """One browser window, signed in unless it is nobody's."""

    address: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)  # errors of scripts

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_selector(SETTLED, timeout=PATIENCE)

    def see(self, selector: str) -> Locator:
        found = self.page.locator(selector)
        expect(found.first).to_be_visible(timeout=PATIENCE)
        return found

    def sees_text(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE)

    def second_window(self) -> "Reader":
        return Reader(self.address, self.context, self.context.new_page())

    def scrolls_sideways(self) -> bool:
        wide: bool = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return wide

    def small_targets(self, within: str, least: int = 44) -> list[str]:
        """What can be touched but is lower than a finger, by its text."""
        found: list[str] = (
            self.page.locator(within)
            .locator("button, a, input, textarea, select")
            .evaluate_all(
                """(all, least) => all
              .filter((each) => each.checkVisibility() && !['hidden', 'checkbox', 'file'].includes(each.type))
              .filter((each) => each.getBoundingClientRect().height < least)
              .map((each) => each.textContent || each.id)""",
                least,
            )
        )
        return found


@contextmanager
def window(browser: Browser, house: WebHouse, name: str = "", size: str = "tablet", **options) -> Iterator[Reader]:
    """A window of one of the cast, of a new browser without cookies when no name is given."""
    address = options.pop("address", house.address)
    context = browser.new_context(
        viewport=SIZES[size], has_touch=True, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **options
    )
    if name:
        token = house.visitor(name).token
        context.add_cookies([{"name": COOKIE, "value": token, "url": address, "httpOnly": True, "sameSite": "Lax"}])
    page = context.new_page()
    reader = Reader(address, context, page)
    page.on("pageerror", lambda error: reader.complaints.append(str(error)))
    yield reader
    context.close()
