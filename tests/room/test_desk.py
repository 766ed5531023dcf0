"""The desk's panel and the sheet of motions: a vote run by touch alone, by both who run the meeting."""

import random
import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.ballot import electors
from meeting_app.domain.floor import RequestKind
from meeting_app.domain.voting import Fraction
from meeting_app.services import agenda as agendas
from meeting_app.services import ballot as ballots
from meeting_app.services import floor, vote
from meeting_app.services import meeting as meetings
from tests.room.screens import PHONE, TABLET
from tests.room.test_screen import FAINT, SMALL, put_document
from tests.voting import approved, come, elector, motion_row, opened

# What the tablet draws does not depend on where the rows are.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)

WIDE = {"width": 1440, "height": 900}
MORNING = "2026-11-23T01:00:00+00:00"


@pytest.fixture
def seated(waking_ports, hung, minh, hoa, running_meeting) -> int:
    """Three of the four who may vote are here: a quorum of two thirds."""
    come(waking_ports, running_meeting, hung, minh, hoa)
    return running_meeting


def on_panel(page: Page, act: str):
    return page.locator(f".motion-panel [data-act={act}]")


def test_a_vote_is_called_opened_extended_and_closed_by_touch(screen, waking_ports, seated, hung, lan, minh):
    motion_id = approved(waking_ports, lan, seated)
    desk, other = screen(hung), screen(lan)
    on_panel(desk, "vote_call").tap()
    expect(other.locator(".motion-panel [data-show=done]")).to_have_text("Sẵn sàng 0/3")
    vote.set_ready(waking_ports, minh, seated, motion_id, ready=True)
    expect(desk.locator(".motion-panel [data-show=done]")).to_have_text("Sẵn sàng 1/3")
    expect(desk.locator(".motion-names")).to_have_text("Nguyễn Văn Hùng, Phạm Thị Hoa")
    on_panel(desk, "vote_open").tap()
    expect(other.locator(".motion-panel [data-show=done]")).to_have_text("Đã bỏ 0/3")
    on_panel(other, "vote_limit").tap()  # the secretary does each step as well
    on_panel(desk, "vote_extend").tap()
    expect(desk.locator(".motion-head .digits")).to_be_visible()
    ballots.cast(waking_ports, minh, seated, motion_id, elector(waking_ports, motion_id, minh), choice="agree")
    expect(other.locator(".motion-panel [data-show=done]")).to_have_text("Đã bỏ 1/3")
    expect(on_panel(desk, "vote_cancel")).to_have_count(0)
    on_panel(desk, "vote_close").tap()
    expect(on_panel(other, "vote_close")).to_be_visible()  # one touch closes nothing
    desk.wait_for_timeout(700)
    on_panel(desk, "vote_close_now").tap()
    expect(other.locator(".motion-last")).to_contain_text("tán thành 1, không tán thành 0, ý kiến khác 0")
    on_panel(other, "vote_repeat").tap()
    expect(desk.locator(".motion-panel .under")).to_contain_text("lần 2")
    other.locator(".undo").tap()
    expect(desk.locator('.motion-panel[data-state="none"]')).to_be_visible()


def test_a_call_and_an_opening_are_taken_back(screen, waking_ports, seated, lan):
    approved(waking_ports, lan, seated)
    desk = screen(lan)
    for act, state in (("vote_call", "called"), ("vote_open", "open")):
        on_panel(desk, act).tap()
        expect(desk.locator(f'.motion-panel[data-state="{state}"]')).to_be_visible()
        desk.locator(".undo").tap()
        expect(desk.locator('.motion-panel[data-state="approved"]')).to_be_visible()


def test_more_time_and_a_first_limit_are_taken_back(screen, waking_ports, clock, seated, lan):
    motion_id = opened(waking_ports, lan, seated)
    desk = screen(lan)
    left = desk.locator(".motion-head .digits")
    on_panel(desk, "vote_limit").tap()
    expect(left).to_be_visible()
    desk.locator(".undo").tap()
    expect(left).to_be_hidden()
    on_panel(desk, "vote_limit").tap()
    on_panel(desk, "vote_extend").tap()
    expect(left).to_have_text(re.compile("01:00|00:5[0-9]"))
    desk.locator(".undo").tap()
    expect(left).to_have_text(re.compile("00:[0-3][0-9]"))
    assert motion_row(waking_ports, motion_id).closes_at == clock.now() + timedelta(seconds=30)
    on_panel(desk, "vote_extend").tap()
    expect(desk.locator(".undo")).to_be_visible()
    clock.advance(seconds=31)
    desk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # it asks what time it is
    expect(desk.locator(".undo")).to_be_hidden()


