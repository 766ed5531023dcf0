"""A mark of secrecy is found where papers bear it: above the kind of the paper."""

import pytest

from meeting_app.domain.upload import Mark, mark_in


@pytest.mark.parametrize("mark", Mark)
@pytest.mark.parametrize(
    "kind", ["BÁO CÁO", "NGHỊ QUYẾT", "THƯ MỜI", "VỤ TỔ CHỨC CÁN BỘ", "TỜ TRÌNH", "Báo cáo", "Số: 01/BC-UBND", ""]
)
def test_a_mark_above_any_kind_of_paper_is_found(mark: Mark, kind: str):
    assert mark_in(f"UỶ BAN NHÂN DÂN\n{mark.value}\n{kind}") is mark
