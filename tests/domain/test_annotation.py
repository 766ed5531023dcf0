"""What a page may bear: whole numbers within the page, bounded, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting_app.domain import annotation as rules
from meeting_app.domain.annotation import (
    LONGEST_NOTE,
    MOST_AREAS,
    MOST_POINTS,
    AnnotationKind,
    AnnotationMalformed,
    NoteEmpty,
    NoteTooLong,
    clean_body,
    clean_client_id,
)

INK, HIGHLIGHT, NOTE = AnnotationKind.INK, AnnotationKind.HIGHLIGHT, AnnotationKind.NOTE
STROKE = {"width": 12, "points": [0, 0, 0, 10_000, 10_000, 255]}
_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


def test_a_stroke_a_band_a_quote_and_a_note_are_kept_as_they_are():
    assert clean_body(INK, STROKE) == STROKE
    assert clean_body(HIGHLIGHT, STROKE) == STROKE
    quote = {"areas": [[0, 0, 10_000, 10_000], [5, 5, 1, 1]], "text": "Điều 5"}
    assert clean_body(HIGHLIGHT, quote) == quote
    assert clean_body(NOTE, {"x": 1, "y": 2, "text": "Hỏi lại\nphòng Kinh tế"})["text"] == "Hỏi lại\nphòng Kinh tế"


def test_what_is_not_asked_for_is_not_kept():
    assert clean_body(INK, STROKE | {"script": "<b>", "text": "x" * 9000}) == STROKE


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (INK, None),
        (INK, []),
        (INK, {}),
        (INK, {"width": 0, "points": [1, 1, 1]}),
        (INK, {"width": 601, "points": [1, 1, 1]}),
        (INK, {"width": True, "points": [1, 1, 1]}),
        (INK, {"width": 5, "points": []}),
        (INK, {"width": 5, "points": [1, 1]}),
        (INK, {"width": 5, "points": [1, 1, 256]}),
        (INK, {"width": 5, "points": [1, 10_001, 1]}),
        (INK, {"width": 5, "points": [-1, 1, 1]}),
        (INK, {"width": 5, "points": [1.5, 1, 1]}),
        (INK, {"width": 5, "points": [float("nan"), 1, 1]}),
        (INK, {"width": 5, "points": ["1", 1, 1]}),
        (INK, {"width": 5, "points": [1, 1, 1] * (MOST_POINTS + 1)}),
        (HIGHLIGHT, {"areas": []}),
        (HIGHLIGHT, {"areas": [[0, 0, 1]]}),
        (HIGHLIGHT, {"areas": [[0, 0, 0, 1]]}),
        (HIGHLIGHT, {"areas": [[9999, 0, 2, 1]]}),
        (HIGHLIGHT, {"areas": [[0, 0, 1, 1]] * (MOST_AREAS + 1)}),
        (HIGHLIGHT, {"areas": [[0, 0, 1, 1]], "text": 5}),
        (NOTE, {"x": 1, "y": 1}),
        (NOTE, {"x": 1, "y": 10_001, "text": "a"}),
    ],
)
def test_what_no_page_bears_is_refused(kind, body):
    with pytest.raises(AnnotationMalformed):
        clean_body(kind, body)


@given(st.sampled_from(AnnotationKind), _anything)
def test_whatever_comes_is_kept_whole_or_refused_in_words(kind, body):
    try:
        kept = clean_body(kind, body)
    except (AnnotationMalformed, NoteEmpty, NoteTooLong):
        return
    assert clean_body(kind, kept) == kept


def test_a_note_has_text_and_not_too_much_of_it():
    with pytest.raises(NoteEmpty):
        clean_body(NOTE, {"x": 1, "y": 1, "text": " \n\0 "})
    with pytest.raises(NoteTooLong, match="4000"):
        clean_body(NOTE, {"x": 1, "y": 1, "text": "đ" * (LONGEST_NOTE + 1)})


@pytest.mark.parametrize("client_id", ["", "short", "x" * 65, "a b c d e", "đđđđđđđđ", "a'; --aaaa", 12345678, None])
def test_an_id_is_what_tablets_make(client_id):
    with pytest.raises(AnnotationMalformed):
        clean_client_id(client_id)
    assert clean_client_id("0f8fad5b-d9cb-469f-a165-70867728950e")


def test_every_colour_has_a_name():
    assert set(rules.COLOUR_LABEL) == set(rules.Colour)
