from datetime import UTC, date, datetime

import pytest

from meeting_app.domain.register import DocumentNumber


@pytest.mark.parametrize(
    ("number", "text"), [(1, "01/GM-UBND"), (9, "09/GM-UBND"), (10, "10/GM-UBND"), (123, "123/GM-UBND")]
)
def test_numbers_below_ten_bear_a_zero(number: int, text: str):
    row = DocumentNumber(
        unit_id=1,
        meeting_id=1,
        year=2026,
        kind="GM",
        number=number,
        symbol="GM-UBND",
        dated=date(2026, 11, 23),
        subject="Họp",
        reserved_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    assert row.text == text
