"""Signing on the screen: by finger and by pen, with the real key behind the stroke."""

import re

import pytest
from playwright.sync_api import Page, expect

from meeting_app.services import invitation, minutes
from tests.keys import PIN
from tests.story.finger import Finger
from tests.ui.browsing import PATIENCE, Reader
from tests.ui.conftest import Open
from tests.web.stages import before_the_clerk, before_the_leader, before_the_secretary, invited
from tests.web.web_house import WebHouse

SIGNATURE = [(0.1, 0.7), (0.25, 0.2), (0.4, 0.75), (0.6, 0.3), (0.9, 0.6)]  # parts of the pad's width and height


def on_pad(page: Page, parts: tuple[float, float]) -> tuple[float, float]:
    box = page.locator(".pad").bounding_box()
    assert box is not None
    return box["x"] + parts[0] * box["width"], box["y"] + parts[1] * box["height"]


def draw(page: Page, parts: list[tuple[float, float]]) -> None:
    """One stroke of a finger."""
    pad = page.locator(".pad")
    pad.evaluate("pad => pad.scrollIntoView({ block: 'center' })")  # as a hand would: clear of the bar below
    pad.tap(trial=True)  # waits until it stands still
    Finger(page).draw([on_pad(page, each) for each in parts])


def strokes(page: Page) -> int:
    return len(re.findall("M", page.locator(".pad path").get_attribute("d") or ""))


def before_the_pad(opened: Open, name: str, paper: str, meeting_id: int, size: str = "tablet") -> Reader:
    signer = opened(name, size)
    signer.go(f"/sign?paper={paper}&meeting={meeting_id}")
    signer.see("#pin")
    return signer


@pytest.fixture(scope="module")
def waiting(house: WebHouse) -> int:
    """An invitation that nobody in these tests signs in the end."""
    return before_the_leader(house)


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_it_fits_the_screen_and_the_finger(opened: Open, waiting: int, size: str):
    signer = before_the_pad(opened, "hung", "invitation", waiting, size)
    assert not signer.scrolls_sideways()
    assert signer.small_targets(".sign") == []


@pytest.mark.parametrize("height", [700, 1800])
def test_the_mark_stands_over_the_signers_name_on_any_screen(opened: Open, waiting: int, height: int):
    signer = before_the_pad(opened, "hung", "invitation", waiting)
    signer.page.set_viewport_size({"width": 1000, "height": height})
    sheet, image = signer.see(".sheet").first.bounding_box(), signer.see(".sheet img").first.bounding_box()
    assert sheet is not None
    assert image is not None
    assert sheet["height"] == pytest.approx(image["height"], abs=1)  # the mark's place is counted on the sheet


def test_nothing_is_sent_without_a_stroke_and_a_pin(opened: Open, waiting: int):
    signer = before_the_pad(opened, "hung", "invitation", waiting)
    sent: list[str] = []
    signer.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    button = signer.page.get_by_role("button", name="Ký", exact=True)
    button.tap(force=True)  # it says what is missing, though it tells programs that it is not ready
    expect(signer.page.get_by_role("alert")).to_have_text("Đề nghị ký vào ô trước.")
    draw(signer.page, SIGNATURE)
    button.tap(force=True)
    expect(signer.page.get_by_role("alert")).to_have_text("Đề nghị nhập mã PIN của khoá ký.")
    expect(signer.page.locator("#pin")).to_be_focused()
    assert [url for url in sent if "/sign/" in url] == []


def test_strokes_are_taken_back_one_by_one_or_all(opened: Open, waiting: int):
    signer = before_the_pad(opened, "hung", "invitation", waiting)
    draw(signer.page, SIGNATURE)
    draw(signer.page, [(0.2, 0.8), (0.8, 0.8)])
    assert strokes(signer.page) == 2
    signer.page.get_by_role("button", name="Bỏ nét vừa vẽ").tap()
    assert strokes(signer.page) == 1
    draw(signer.page, [(0.2, 0.8), (0.8, 0.8)])
    signer.page.get_by_role("button", name="Xoá hết").tap()
    assert strokes(signer.page) == 0
    expect(signer.page.get_by_role("button", name="Xoá hết")).to_be_disabled()


