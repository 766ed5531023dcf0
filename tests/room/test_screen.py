"""The room as browsers draw it: the component alone, on a page of the test, against a real room server."""

import random

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from meeting_app.domain.event import Channel, Kind, apply
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.ports import Ports
from meeting_app.services import account
from meeting_app.services import agenda as agendas
from meeting_app.services import attendee as attendees
from meeting_app.services import document as documents
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services import version as versions
from meeting_app.services.document_rows import Shown
from meeting_app.services.unit_of_work import changing
from tests.laying import lay
from tests.pdf.hostile import plain
from tests.room.screens import PHONE, TABLET

pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)


def put_document(ports, actor, meeting_id: int, item_id: int | None, title: str, pages: int) -> None:
    with changing(ports, actor) as work:
        document, version = lay(
            work,
            meeting_id,
            title=title,
            item_id=item_id,
            sha256="a" * 64,
            pages=pages,
            prepared=True,
            for_guests=True,
        )
        meeting = work.standing(meeting_id).meeting
        work.emit(
            meeting,
            Kind.DOCUMENTS,
            {"documents": [events.document_body(Shown(document, version), meeting)]},
            Channel.EVERYONE,
        )


def test_the_desk_acts_and_every_screen_follows(screen, agenda, hung, minh):
    desk, member = screen(hung), screen(minh, PHONE)
    desk.locator("[data-act=start]").tap()
    for page in (desk, member):
        expect(page.locator('.now[data-state="current"] .now-title')).to_contain_text("Báo cáo tình hình")
    assert member.locator(".now .acts").is_hidden()
    desk.locator("[data-act=finish]").tap()
    expect(desk.locator(".said")).to_contain_text("Đã kết thúc")
    desk.locator(".undo").tap()
    expect(member.locator('.now[data-state="current"]')).to_be_visible()
    member.locator(".bar-check_in").tap()
    expect(desk.locator(".bar-people .label")).to_have_text("Thành phần 1/6")
    member.locator(".bar-agenda").tap()
    expect(member.locator('.item[data-state="current"]')).to_have_count(1)


def test_the_desk_inserts_moves_records_and_closes(screen, hung, minh):
    desk, member = screen(hung), screen(minh)
    desk.locator("[data-act=insert]").tap()
    form = desk.locator(".sheet[open] form")
    form.locator("[name=title]").fill("Việc đột xuất")
    form.locator("[name=minutes]").fill("5")
    form.locator("button").tap()
    expect(member.locator(".item-title").first).to_have_text("Việc đột xuất")
    desk.locator("[data-act=reorder]").tap()
    desk.locator("[data-act=move_down]").first.tap()
    expect(member.locator(".item-title").nth(1)).to_have_text("Việc đột xuất")
    desk.locator("[data-act=conclude]").tap()
    desk.locator(".sheet[open] textarea").fill("Giao Văn phòng chủ trì.")
    desk.locator(".sheet[open] button[type=submit]").tap()
    expect(desk.locator(".conclusion-text")).to_have_text("Giao Văn phòng chủ trì.")
    desk.keyboard.press("Escape")
    for _ in range(4):
        desk.locator("[data-act=skip]").tap()
        desk.wait_for_selector(".said:has-text('Đã bỏ qua')")
        desk.locator(".strip .icon").tap()
    desk.locator(".now [data-act=close]").tap()
    desk.locator("[data-act=close-now]").tap()
    expect(member.locator('.now[data-state="closed"] .tag')).to_contain_text("Bế mạc lúc")
    expect(desk.locator(".sheet[open]")).to_have_count(0)


def test_the_desk_checks_in_and_notes_an_absence(screen, ports, running_meeting, lan):
    desk = screen(lan)
    desk.locator(".bar-people").tap()
    row = desk.locator(".person", has_text="Phạm Thị Hoa")
    row.get_by_role("button", name="Lý do vắng").tap()
    row.locator("input").fill("Đi công tác Hà Nội")
    row.get_by_role("button", name="Lưu").tap()
    expect(row.locator(".presence")).to_have_text("Vắng: Đi công tác Hà Nội")
    row.locator("[data-act=check_in]").tap()
    expect(row.locator(".presence")).to_contain_text("Có mặt từ")
    desk.locator(".undo").tap()  # beside the open sheet it can still be touched
    expect(row.locator(".presence")).to_have_text("Vắng: Đi công tác Hà Nội")
    assert not any(each.checked_in_at for each in attendees.attendees(ports, lan, running_meeting))


