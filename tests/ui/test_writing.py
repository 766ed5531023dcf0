"""Writing on a document with pen, finger and keyboard, on the page where it is read."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from meeting_app.services import annotation_rows
from meeting_app.services import document as documents
from tests.ui.browsing import Reader
from tests.ui.conftest import Open
from tests.web.stages import running
from tests.web.web_house import WebHouse

REPORT = Path(__file__).parents[1] / "documents" / "bao-cao-chromium.pdf"


class Pen:
    """A pen on the glass: pointer events with pressure, as a digitiser sends them."""

    def __init__(self, reader: Reader) -> None:
        self._session = reader.page.context.new_cdp_session(reader.page)

    def event(self, kind: str, x: float, y: float, *, force: float = 0.5, buttons: int = 1) -> None:
        self._session.send(
            "Input.dispatchMouseEvent",
            {
                "type": kind,
                "x": x,
                "y": y,
                "button": "left" if kind != "mouseMoved" else "none",
                "buttons": buttons,
                "clickCount": 1,
                "pointerType": "pen",
                "force": force,
            },
        )

    def draw(self, points: list[tuple[float, float]], forces: list[float] | None = None) -> None:
        forces = forces or [0.5] * len(points)
        self.event("mousePressed", *points[0], force=forces[0])
        for point, force in zip(points[1:], forces[1:], strict=True):
            self.event("mouseMoved", *point, force=force)
        self.event("mouseReleased", *points[-1], buttons=0)


@pytest.fixture(scope="module")
def report(house: WebHouse) -> int:
    """A document with real page images and words, as the worker makes them."""
    from meeting_app.worker.loop import work_once

    document_id = documents.upload(
        house.ports, house.actor("lan"), running(house), REPORT, file_name=REPORT.name, title="Báo cáo", for_guests=True
    )
    while work_once(house.ports):
        pass
    return document_id


@pytest.fixture
def reading(opened: Open, report: int):
    def read(name: str = "minh", size: str = "tablet", **options) -> Reader:
        reader = opened(name, size, **options)
        reader.go(f"/read?document={report}")
        reader.see(".page.loaded")
        return reader

    return read


def kept(house: WebHouse, name: str, document_id: int) -> list:
    return annotation_rows.notebook(house.ports, house.actor(name), document_id).own


def wait_until(found, seconds: float = 15):
    end = time.monotonic() + seconds
    while not found() and time.monotonic() < end:
        time.sleep(0.05)
    return found()


def places(sheet: Locator, *parts: tuple[float, float]) -> list[tuple[float, float]]:
    box = sheet.bounding_box()
    assert box is not None
    return [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in parts]


@pytest.fixture(autouse=True)
def blank(house: WebHouse, report: int):
    """Nothing is written on the report before each test."""
    from meeting_app.domain.annotation import Annotation, AnnotationShare

    with house.ports.database.writing() as session:
        from sqlmodel import delete

        session.exec(delete(AnnotationShare))
        session.exec(delete(Annotation))


STROKE = [(0.2, 0.3), (0.3, 0.34), (0.4, 0.3), (0.5, 0.36), (0.6, 0.3)]


def test_the_pen_writes_as_soon_as_it_touches(reading, house: WebHouse, report: int):
    reader = reading()
    sheet = reader.page.locator(".page.loaded").first
    Pen(reader).draw(places(sheet, *STROKE), [0.2, 0.4, 0.6, 0.8, 1.0])
    expect(sheet.locator("canvas.ink")).to_be_visible()
    (stroke,) = wait_until(lambda: kept(house, "minh", report))
    points = stroke.body["points"]
    assert (stroke.kind, stroke.colour, stroke.page) == ("ink", "blue", 0)
    assert abs(points[0] - 2000) < 40
    assert abs(points[1] - 3000) < 40
    pressures = points[2::3]
    assert pressures == sorted(pressures)
    assert pressures[-1] > pressures[0]
    expect(reader.page.locator(".page-number")).to_contain_text("1/")
