"""Row ids in addresses: `{meeting_id:row}` in a route, `row_id` elsewhere."""

from starlette.convertors import Convertor, register_url_convertor

from meeting_app.errors import NotFound

_MOST_DIGITS = 9
_NO_ROW = 2**31 - 1  # fits into a column, and no row will ever have it


class _Row(Convertor[int]):
    """Digits; a number too long for any row leads where a row that is not there does."""

    regex = "[0-9]+"

    def convert(self, value: str) -> int:
        return int(value) if len(value) <= _MOST_DIGITS else _NO_ROW

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("row", _Row())


def row_id(text: str) -> int:
    """Of a query; raises NotFound for what is no number."""
    if not (text.isascii() and text.isdecimal()):
        raise NotFound
    return _Row().convert(text)
