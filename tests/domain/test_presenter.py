"""Who is meant by the text that says who presents an item."""

import pytest

from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.presenter import names

EVERYBODY = ("Trần Thị Lan", "Trần Thị Lan Anh", "Nguyễn Văn A", "Lê Quang Minh")


@pytest.mark.parametrize(
    ("written", "who", "meant"),
    [
        ("Lê Quang Minh", "Lê Quang Minh", True),
        ("Ông LÊ QUANG MINH, Trưởng phòng", "Lê Quang Minh", True),
        ("Trần Thị Lan Anh", "Trần Thị Lan", False),
        ("Trần Thị Lan Anh", "Trần Thị Lan Anh", True),
        ("Trần Thị Lan và Trần Thị Lan Anh", "Trần Thị Lan", True),
        ("Nguyễn Văn An", "Nguyễn Văn A", False),
        ("", "Nguyễn Văn A", False),
    ],
)
def test_a_longer_name_is_another_persons(written: str, who: str, meant: bool):
    item = AgendaItem(meeting_id=1, position=1, title="Báo cáo", presenter=written, minutes=5)
    assert names(item, who, EVERYBODY) is meant


def test_between_items_nobody_presents():
    assert not names(None, "Lê Quang Minh")
