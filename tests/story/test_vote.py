"""Two votes in the real house: five devices and the wall, a cut line, a killed room process, and the count again."""

import json
import os
import re
import signal
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.commands.house import answers, command, wait_until
from tests.story.stage import PHONE, SECONDS, Person, Stage
from tests.story.test_live_room import MEETING, Line

WIDE = {"width": 1440, "height": 900}
WALL = {"width": 1920, "height": 1080}
OPEN, SECRET = "Thông qua phương án chỉnh trang tuyến phố chính", "Bầu Trưởng ban kiểm phiếu"
LIVE = '.room[data-connection="live"]'


@dataclass
class Hall:
    """Who is in it, what hangs on its wall, and the way of one of them to the room."""

    stage: Stage
    chair: Person
    desk: Person
    minh: Person
    hoa: Person
    guest: Person
    wall: Page
    folder: Path
    on_the_wall: str = ""  # when the vote had just begun
    complaints: list[str] = field(default_factory=list)

    @property
    def people(self) -> list[Person]:
        return [self.chair, self.desk, self.minh, self.hoa, self.guest]

    def picture(self, page: Page, name: str) -> None:
        page.screenshot(path=self.folder / f"{name}.png")


@pytest.fixture
def hall(stage: Stage, tmp_path: Path) -> Hall:
    people = [stage.enter(name, size) for name, size in (("hung", WIDE), ("lan", None), ("minh", None))]
    people += [stage.enter("hoa", PHONE), stage.enter("quang")]
    wall = stage.browser.new_context(viewport=WALL, locale="vi-VN").new_page()
    hall = Hall(stage, *people, wall, tmp_path)
    for page in (wall, *(each.page for each in people)):
        page.emulate_media(reduced_motion="reduce")  # or pictures show a sheet on its way
        page.on("pageerror", lambda error: hall.complaints.append(str(error)))
    return hall


def test_an_open_and_a_secret_vote_from_the_draft_to_the_count_again(hall: Hall):
    line = Line(hall.hoa)
    for person in hall.people:
        person.enter_room(MEETING)
    for voter in (hall.chair, hall.minh, hall.hoa):
        check_in(voter)
    pair_the_wall(hall)
    vote_openly(hall, line)
    vote_in_secret(hall)
    assert hall.complaints == []
    counted_again(hall, OPEN, agree=2, disagree=1)
    counted_again(hall, SECRET, agree=2, disagree=1)


def vote_openly(hall: Hall, line: Line) -> None:
    prepare(hall, OPEN)
    call_and_be_ready(hall, OPEN)
    open_by_touch(hall)
    hall.picture(hall.minh.page, "ballot")
    hall.picture(hall.hoa.page, "ballot-phone")
    hall.picture(hall.chair.page, "chair-open")
    for page in (hall.minh.page, hall.hoa.page, hall.chair.page, hall.wall):
        nothing_serious(page)
    send(hall.minh, "agree")
    shows_progress(hall, 1)
    line.cut()
    expect(hall.hoa.in_room(LIVE)).to_have_count(0, timeout=20 * SECONDS)
    choose(hall.hoa, "disagree")
    hall.hoa.act("ballot_send")
    expect(hall.hoa.in_room(".ballot .vote-said")).to_be_visible()
    hall.picture(hall.hoa.page, "kept-on-the-phone")
    kill_the_room(hall)
    shows_progress(hall, 1)
    line.mend()
    expect(hall.hoa.in_room(".vote")).to_be_hidden(timeout=60 * SECONDS)
    shows_progress(hall, 2)
    hall.picture(hall.wall, "wall-vote")
    hall.chair.in_room(LIVE).wait_for(timeout=60 * SECONDS)
    send(hall.chair, "agree")
    shows_progress(hall, 3)
    close_by_two_touches(hall)
    everybody_sees_the_result(hall, OPEN, agree=2, disagree=1)


