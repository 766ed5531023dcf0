"""One meeting from registering to its signed minutes, by touch and click, in real browsers."""

import json
import re
import subprocess
from datetime import datetime
from pathlib import Path

from playwright.sync_api import expect

from meeting_app.domain.calendar import VIETNAM
from tests.commands.house import command
from tests.story.stage import SECONDS, Person, Stage, quarter_hours

DOCUMENTS = Path(__file__).parent.parent / "documents"
TITLE = "Họp bàn chỉnh trang đô thị quý IV"
NOTED = ("Đại biểu đề nghị rà soát số liệu.", "Viết khi mất mạng.")
CONCLUSION = "Thống nhất phương án chỉnh trang; báo cáo kết quả trước ngày 20 tháng 12."
DISCUSSION = "Các đại biểu thảo luận và nhất trí với báo cáo."


def test_a_meeting_from_registering_to_its_signed_minutes(stage: Stage, tmp_path: Path):
    secretary, chair, member = stage.enter("lan"), stage.enter("hung"), stage.enter("minh")
    clerk = stage.enter("thu")
    pin = stage.secrets["pin"]
    meeting_id = registered(secretary)
    prepared(secretary, meeting_id)
    invited(secretary, chair, clerk, meeting_id, pin)
    replied(member, meeting_id)
    held(secretary, chair, member, meeting_id)
    written(secretary, meeting_id)
    secretary.sign("minutes", meeting_id, pin, stroke=True)
    secretary.sees("Bạn đã ký")
    chair.sign("minutes", meeting_id, pin, stroke=True)
    chair.sees("Bạn đã ký")
    clerk.sign("minutes", meeting_id, pin, stroke=False)
    clerk.sees("Đã đóng dấu và phát hành")
    member.go(f"/minutes?meeting={meeting_id}")
    member.sees(re.compile("hợp lệ", re.IGNORECASE))
    checked(taken_home(member, tmp_path), stage, tmp_path)


def registered(secretary: Person) -> int:
    """The form says what is wrong, keeps what was typed, and at last stores the meeting."""
    start, end = quarter_hours()
    secretary.go("/register")
    form = "registration_new"
    secretary.choose(f"{form}_venue", "Phòng giao ban")
    # Today; the form offers tomorrow.
    secretary.at(f"{form}_day").get_by_role("spinbutton").first.click()
    secretary.page.keyboard.type(datetime.now(VIETNAM).strftime("%d%m%Y"))
    secretary.settle()
    secretary.choose(f"{form}_start", start)
    secretary.choose(f"{form}_end", end)
    secretary.choose(f"{form}_chair", "Nguyễn Văn Hùng")
    secretary.choose(f"{form}_members", "Lê Quang Minh", "Đỗ Tiến Dũng")
    secretary.choose(f"{form}_guests", "Vũ Đình Quang")
    secretary.press("save")
    secretary.sees("Cuộc họp cần có tiêu đề.")
    secretary.type_into(f"{form}_title", TITLE)
    secretary.press("save")
    secretary.page.wait_for_url(re.compile(r"/meeting\?meeting=\d+"), timeout=20 * SECONDS)
    secretary.settle()
    secretary.sees(TITLE)
    return int(secretary.page.url.split("meeting=")[1].split("&")[0])


def prepared(secretary: Person, meeting_id: int) -> None:
    """Two items, and documents that other programs made; what is no PDF is refused with its sentence."""
    for title, minutes in (("Báo cáo kết quả thực hiện", "20"), ("Phương án chỉnh trang", "15")):
        form = secretary.page.locator("[data-testid=stForm]").last
        form.locator("input").first.fill(title)
        form.locator("input[type=number]").fill(minutes)
        form.get_by_role("button", name="Thêm vào chương trình").tap()
        secretary.sees(title)
        secretary.settle()
    secretary.tab("Tài liệu")
    handed_in = secretary.page.locator("input[type=file]")
    bad = {"name": "thu.pdf", "mimeType": "application/pdf", "buffer": b"Kinh gui"}
    handed_in.set_input_files([bad])  # type: ignore[list-item]  # a payload is as good as a path
    expect(secretary.page.locator(".sentence.bad")).to_contain_text("PDF", timeout=30 * SECONDS)
    names = ("bao-cao-chromium.pdf", "ke-hoach-libreoffice-200-trang.pdf", "ban-quet.pdf")
    handed_in.set_input_files([DOCUMENTS / name for name in names])
    for name in names:
        secretary.sees(re.compile(Path(name).stem))
    expect(secretary.page.locator(f".st-key-upload_{meeting_id} .sentence.good")).to_have_count(3, timeout=60 * SECONDS)


def invited(secretary: Person, chair: Person, clerk: Person, meeting_id: int, pin: str) -> None:
    """Drafted, refused with a wrong PIN, signed by the leader, sealed and issued by the clerk."""
    secretary.go(f"/meeting?meeting={meeting_id}")
    secretary.press("next")
    chair.go("/")
    chair.sees(TITLE)
    wrong = f"{(int(pin) + 1) % 1_000_000:06d}"
    chair.sign("invitation", meeting_id, wrong, stroke=True)
    expect(chair.page.locator(".sentence.bad")).to_contain_text("PIN", timeout=20 * SECONDS)
    chair.give_pin(pin)
    chair.sees("Bạn đã ký")
    clerk.sign("invitation", meeting_id, pin, stroke=False)
    clerk.sees("Đã đóng dấu và phát hành")


