"""The hall's screen in a real browser: from its code to the thanks, read from 15 m, whatever happens to it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from meeting_app.domain.calendar import local
from meeting_app.domain.event import Kind
from meeting_app.domain.meeting import Meeting
from meeting_app.services import agenda as agendas
from meeting_app.services import attendee as attendees
from meeting_app.services import command as commands
from meeting_app.services import hall_screen as screens
from meeting_app.services import meeting as meetings
from meeting_app.services import snapshot
from meeting_app.services.unit_of_work import changing
from meeting_app.storage.clock import Argon2Passwords
from tests.cast import Cast
from tests.commands.house import free_port
from tests.conftest import convene
from tests.keys import Office
from tests.ui.browsing import PATIENCE
from tests.ui.wall import HELLO, MOTION, RESULT, SIZES, SPEECH, Room, Wall, at, settings_of, tell, turn_on, waking
from tests.web.stages import drafted, running
from tests.web.web_house import WebHouse, running_web

_ids = count(1)
LONG = (
    "Thông qua Nghị quyết về việc điều chỉnh, bổ sung kế hoạch đầu tư công trung hạn giai đoạn 2026–2030 và phân bổ "
    "chi tiết nguồn vốn ngân sách địa phương năm 2027 cho các dự án hạ tầng giao thông, giáo dục, y tế trên địa bàn"
)
AXE = {"rules": {"color-contrast-enhanced": {"enabled": True}}}  # 7:1
LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Phúc Thuỳ Dương"


@pytest.fixture(scope="module")
def house(
    quick_folder: Path, sqlite_template: tuple[Path, Cast], office: Office, passwords: Argon2Passwords
) -> Iterator[WebHouse]:
    template, cast = sqlite_template
    folder = quick_folder / "hall"
    folder.mkdir()
    shutil.copyfile(template, folder / "meeting.db")
    port = str(free_port())
    address = f"sqlite:///{folder / 'meeting.db'}"
    with running_web(folder, address, cast, office, passwords, MEETING_ROOM_PORT=port) as running_house:
        waking(running_house, settings_of(running_house, int(port)))
        running_house.room_port = int(port)
        yield running_house


@pytest.fixture(scope="module")
def room(house: WebHouse) -> Iterator[Room]:
    opened = Room(settings_of(house, house.room_port), house)
    opened.start()
    yield opened
    opened.close()


@pytest.fixture
def wall(browser: Browser, house: WebHouse, room: Room) -> Iterator[Callable[..., Wall]]:
    """`wall("HD")`: a screen turned on for the first time; no script in it may fail."""
    walls: list[Wall] = []

    def on(size: str = "full HD", script: str = "") -> Wall:
        walls.append(turn_on(browser, house, size, script))
        return walls[-1]

    yield on
    for each in walls:
        each.context.close()
    assert [complaint for each in walls for complaint in each.complaints] == []


def now(house: WebHouse, seconds: float = 0) -> str:
    return (house.ports.clock.now() + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def items_of(house: WebHouse, meeting_id: int) -> list[int]:
    return [item.id for item in agendas.items(house.ports, house.actor("lan"), meeting_id)]


def attendee_of(house: WebHouse, meeting_id: int, name: str) -> int:
    found = attendees.attendees(house.ports, house.actor("lan"), meeting_id)
    return next(each.id for each in found if each.account_id == house.actor(name).account_id)


def act(house: WebHouse, meeting_id: int, name: str, who: str = "lan", **arguments: object) -> None:
    commands.perform(house.ports, house.actor(who), meeting_id, f"c{next(_ids)}", name, arguments)


def state_of(house: WebHouse, meeting_id: int) -> dict:
    """What the secretary's tablet shows."""
    return snapshot.take(house.ports, house.actor("lan"), meeting_id)[1]


def speaking(house: WebHouse, meeting_id: int, who: str, **asked: object) -> int:
    """Somebody asks for the floor and is called; returns the request."""
    act(house, meeting_id, "attendee.check_in", who)
    act(house, meeting_id, "floor.raise", who, **asked)
    [request] = [each["id"] for each in state_of(house, meeting_id)["floor"] if each["state"] == "waiting"]
    act(house, meeting_id, "floor.grant", request_id=request)
    return request


