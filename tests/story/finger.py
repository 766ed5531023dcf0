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


def grip(page: Page, title: str) -> Point:
    """The middle of a row's handle."""
    box = page.get_by_role("button", name=f"Kéo “{title}”").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def towards(start: Point, end_y: float, steps: int = 6) -> list[Point]:
    x, y = start
    return [(x, y + (end_y - y) * step / steps) for step in range(1, steps + 1)]
