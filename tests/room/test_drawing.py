"""What a weak tablet does while a thousand people vote: the room is drawn a few times a second, not at every event."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from meeting_app.ui import room as room_component
from tests.room.screens import PAGE, TABLET, PageServer

MANY = 1000  # people of the meeting
EVENTS = 500  # ballots that come in a second
SECOND = 1000  # ms
LIVELY = 10  # frames in that second, between which fingers are answered, however busy the machine of the test
SLOWER = 4  # times slower than the machine of the test
MOMENT = datetime.now(UTC).isoformat()

WATCH = """() => {
  window.drawn = 0;
  window.frames = 0;
  const note = (changes) => (window.drawn += changes.length);
  const room = document.getElementById("host").shadowRoot.querySelector(".room");
  new MutationObserver(note).observe(room, { attributeFilter: ["data-version"] });
  const frame = () => {
    window.frames += 1;
    requestAnimationFrame(frame);
  };
  window.watching ??= requestAnimationFrame(frame);
}"""


def attendee(number: int) -> dict[str, object]:
    return {
        "id": number,
        "name": f"Nguyễn Thị Phương Thảo {number}",
        "post": "Phó Trưởng ban Kinh tế – Ngân sách",
        "unit": f"Hội đồng nhân dân phường số {number % 40}",
        "role": "chair" if number == 1 else "member",
        "votes": True,
        "checked_in_at": MOMENT if number % 3 else None,
        "place": "room" if number % 3 else None,
        "by": None,
        "left_at": None,
        "seat_id": number,
        "stands_for": None,
        "delegate_id": None,
        "delegate_votes": False,
    }


def motion() -> dict[str, object]:
    rules = {"secret": False, "proxies": True, "max_choices": 1, "winners": 1, "base": "all", "tie": "fails"}
    share = {"numerator": 1, "denominator": 2, "strict": True, "need": 501, "seconds": 120}
    times = {"called_at": MOMENT, "opened_at": MOMENT, "closes_at": None, "closed_at": None}
    quorum = {"present": 700, "need": 667, "all": MANY, "overruled": None}
    words = {"title": "Thông qua Nghị quyết về dự toán ngân sách năm 2027", "text": "", "options": []}
    rest = {"id": 1, "item_id": 1, "kind": "agreement", "round": 1, "repeat_of": None, "state": "open", "result": None}
    return rest | words | rules | share | times | {"quorum": quorum}


def elector(number: int, *, voted: bool = False) -> dict[str, object]:
    return {"id": number, "motion_id": 1, "attendee_id": number, "holder_id": number, "voted": voted}


def state(*, desk: bool) -> dict[str, object]:
    meeting = {"id": 1, "title": "Kỳ họp thứ mười", "venue": "Hội trường", "state": "running", "quorum": None}
    times = {"starts_at": MOMENT, "ends_at": MOMENT, "opened_at": MOMENT, "paused_at": None, "closed_at": None}
    item = {"id": 1, "title": "Dự toán", "presenter": "", "minutes": 30, "state": "current", "started_at": MOMENT}
    chair = {"attendee_id": 1, "name": "Nguyễn Văn Hùng", "role": "chair", "desk": True}
    member = {"attendee_id": MANY, "name": "Lê Quang Minh", "role": "member", "desk": False}
    return {
        "version": 1,
        "meeting": {**meeting, **times, "quorum": {"numerator": 2, "denominator": 3}},
        "items": [{**item, "finished_at": None, "paused_seconds": 0}],
        "attendees": [attendee(number) for number in range(1, MANY + 1)],
        "seats": [{"id": n, "label": f"A{n}", "x": n % 40, "y": n // 40} for n in range(1, MANY + 1)],
        "motions": [motion()],
        "electors": [elector(number, voted=number in (1, MANY)) for number in range(1, MANY + 1)],
        "documents": [],
        "minutes": {"state": ""},
        "presenter": {"attendee_id": None, "since": None},
        "replies": [],
        "you": chair if desk else member,
    }


# A socket of the page's own, at the other end of which stands the test: `say(frames, milliseconds)`.
SOCKET = """
window.WebSocket = class {
  static OPEN = 1;
  readyState = 1;
  constructor() {
    window.say = (frames, milliseconds) => new Promise((done) => {
      const began = performance.now();
      const steps = setInterval(() => {
        const due = Math.ceil(total * Math.min(1, (performance.now() - began) / milliseconds));
        while (total - frames.length < due) this.onmessage({ data: frames.shift() });
        if (frames.length === 0) { clearInterval(steps); done(); }
      }, 10);
      const total = frames.length;
    });
    setTimeout(() => this.onopen(), 0);
  }
  send(frame) {
    if (JSON.parse(frame).t === "hello") this.onmessage({ data: window.first });
  }
  close() {}
};
"""

OPENED = "document.getElementById('host').shadowRoot.querySelectorAll('.people-list > *').length > 0"


def votes(page: Page, count: int, milliseconds: int) -> None:
    """The votes of so many people come in, each an event of its own; returns when all are drawn."""
    frames = []
    for number in range(1, count + 1):
        body = {"electors": [elector(number, voted=True)]}
        frames.append(json.dumps({"t": "event", "v": number + 1, "k": "electors", "b": body, "at": MOMENT}))
    page.evaluate(WATCH)
    page.evaluate("([frames, milliseconds]) => say(frames, milliseconds)", [frames, milliseconds])
    page.wait_for_selector(f'.room[data-version="{count + 1}"]')


@pytest.fixture
def slow_tablet(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`slow_tablet(desk=True)`: somebody's weak tablet in a meeting of a thousand while a motion is open."""
    data = room_component.room_data(1, room_port=1, room_address="")
    handler = type("Served", (PageServer,), {"page": PAGE % json.dumps(data)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever).start()
    context = browser.new_context(viewport=TABLET, has_touch=True)
    complaints = []

    def enter(*, desk: bool) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        place = {"n": 0, "document_id": None, "page": 0}
        snapshot = json.dumps({"t": "snapshot", "now": MOMENT, "place": place, "state": state(desk=desk)})
        page.add_init_script(f"window.first = {json.dumps(snapshot)};{SOCKET}")
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
        page.wait_for_selector('.room[data-version="1"]')
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        return page

    yield enter
    context.close()
    server.shutdown()
    server.server_close()
    assert complaints == []


@pytest.mark.alone
@pytest.mark.parametrize("desk", [False, True], ids=["member", "chair"])
def test_five_hundred_ballots_are_few_drawings(slow_tablet, desk: bool):
    page = slow_tablet(desk=desk)
    votes(page, EVENTS, SECOND)
    drawn, frames = page.evaluate("[window.drawn, window.frames]")
    assert drawn < EVENTS / 4
    assert frames > LIVELY


@pytest.mark.alone
def test_a_list_of_a_thousand_stays_smooth_while_votes_come_in(slow_tablet):
    page = slow_tablet(desk=True)
    page.evaluate(WATCH)
    page.locator(".bar-people").tap()
    page.wait_for_function(OPENED)
    page.wait_for_function("window.frames > 60")  # it has come in from the side and is painted
    votes(page, EVENTS, SECOND)
    drawn, frames = page.evaluate("[window.drawn, window.frames]")
    assert drawn < EVENTS / 4
    assert frames > LIVELY


def test_closed_sheets_are_not_drawn(slow_tablet):
    page = slow_tablet(desk=True)
    votes(page, 1, 1)
    hidden = "document.getElementById('host').shadowRoot.querySelectorAll('dialog:not([open]) li').length"
    assert page.evaluate(hidden) < 50
