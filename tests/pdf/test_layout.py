"""The layout of Nghị định 30/2020 (L7-L10), measured in the finished PDF with tolerances."""

from dataclasses import replace
from datetime import date

import pytest

from meeting_app.domain.signature import Field
from meeting_app.pdf.invitation import render_invitation
from meeting_app.pdf.minutes import render_minutes
from tests.pdf.papers import INVITATION, ITEM, LEADER_ROUTE, LETTERHEAD, MINUTES, MINUTES_ROUTE, attendees
from tests.pdf.reading import MILLIMETRE, line_with, lines_of, rule_below, shapes_of, text_of

A4 = (595.28, 841.89)
LEFT, RIGHT = 31 * MILLIMETRE, A4[0] - 18 * MILLIMETRE  # edges of the text, inside the ranges of L7
LONG = replace(MINUTES, items=(replace(ITEM, discussion=ITEM.discussion * 40),) * 2, present=attendees(40))


@pytest.fixture(scope="module")
def invitation() -> bytes:
    return render_invitation(INVITATION, LEADER_ROUTE).pdf


@pytest.fixture(scope="module")
def minutes() -> bytes:
    return render_minutes(MINUTES, MINUTES_ROUTE).pdf


@pytest.fixture(scope="module")
def long_minutes() -> bytes:
    return render_minutes(LONG, MINUTES_ROUTE).pdf


def is_bold(line):
    return all(font.endswith("-Bold") for font in line.fonts)


def is_italic(line):
    return all(font.endswith("-Italic") for font in line.fonts)


def is_upright(line):
    return all(font.endswith("-Regular") for font in line.fonts)


def test_margins_are_those_of_the_decree(long_minutes):
    lines = [line for line in lines_of(long_minutes) if not line.text.isdigit()]
    left, right = min(line.left for line in lines), A4[0] - max(line.right for line in lines)
    top = A4[1] - max(line.baseline + 0.891 * line.size for line in lines)
    bottom = min(line.baseline for line in lines)
    assert 30 <= left / MILLIMETRE <= 35
    assert 15 <= right / MILLIMETRE <= 20
    assert 20 <= top / MILLIMETRE <= 25
    assert bottom / MILLIMETRE >= 20


def test_body_is_justified_with_indent_gap_and_line_distance(invitation):
    lines = lines_of(invitation)
    first = next(number for number, line in enumerate(lines) if line.text.startswith("Tới dự:"))
    begins, goes_on = lines[first], lines[first + 1]
    assert 13 <= begins.size <= 14
    assert is_upright(begins)
    assert begins.left - goes_on.left == pytest.approx(12.7 * MILLIMETRE, abs=1)
    assert begins.right == pytest.approx(RIGHT, abs=1)
    assert goes_on.right == pytest.approx(RIGHT, abs=1)
    # The typeface's single line is 1.149 of its size.
    distance = begins.baseline - goes_on.baseline
    assert 1.0 <= distance / (1.149 * begins.size) <= 1.5
    paragraphs = lines[first - 1].baseline - begins.baseline
    assert paragraphs - distance >= 6 - 0.01


def test_page_number_is_hidden_on_page_one_and_centred_later(long_minutes):
    numbers = {line.page: line for line in lines_of(long_minutes) if line.baseline > A4[1] - 20 * MILLIMETRE}
    pages = max(line.page for line in lines_of(long_minutes)) + 1
    assert pages >= 5
    assert sorted(numbers) == list(range(1, pages))
    for page, line in numbers.items():
        assert line.text == str(page + 1)
        assert 13 <= line.size <= 14
        assert is_upright(line)
        assert line.middle == pytest.approx((LEFT + RIGHT) / 2, abs=2)


