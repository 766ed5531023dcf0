"""Text of people as it is kept."""

from unicodedata import category, is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting_app.domain.motion import OptionsWrong, clean_options
from meeting_app.domain.wording import one_line, typed

anything = st.text(st.characters(), max_size=40)


@given(anything)
def test_whatever_is_typed_can_be_stored_and_sent(text: str):
    kept = typed(text)
    assert kept.encode().decode() == kept
    assert not {category(sign) for sign in kept if sign not in "\n\t"} & {"Cc", "Cs"}
    assert is_normalized("NFC", kept)


@given(anything)
def test_cleaning_twice_is_cleaning_once(text: str):
    assert typed(typed(text)) == typed(text)


def test_words_and_lines_stay_as_they_are():
    text = "Uỷ ban nhân dân\n\tphường An Hải <b> {x} 👩‍⚖️ “…”"
    assert typed(text) == text
    assert typed("một\r\nhai\rba") == "một\nhai\nba"


def test_nothing_turns_the_words_around_it_or_hides_between_them():
    assert typed("Tán \u202ehnàht\u202c thành \u2066(1)\u2069") == "Tán hnàht thành (1)"
    assert one_line("\u200b\ufeff \u2060") == ""
    with pytest.raises(OptionsWrong):
        clean_options("Ông An\nÔng\u200b An")
