"""The upper right corner of a page as the reader sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting_app.domain.page_area import PageArea

lengths = st.floats(20, 2000)
offsets = st.floats(-500, 500)


@st.composite
def areas(draw: st.DrawFn) -> PageArea:
    left, bottom = draw(offsets), draw(offsets)
    return PageArea(
        left,
        bottom,
        left + draw(lengths),
        bottom + draw(lengths),
        draw(st.sampled_from((0, 90, 180, 270))),
        draw(st.sampled_from((0.5, 1.0, 10.0))),
    )


@given(areas())
def test_the_box_lies_within_what_is_shown_and_keeps_its_shape(area: PageArea):
    place = area.upper_right(255, 48, 20)
    assert area.left <= place.x
    assert area.bottom <= place.y
    assert place.x + place.width <= area.right + 1e-6
    assert place.y + place.height <= area.top + 1e-6
    wide, high = (place.height, place.width) if area.lies_on_its_side else (place.width, place.height)
    assert wide / high == pytest.approx(255 / 48)
    assert wide * area.unit <= 255 + 1e-6


@pytest.mark.parametrize(
    ("turned", "corner"),
    [
        (0, (595 - 20 - 255, 842 - 20 - 48, 255, 48)),
        (90, (20, 842 - 20 - 255, 48, 255)),
        (180, (20, 20, 255, 48)),
        (270, (595 - 20 - 48, 20, 48, 255)),
    ],
)
def test_the_corner_follows_the_page_as_it_is_turned(turned: int, corner: tuple[float, ...]):
    place = PageArea(0, 0, 595, 842, turned).upper_right(255, 48, 20)
    assert (place.x, place.y, place.width, place.height) == pytest.approx(corner)
    assert place.page == 0