def test_national_title_and_motto(invitation):
    title = line_with(invitation, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    motto = line_with(invitation, "Độc lập - Tự do - Hạnh phúc")
    assert 12 <= title.size <= 13
    assert is_bold(title)
    assert 13 <= motto.size <= 14
    assert is_bold(motto)
    assert title.left > A4[0] / 2 - 30
    assert motto.middle == pytest.approx(title.middle, abs=2)
    rule = rule_below(invitation, motto)
    assert rule.width == pytest.approx(motto.width, abs=3)
    assert (rule.left + rule.right) / 2 == pytest.approx(motto.middle, abs=1)


def test_agency_cell(invitation):
    parent = line_with(invitation, "UỶ BAN NHÂN DÂN THÀNH PHỐ")
    agency = line_with(invitation, "SỞ KHOA HỌC VÀ CÔNG NGHỆ")
    title = line_with(invitation, "CỘNG HÒA")
    assert 12 <= parent.size <= 13
    assert is_upright(parent)
    assert 12 <= agency.size <= 13
    assert is_bold(agency)
    assert parent.baseline == pytest.approx(title.baseline, abs=0.5)
    assert agency.right < title.left
    rule = rule_below(invitation, agency)
    assert 1 / 3 <= rule.width / agency.width <= 1 / 2
    assert (rule.left + rule.right) / 2 == pytest.approx(agency.middle, abs=1)


def test_a_long_agency_breaks_into_lines_of_about_equal_length():
    head = replace(LETTERHEAD, parent_agency="", agency="Uỷ ban nhân dân thành phố Hải Phòng")
    pdf = render_invitation(replace(INVITATION, letterhead=head), ()).pdf
    first, second = line_with(pdf, "UỶ BAN NHÂN DÂN"), line_with(pdf, "THÀNH PHỐ HẢI PHÒNG")
    assert first.baseline > second.baseline
    widest = max(first.width, second.width)
    assert 1 / 3 <= rule_below(pdf, second).width / widest <= 1 / 2


def test_number_place_and_date_on_one_line(invitation):
    number = line_with(invitation, "Số: 15/GM-SKHCN")
    dated = line_with(invitation, "Hải Phòng, ngày 05 tháng 02 năm 2026")
    assert number.size == pytest.approx(13)
    assert is_upright(number)
    assert 13 <= dated.size <= 14
    assert is_italic(dated)
    assert number.baseline == pytest.approx(dated.baseline, abs=0.5)
    assert number.middle == pytest.approx(line_with(invitation, "SỞ KHOA HỌC").middle, abs=2)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 1, 9), "ngày 09 tháng 01 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 3, 1), "ngày 01 tháng 3 năm 2026"),
        (date(2026, 12, 10), "ngày 10 tháng 12 năm 2026"),
    ],
)
def test_only_days_below_ten_and_the_first_two_months_have_leading_zeros(day, written):
    head = replace(LETTERHEAD, date=day)
    assert written in text_of(render_invitation(replace(INVITATION, letterhead=head), ()).pdf)


@pytest.mark.parametrize(("words", "width"), [("HOẢ TỐC", 30), ("THƯỢNG KHẨN", 40), ("KHẨN", 20)])
def test_urgency_stamp_has_its_size(words, width):
    pdf = render_invitation(replace(INVITATION, letterhead=replace(LETTERHEAD, urgency=words)), ()).pdf
    stamp = line_with(pdf, words)
    frame = next(
        shape for shape in shapes_of(pdf) if shape.left < stamp.left and shape.top > stamp.baseline > shape.bottom
    )
    assert frame.width / MILLIMETRE == pytest.approx(width, abs=1)
    assert frame.height / MILLIMETRE == pytest.approx(8, abs=1)
    assert 13 <= stamp.size <= 14
    assert is_bold(stamp)


@pytest.mark.parametrize("kind", ["GIẤY MỜI", "BIÊN BẢN"])
def test_type_and_subject_with_a_rule(kind, invitation, minutes):
    pdf = invitation if kind == "GIẤY MỜI" else minutes
    title, subject = line_with(pdf, kind), line_with(pdf, "Họp đánh giá tiến độ")
    for line in (title, subject):
        assert 13 <= line.size <= 14
        assert is_bold(line)
    assert title.middle == pytest.approx(subject.middle, abs=1)
    assert 1 / 3 <= rule_below(pdf, subject).width / subject.width <= 1 / 2