def vote_in_secret(hall: Hall) -> None:
    prepare(hall, SECRET, secret=True)
    call_and_be_ready(hall, SECRET)
    open_by_touch(hall)
    for number, (voter, choice) in enumerate(((hall.minh, "agree"), (hall.hoa, "disagree"), (hall.chair, "agree")), 1):
        send(voter, choice)
        shows_progress(hall, number)
    hall.hoa.act("vote_more")
    receipt = hall.hoa.in_room(".receipt-code").inner_text()
    hall.picture(hall.hoa.page, "receipt")
    close_by_two_touches(hall)
    hall.hoa.act("check_receipt")
    expect(hall.hoa.in_room(".receipt")).to_contain_text("được tính là “Không tán thành”")
    hall.hoa.act("ballots")
    expect(hall.hoa.in_room(".ballot-row.mine")).to_contain_text(receipt)
    hall.picture(hall.hoa.page, "receipt-found")
    nothing_serious(hall.hoa.page)
    leave_sheet(hall.hoa)
    everybody_sees_the_result(hall, SECRET, agree=2, disagree=1)
    expect(hall.guest.in_room('[data-act="ballots"]:visible')).to_have_count(0)


def check_in(person: Person) -> None:
    button = person.in_room(".bar-check_in")
    if button.get_attribute("aria-pressed") != "true":
        button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")


def pair_the_wall(hall: Hall) -> None:
    hall.wall.goto(f"{hall.stage.house.address}/screen")
    code = hall.wall.locator(".code:not(.waits)")
    code.wait_for()
    hall.picture(hall.wall, "wall-code")
    open_behind_more(hall.desk, "screens")
    hall.desk.in_room(".screen-code").fill(code.inner_text())
    hall.desk.page.get_by_role("button", name="Ghép màn hình").tap()
    expect(hall.wall.locator(".wall")).to_be_visible()
    hall.picture(hall.desk.page, "screens")
    leave_sheet(hall.desk)


def prepare(hall: Hall, title: str, *, secret: bool = False) -> None:
    """Drafted, and approved with all others that are drafts."""
    desk = hall.desk
    open_behind_more(desk, "motions")
    desk.act("motion_new")
    form = desk.in_room(".motion-form")
    form.locator("input[name=motion_title]").fill(title)
    if secret:
        form.locator("input[name=motion_secret]").check()
    hall.picture(desk.page, f"draft-{'secret' if secret else 'open'}")
    form.locator("button[type=submit]").tap()
    row = desk.in_room(".motion-list .motion").filter(has_text=title)
    expect(row).to_have_attribute("data-state", "draft")
    expect(hall.guest.in_room(".room")).not_to_contain_text(title)
    desk.act("motion_approve_all")
    expect(row).to_have_attribute("data-state", "approved")
    hall.picture(desk.page, f"approved-{'secret' if secret else 'open'}")
    leave_sheet(desk)


def call_and_be_ready(hall: Hall, title: str) -> None:
    open_behind_more(hall.desk, "motions")
    row = hall.desk.in_room(".motion-list .motion").filter(has_text=title)
    row.locator('[data-act="vote_call"]').tap()  # wherever it stands in the list
    panel = hall.desk.in_room(".motion-panel")
    expect(panel.locator(".motion-title")).to_have_text(title)
    for voter in (hall.minh, hall.hoa):
        voter.act("ready")
        expect(voter.in_room('[data-act="ready"]')).to_have_attribute("aria-pressed", "true")
    expect(hall.chair.in_room(".motion-panel [data-show=done]")).to_contain_text("Sẵn sàng 2/")
    expect(hall.wall.locator(".scene.called")).to_contain_text(title)
    hall.picture(hall.chair.page, "chair-called")
    hall.picture(hall.hoa.page, "ready-phone")
    hall.picture(hall.wall, "wall-called")


def open_by_touch(hall: Hall) -> None:
    hall.chair.in_room('.motion-panel [data-act="vote_open"]').tap()
    expect(hall.hoa.in_room(".vote .ballot")).to_be_visible()
    expect(hall.minh.in_room('[data-act="ballot_send"]')).to_be_disabled()
    expect(hall.guest.in_room(".vote")).to_be_hidden()
    expect(hall.guest.in_room(".vote-notice")).to_contain_text("Đang biểu quyết")
    scene = hall.wall.locator(".scene.vote")
    expect(scene).to_be_visible()
    hall.on_the_wall = scene.inner_text()
    shows_progress(hall, 0)