def test_a_code_typed_by_the_desk_brings_the_meeting_onto_the_wall(house: WebHouse, wall):
    screen, meeting_id = wall(), running(house)
    assert screen.unreadable() == []
    screen.pair(meeting_id)
    screen.scene("between")
    screen.shows(".presence", "0/5")
    attendees.check_in(house.ports, house.actor("minh"), meeting_id)
    screen.shows(".presence", "1/5")
    expect(screen.page.locator(".check-in img")).to_be_visible(timeout=PATIENCE)
    assert "giao ban" in screen.page.title()


def test_turned_off_and_on_it_shows_its_meeting_again(house: WebHouse, wall):
    screen, meeting_id = wall(), running(house)
    screen.pair(meeting_id)
    screen.page.close()
    again = at(house, screen.context)
    again.scene("between")
    assert again.complaints == []


def test_parted_with_it_is_back_at_a_code_within_seconds(house: WebHouse, wall):
    screen, meeting_id = wall(), running(house)
    first = screen.code
    screen.pair(meeting_id)
    [paired] = screens.screens(house.ports, house.actor("lan"), meeting_id)
    screens.part(house.ports, house.actor("lan"), meeting_id, paired.id)
    screen.page.locator(".pairing:visible").wait_for(timeout=5000)
    assert screen.code != first
    expect(screen.page.locator(".wall")).to_be_hidden()
    assert "giao ban" not in screen.page.title()
    screen.pair(meeting_id)


def test_an_old_code_goes_and_a_new_one_comes_by_itself(house: WebHouse, wall):
    ahead = "{ const now = Date.now; window.ahead = 0; Date.now = () => now() + window.ahead; }"
    screen = wall(script=ahead)
    assert screen.code
    screen.page.evaluate("window.ahead = 601000")  # what the page believes; the server still holds the old one
    expect(screen.page.locator(".code:not(.waits)")).to_be_visible(timeout=PATIENCE)


def test_a_screen_is_told_when_nothing_answers_and_comes_back(house: WebHouse, wall):
    screen = wall()
    assert screen.code
    screen.page.route("**/screen", lambda route: route.abort())
    screen.shows(".pairing .truth", "đang tự thử lại")
    assert screen.unreadable() == []
    screen.page.unroute("**/screen")
    expect(screen.page.locator(".pairing .truth")).to_be_hidden(timeout=PATIENCE)


def test_a_browser_that_keeps_no_cookie_says_so_and_shows_no_code(wall):
    screen = wall()
    assert screen.code
    screen.context.clear_cookies()
    screen.shows(".pairing .truth", "không lưu cookie")
    expect(screen.page.locator(".code.waits")).to_be_visible(timeout=PATIENCE)


def test_a_full_house_says_so(wall):
    screen = wall()
    assert screen.code
    screen.page.route("**/screen", lambda route: route.fulfill(status=429, json={"sentence": "Quá nhiều màn hình."}))
    screen.shows(".pairing .truth", "Quá nhiều màn hình.")


def test_cut_off_it_keeps_what_it_showed_says_so_and_comes_back(house: WebHouse, room: Room, wall):
    screen, meeting_id = wall(), running(house)
    [first, *_] = items_of(house, meeting_id)
    screen.pair(meeting_id)
    agendas.start(house.ports, house.actor("lan"), meeting_id, first)
    screen.scene("item")
    room.stop()
    screen.shows(".truth", "Mất kết nối")
    screen.scene("item")
    assert screen.unreadable() == []
    agendas.finish(house.ports, house.actor("lan"), meeting_id, first)
    room.start()
    screen.scene("between")
    expect(screen.page.locator(".wall .truth")).to_be_hidden(timeout=PATIENCE)


def test_paired_while_the_room_is_away_it_shows_the_meeting_when_the_room_is_back(house: WebHouse, room: Room, wall):
    screen, meeting_id = wall(), running(house)
    room.stop()
    with screen.page.expect_response(lambda answer: answer.request.method == "POST" and answer.json()["meeting"]):
        screens.pair(house.ports, house.actor("lan"), meeting_id, screen.code)
    room.start()
    screen.scene("between")


def test_a_screen_whose_clock_is_wrong_shows_the_rooms(house: WebHouse, wall):
    script = "{ const now = Date.now; Date.now = () => now() - 3 * 3600e3; }"
    screen, meeting_id = wall(script=script), running(house)
    [first, *_] = items_of(house, meeting_id)
    assert screen.code
    screen.pair(meeting_id)
    agendas.start(house.ports, house.actor("lan"), meeting_id, first)
    screen.shows(".digits", "19:5")
    shown = screen.page.locator(".clock").inner_text()
    near = {f"{local(house.ports.clock.now() + timedelta(minutes=minute)):%H:%M}" for minute in (-1, 0, 1)}
    assert shown in near


