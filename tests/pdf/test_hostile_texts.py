"""Texts of people in papers: whatever they hold, the paper is made and shows it as it is."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meeting_app.domain.paper import LONGEST_CELL, LONGEST_PAPER, LONGEST_TEXT, PaperTooLong, clean
from meeting_app.domain.signature import Field
from meeting_app.pdf.invitation import render_invitation
from meeting_app.pdf.minutes import render_minutes
from tests.pdf.papers import INVITATION, ITEM, LEADER_ROUTE, LETTERHEAD, MINUTES, MINUTES_ROUTE
from tests.pdf.reading import MILLIMETRE, lines_of, text_of

MARKUP = "#let x = 1 $x^2$ *đậm* _nghiêng_ @ref <nhãn> `mã` [a](b) \\ // /* c */ ~ -- ... \"q\" 'q' <script> #panic()"
ALPHABET = st.characters(codec="utf-8")
VIETNAMESE = st.sampled_from("ăâđêôơưĂÂĐÊÔƠƯáàảãạấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữựỴỶỸỲÝ ")
TEXTS = st.text(ALPHABET | VIETNAMESE | st.sampled_from("#*_$@<>\\`~[]{}\"'/-=+\x00\u202e\u2066\u200b😀"), max_size=300)


def test_markup_stays_inert_and_visible():
    paper = render_invitation(replace(INVITATION, notes=(MARKUP,)), LEADER_ROUTE)
    assert MARKUP in text_of(paper.pdf)


def test_markup_stays_inert_in_every_cell():
    shown = "#*_$@<>"
    head = replace(LETTERHEAD, agency=shown, parent_agency=shown, number=shown, place=shown, urgency=shown)
    block = replace(INVITATION.signature, authority_lines=(shown,), name=shown)
    paper = replace(INVITATION, letterhead=head, signature=block, recipients=(shown,), guests=(shown,), subject=shown)
    assert text_of(render_invitation(paper, LEADER_ROUTE).pdf).count(shown) >= 10


@settings(max_examples=60, deadline=None)
@given(text=TEXTS, cell=st.text(ALPHABET | VIETNAMESE, max_size=120))
def test_any_text_makes_both_papers(text, cell):
    head = replace(LETTERHEAD, agency=cell, place=cell)
    invitation = render_invitation(
        replace(INVITATION, letterhead=head, subject=text, guests=(text,), notes=(text,), recipients=(text,)),
        LEADER_ROUTE,
    )
    minutes = render_minutes(
        replace(MINUTES, subject=text, items=(replace(ITEM, title=text, discussion=(text, text)),)), MINUTES_ROUTE
    )
    assert set(invitation.places) == {Field.LEADER, Field.SEAL}
    assert set(minutes.places) == {Field.SECRETARY, Field.CHAIR, Field.SEAL}


@settings(max_examples=200)
@given(TEXTS)
def test_cleaned_texts_are_clean_and_cleaning_twice_changes_nothing(text):
    once = clean(text)
    assert clean(once) == once
    assert not any(sign in once for sign in "\x00\t\r\x0b\x0c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_a_direction_override_disappears_and_the_words_stay_in_order():
    assert clean("Kết quả: \u202etán thành\u202c 12") == "Kết quả: tán thành 12"


def test_what_the_typeface_lacks_is_visibly_replaced():
    assert clean("Họp 😀 会议\x00") == "Họp □ □□"


def test_decomposed_vietnamese_is_composed():
    assert clean("Tie\u0302\u0301ng Vie\u0323\u0302t") == "Tiếng Việt"


@pytest.mark.parametrize("letter", ["W", "Ẩ", "ữ"])
def test_words_without_end_stay_inside_the_margins(letter):
    word = letter * 400
    head = replace(LETTERHEAD, agency=word, parent_agency="")
    paper = replace(INVITATION, letterhead=head, subject=word, guests=(word,), place=word, recipients=(word,))
    pdf = render_invitation(paper, LEADER_ROUTE).pdf
    # One point of tolerance: side bearings of letters.
    assert min(line.left for line in lines_of(pdf)) >= 30 * MILLIMETRE
    assert max(line.right for line in lines_of(pdf)) <= (210 - 15) * MILLIMETRE


def test_long_names_stay_in_their_half_of_the_page():
    long_name = "Công Tằng Tôn Nữ Nguyễn Phước Quỳnh Trường Xuân Thuỵ Khuê"
    block = replace(MINUTES.chair_block, name=long_name)
    secretary = replace(MINUTES.secretary_block, name=long_name)
    pdf = render_minutes(replace(MINUTES, chair_block=block, secretary_block=secretary), MINUTES_ROUTE).pdf
    middle = (31 + 161 / 2) * MILLIMETRE
    below = [line for line in lines_of(pdf) if line.text and line.text in long_name]
    assert below
    assert all(line.right < middle or line.left > middle for line in below)


def test_a_link_can_be_copied_whole():
    link = "https://hop.haiphong.gov.vn/phien/15?ma=abcdefghijklmnopqrstuvwxyz0123456789"
    pdf = render_invitation(replace(INVITATION, notes=(f"Xem {link} nhé",)), ()).pdf
    assert link in text_of(pdf).replace(" ", "")  # a line may end within it


def test_a_text_of_one_megabyte_is_refused_with_its_limit():
    with pytest.raises(PaperTooLong) as refused:
        render_invitation(replace(INVITATION, notes=("a" * 1_000_000,)), LEADER_ROUTE)
    assert refused.value.values == {"length": 1_000_000, "limit": LONGEST_TEXT}


def test_a_cell_too_long_for_its_place_is_refused():
    head = replace(LETTERHEAD, agency="Sở " * 300)
    with pytest.raises(PaperTooLong) as refused:
        render_invitation(replace(INVITATION, letterhead=head), LEADER_ROUTE)
    assert refused.value.values["limit"] == LONGEST_CELL


def test_a_paper_of_many_long_texts_is_refused():
    items = (replace(ITEM, discussion=("từ " * 16_000,)),) * 10
    with pytest.raises(PaperTooLong) as refused:
        render_minutes(replace(MINUTES, items=items), MINUTES_ROUTE)
    assert refused.value.values["limit"] == LONGEST_PAPER


def test_line_breaks_become_paragraphs():
    texts = [line.text for line in lines_of(render_minutes(MINUTES, MINUTES_ROUTE).pdf)]
    assert "Ông Huy đề nghị bổ sung kinh phí." in texts