def choose(voter: Person, choice: str) -> None:
    voter.in_room(f'.vote-choice[data-choice="{choice}"]').tap()


def send(voter: Person, choice: str) -> None:
    choose(voter, choice)
    voter.act("ballot_send")
    expect(voter.in_room(".vote")).to_be_hidden()


def shows_progress(hall: Hall, voted: int) -> None:
    """How many, at the desk and on the wall, where nothing else changes while they vote."""
    scene = hall.wall.locator(".scene.vote")
    expect(scene.locator(".cast .digits")).to_have_text(re.compile(rf"^{voted}/\d+$"), timeout=60 * SECONDS)
    assert scene.inner_text().replace(f"{voted}/", "0/") == hall.on_the_wall
    expect(hall.desk.in_room(".motion-panel [data-show=done]")).to_contain_text(f"Đã bỏ {voted}/", timeout=60 * SECONDS)


def kill_the_room(hall: Hall) -> None:
    house = hall.stage.house
    (old,) = house.pids("room")
    os.kill(old, signal.SIGKILL)
    wait_until(lambda: house.pids("room") not in ([], [old]), house.process)
    wait_until(lambda: answers(f"http://127.0.0.1:{house.room_port}/health"), house.process)
    for person in (hall.chair, hall.desk):
        person.in_room(LIVE).wait_for(timeout=60 * SECONDS)


def close_by_two_touches(hall: Hall) -> None:
    panel = hall.chair.in_room(".motion-panel")
    panel.locator('[data-act="vote_close"]').tap()
    expect(panel.locator('[data-act="vote_close_now"]')).to_be_visible()
    expect(panel).to_have_attribute("data-state", "open")  # one touch closes nothing
    hall.picture(hall.chair.page, "chair-closing")
    hall.chair.page.wait_for_timeout(700)  # a second touch that is meant
    panel.locator('[data-act="vote_close_now"]').tap()
    expect(panel).not_to_have_attribute("data-state", "open")


def everybody_sees_the_result(hall: Hall, title: str, *, agree: int, disagree: int) -> None:
    name = "secret" if title == SECRET else "open"
    for person in hall.people:
        expect(person.in_room(".vote-notice")).to_contain_text(title)
    expect(hall.chair.in_room(".motion-last")).to_contain_text(f"tán thành {agree}, không tán thành {disagree}")
    scene = hall.wall.locator(".scene.result")
    expect(scene).to_contain_text(title)
    expect(scene.locator('[data-row="agree"] .row-count')).to_have_text(str(agree))
    expect(scene.locator('[data-row="disagree"] .row-count')).to_have_text(str(disagree))
    for person in (hall.guest, hall.hoa):
        person.act("vote_more")
        expect(person.in_room(".result-verdict")).to_be_in_viewport(ratio=1)
        expect(person.in_room('.result-bar[data-kind="agree"]')).to_contain_text(f"{agree}")
        hall.picture(person.page, f"result-{name}-{person.name}")
        nothing_serious(person.page)
        leave_sheet(person)
    for page, where in ((hall.chair.page, "chair"), (hall.desk.page, "desk"), (hall.wall, "wall")):
        hall.picture(page, f"result-{name}-{where}")
        nothing_serious(page)


def counted_again(hall: Hall, title: str, *, agree: int, disagree: int) -> None:
    run = command("recount", str(MEETING), "--json", data_dir=hall.stage.house.data_dir)
    assert run.returncode == 0, run.stdout + run.stderr
    (found,) = [each for each in map(json.loads, run.stdout.splitlines()) if each["title"] == title]
    assert (found["agrees"], found["complaints"]) == (True, [])
    counts = [found["result"][name] for name in ("cast", "agree", "disagree", "other")]
    assert counts == [agree + disagree, agree, disagree, 0]


def open_behind_more(person: Person, name: str) -> None:
    person.in_room(".bar-more").tap()
    person.in_room(f"[data-more={name}]").tap()


def leave_sheet(person: Person) -> None:
    person.page.keyboard.press("Escape")
    expect(person.in_room("dialog[open]")).to_have_count(0)


def nothing_serious(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