def test_a_refusal_is_a_calm_sentence(screen, waking_ports, running_meeting, agenda, hung, lan):
    desk = screen(lan)
    start = desk.locator("[data-act=start]")
    start.evaluate("node => (node.act.press = ((press) => () => press(node))(node.act.press))")
    stale = start.evaluate_handle("node => node.act")
    agendas.start(waking_ports, hung, running_meeting, agenda[0])
    expect(desk.locator("[data-act=finish]")).to_be_visible()
    stale.evaluate("act => act.press()")  # the touch that came too late
    expect(desk.locator('.strip[data-kind="refusal"] .said')).to_contain_text("Báo cáo tình hình")


def test_texts_of_people_are_only_texts(screen, waking_ports, running_meeting, agenda, lan, minh):
    evil = "<img src=x onerror=alert(1)><b>đậm</b> {title}"
    agendas.change(waking_ports, lan, running_meeting, agenda[0], title=evil, presenter=evil, minutes=5)
    agendas.start(waking_ports, lan, running_meeting, agenda[0])
    page = screen(minh)
    expect(page.locator(".now-title")).to_have_text(evil)
    assert page.locator(".room img[src=x], .room b").count() == 0


def test_a_document_is_read_freely_while_the_agenda_goes_on(screen, waking_ports, running_meeting, agenda, lan, minh):
    put_document(waking_ports, lan, running_meeting, agenda[0], "Báo cáo", 5)
    put_document(waking_ports, lan, running_meeting, agenda[1], "Dự toán", 3)
    agendas.start(waking_ports, lan, running_meeting, agenda[0])
    page = screen(minh)
    expect(page.locator(".page-number")).to_have_text("1/5")
    page.locator("[data-act=page_next]").tap()
    expect(page.locator(".page-number")).to_have_text("2/5")
    page.locator("[data-act=read_wide]").tap()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".page-number")).to_have_text("3/5")
    agendas.finish(waking_ports, lan, running_meeting, agenda[0])
    agendas.start(waking_ports, lan, running_meeting, agenda[1])
    expect(page.locator(".wide-now")).to_contain_text("Thảo luận dự toán")
    page.keyboard.press("Escape")
    page.locator(".item-choose").first.tap()  # back to the finished item, at the page that was read
    expect(page.locator(".page-number")).to_have_text("3/5")
    page.locator(".follow").tap()
    expect(page.locator(".page-number")).to_have_text("1/3")
    expect(page.locator(".page img[src]")).to_have_count(3)
    near = page.locator(".page img[src]").evaluate_all("images => images.map((image) => image.getAttribute('src'))")
    assert [address.rsplit("/", 2)[1] for address in near] == ["0", "1", "2"]


def test_whoever_reads_an_old_version_is_told_of_the_new_one(
    screen, waking_ports, running_meeting, agenda, lan, minh, tmp_path
):
    (tmp_path / "một.pdf").write_bytes(plain("Số liệu cũ"))
    (tmp_path / "hai.pdf").write_bytes(plain("Số liệu mới"))
    report = documents.upload(
        waking_ports,
        lan,
        running_meeting,
        tmp_path / "một.pdf",
        file_name="một.pdf",
        title="Báo cáo",
        item_id=agenda[0],
    )
    agendas.start(waking_ports, lan, running_meeting, agenda[0])
    page = screen(minh, PHONE)
    expect(page.locator(".page-number")).to_have_text("1/1")
    versions.replace(waking_ports, lan, report, tmp_path / "hai.pdf", file_name="hai.pdf")
    expect(page.locator(".said")).to_have_text("“Báo cáo” có bản mới (bản 2).")
    with page.context.expect_page() as opened:
        page.locator(".undo").tap()
    assert opened.value.url.endswith(f"/compare?document={report}")
    page.locator(".bar-documents").tap()
    expect(page.locator(".document-list .quiet")).to_contain_text("bản 2")


