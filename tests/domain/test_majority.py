"""A majority in words."""

import pytest

from meeting_app.domain import majority
from meeting_app.domain.voting import Base, Fraction
from meeting_app.i18n import speaking


@pytest.mark.parametrize(
    ("fraction", "base", "vietnamese", "english"),
    [
        ((1, 2, True), Base.PRESENT, "quá nửa số đại biểu có mặt", "more than half of those present"),
        ((2, 4, False), Base.CAST, "ít nhất một nửa số phiếu đã bỏ", "at least half of the votes cast"),
        (
            (2, 3, False),
            Base.ALL,
            "ít nhất hai phần ba tổng số đại biểu có quyền biểu quyết",
            "at least two thirds of all who may vote",
        ),
        ((3, 4, True), Base.PRESENT, "quá ba phần tư số đại biểu có mặt", "more than three quarters of those present"),
        ((1, 1, False), Base.PRESENT, "đủ 100% số đại biểu có mặt", "all of those present"),
        ((4, 5, False), Base.CAST, "ít nhất 4/5 số phiếu đã bỏ", "at least 4/5 of the votes cast"),
        ((3, 10, True), Base.PRESENT, "quá 3/10 số đại biểu có mặt", "more than 3/10 of those present"),
    ],
)
def test_it_is_said_as_the_office_says_it(fraction, base, vietnamese, english):
    for language, said in (("vi", vietnamese), ("en", english)):
        with speaking(language):
            assert majority.in_words(Fraction(*fraction), base) == said


def test_a_label_begins_with_a_capital():
    assert majority.as_label("đủ 100% số đại biểu có mặt") == "Đủ 100% số đại biểu có mặt"