def test_a_resting_hand_does_not_break_the_stroke(opened: Open, waiting: int):
    signer = before_the_pad(opened, "hung", "invitation", waiting)
    page = signer.page
    page.locator(".pad").scroll_into_view_if_needed()
    finger = Finger(page)
    first, palm = on_pad(page, (0.1, 0.5)), on_pad(page, (0.8, 0.9))
    finger.touch("touchStart", first)
    finger.touch("touchMove", on_pad(page, (0.3, 0.2)))
    finger.touch("touchStart", on_pad(page, (0.3, 0.2)), palm)
    finger.touch("touchMove", on_pad(page, (0.5, 0.6)), palm)
    finger.touch("touchEnd")
    assert strokes(page) == 1
    across = [float(x) for x in re.findall(r"[ML] ([\d.]+)", page.locator(".pad path").get_attribute("d") or "")]
    assert max(across) == pytest.approx(260, abs=12)  # half of the pad's 520 units: the palm at 0.8 drew nothing


def test_a_wrong_pin_keeps_the_stroke(opened: Open, waiting: int):
    signer = before_the_pad(opened, "hung", "invitation", waiting)
    draw(signer.page, SIGNATURE)
    signer.page.locator("#pin").fill("000000")
    signer.page.get_by_role("button", name="Ký", exact=True).tap()
    expect(signer.page.get_by_role("alert")).to_contain_text("PIN", timeout=PATIENCE)
    expect(signer.page.locator("#pin")).to_have_value("")
    expect(signer.page.locator("#pin")).to_be_focused()
    assert strokes(signer.page) == 1


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_the_leader_signs_and_sees_the_verdict(opened: Open, house: WebHouse, size: str):
    meeting_id = before_the_leader(house)
    signer = before_the_pad(opened, "hung", "invitation", meeting_id, size)
    draw(signer.page, SIGNATURE)
    signer.page.locator("#pin").fill(PIN)
    signer.page.get_by_role("button", name="Ký", exact=True).tap()
    signer.sees_text("Nguyễn Văn Hùng")
    signer.sees_text("PAdES")
    view = invitation.view(house.ports, house.actor("hung"), meeting_id)
    assert view is not None
    assert not view.may_sign
    facts = invitation.verdict(house.ports, house.actor("hung"), meeting_id).signatures
    assert [each.signer for each in facts] == ["Nguyễn Văn Hùng"]


def test_the_clerk_seals_with_the_pin_alone(opened: Open, house: WebHouse):
    meeting_id = before_the_clerk(house)
    clerk = before_the_pad(opened, "thu", "invitation", meeting_id)
    assert clerk.page.locator(".pad").count() == 0
    expect(clerk.page.locator(".mark")).to_have_text("Con dấu của cơ quan")
    clerk.page.locator("#pin").fill(PIN)
    clerk.page.get_by_role("button", name="Đóng dấu và phát hành").tap()
    clerk.sees_text("Hợp lệ")
    view = invitation.view(house.ports, house.actor("lan"), meeting_id)
    assert view is not None
    assert view.issued_at is not None


def test_an_attendee_finds_the_verdict_on_the_invitation(opened: Open, house: WebHouse):
    attendee = opened("minh")
    attendee.go(f"/meeting?meeting={invited(house)}")
    attendee.page.get_by_text("Xem các chữ ký và kết luận kiểm tra").tap()
    attendee.sees_text("Mọi chữ ký đều hợp lệ")
    for signer in ("Nguyễn Văn Hùng", "Uỷ ban nhân dân phường An Hải"):
        attendee.sees_text(signer)


def test_the_secretary_signs_the_minutes_with_the_mouse(opened: Open, house: WebHouse):
    meeting_id = before_the_secretary(house)
    secretary = before_the_pad(opened, "lan", "minutes", meeting_id)
    mouse = secretary.page.mouse
    secretary.page.locator(".pad").scroll_into_view_if_needed()
    mouse.move(*on_pad(secretary.page, SIGNATURE[0]))
    mouse.down()
    for part in SIGNATURE[1:]:
        mouse.move(*on_pad(secretary.page, part), steps=4)
    mouse.up()
    secretary.page.locator("#pin").fill(PIN)
    secretary.page.keyboard.press("Enter")
    secretary.sees_text("Trần Thị Lan")
    secretary.sees_text("PAdES")
    view = minutes.view(house.ports, house.actor("hung"), meeting_id)
    assert view is not None
    assert view.may_sign
