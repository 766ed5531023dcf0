"""A finger on the glass, as slow as a real one: events without time between them would be a flick,
after which the browser swallows the next touch.
"""

import time

from playwright.sync_api import Page

_STEP_SECONDS = 0.05  # between two events of one movement

Point = tuple[float, float]  # CSS pixels of the window


class Finger:
    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._at = time.time() - 60

    def touch(self, kind: str, *points: Point) -> None:
        """ "touchStart", "touchMove" or "touchEnd" with all fingers that are on the glass then."""
        self._at += _STEP_SECONDS
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers, "timestamp": self._at})

    def draw(self, points: list[Point]) -> None:
        """One stroke through these points."""
        self.touch("touchStart", points[0])
        for point in points[1:]:
            self.touch("touchMove", point)
        self.touch("touchEnd")
