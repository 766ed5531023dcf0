"""Hexadecimal strings of a PDF read at once (ISO 32000-2, 7.3.4.3).

pyHanko takes one digit after the other, which for the 13,000 digits of a signature object lasts longer
(6.6 ms) than its certificate, its digest and its key together. What is not plain is left to pyHanko.
"""

import re
from typing import BinaryIO

from pyhanko.pdf_utils import generic

_PLAIN = re.compile(rb"<((?:[0-9A-Fa-f]{2})+)>")
_SHORT, _LONGEST = 128, 1 << 16  # bytes; most strings are short, and a hostile file holds millions of them

_digit_by_digit = generic.read_hex_string_from_stream


def read_at_once(stream: BinaryIO) -> generic.ByteStringObject | generic.TextStringObject:
    """The string that begins here; the stream is left behind it."""
    start = stream.tell()
    written = stream.read(_SHORT)
    if b">" not in written:
        written += stream.read(_LONGEST)
    plain = _PLAIN.match(written)
    if plain is None:
        stream.seek(start)
        return _digit_by_digit(stream)
    stream.seek(start + plain.end())
    return generic.pdf_string(bytes.fromhex(plain[1].decode("ascii")))


def install() -> None:
    """Have pyHanko's readers read so: its parser looks the function up by name and offers no other door."""
    generic.read_hex_string_from_stream = read_at_once
