"""A tablet's own clock counts for nothing, an hour of sleep costs nothing: real browsers, their clocks in our hands."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from meeting_app.services import agenda as agendas
from meeting_app.services import event as events
from meeting_app.services import vote
from tests.cast import MORNING
from tests.room.screens import PHONE, TABLET
from tests.services.floor_play import Floor
from tests.voting import come, opened

pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)
# What the room says began just now and has so long to go, a busy machine's while taken off.
TWENTY_MINUTES, THREE_MINUTES, TWO_MINUTES = (
    re.compile(f"^({whole}:00|{begun}:[0-5][0-9])$") for whole, begun in (("20", "19"), ("03", "02"), ("02", "01"))
)


@pytest.fixture
def begun(waking_ports, running_meeting, agenda, hung, lan, minh, hoa) -> int:
    """The meeting, in which an item of twenty minutes, a speech of three and a vote of two have just begun."""
    come(waking_ports, running_meeting, hung, minh, hoa)
    agendas.start(waking_ports, lan, running_meeting, agenda[0])
    floor = Floor(waking_ports, running_meeting, lan)
    floor.act(lan, "grant", request_id=floor.ask(minh))
    opened(waking_ports, lan, running_meeting, seconds=120)
    return running_meeting


def shows_the_rooms_time(page: Page) -> None:
    expect(page.locator(".now .digits")).to_have_text(TWENTY_MINUTES)
    expect(page.locator(".now .time-word")).to_have_text("còn lại")
    expect(page.locator(".speaking .digits")).to_have_text(THREE_MINUTES)
    expect(page.locator(".vote-head .digits")).to_have_text(TWO_MINUTES)
    expect(page.locator(".wall-clock")).to_have_text(re.compile("^8 giờ 0[01]$"))


def after_a_while(page: Page) -> None:
    """Some seconds of the page have passed."""
    page.wait_for_function("(since) => Date.now() - since > 2500", arg=page.evaluate("Date.now()"))


@pytest.mark.parametrize("wrong_by", [-26 * HOUR, 3 * HOUR, 365 * 24 * HOUR], ids=["behind", "ahead", "next year"])
def test_a_tablet_whose_clock_is_wrong_counts_by_the_rooms(screen, begun, minh, wrong_by):
    shows_the_rooms_time(screen(minh, at=MORNING + wrong_by, timezone_id="America/Los_Angeles"))


@pytest.mark.parametrize("set_by", [-HOUR, HOUR], ids=["back", "forward"])
def test_a_clock_that_is_set_in_the_middle_changes_nothing(screen, begun, minh, set_by):
    page = screen(minh, at=MORNING)
    shows_the_rooms_time(page)
    page.clock.set_system_time(MORNING + set_by)
    after_a_while(page)
    shows_the_rooms_time(page)


class Line:
    """The tablet's way to the room. Once dead, nothing comes through, and neither end is told."""

    def __init__(self, page: Page) -> None:
        self._dead: set[WebSocketRoute] = set()
        self._open: set[WebSocketRoute] = set()
        page.route_web_socket(re.compile(".*"), self._connect)
        page.reload()
        page.locator('.room[data-connection="live"] .foot').wait_for()

    def die(self) -> None:
        self._dead |= self._open

    def _connect(self, route: WebSocketRoute) -> None:
        self._open.add(route)
        room = route.connect_to_server()
        route.on_message(lambda message: route in self._dead or room.send(message))
        route.on_close(lambda code, reason: route in self._dead or room.close(code=code, reason=reason))
        room.on_message(lambda message: route in self._dead or route.send(message))
        room.on_close(lambda code, reason: route in self._dead or route.close(code=code, reason=reason))


def fall_asleep(page: Page) -> None:
    page.clock.pause_at((page.evaluate("Date.now()") + 100) / 1000)


def wake_up(page: Page, after: timedelta) -> None:
    page.clock.fast_forward(int(after.total_seconds() * 1000))  # what was due meanwhile is done once
    page.clock.resume()


def an_hour_passes(ports, clock, meeting_id: int, agenda: list[int], lan, minh) -> None:
    """The speech and the vote are over, and the next item has just begun."""
    clock.advance(hours=1)
    floor = Floor(ports, meeting_id, lan)
    floor.act(lan, "end", request_id=floor.row(minh)["id"])
    [motion] = floor.state()["motions"]
    vote.close_due(ports, motion["id"])
    agendas.finish(ports, lan, meeting_id, agenda[0])
    agendas.start(ports, lan, meeting_id, agenda[1])


def is_in_the_present(page: Page) -> None:
    expect(page.locator('.room[data-connection="live"]')).to_be_visible()
    expect(page.locator(".now-title")).to_contain_text("Thảo luận dự toán")
    expect(page.locator(".now .digits")).to_have_text(TWENTY_MINUTES)
    expect(page.locator(".wall-clock")).to_have_text(re.compile("^9 giờ 0[01]$"))
    expect(page.locator(".speaking")).to_be_hidden()
    expect(page.locator(".vote")).to_be_hidden()


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
def test_after_an_hour_of_sleep_it_shows_the_present(screen, room, waking_ports, clock, begun, agenda, lan, minh, size):
    page = screen(minh, size, at=MORNING)
    fall_asleep(page)
    room.age_connections(seconds=151)
    room.wait_until_deserted()  # the room has given it up
    an_hour_passes(waking_ports, clock, begun, agenda, lan, minh)
    wake_up(page, after=HOUR)
    is_in_the_present(page)


def test_waking_on_a_line_that_died_unnoticed_it_looks_for_another(
    screen, room, waking_ports, clock, begun, agenda, lan, minh
):
    page = screen(minh, at=MORNING)
    line = Line(page)
    fall_asleep(page)
    line.die()
    an_hour_passes(waking_ports, clock, begun, agenda, lan, minh)
    wake_up(page, after=HOUR)
    is_in_the_present(page)


def wake_up_by_the_network(page: Page, after: timedelta) -> None:
    """The room is there again before any timer of the page has run."""
    page.clock.set_system_time((page.evaluate("Date.now()") / 1000) + after.total_seconds())
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator(".said").get_by_text("Chưa gửi được").wait_for()
    page.clock.resume()


@pytest.mark.parametrize("wake", [wake_up, wake_up_by_the_network])
def test_what_was_touched_before_an_hour_of_sleep_is_no_longer_meant(
    screen, room, ports, clock, running_meeting, minh, wake
):
    page = screen(minh, at=MORNING)
    fall_asleep(page)
    room.age_connections(seconds=151)
    room.wait_until_deserted()
    page.locator(".bar-check_in").dispatch_event("click")
    before = events.version_of(ports, running_meeting)
    clock.advance(hours=1)
    wake(page, after=HOUR)
    expect(page.locator('.strip[data-kind="refusal"] .said')).to_contain_text("Chưa gửi được")
    expect(page.locator('.room[data-connection="live"]')).to_be_visible()
    expect(page.locator(".bar-check_in.done")).to_have_count(0)
    assert events.version_of(ports, running_meeting) == before