@pytest.mark.parametrize("size", SIZES)
def test_every_scene_is_read_from_15_metres(house: WebHouse, wall, size: str):
    """The whole meeting with the longest texts there may be; nothing small, cut off or to scroll."""
    lan, meeting_id = house.actor("lan"), drafted(house)
    with changing(house.ports, lan) as work:
        work.session.get_one(Meeting, meeting_id).title = LONG
    convene(house.ports, lan, meeting_id)
    first, _second = items_of(house, meeting_id)
    agendas.change(house.ports, lan, meeting_id, first, title=LONG, presenter=f"{LONG_NAME}, Phó Chủ tịch", minutes=5)
    screen = wall(size)
    screen.pair(meeting_id)

    def read(scene: str, *words: str) -> None:
        """This scene, with these words in it, is what a wall should be."""
        screen.scene(scene)
        for each in words:
            screen.shows(".scene", each)
        screen.page.wait_for_timeout(100)
        assert screen.unreadable() == [], scene
        if size != "full HD":
            return
        violations = Axe().run(screen.page, options=AXE).response["violations"]
        assert [(each["id"], scene) for each in violations if each["impact"] in ("serious", "critical")] == []

    read("welcome", LONG, "Hội trường")
    meetings.open_session(house.ports, lan, meeting_id)
    read("between", "Tiếp theo · mục 1/2")
    agendas.start(house.ports, lan, meeting_id, first)
    read("item", LONG, LONG_NAME, "còn lại")
    speech = speaking(house, meeting_id, "minh", kind="speech")
    read("floor", "Lê Quang Minh", "Đang phát biểu", "02:5")
    act(house, meeting_id, "floor.pause", request_id=speech)
    read("floor", "Phát biểu tạm dừng")
    act(house, meeting_id, "floor.end", request_id=speech)
    asked = attendee_of(house, meeting_id, "hung")
    question = speaking(house, meeting_id, "hoa", kind="question", addressee_id=asked, subject=LONG)
    read("floor", "Chất vấn Nguyễn Văn Hùng", LONG)
    act(house, meeting_id, "floor.end", request_id=question)
    called = MOTION | {"title": LONG, "state": "called", "called_at": now(house)}
    tell(house, meeting_id, (Kind.MOTIONS, {"motions": [called]}))
    read("called", LONG, "Sẵn sàng 0/2")
    play_the_vote(house, meeting_id, called, read)
    act(house, meeting_id, "message.send", text=f"{LONG} {LONG}")
    screen.shows(".message", "Trần Thị Lan:")
    read("result")
    meetings.pause(house.ports, lan, meeting_id)
    read("paused", "Tạm dừng", "Nghỉ giải lao từ")
    meetings.resume(house.ports, lan, meeting_id)
    meetings.close(house.ports, lan, meeting_id)
    read("over", "Trân trọng cảm ơn", "Mã ghép cho cuộc họp sau")


def play_the_vote(house: WebHouse, meeting_id: int, called: dict, read: Callable[..., None]) -> None:
    opened = called | {"state": "open", "opened_at": now(house), "closes_at": now(house, 100), "need": 6, "round": 2}
    electors = [{"id": n, "motion_id": 1, "attendee_id": n, "holder_id": n, "voted": n < 8} for n in range(1, 12)]
    tell(house, meeting_id, (Kind.MOTIONS, {"motions": [opened]}), (Kind.ELECTORS, {"electors": electors}))
    read("vote", "7/11", "Cần từ 6 phiếu tán thành (quá nửa số đại biểu có mặt)", "đã bỏ phiếu", "01:3")
    closed = opened | {"state": "closed", "closed_at": now(house), "result": RESULT}
    gone = {"electors": [], "gone": [each["id"] for each in electors]}
    tell(house, meeting_id, (Kind.MOTIONS, {"motions": [closed]}), (Kind.ELECTORS, gone))
    read("result", "Đã thông qua", "Tán thành 9/11 · cần ≥ 6")
    lost = closed | {"result": RESULT | {"agree": 4, "disagree": 5, "other": 1, "cast": 10, "carried": False}}
    tell(house, meeting_id, (Kind.MOTIONS, {"motions": [lost]}))
    read("result", "Không thông qua", "Không bỏ phiếu")
    options = [{"id": n, "text": f"{LONG_NAME}, ứng viên thứ {n}"} for n in range(1, 21)]
    counts = [{"id": n, "count": 20 - n, "carried": n < 4} for n in range(1, 21)]
    chosen = closed | {"kind": "choice", "secret": True, "options": options, "result": RESULT | {"options": counts}}
    tell(house, meeting_id, (Kind.MOTIONS, {"motions": [chosen]}))
    read("result", "Kết quả bỏ phiếu kín", "19 · trúng", "và 8 phương án khác")


