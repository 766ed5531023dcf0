"""What became of each page: kept, changed, removed or added."""

from hypothesis import given
from hypothesis import strategies as st

from meeting_app.domain.comparison import Comparison, PageTrace, compare


def page(words: str, *, picture: str = "", places: str = "") -> PageTrace:
    return PageTrace(picture or f"picture of {words}", places or f"places of {words}", tuple(words.split()))


ONE, TWO, THREE = page("thu ngân sách năm nay"), page("chi thường xuyên của tỉnh"), page("kết luận của chủ trì")


def test_nothing_changed():
    found = compare([ONE, TWO], [ONE, TWO])
    assert found == Comparison(((0, 0), (1, 1)), (), (), ())
    assert found.is_empty


def test_a_page_put_in_front_moves_the_others_on():
    assert compare([ONE, TWO], [THREE, ONE, TWO]) == Comparison(((0, 1), (1, 2)), (), (), (0,))


def test_a_page_taken_out():
    assert compare([ONE, TWO, THREE], [ONE, THREE]) == Comparison(((0, 0), (2, 1)), (), (1,), ())


def test_a_word_changed_in_a_page():
    assert compare([ONE, TWO, THREE], [ONE, page("chi thường xuyên của xã"), THREE]) == Comparison(
        ((0, 0), (2, 2)), ((1, 1),), (), ()
    )


def test_a_page_changed_and_another_put_beside_it():
    after = [page("thu ngân sách năm sau"), page("phụ lục mới hoàn toàn"), TWO]
    assert compare([ONE, TWO], after) == Comparison(((1, 2),), ((0, 0),), (), (1,))


def test_a_page_with_its_words_where_they_stood_is_the_same_though_it_looks_different():
    """A stamp or a signature was put on it."""
    stamped = page("thu ngân sách năm nay", picture="with a stamp")
    assert compare([ONE, TWO], [stamped, TWO]).same == ((0, 0), (1, 1))


def test_pictures_without_words_take_each_others_place_in_their_order():
    scans = [PageTrace(name, "", ()) for name in "abcd"]
    assert compare(scans[:3], [scans[0], scans[3], scans[2]]) == Comparison(((0, 0), (2, 2)), ((1, 1),), (), ())


pages = st.lists(
    st.sampled_from((ONE, TWO, THREE, page("thu ngân sách năm sau"), PageTrace("scan", "", ()))), max_size=9
)


@given(pages, pages)
def test_every_page_is_told_of_once_and_in_its_order(before: list[PageTrace], after: list[PageTrace]):
    found = compare(before, after)
    old = [page for page, _ in found.same] + [page for page, _ in found.changed] + list(found.removed)
    new = [page for _, page in found.same] + [page for _, page in found.changed] + list(found.added)
    assert sorted(old) == list(range(len(before)))
    assert sorted(new) == list(range(len(after)))
    pairs = sorted([*found.same, *found.changed])
    assert [page for _, page in pairs] == sorted(page for _, page in pairs)


@given(pages)
def test_a_version_is_like_itself(version: list[PageTrace]):
    assert compare(version, version).is_empty
