"""What people typed, as rows, frames and papers can hold it."""

from unicodedata import category, normalize

_KEPT = {"\n", "\t"}
# What turns the direction of the text around it (UAX #9), or takes no room: a name, a title or an option would read as
# another one, or two as the same. Nothing written in Vietnamese needs them; what joins emoji stays.
_UNSEEN = {
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
    "\u200b",
    "\u200e",
    "\u200f",
    "\u2060",
    "\ufeff",
}
_NOT_TEXT = {"Cc", "Cs"}  # controls (PostgreSQL stores no NUL) and halves of surrogate pairs (no UTF-8 has them)


def typed(text: str) -> str:
    """The text composed (NFC), its line ends unified, without characters that are no text."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return normalize("NFC", "".join(sign for sign in unified if sign in _KEPT or _is_text(sign)))


def one_line(text: str) -> str:
    """The same on a single line: no break of any kind is left (a header ends where its line ends)."""
    return " ".join(typed(text).split())


def _is_text(sign: str) -> bool:
    return sign not in _UNSEEN and category(sign) not in _NOT_TEXT