def test_two_quick_touches_do_not_close_a_vote(screen, waking_ports, seated, lan):
    opened(waking_ports, lan, seated)
    desk = screen(lan)
    on_panel(desk, "vote_close").tap()
    on_panel(desk, "vote_close_now").dispatch_event("click")
    expect(desk.locator('.motion-panel[data-state="open"]')).to_be_visible()
    on_panel(desk, "vote_go_on").tap()
    expect(on_panel(desk, "vote_close")).to_be_visible()


def test_without_a_quorum_the_chair_opens_with_a_reason_and_the_secretary_is_told_so(
    screen, waking_ports, running_meeting, hung, lan, minh
):
    come(waking_ports, running_meeting, minh)
    approved(waking_ports, lan, running_meeting)
    secretary, chair = screen(lan), screen(hung)
    expect(secretary.locator(".overrule")).to_contain_text("chỉ chủ trì được mở")
    expect(secretary.locator("[data-act=vote_overrule]")).to_be_hidden()
    expect(chair.locator(".motion-panel .quorum")).to_contain_text("có mặt 1/4, cần ≥ 3")
    expect(on_panel(chair, "vote_open")).to_have_count(0)
    on_panel(chair, "vote_overrule").tap()
    chair.locator("[name=overrule]").fill("Việc khẩn cấp, đã xin ý kiến người vắng")
    on_panel(chair, "vote_overrule_open").tap()
    expect(secretary.locator(".motion-panel [data-show=done]")).to_have_text("Đã bỏ 0/1")


def test_motions_are_drafted_approved_moved_and_withdrawn_in_the_room(screen, seated, lan, minh):
    desk, member = screen(lan), screen(minh)
    on_panel(desk, "motions").tap()
    sheet = desk.locator(".sheet[open]")
    for title in ("Thông qua Nghị quyết", "Bầu Tổ kiểm phiếu"):
        sheet.locator("[data-act=motion_new]").tap()
        sheet.locator("[name=motion_title]").fill(title)
        if title.startswith("Bầu"):
            sheet.locator("[name=motion_kind]").select_option("choice")
            sheet.locator("[name=motion_options]").fill("Danh sách A\nDanh sách B")
            sheet.locator("[name=motion_rule]").select_option("two_thirds_all")
            sheet.locator("[name=motion_secret]").check()
        sheet.locator(".motion-form button[type=submit]").tap()
        expect(sheet.locator(".motion .motion-title").last).to_have_text(title)
    member.locator(".bar-more").tap()
    member.locator("[data-more=motions]").tap()
    expect(member.locator(".sheet[open] .quiet")).to_contain_text("Chưa có vấn đề nào")
    sheet.locator("[data-act=motion_approve_all]").tap()
    shown = member.locator(".sheet[open] .motion .motion-title")
    expect(shown).to_have_text(["Thông qua Nghị quyết", "Bầu Tổ kiểm phiếu"])
    expect(member.locator(".sheet[open] .motion .item-under").last).to_contain_text("ít nhất hai phần ba")
    assert member.locator(".motion-acts:visible, .motion-tools:visible").count() == 0
    sheet.locator("[data-act=motion_reorder]").tap()
    sheet.locator("[data-act=motion_move_down]").first.tap()
    expect(shown).to_have_text(["Bầu Tổ kiểm phiếu", "Thông qua Nghị quyết"])
    sheet.locator("[data-act=motion_reorder]").tap()
    sheet.locator("[data-act=motion_withdraw]").first.tap()
    expect(member.locator('.motion[data-state="withdrawn"]')).to_have_count(1)
    desk.locator(".undo").tap()
    expect(member.locator('.motion[data-state="approved"]')).to_have_count(2)