def test_form_1_7_says_who_is_invited_to_what_with_whom_when_and_where(invitation):
    lines = [line.text for line in lines_of(invitation)]
    beginnings = ["Sở Khoa học và Công nghệ thành phố Hải Phòng trân trọng kính mời:", "- Bà Trần Thị Bình"]
    beginnings += ["- Ông Lê Quang Huy", "Tới dự: Cuộc họp", "Chủ trì: Ông Nguyễn Văn An"]
    beginnings += ["Thời gian: 08 giờ 00, ngày 09 tháng 02 năm 2026", "Địa điểm: Phòng họp số 2", "Đề nghị đại biểu"]
    places = [next(n for n, line in enumerate(lines) if line.startswith(start)) for start in beginnings]
    assert places == sorted(places)
    assert any(line.endswith("./.") for line in lines)


def test_form_1_9_tells_the_meeting_from_its_beginning_to_its_end(minutes):
    text = text_of(minutes)
    told = ["Thời gian bắt đầu: 08 giờ 02", "Địa điểm:", "Có mặt: 2 đại biểu", "1. Ông Lê Quang Huy, Chánh Văn phòng;"]
    told += [
        "Vắng mặt: 1 đại biểu",
        "(lý do: đi công tác)",
        "Chủ trì (Chủ toạ): Ông Nguyễn Văn An",
        "Thư ký (người ghi biên bản): Bà",
    ]
    told += ["Nội dung", "(từ 08 giờ 10 đến 09 giờ 05)", "Người trình bày:", "21 nhiệm vụ", "Biểu quyết:", "Kết luận:"]
    told += ["Cuộc họp kết thúc vào 11 giờ 25, ngày 09 tháng 02 năm 2026", "THƯ KÝ", "CHỦ TOẠ"]
    places = [text.index(part) for part in told]
    assert places == sorted(places)


def test_recipients_end_with_the_archive(invitation, minutes):
    for pdf in (invitation, minutes):
        heading, last = line_with(pdf, "Nơi nhận:"), line_with(pdf, "- Lưu: VT")
        assert heading.size == pytest.approx(12)
        assert all(font.endswith("-BoldItalic") for font in heading.fonts)
        assert last.size == pytest.approx(11)
        assert last.text.endswith(".")
        assert last.left == pytest.approx(LEFT, abs=1)


def test_leader_signs_between_post_and_name_under_the_seal():
    paper = render_invitation(INVITATION, LEADER_ROUTE)
    post, name = line_with(paper.pdf, "GIÁM ĐỐC"), lines_of(paper.pdf)[-1]
    assert name.text == "Nguyễn Văn An"
    for line in (post, name):
        assert 13 <= line.size <= 14
        assert is_bold(line)
        assert line.middle > A4[0] / 2
    place = paper.places[Field.LEADER]
    assert place.y + place.height < post.baseline
    assert place.y > name.baseline + name.size * 0.6
    assert place.x + place.width / 2 == pytest.approx(name.middle, abs=2)
    assert_seal_covers_a_third(paper, Field.LEADER)


def test_secretary_signs_left_and_the_chair_right_under_the_seal():
    paper = render_minutes(MINUTES, MINUTES_ROUTE)
    for field, post, name in (
        (Field.SECRETARY, "THƯ KÝ", "Phạm Thu Hà"),
        (Field.CHAIR, "CHỦ TOẠ", "Nguyễn Văn An"),
    ):
        place = paper.places[field]
        above = line_with(paper.pdf, post)
        below = [line for line in lines_of(paper.pdf) if line.text == name][-1]
        assert below.baseline < place.y < place.y + place.height < above.baseline
        assert place.x + place.width / 2 == pytest.approx(above.middle, abs=2)
    assert paper.places[Field.SECRETARY].x + paper.places[Field.SECRETARY].width < paper.places[Field.CHAIR].x
    assert_seal_covers_a_third(paper, Field.CHAIR)


