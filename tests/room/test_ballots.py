"""A vote on real tablets: five of them, one a phone, with fingers and keys."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from meeting_app.domain.access import Actor
from meeting_app.domain.voting import MotionKind
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import meeting as meetings
from meeting_app.services import motion as motions
from meeting_app.services import vote
from tests.room.screens import PHONE
from tests.voting import approved, come, motion_row

pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
SHOTS = os.environ.get("SHOTS")
Screen = Callable[..., Page]
# What this window says stays in it until it is let go.
HOLD = """() => {
  const { send } = WebSocket.prototype;
  const held = [];
  WebSocket.prototype.send = function (frame) { held.push([this, frame]); };
  window.letGo = () => {
    WebSocket.prototype.send = send;
    for (const [socket, frame] of held) send.call(socket, frame);
  };
}"""


@pytest.fixture
def present(waking_ports: Ports, hung: Actor, minh: Actor, hoa: Actor, dung: Actor, running_meeting: int) -> int:
    come(waking_ports, running_meeting, hung, minh, hoa, dung)
    return running_meeting


def ballot(page: Page) -> object:
    return page.locator(".vote:not([hidden]) .ballot")


def choose(page: Page, choice: str) -> None:
    page.locator(f'.vote-choice[data-choice="{choice}"]').tap()


def send(page: Page) -> None:
    page.locator('[data-act="ballot_send"]').tap()
    expect(page.locator(".vote")).to_be_hidden()


def picture(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


def nothing_serious(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")  # colours are judged where nothing moves
    page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
    found = Axe().run(page, options={"rules": {"html-has-lang": {"enabled": False}}}).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in serious] == []


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_five_tablets_vote_openly(waking_ports, hung, lan, minh, hoa, dung, present, screen: Screen):
    text = "Giao Ủy ban nhân dân phường tổ chức thực hiện.\n" * 3
    motion_id = approved(
        waking_ports, lan, present, title="Thông qua dự toán ngân sách năm 2027", text=text, seconds=600
    )
    chair, desk, member, phone = screen(hung), screen(lan), screen(minh), screen(hoa, PHONE)
    other = screen(dung, color_scheme="dark")
    vote.call(waking_ports, lan, present, motion_id)
    phone.locator('[data-act="ready"]').tap()
    expect(phone.locator('[data-act="ready"]')).to_have_attribute("aria-pressed", "true")
    picture(phone, "ready-phone")
    vote.open_vote(waking_ports, lan, present, motion_id)
    expect(desk.locator(".vote")).to_be_hidden()
    expect(desk.locator(".vote-notice")).to_contain_text("Đang biểu quyết")
    expect(member.locator('[data-act="ballot_send"]')).to_be_disabled()
    picture(member, "ballot-tablet")
    nothing_serious(member)
    choose(member, "disagree")
    choose(member, "agree")
    expect(member.locator('[data-act="ballot_send"]')).to_have_text("Gửi phiếu: Tán thành")
    picture(member, "ballot-chosen")
    send(member)
    expect(member.locator(".vote-notice")).to_contain_text("Bạn đã bỏ phiếu")
    picture(member, "ballot-sent")
    choose(phone, "other")
    phone.locator(".ballot textarea").fill("Cần bổ sung số liệu quý III")
    choose(chair, "agree")  # what is half written survives what comes in
    send(chair)
    expect(phone.locator(".ballot textarea")).to_have_value("Cần bổ sung số liệu quý III")
    picture(phone, "ballot-phone-other")
    nothing_serious(phone)
    fits(phone)
    send(phone)
    picture(other, "ballot-dark")
    nothing_serious(other)
    choose(other, "disagree")
    send(other)
    picture(desk, "desk-progress")
    vote.close(waking_ports, lan, present, motion_id)
    result = motion_row(waking_ports, motion_id).result
    assert (result["agree"], result["disagree"], result["other"]) == (2, 1, 1)
    for page in (chair, desk, member, phone, other):
        expect(page.locator(".vote-notice")).to_contain_text("Không được thông qua")
    picture(member, "result-notice")
    phone.locator('[data-act="vote_more"]').tap()
    expect(phone.locator(".result-bars")).to_be_visible()
    picture(phone, "result-phone")
    nothing_serious(phone)
    other.locator('[data-act="vote_more"]').tap()
    picture(other, "result-dark")
    nothing_serious(other)


def publish(page: Page, ports: Ports, actor: Actor, motion_id: int) -> None:
    """What the web process answers."""
    page.route(
        f"**/motions/{motion_id}/ballots",
        lambda route: route.fulfill(json=json.loads(json.dumps(motions.published(ports, actor, motion_id)))),
    )


def test_a_secret_ballot_is_found_again_by_its_voter(waking_ports, lan, minh, hoa, present, screen: Screen):
    motion_id = approved(waking_ports, lan, present, title="Bầu người phụ trách", secret=True)
    member, phone = screen(minh), screen(hoa, PHONE)
    vote.open_vote(waking_ports, lan, present, motion_id)
    for page, choice in ((member, "agree"), (phone, "disagree")):
        choose(page, choice)
        send(page)
        page.locator('[data-act="vote_more"]').tap()
        expect(page.locator(".receipt-code")).to_have_text(re.compile(r"^([2-9A-Z]{4} ){6}[2-9A-Z]{2}$"))
    picture(phone, "receipt-phone")
    vote.close(waking_ports, lan, present, motion_id)
    publish(phone, waking_ports, hoa, motion_id)
    phone.locator('[data-act="check_receipt"]').tap()
    expect(phone.locator(".receipt")).to_contain_text("được tính là “Không tán thành”")
    phone.locator('[data-act="ballots"]').tap()
    expect(phone.locator(".ballot-row.mine")).to_have_count(1)
    picture(phone, "receipt-found")
    nothing_serious(phone)


def test_options_are_limited_and_said_before_they_are_sent(waking_ports, lan, minh, present, screen: Screen):
    fields = {
        "kind": MotionKind.CHOICE,
        "options": "Nguyễn Văn A\nTrần Thị B\nLê Văn C",
        "max_choices": 2,
        "winners": 2,
    }
    motion_id = approved(waking_ports, lan, present, title="Bầu Ban kiểm phiếu", **fields)
    member = screen(minh, PHONE)
    vote.open_vote(waking_ports, lan, present, motion_id)
    choose(member, "1")
    choose(member, "3")
    expect(member.locator('.vote-choice[data-choice="2"] input')).to_be_disabled()
    picture(member, "ballot-options")
    nothing_serious(member)
    expect(member.locator('[data-act="ballot_send"]')).to_contain_text("Nguyễn Văn A, Lê Văn C")
    send(member)
    vote.close(waking_ports, lan, present, motion_id)
    counts = [each["count"] for each in motion_row(waking_ports, motion_id).result["options"]]
    assert counts == [1, 0, 1]


def test_a_ballot_that_is_cut_off_or_reloaded_counts_once(waking_ports, lan, minh, present, screen: Screen):
    motion_id = approved(waking_ports, lan, present)
    member = screen(minh)
    vote.open_vote(waking_ports, lan, present, motion_id)
    expect(member.locator(".ballot")).to_be_visible()
    member.context.set_offline(offline=True)
    member.evaluate("WebSocket.prototype.send = () => {}")  # said, and never heard
    choose(member, "agree")
    member.locator('[data-act="ballot_send"]').tap()
    expect(member.locator(".ballot .vote-said")).to_contain_text("lưu trên máy")
    picture(member, "ballot-waiting")
    member.context.set_offline(offline=False)
    member.reload()
    expect(member.locator(".vote-notice")).to_contain_text("Bạn đã bỏ phiếu")
    vote.close(waking_ports, lan, present, motion_id)
    result = motion_row(waking_ports, motion_id).result
    assert (result["cast"], result["agree"]) == (1, 1)


def test_the_form_is_of_the_motion_that_is_open(waking_ports, lan, minh, present, screen: Screen):
    first = approved(waking_ports, lan, present, title="Tăng lương")
    second = approved(waking_ports, lan, present, title="Giải thể phòng")
    member = screen(minh)
    vote.open_vote(waking_ports, lan, present, first)
    choose(member, "agree")
    vote.cancel(waking_ports, lan, present, first)
    expect(member.locator(".vote")).to_be_hidden()
    vote.open_vote(waking_ports, lan, present, second)
    expect(member.locator(".vote .vote-title")).to_have_text("Giải thể phòng")
    expect(member.locator(".ballot input:checked")).to_have_count(0)


@pytest.mark.parametrize("secret", [False, True])
def test_a_ballot_that_came_after_the_closing_is_told_so(
    waking_ports, lan, minh, present, screen: Screen, secret: bool
):
    motion_id = approved(waking_ports, lan, present, secret=secret)
    member = screen(minh)
    publish(member, waking_ports, minh, motion_id)
    vote.open_vote(waking_ports, lan, present, motion_id)
    expect(member.locator(".ballot")).to_be_visible()
    member.evaluate("WebSocket.prototype.send = () => {}")
    choose(member, "agree")
    member.locator('[data-act="ballot_send"]').tap()
    expect(member.locator(".ballot .vote-said")).to_contain_text("lưu trên máy")
    vote.close(waking_ports, lan, present, motion_id)
    member.reload()
    expect(member.locator(".strip")).to_contain_text("không được tính")
    assert "ballot:" not in member.evaluate("JSON.stringify({...localStorage})")


def test_two_windows_of_one_voter_keep_the_receipt_that_was_counted(waking_ports, lan, minh, present, screen: Screen):
    motion_id = approved(waking_ports, lan, present, secret=True)
    one = screen(minh)
    two = one.context.new_page()
    two.goto(one.url)
    vote.open_vote(waking_ports, lan, present, motion_id)
    choose(one, "agree")
    choose(two, "disagree")
    one.evaluate(HOLD)
    one.locator('[data-act="ballot_send"]').tap()
    two.locator('[data-act="ballot_send"]').tap()
    expect(two.locator(".vote")).to_be_hidden()
    one.evaluate("letGo()")
    vote.close(waking_ports, lan, present, motion_id)
    [ballot] = motions.published(waking_ports, minh, motion_id)["ballots"]
    assert ballot["choice"] == "agree"
    assert ballot["receipt"] in one.evaluate("JSON.stringify({...localStorage})")


def test_a_keyboard_alone_votes(waking_ports, lan, minh, present, screen: Screen):
    motion_id = approved(waking_ports, lan, present)
    member = screen(minh)
    vote.open_vote(waking_ports, lan, present, motion_id)
    expect(member.locator(".ballot")).to_be_visible()
    member.locator(".ballot input").first.focus()
    member.keyboard.press("Space")
    member.keyboard.press("ArrowRight")
    member.keyboard.press("Tab")
    member.keyboard.press("Enter")
    expect(member.locator(".vote")).to_be_hidden()
    vote.close(waking_ports, lan, present, motion_id)
    assert motion_row(waking_ports, motion_id).result["disagree"] == 1


def test_a_ballot_that_comes_too_late_says_why(waking_ports, clock, lan, minh, present, screen: Screen):
    motion_id = approved(waking_ports, lan, present, seconds=60)
    member = screen(minh)
    vote.open_vote(waking_ports, lan, present, motion_id)
    choose(member, "agree")
    clock.advance(seconds=61)
    member.locator('[data-act="ballot_send"]').tap()
    expect(member.locator(".ballot .vote-said")).to_contain_text("Đã hết thời gian")
    picture(member, "ballot-late")
    clock.advance(seconds=3)
    vote.close_due(waking_ports, motion_id)
    expect(member.locator(".vote-notice")).to_contain_text("Không được thông qua")


def test_the_line_goes_when_the_meeting_goes_on(waking_ports, lan, minh, present, screen: Screen):
    motion_id = approved(waking_ports, lan, present)
    member = screen(minh)
    vote.open_vote(waking_ports, lan, present, motion_id)
    vote.close(waking_ports, lan, present, motion_id)
    expect(member.locator(".vote-notice")).to_be_visible()
    attendees.leave(waking_ports, minh, present)
    meetings.close(waking_ports, lan, present)
    expect(member.locator(".vote-notice")).to_be_hidden()