def test_what_waits_stands_on_top_and_is_answered_by_a_touch(
    screen, waking_ports, clock, seated, agenda, hung, lan, minh, hoa
):
    motion_id = approved(waking_ports, lan, seated)
    vote.call(waking_ports, lan, seated, motion_id)
    for actor in (hung, minh, hoa):
        vote.set_ready(waking_ports, actor, seated, motion_id, ready=True)
    desk, phone = screen(hung), screen(lan, PHONE)
    expect(phone.locator(".bar-desk .badge")).to_have_text("1")
    desk.locator("[data-act=waiting_all_ready]").tap()
    expect(desk.locator('.motion-panel[data-state="open"]')).to_be_visible()
    expect(phone.locator(".bar-desk .badge")).to_be_hidden()


def test_an_item_over_its_time_and_a_point_of_order_wait_on_top(
    screen, waking_ports, clock, seated, agenda, hung, lan, minh
):
    agendas.start(waking_ports, hung, seated, agenda[0])
    clock.advance(minutes=25)
    desk = screen(lan)
    rows = desk.locator(".waiting-row")
    expect(rows).to_have_text("Mục này đã quá giờ 5 phútThêm 5 phút")
    floor.ask(waking_ports, minh, seated, RequestKind.ORDER)
    expect(rows.first).to_contain_text("Lê Quang Minh có ý kiến về thủ tục")
    desk.locator("[data-act=waiting_order]").tap()
    expect(rows).to_have_count(1)
    desk.locator(".undo").tap()
    expect(rows).to_have_count(2)
    desk.locator("[data-act=waiting_over]").tap()
    expect(desk.locator("[data-act=waiting_over]")).to_have_count(0)


def test_many_points_of_order_leave_what_is_discussed_in_view(
    screen, waking_ports, seated, agenda, hung, lan, minh, hoa
):
    agendas.start(waking_ports, hung, seated, agenda[0])
    for person in (hung, minh, hoa, lan):
        floor.ask(waking_ports, person, seated, RequestKind.ORDER)
    desk = screen(lan)
    rows = desk.locator(".waiting-row")
    expect(rows).to_have_count(3)
    expect(rows.last).to_contain_text("Còn 2 ý kiến khác về thủ tục")
    desk.locator("[data-act=waiting_more_orders]").tap()
    expect(desk.locator(".sheet[open] .floor-row")).to_have_count(4)


