"""Times as people say them, and texts of people letter by letter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting_app.ui import words

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # 12 giờ 00 in Việt Nam, a Monday


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(minutes=-1), ""),
        (timedelta(), ""),
        (timedelta(seconds=1), "còn 1 phút"),
        (timedelta(minutes=14), "còn 14 phút"),
        (timedelta(hours=1), "còn 1 giờ"),
        (timedelta(hours=23, minutes=59), "còn 23 giờ 59 phút"),
        (timedelta(days=3), "còn 3 ngày"),
    ],
)
def test_how_long_it_is_to_a_moment(ahead: timedelta, said: str) -> None:
    assert words.until(NOON + ahead, NOON) == said


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(seconds=40), "dưới một phút"),
        (timedelta(minutes=3), "3 phút"),
        (timedelta(hours=2, minutes=5), "2 giờ 5 phút"),
        (timedelta(days=2, hours=3), "2 ngày"),
    ],
)
def test_how_long_something_took(duration: timedelta, said: str) -> None:
    assert words.lasting(duration) == said


def test_a_span_names_the_day_once() -> None:
    assert words.span(NOON, NOON + timedelta(hours=2)) == "12 giờ 00 – 14 giờ 00, thứ Hai 23/11/2026"
    assert words.span(NOON, NOON + timedelta(days=1)).count("/2026") == 2


@pytest.mark.parametrize(("size", "said"), [(1, "1 kB"), (43_000, "43 kB"), (1_400_000, "1,4 MB")])
def test_sizes(size: int, said: str) -> None:
    assert words.megabytes(size) == said


@pytest.mark.parametrize(
    "text",
    ["1. một", "- gạch", "+ cộng", "# đề", "2) hai", "a\n1. b", "=== dưới", ":material/home:", ":red[x]", ":smile:"],
)
def test_the_beginning_of_a_line_is_no_list_and_no_sign(text: str) -> None:
    shown = words.plain(text)
    assert shown != text
    assert shown.replace("\u2060", "").replace("\\", "").replace("  \n", "\n") == text


@given(st.text(alphabet="ab1. *_[]()<>$#`~|&\\:-+=\n", max_size=40))
def test_every_character_that_can_be_markup_is_escaped(text: str) -> None:
    shown = words.plain(text)
    for place, character in enumerate(shown):
        if character in "*_[]<>$#`~|&{}":
            assert shown[place - 1] == "\\"
