from datetime import UTC, date, datetime

import pytest

from meeting_app.domain import calendar


def test_people_read_the_time_of_viet_nam():
    moment = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert calendar.moment_in_words(moment) == "8 giờ 30, thứ Hai 23/11/2026"


def test_an_evening_in_utc_is_the_next_day_in_viet_nam():
    assert calendar.day(datetime(2026, 11, 28, 18, tzinfo=UTC)) == "Chủ nhật 29/11/2026"


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 1, 5), "An Hải, ngày 05 tháng 01 năm 2026"),
        (date(2026, 2, 15), "An Hải, ngày 15 tháng 02 năm 2026"),
        (date(2026, 3, 9), "An Hải, ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 31), "An Hải, ngày 31 tháng 12 năm 2026"),
    ],
)
def test_papers_are_dated_with_the_zeros_of_the_decree(on: date, words: str):
    assert calendar.dated("An Hải", on) == words