def replied(member: Person, meeting_id: int) -> None:
    member.go("/")
    member.sees(TITLE)
    member.go(f"/meeting?meeting={meeting_id}")
    member.press("accept")
    member.sees("Sẽ dự họp")


def held(secretary: Person, chair: Person, member: Person, meeting_id: int) -> None:
    """Check in by one touch, follow the agenda, conclude, close; nobody reloads."""
    for person in (secretary, chair, member):
        person.enter_room(meeting_id)
        person.in_room(".bar-check_in").tap()
    expect(secretary.in_room(".bar-people")).to_contain_text("3/5", timeout=20 * SECONDS)
    chair.act("open")
    secretary.act("start")
    member.shows_current("Báo cáo kết quả thực hiện")
    noted(secretary)
    secretary.act("finish")
    secretary.act("start")
    member.shows_current("Phương án chỉnh trang")
    secretary.act("conclude")
    secretary.in_room(".sheet[open] textarea").fill(CONCLUSION)
    secretary.in_room("form:visible button[type=submit]").first.tap()
    expect(secretary.in_room(":text('Thống nhất phương án'):visible").first).to_be_visible(timeout=20 * SECONDS)
    secretary.page.keyboard.press("Escape")
    chair.act("finish")
    chair.act("close")
    chair.act("close-now")
    expect(member.in_room('.now[data-state="closed"]')).to_be_visible(timeout=20 * SECONDS)


def noted(secretary: Person) -> None:
    """The minutes grow beside the panel; what is typed while the line is cut arrives when it holds again."""
    secretary.settle()
    secretary.count_runs()
    part = secretary.in_room('.minutes-part[data-current="true"]')
    part.locator("textarea").fill(NOTED[0])
    expect(part.locator('.state[data-state="saved"]')).to_be_visible(timeout=20 * SECONDS)
    secretary.context.set_offline(True)
    part.locator("textarea").fill("\n".join(NOTED))
    expect(part.locator('.state[data-state="kept"]')).to_be_visible(timeout=20 * SECONDS)
    secretary.context.set_offline(False)
    expect(part.locator('.state[data-state="saved"]')).to_be_visible(timeout=60 * SECONDS)
    assert secretary.runs() == 0


def written(secretary: Person, meeting_id: int) -> None:
    """What was noted in the room is there, typed text survives a reload; then the paper goes to its signers."""
    secretary.go(f"/minutes?meeting={meeting_id}")
    secretary.press("draft")
    area = secretary.page.locator("section textarea").nth(1)
    expect(area).to_have_value(re.compile("\n".join(NOTED)), timeout=20 * SECONDS)
    area.fill(DISCUSSION)
    secretary.page.reload()
    secretary.settle()
    area = secretary.page.locator("section textarea").nth(1)
    expect(area).to_have_value(DISCUSSION, timeout=20 * SECONDS)
    area.fill(f"{DISCUSSION} Không có ý kiến khác.")
    secretary.page.get_by_role("button", name="Hoàn thành và trình ký").tap()
    secretary.page.wait_for_url(re.compile("/sign"), timeout=20 * SECONDS)


def taken_home(member: Person, folder: Path) -> Path:
    with member.page.expect_download(timeout=20 * SECONDS) as waiting:
        member.page.get_by_role("link", name="Tải về").first.tap()
    path = folder / "minutes.pdf"
    waiting.value.save_as(path)
    return path


def checked(path: Path, stage: Stage, folder: Path) -> None:
    """The file the attendee holds, judged by four programs."""
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid.") >= 3
    assert "Signature is Invalid" not in said
    assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0
    root = stage.house.data_dir / "pki" / "root.pem"
    assert [openssl_agrees(path, folder, root, place) for place in range(3)] == [True] * 3
    told = command("verify", str(path), "--trust", str(root), "--json", data_dir=folder)
    assert told.returncode == 0, told.stdout
    (facts,) = json.loads(told.stdout)
    # The worker may have archived them by now: a timestamp of the whole document follows.
    assert [each["field"] for each in facts["signatures"]][:3] == ["Secretary", "Chair", "AgencySeal"]
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=False).stdout
    assert "Không có ý kiến khác" in " ".join(text.split())


def openssl_agrees(path: Path, folder: Path, root: Path, place: int) -> bool:
    """Cut one signature and what it signs out of the file, and let openssl judge the pair."""
    content = path.read_bytes()
    found = re.findall(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", content)
    start, length, again, rest = map(int, found[place])
    (folder / "signed").write_bytes(content[start : start + length] + content[again : again + rest])
    (folder / "cms").write_bytes(bytes.fromhex(content[start + length + 1 : again - 1].decode()))
    told = subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", folder / "cms", "-content",
         folder / "signed", "-CAfile", root, "-purpose", "any", "-out", "/dev/null"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return told.returncode == 0
