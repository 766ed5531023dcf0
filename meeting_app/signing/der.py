"""The few words of DER (X.690) a signature is made of."""

from collections.abc import Iterable


def element(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:  # noqa: PLR2004 — short form of the length (8.1.3.4)
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    return element(0x30, b"".join(parts))


def set_of(parts: Iterable[bytes]) -> bytes:
    """Members ascend by their encoding (11.6)."""
    return element(0x31, b"".join(sorted(parts)))


def octets(content: bytes) -> bytes:
    return element(0x04, content)


def retagged(tag: int, encoded: bytes) -> bytes:
    """The same content under an implicit tag."""
    return bytes((tag,)) + encoded[1:]
