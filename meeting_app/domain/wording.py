"""What people typed, as rows, frames and papers can hold it."""

from unicodedata import category, normalize

_KEPT = {"\n", "\t"}
_NOT_TEXT = {"Cc", "Cs"}  # controls (PostgreSQL stores no NUL) and halves of surrogate pairs (no UTF-8 has them)


def typed(text: str) -> str:
    """The text composed (NFC), its line ends unified, without characters that are no text."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return normalize("NFC", "".join(sign for sign in unified if sign in _KEPT or category(sign) not in _NOT_TEXT))


def one_line(text: str) -> str:
    """The same on a single line: no break of any kind is left (a header ends where its line ends)."""
    return " ".join(typed(text).split())
