"""The live room in real browsers: three tablets on one agenda, a cut line, a killed room process."""

import os
import re
import signal

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.commands.house import House, answers, wait_until
from tests.story.stage import DIALOGS_ARE_NOTED, PHONE, SECONDS, Person, Stage

MEETING = 2  # the one in session when the demo starts


@pytest.fixture
def desk(stage: Stage) -> Person:
    secretary = stage.enter("lan")
    secretary.enter_room(MEETING)
    return secretary


def insert(desk: Person, title: str) -> None:
    desk.act("insert")
    form = desk.in_room("form:visible")
    form.locator("input[name=title]").fill(title)
    form.locator("button[type=submit]").tap()
    expect(form).to_be_hidden(timeout=20 * SECONDS)


def test_three_tablets_and_a_phone_follow_the_secretary(stage: Stage, desk: Person):
    chair, member, guest = stage.enter("hung"), stage.enter("minh"), stage.enter("quang", PHONE)
    for person in (chair, member, guest):
        person.enter_room(MEETING)
        person.settle()
        person.count_runs()
    before = desk.items()
    insert(desk, "Nội dung phát sinh")
    for person in (desk, chair, member):
        expect(person.in_room(".agenda-list .item-title")).to_have_count(len(before) + 1, timeout=20 * SECONDS)
        assert "Nội dung phát sinh" in person.items()
    assert chair.items() == member.items() == desk.items()
    desk.act("finish")
    desk.act("start")
    current = desk.in_room('.now[data-state="current"] .now-title').inner_text()
    for person in (chair, member, guest):
        person.shows_current(current)
    assert [person.runs() for person in (chair, member, guest)] == [0, 0, 0]


def test_a_run_of_the_page_would_be_noticed(stage: Stage):
    member = stage.enter("minh")
    member.go("/meeting")
    member.count_runs()
    member.page.get_by_role("radio", name="Đã họp").tap()
    member.sees("Họp giao ban tuần")
    member.settle()
    assert member.runs() > 0


def test_the_attendee_sees_no_control_of_the_desk(stage: Stage):
    member = stage.enter("hoa")
    member.enter_room(MEETING)
    expect(member.in_room('[data-act="finish"]:visible, [data-act="insert"]:visible')).to_have_count(0)


def test_a_cut_line_comes_back_with_nothing_missing(stage: Stage, desk: Person):
    member = stage.enter("minh")
    line = Line(member)
    member.enter_room(MEETING)
    line.cut()
    expect(member.in_room('.room[data-connection="live"]')).to_have_count(0, timeout=20 * SECONDS)
    insert(desk, "Khi mất kết nối, một")
    insert(desk, "Khi mất kết nối, hai")
    assert "Khi mất kết nối, hai" not in member.items()
    line.mend()
    member.in_room('.room[data-connection="live"]').wait_for(timeout=60 * SECONDS)
    member.shows_items(desk.items())


def test_the_room_is_killed_and_the_meeting_goes_on(stage: Stage, desk: Person):
    member = stage.enter("minh")
    member.enter_room(MEETING)
    (old,) = stage.house.pids("room")
    os.kill(old, signal.SIGKILL)
    wait_until(lambda: stage.house.pids("room") not in ([], [old]), stage.house.process)
    wait_until(lambda: answers(f"http://127.0.0.1:{stage.house.room_port}/health"), stage.house.process)
    desk.in_room('.room[data-connection="live"]').wait_for(timeout=60 * SECONDS)
    insert(desk, "Sau khi khởi động lại")
    expect(member.in_room(".agenda-list")).to_contain_text("Sau khi khởi động lại", timeout=60 * SECONDS)
    assert member.items() == desk.items()


def test_the_web_process_is_gone_and_the_room_goes_on(stage: Stage, desk: Person, house: House):
    member = stage.enter("minh")
    member.enter_room(MEETING)
    for person in (desk, member):
        person.page.evaluate(DIALOGS_ARE_NOTED)
    (web,) = house.pids("web")
    os.kill(house.process.pid, signal.SIGSTOP)  # or it would be back before Streamlit gives up
    os.kill(web, signal.SIGKILL)
    try:
        for person in (desk, member):
            # Streamlit's dialog would make the page inert.
            person.page.wait_for_selector("body[data-dialog=seen]", state="attached", timeout=60 * SECONDS)
            expect(person.page.get_by_role("dialog", name="Connection error")).to_be_hidden()
        insert(desk, "Khi trang web ngừng")
        expect(member.in_room(".agenda-list")).to_contain_text("Khi trang web ngừng")
        expect(member.page.locator("#connection")).to_be_hidden()
        expect(member.in_room(".connection")).to_have_text("Trực tiếp")
    finally:
        os.kill(house.process.pid, signal.SIGCONT)
    wait_until(lambda: answers(f"{house.address}/health"), house.process, seconds=120)
    member.settle()
    expect(member.in_room('.room[data-connection="live"]')).to_be_visible()


class Line:
    """The tablet's way to the room, which can be cut: what is open breaks, what is new is refused, until mended."""

    def __init__(self, person: Person) -> None:
        self._whole = True
        self._open: list[WebSocketRoute] = []
        person.page.route_web_socket(re.compile(rf":{person.house.room_port}/"), self._connect)

    def cut(self) -> None:
        self._whole = False
        for each in self._open:
            each.close()
        self._open.clear()

    def mend(self) -> None:
        self._whole = True

    def _connect(self, route: WebSocketRoute) -> None:
        if not self._whole:
            route.close()
            return
        route.connect_to_server()
        self._open.append(route)