def test_no_choice_stands_on_the_wall_before_the_vote_is_closed(house: WebHouse, wall):
    screen, meeting_id = wall(), running(house)
    screen.pair(meeting_id)
    opened = MOTION | {"state": "open", "opened_at": now(house), "result": RESULT}  # as no server would send it
    tell(house, meeting_id, (Kind.MOTIONS, {"motions": [opened]}))
    screen.scene("vote")
    shown = screen.page.locator(".scene").inner_text()
    assert not {"Tán thành", "Không tán thành", "Ý kiến khác"} & set(shown.splitlines())


def test_a_vote_runs_over_the_wall_without_a_choice_and_ends_in_words(house: WebHouse, wall):
    screen, meeting_id = wall(), running(house)
    for who in ("hung", "minh", "hoa"):
        act(house, meeting_id, "attendee.check_in", who)
    screen.pair(meeting_id)
    act(house, meeting_id, "motion.draft", title="Thông qua dự toán", secret=True)
    [motion] = [each["id"] for each in state_of(house, meeting_id)["motions"]]
    screen.scene("between")
    assert "Thông qua dự toán" not in screen.page.content()  # a draft is the desk's
    for step in ("approve", "call"):
        act(house, meeting_id, f"motion.{step}", motion_id=motion)
    act(house, meeting_id, "motion.ready", "minh", motion_id=motion)
    screen.shows(".ready", "Sẵn sàng 1/3")
    act(house, meeting_id, "motion.open", motion_id=motion)
    screen.shows(".scene", "Cần từ 2 phiếu tán thành (quá nửa số đại biểu có mặt)")
    electors = state_of(house, meeting_id)["electors"]
    for who, choice in (("hung", "agree"), ("minh", "agree"), ("hoa", "disagree")):
        mine = attendee_of(house, meeting_id, who)
        elector = next(each["id"] for each in electors if each["attendee_id"] == mine)
        receipt = {"receipt": f"{who.upper():A<26}"[:26]}
        act(house, meeting_id, "ballot.cast", who, motion_id=motion, elector_id=elector, choice=choice, **receipt)
    screen.shows(".cast", "3/3")
    assert "tán thành\n" not in screen.page.locator(".scene").inner_text().casefold()
    act(house, meeting_id, "motion.close", motion_id=motion)
    screen.shows(".verdict", "Đã thông qua")
    screen.shows(".sum", "Tán thành 2/3 · cần ≥ 2")
    again = at(house, screen.context)  # a second window, from the snapshot
    again.shows(".sum", "Tán thành 2/3 · cần ≥ 2")
    assert again.unreadable() == []


def test_a_speaker_is_told_when_the_time_is_over(house: WebHouse, wall):
    """By the room's clock; a point of order that breaks in is shown before the speech that stands."""
    screen, meeting_id = wall(), running(house)
    screen.pair(meeting_id)
    act(house, meeting_id, "floor.rules", seconds=30)
    speech = speaking(house, meeting_id, "minh", kind="speech")
    screen.shows(".digits", "00:")
    late = {"id": speech, **SPEECH, "attendee_id": attendee_of(house, meeting_id, "minh"), "raised_at": now(house)}
    tell(house, meeting_id, (Kind.FLOOR, {"floor": [late | {"id": speech, "started_at": now(house, -181)}]}))
    screen.shows(".digits", "Hết giờ")
    screen.shows(".time-word", "quá 00:0")


def test_a_result_goes_when_the_meeting_moves_on(house: WebHouse, wall):
    screen, meeting_id = wall(), running(house)
    [first, *_] = items_of(house, meeting_id)
    screen.pair(meeting_id)
    closed = MOTION | {"state": "closed", "closed_at": now(house), "result": RESULT}
    tell(house, meeting_id, (Kind.MOTIONS, {"motions": [closed]}))
    screen.scene("result")
    agendas.start(house.ports, house.actor("lan"), meeting_id, first)
    screen.scene("item")