def assert_seal_covers_a_third(paper, field):
    signature, seal = paper.places[field], paper.places[Field.SEAL]
    assert seal.page == signature.page
    assert seal.width / MILLIMETRE == pytest.approx(36, abs=0.1)
    assert seal.height / MILLIMETRE == pytest.approx(36, abs=0.1)
    covered = seal.x + seal.width - signature.x
    assert covered / signature.width == pytest.approx(1 / 3, abs=0.02)
    assert seal.y + seal.height / 2 == pytest.approx(signature.y + signature.height / 2, abs=1)


def test_the_signatures_are_never_alone_on_a_page_nor_split():
    """Whatever the length: the end of the text stands above them on the same page."""
    for sentences in range(30):
        paper = render_minutes(
            replace(MINUTES, items=(replace(ITEM, discussion=("Đại biểu phát biểu ý kiến.",) * sentences),)),
            MINUTES_ROUTE,
        )
        pages = {place.page for place in paper.places.values()}
        on_last = [line for line in lines_of(paper.pdf) if line.page in pages]
        assert len(pages) == 1
        texts = " ".join(line.text for line in on_last)
        assert "Cuộc họp kết thúc" in texts
        assert "CHỦ TOẠ" in texts
        assert "Lưu: VT" in texts
        assert on_last.index(line_with_text(on_last, "Cuộc họp kết thúc")) < on_last.index(
            line_with_text(on_last, "THƯ KÝ")
        )


def line_with_text(lines, text):
    return next(line for line in lines if text in line.text)


def test_many_guests_become_an_annex_with_its_own_page_numbers():
    guests = tuple(f"Ông Nguyễn Văn Số {n}, Trưởng phòng" for n in range(1, 201))
    pdf = render_invitation(replace(INVITATION, guests=guests), LEADER_ROUTE).pdf
    text = text_of(pdf)
    assert "theo danh sách kèm theo (200 đại biểu)" in text
    assert "(Kèm theo Giấy mời số 15/GM-SKHCN ngày 05 tháng 02 năm 2026" in text
    assert "200. Ông Nguyễn Văn Số 200, Trưởng phòng" in text
    numbers = [line.text for line in lines_of(pdf) if line.baseline > A4[1] - 20 * MILLIMETRE]
    assert numbers == [str(n) for n in range(2, len(numbers) + 2)]
    assert line_with(pdf, "DANH SÁCH").page == 1


@pytest.mark.parametrize("count", [0, 1, 200])
def test_all_who_were_present_are_listed(count):
    pdf = render_minutes(replace(MINUTES, present=attendees(count), absent=()), MINUTES_ROUTE).pdf
    text = text_of(pdf)
    assert f"Có mặt: {count} đại biểu" in text
    assert "Vắng mặt: không." in text
    for number in range(1, count + 1):
        assert f"{number}. Ông Nguyễn Văn Số {number}, Trưởng phòng thứ {number}" in text


def test_no_guests_means_a_separate_list():
    assert "kính mời: Các đại biểu theo danh sách." in text_of(
        render_invitation(replace(INVITATION, guests=()), ()).pdf
    )


def test_many_recipients_follow_the_signature():
    recipients = (*(f"Sở thứ {n}" for n in range(1, 101)), "Lưu: VT")
    pdf = render_invitation(replace(INVITATION, recipients=recipients), LEADER_ROUTE).pdf
    lines = lines_of(pdf)
    assert line_with(pdf, "GIÁM ĐỐC").page == line_with(pdf, "Đề nghị đại biểu").page
    assert all(line_with(pdf, f"- Sở thứ {n};") in lines for n in range(1, 101))
