"""How enums are stored: short words in text columns, so that a new word needs no ALTER TYPE."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Enum

LONGEST_WORD = 30


def stored_words(words: type[StrEnum]) -> Any:
    """The column type of an enum, for `Field(sa_type=…)`: its values are what stands in the rows."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,
        length=LONGEST_WORD,
        values_callable=lambda each: [word.value for word in each],
    )