@pytest.mark.parametrize("size", [TABLET, PHONE, WIDE], ids=["tablet", "phone", "wide"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_can_be_read_and_touched_by_anybody(
    screen, waking_ports, seated, agenda, hung, lan, tmp_path, size, scheme
):
    put_document(waking_ports, hung, seated, agenda[0], "Báo cáo", 2)
    agendas.start(waking_ports, hung, seated, agenda[0])
    approved(waking_ports, lan, seated, title="Thông qua dự thảo Nghị quyết về phân bổ dự toán ngân sách năm 2027 " * 2)
    page = screen(hung, size, color_scheme=scheme)
    if size is PHONE:
        page.locator(".bar-desk").tap()
    on_panel(page, "vote_call").tap()
    expect(page.locator('.motion-panel[data-state="called"]')).to_be_visible()
    page.locator(".strip .icon").tap()
    fit(page, size)
    on_panel(page, "motions").tap()
    page.locator("[data-act=motion_new]").tap()
    fit(page, size)


def fit(page: Page, size: dict[str, int]) -> None:
    """Nothing faint, small, wider than the screen, or in the way of who cannot see."""
    page.wait_for_function("() => document.getElementById('host').shadowRoot.getAnimations().length === 0")
    assert page.evaluate(FAINT) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate(ACROSS) == []
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [each["id"] for each in serious if each["nodes"][0]["html"] != "<html>"] == []


def test_the_keyboard_alone_runs_a_vote(screen, waking_ports, seated, lan):
    approved(waking_ports, lan, seated)
    desk = screen(lan)
    for act, state in (("vote_call", "called"), ("vote_open", "open")):
        tab_to(desk, act)
        desk.keyboard.press("Enter")
        expect(desk.locator(f'.motion-panel[data-state="{state}"]')).to_be_visible()
    tab_to(desk, "vote_close")
    desk.keyboard.press("Enter")
    desk.wait_for_timeout(700)
    desk.keyboard.press("Enter")  # the focus went along to the second touch
    expect(desk.locator(".motion-last")).to_be_visible()


def tab_to(page: Page, act: str) -> None:
    for _ in range(60):
        if page.evaluate("document.getElementById('host').shadowRoot.activeElement?.dataset.act") == act:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {act}")


def test_the_tablet_counts_quorum_and_majority_as_the_house_does(screen, lan):
    """Both on five hundred random meetings."""
    chance = random.Random(11)
    cases = [random_case(chance) for _ in range(500)]
    expected = [counted(case) for case in cases]
    found = screen(lan).evaluate(
        """async (cases) => {
          const { electors, need, quorum } = await import("/ui/components/room/quorum.js");
          return cases.map(({ attendees, quorum: fraction, proxies, majority }) => {
            const meeting = { quorum: fraction };
            const { present, need: least, all, reached } = quorum({ meeting, attendees }, proxies);
            const pairs = electors(attendees, proxies).map(([whose, holder]) => [whose.id, holder.id]);
            return [present, least, all, reached, pairs, need(present, majority), need(all, majority)];
          });
        }""",
        cases,
    )
    assert found == expected


def random_case(chance: random.Random) -> dict:
    count = chance.randint(0, 12)
    attendees = [
        {
            "id": number,
            "role": chance.choice(["chair", "secretary", "member", "member", "guest"]),
            "votes": chance.random() < 0.8,
            "checked_in_at": MORNING if chance.random() < 0.6 else None,
            "left_at": MORNING if chance.random() < 0.1 else None,
            "stands_for": chance.choice([None, None, None, 1]),
            "delegate_id": chance.choice([None, None, chance.randint(1, 14)]),
            "delegate_votes": chance.random() < 0.7,
        }
        for number in range(1, count + 1)
    ]
    denominator = chance.randint(1, 12)
    fraction = {"numerator": chance.randint(1, denominator), "denominator": denominator}
    majority = {
        "numerator": chance.randint(1, denominator),
        "denominator": denominator,
        "strict": chance.random() < 0.5,
    }
    return {"attendees": attendees, "quorum": fraction, "proxies": chance.random() < 0.5, "majority": majority}


def counted(case: dict) -> list:
    """What the house makes of it."""
    rows = [
        Attendee(
            id=each["id"],
            meeting_id=1,
            account_id=each["id"],
            position=each["id"],
            role=Role(each["role"]),
            votes=each["votes"],
            checked_in_at=each["checked_in_at"],
            left_at=each["left_at"],
            stands_for_id=each["stands_for"],
            delegate_id=each["delegate_id"],
            delegate_votes=each["delegate_votes"],
        )
        for each in case["attendees"]
    ]
    entitled = sum(each.votes and each.role is not Role.GUEST and each.stands_for_id is None for each in rows)
    pairs = [[whose.id, holder.id] for whose, holder in electors(rows, proxies=case["proxies"])]
    least = Fraction(**case["quorum"]).need(entitled)
    majority = Fraction(**case["majority"])
    present = len(pairs)
    return [present, least, entitled, present >= least, pairs, majority.need(present), majority.need(entitled)]


@pytest.mark.alone
def test_a_thousand_people_and_five_hundred_votes_a_second_leave_the_screen_at_ease(screen, lan):
    page = screen(lan)
    drawn = page.evaluate(MANY)
    assert drawn["shown"] == "Đã bỏ 500/1000"
    assert drawn["count"] <= drawn["seconds"] * 60 + 3  # a frame at most each, however many events come
    assert drawn["longest"] < 400  # ms; on a machine with much else to do


def test_no_text_of_a_motion_is_more_than_text(screen, waking_ports, seated, lan):
    evil = "<img src=x onerror=alert(1)><b>đậm</b> {title}"
    approved(waking_ports, lan, seated, title=evil)
    desk = screen(lan)
    expect(desk.locator(".motion-panel .motion-title")).to_have_text(evil)
    assert desk.locator(".room img[src=x], .room b").count() == 0


def test_a_paused_meeting_offers_no_vote(screen, waking_ports, seated, lan):
    approved(waking_ports, lan, seated)
    desk = screen(lan)
    expect(on_panel(desk, "vote_call")).to_be_visible()
    meetings.pause(waking_ports, lan, seated)
    expect(on_panel(desk, "vote_call")).to_be_hidden()


# A room of its own with 1,000 people, of whom 500 vote within a second; how often it drew, and how long it was deaf.
MANY = """async () => {
  const script = document.querySelector("script[type=module]").textContent;
  const data = JSON.parse(script.match(/data: (.*), parentElement/)[1]);
  const people = Array.from({ length: 1000 }, (_, place) => place + 1);
  const morning = "2026-11-23T01:00:00Z";
  const meeting = { title: "Hội nghị", state: "running", starts_at: morning, opened_at: morning,
    paused_at: null, closed_at: null, quorum: { numerator: 2, denominator: 3 } };
  const motion = { id: 1, item_id: null, title: "Nghị quyết", text: "", kind: "agreement", options: [], secret: false,
    proxies: false, max_choices: 1, winners: 1, base: "present", numerator: 1, denominator: 2, strict: true,
    tie: "fails", seconds: null, round: 1, repeat_of: null, state: "open", closes_at: null, closed_at: null,
    quorum: { present: 1000, need: 667, all: 1000, overruled: null }, need: 501, result: null };
  const vote = (id, voted) => ({ id, motion_id: 1, attendee_id: id, holder_id: id, voted });
  const person = (id) => ({ id, name: `Người số ${id}`, post: "", unit: "", role: id === 1 ? "chair" : "member",
    votes: true, checked_in_at: morning, left_at: null, place: "room", by: "touch", seat_id: null, stands_for: null,
    delegate_id: null, delegate_votes: false });
  const empty = { items: [], documents: [], conclusions: [], replies: [], ready: [], floor: [], messages: [] };
  const taking = { speeches: "open", questions: "open" };
  const state = { version: 1, meeting, ...empty, help: [], seats: [], screens: [], attendees: people.map(person),
    motions: [motion], electors: people.map((id) => vote(id, false)),
    floor_rules: { order: "time", seconds: 180, question_seconds: 120, ...taking },
    you: { attendee_id: 2, name: "Thư ký", role: "secretary", desk: true } };
  let socket = null;
  class Scripted {
    static OPEN = 1;
    constructor() { this.readyState = 1; socket = this; setTimeout(() => this.onopen?.()); }
    say(message) { this.onmessage?.({ data: JSON.stringify(message) }); }
    send(text) {
      const now = new Date().toISOString();
      if (JSON.parse(text).t === "hello") setTimeout(() => this.say({ t: "snapshot", now, state, place: null }));
    }
    close() {}
  }
  const { WebSocket } = window;
  window.WebSocket = Scripted;
  const { default: mount } = await import("/ui/components/room/room.js");
  const host = document.body.appendChild(document.createElement("div"));
  const parentElement = host.attachShadow({ mode: "open" });
  mount({ data, parentElement });
  window.WebSocket = WebSocket;
  const find = (selector) => parentElement.querySelector(selector);
  while (!find(".motion-panel")?.checkVisibility()) await new Promise((go) => setTimeout(go, 50));
  let count = 0;
  const drawings = new MutationObserver(() => (count += 1));
  drawings.observe(find(".room"), { attributeFilter: ["data-version"] });
  const began = performance.now();
  let [longest, before] = [0, began];
  for (let id = 1; id <= 500; id += 1) {
    socket.say({ t: "event", v: id + 1, k: "electors", b: { electors: [vote(id, true)] } });
    await new Promise((go) => setTimeout(go));
    longest = Math.max(longest, performance.now() - before);
    before = performance.now();
  }
  const seconds = (performance.now() - began) / 1000;
  await new Promise((go) => setTimeout(go, 1500));
  const shown = find("[data-show=done]").textContent;
  host.remove();
  return { count, seconds, longest, shown };
}"""

# What reaches beyond the right edge of the screen.
ACROSS = """() => {
  const root = document.getElementById("host").shadowRoot;
  return [...root.querySelectorAll(".room, .desk, .sheet[open], .sheet[open] .sheet-content, .side, .centre, .right")]
    .filter((node) => node.checkVisibility() && node.scrollWidth > node.clientWidth + 1)
    .map((node) => [node.className, node.scrollWidth, node.clientWidth]);
}"""


def test_the_way_back_goes_when_the_first_vote_comes(screen, waking_ports, seated, lan, minh):
    motion_id = approved(waking_ports, lan, seated)
    desk = screen(lan)
    on_panel(desk, "vote_open").tap()
    expect(desk.locator(".undo")).to_be_visible()
    mine = elector(waking_ports, motion_id, minh)
    ballots.cast(waking_ports, minh, seated, motion_id, mine, choice="agree")
    expect(desk.locator(".undo")).to_be_hidden(timeout=4000)
