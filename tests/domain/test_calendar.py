from datetime import UTC, datetime

from meeting_app.domain import calendar
from meeting_app.i18n import speaking


def test_people_read_the_time_of_viet_nam():
    moment = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert calendar.moment_in_words(moment) == "8 giờ 30, thứ Hai 23/11/2026"


def test_an_evening_in_utc_is_the_next_day_in_viet_nam():
    assert calendar.day(datetime(2026, 11, 28, 18, tzinfo=UTC)) == "Chủ nhật 29/11/2026"


def test_an_english_reader_is_told_in_english():
    moment = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)
    with speaking("en"):
        assert calendar.moment_in_words(moment) == "8:05, Monday 23/11/2026"