def test_a_result_goes_after_a_minute(house: WebHouse, wall):
    screen, meeting_id = wall(), running(house)
    screen.pair(meeting_id)
    closed = MOTION | {"state": "closed", "closed_at": now(house, -58), "result": RESULT}
    tell(house, meeting_id, (Kind.MOTIONS, {"motions": [closed]}))
    screen.scene("result")
    screen.scene("between")


def test_the_next_meeting_takes_the_screen_over_when_the_last_is_closed(house: WebHouse, wall):
    screen, last, following = wall(), running(house), running(house)
    screen.pair(last)
    meetings.close(house.ports, house.actor("lan"), last)
    screen.shows(".next-code", "Mã ghép cho cuộc họp sau")
    code = screen.page.locator(".next-code").inner_text().partition(":")[2]
    screens.pair(house.ports, house.actor("lan"), following, code)
    screen.scene("between")


def test_a_wall_has_no_controls_no_cursor_and_no_choice_of_text(house: WebHouse, wall):
    screen, meeting_id = wall(), running(house)
    screen.pair(meeting_id)
    assert screen.page.locator("button, a, input, select, textarea, [tabindex]").count() == 0
    screen.page.mouse.move(500, 500)
    assert screen.page.evaluate("getComputedStyle(document.body).cursor") != "none"
    expect(screen.page.locator("body")).to_have_css("cursor", "none", timeout=PATIENCE)


def test_texts_of_people_are_never_markup(house: WebHouse, wall):
    screen, meeting_id = wall(), running(house)
    screen.pair(meeting_id)
    nasty = "<img src=x onerror=alert(1)> </style>\u202e{n}"
    tell(house, meeting_id, (Kind.MOTIONS, {"motions": [MOTION | {"title": nasty, "state": "called"}]}))
    screen.shows(".scene", "<img src=x")
    assert screen.page.locator(".scene img").count() == 0


def test_a_wall_stays_as_small_as_it_was_after_5000_events(house: WebHouse, wall):
    screen, meeting_id = wall(), running(house)
    [first, *_] = items_of(house, meeting_id)
    screen.pair(meeting_id)
    agendas.start(house.ports, house.actor("lan"), meeting_id, first)
    screen.scene("item")
    speaker = attendee_of(house, meeting_id, "minh")
    speech = SPEECH | {"attendee_id": speaker, "raised_at": now(house), "started_at": now(house)}
    closed = MOTION | {"state": "closed", "closed_at": now(house), "result": RESULT}

    def play(rounds: int) -> None:
        for _ in range(rounds):
            tell(
                house,
                meeting_id,
                *((Kind.FLOOR, {"floor": [speech | {"seconds": 60 + each}]}) for each in range(10)),
                (Kind.FLOOR, {"floor": [], "gone": [1]}),
                *((Kind.MOTIONS, {"motions": [MOTION | {"state": "open", "round": each}]}) for each in range(10)),
                (Kind.MOTIONS, {"motions": [closed]}),
                *((Kind.MESSAGES, {"messages": [{**HELLO, "sender_id": speaker, "at": now(house)}]}) for _ in range(3)),
            )

    def used() -> tuple[int, int]:
        last = latest(house, meeting_id)
        screen.page.wait_for_selector(f'body[data-version="{last}"]', timeout=PATIENCE, state="attached")
        cdp = screen.context.new_cdp_session(screen.page)
        cdp.send("HeapProfiler.enable")
        cdp.send("HeapProfiler.collectGarbage")
        counters, heap = cdp.send("Memory.getDOMCounters"), cdp.send("Runtime.getHeapUsage")
        cdp.detach()
        return int(heap["usedSize"]), int(counters["nodes"])

    play(20)
    heap, nodes = used()
    play(200)
    heap_after, nodes_after = used()
    print(f"heap {heap} → {heap_after} bytes, nodes {nodes} → {nodes_after}")
    assert heap_after < heap * 1.15 + 200_000
    assert nodes_after < nodes + 200


def latest(house: WebHouse, meeting_id: int) -> int:
    with house.ports.database.reading() as session:
        return session.get_one(Meeting, meeting_id).version