def test_what_was_touched_while_away_is_done_once_back(screen, room, ports, running_meeting, agenda, hung, minh):
    page = screen(minh)
    room.ask(lambda: [connection.abort() for connection in list(room.server.connections)])
    page.locator(".bar-check_in").tap()
    expect(page.locator(".bar-check_in.done")).to_be_visible()
    versions = events.version_of(ports, running_meeting)
    agendas.start(ports, hung, running_meeting, agenda[0])
    expect(page.locator('.now[data-state="current"]')).to_be_visible()
    assert events.version_of(ports, running_meeting) == versions + 1


def test_whoever_signed_out_is_told_and_led_to_the_door(screen, room, ports, minh):
    page = screen(minh)
    account.sign_out(ports, page.token)
    room.make_rechecks_due()
    expect(page.locator(".notice a")).to_have_attribute("href", "/sign-in")
    expect(page.locator(".now-title")).to_be_visible()  # what was open stays


@pytest.mark.parametrize("size", [TABLET, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_and_touched(screen, waking_ports, running_meeting, agenda, hung, size, scheme):
    put_document(waking_ports, hung, running_meeting, agenda[0], "Báo cáo", 2)
    agendas.start(waking_ports, hung, running_meeting, agenda[0])
    page = screen(hung, size, color_scheme=scheme)
    for opening in (None, ".bar-people", ".bar-documents", "[data-act=conclude]"):
        if opening:
            page.locator(opening).tap()
            page.wait_for_function("() => document.getElementById('host').shadowRoot.getAnimations().length === 0")
        assert page.evaluate(FAINT) == []
        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        if opening:
            page.keyboard.press("Escape")


@pytest.mark.parametrize("size", [TABLET, PHONE])
def test_nothing_serious_stands_in_anybodys_way(screen, waking_ports, running_meeting, agenda, hung, size):
    put_document(waking_ports, hung, running_meeting, agenda[0], "Báo cáo", 2)
    agendas.start(waking_ports, hung, running_meeting, agenda[0])
    page = screen(hung, size)
    expect(page.locator(".page.loaded").first).to_be_visible()
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    # The page around the component is the test's own.
    assert [each["id"] for each in serious if each["nodes"][0]["html"] != "<html>"] == []


def test_the_keyboard_reaches_every_act(screen, running_meeting, hung):
    page = screen(hung)
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(() => { const at = document.getElementById('host').shadowRoot.activeElement;"
            " return at ? at.dataset.act ?? at.className : ''; })()"
        )
        reached.add(focused.split(" ")[0])
    assert {"home", "item-choose", "insert", "reorder", "start", "skip", "bar-check_in", "bar-people"} <= reached


def test_a_meeting_that_closed_is_still_there_to_read(screen, waking_ports, running_meeting, hung, minh):
    meetings.close(waking_ports, hung, running_meeting)
    page = screen(minh)
    expect(page.locator(".now .tag")).to_contain_text("Bế mạc lúc 8 giờ 00")


def test_on_a_phone_nothing_lies_over_the_question_whether_to_close(screen, hung):
    page = screen(hung, PHONE)
    page.locator("[data-act=pause]").tap()
    expect(page.locator(".strip")).to_be_visible()
    page.locator(".now [data-act=close]").tap()
    expect(page.locator(".strip")).to_be_hidden()
    buttons = page.locator(".sheet[open] .acts button")
    assert [box["height"] < 100 for box in map(Locator.bounding_box, buttons.all())] == [True, True]
    buttons.last.tap()
    expect(page.locator(".sheet[open]")).to_have_count(0)


def test_after_closing_the_desk_is_led_to_the_minutes_and_the_others_once_they_are_issued(
    screen, waking_ports, running_meeting, hung, minh
):
    desk, member = screen(hung), screen(minh)
    meetings.close(waking_ports, hung, running_meeting)
    expect(desk.locator('[data-act="write_minutes"]')).to_have_text("Soạn biên bản")
    expect(member.locator(".papers .empty")).to_contain_text("Chạm vào một mục")
    expect(member.locator(".now .acts button")).to_have_count(0)
    tell_state(waking_ports, running_meeting, MeetingState.RECORDED)
    member.locator('[data-act="read_minutes"]').tap()
    member.wait_for_url(f"**/minutes?meeting={running_meeting}")


def tell_state(ports: Ports, meeting_id: int, state: MeetingState) -> None:
    """What the room hears when the minutes are issued."""
    with changing(ports, None) as work:
        meeting = work.session.get_one(Meeting, meeting_id)
        meeting.state = state
        work.emit(meeting, Kind.MEETING, events.meeting_body(work.session, meeting))


def test_a_long_title_leaves_the_page_its_tools(screen, waking_ports, running_meeting, agenda, hung):
    put_document(waking_ports, hung, running_meeting, agenda[0], "Báo cáo", 2)
    agendas.change(
        waking_ports, hung, running_meeting, agenda[0], title="Kết quả thực hiện " * 5, presenter="", minutes=9
    )
    agendas.start(waking_ports, hung, running_meeting, agenda[0])
    page = screen(hung)
    tools = page.locator(".page-tools").bounding_box()
    bar = page.locator(".bar").bounding_box()
    assert tools["y"] + tools["height"] <= bar["y"]


def test_browser_and_server_apply_events_alike(screen, hung):
    """Both rules on a thousand random histories; the browser's answers must be the server's."""
    chance = random.Random(7)
    histories = [[random_event(chance) for _ in range(chance.randint(1, 8))] for _ in range(1000)]
    expected = []
    for history in histories:
        state = {"version": 0}
        for version, (kind, body) in enumerate(history, start=1):
            state = apply(state, version, Kind(kind) if kind else None, body)
        expected.append(state)
    found = screen(hung).evaluate(
        """async (histories) => {
          const { apply } = await import("/ui/components/state.js");
          return histories.map((history) => history.reduce(
            (state, [kind, body], place) => apply(state, place + 1, kind, body), { version: 0 }));
        }""",
        histories,
    )
    assert found == expected


def random_event(chance: random.Random) -> tuple[str | None, dict]:
    kind = chance.choice([None, *(each.value for each in Kind)])
    if kind in ("meeting", "minutes"):
        return kind, {chance.choice("abc"): chance.randint(0, 9)}
    if kind is None:
        return None, {}
    body = {kind: [{"id": chance.randint(1, 6), "n": chance.randint(0, 9)} for _ in range(chance.randint(0, 3))]}
    if chance.random() < 0.4:
        body["gone"] = [chance.randint(1, 6)]
    if chance.random() < 0.4:
        body["order"] = chance.sample(range(1, 7), 4)
    return kind, body


# Texts that stand less than 7:1 on their ground (WCAG 2.2, 1.4.6), of what is neither hidden, disabled nor covered.
FAINT = """() => {
  const root = document.getElementById("host").shadowRoot;
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const scope = root.querySelector("dialog[open]") ?? root;
  return [...scope.querySelectorAll("*")].filter((node) =>
    [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim())
    && node.checkVisibility() && !node.closest(":disabled, option")).map((node) => {
      const [ink, paper] = [luminance(numbers(getComputedStyle(node).color)), luminance(ground(node))];
      return [node.textContent, (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)];
    }).filter(([, contrast]) => contrast < 7);
}"""

# What can be touched and is smaller than 48 by 44 pixels.
SMALL = """() => {
  const root = document.getElementById("host").shadowRoot;
  const scope = root.querySelector("dialog[open]") ?? root;
  const boxes = "[type=checkbox], [type=radio]"; // what is touched is the whole label
  const touched = `button, a, input:not(${boxes}), select, textarea, label:has(${boxes})`;
  return [...scope.querySelectorAll(touched)].filter((node) => node.checkVisibility())
    .map((node) => [node.textContent || node.name, node.getBoundingClientRect()])
    .filter(([, box]) => box.height < 47.5 || box.width < 44).map(([text, box]) => [text, box.width, box.height]);
}"""
