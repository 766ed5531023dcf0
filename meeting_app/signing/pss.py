"""RSASSA-PSS for tokens that only know the bare RSA operation: the padding, made here."""

import hashlib
import os

SALT = 32  # bytes: as long as the digest (RFC 8017, 9.1; EN 119 312)
_TRAILER = b"\xbc"


def padded(digest: bytes, bits: int) -> bytes:
    """A SHA-256 digest as the number an RSA key of that many bits is to sign (EMSA-PSS, RFC 8017, 9.1.1)."""
    salt = os.urandom(SALT)
    seal = hashlib.sha256(bytes(8) + digest + salt).digest()
    size = (bits - 1 + 7) // 8
    block = (b"\x01" + salt).rjust(size - len(seal) - len(_TRAILER), b"\0")
    masked = bytearray(a ^ b for a, b in zip(block, _mask(seal, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * size - (bits - 1))  # below the modulus
    return (bytes(masked) + seal + _TRAILER).rjust((bits + 7) // 8, b"\0")


def _mask(seed: bytes, size: int) -> bytes:
    """MGF1 with SHA-256 (RFC 8017, B.2.1)."""
    step = hashlib.sha256().digest_size
    rounds = range((size + step - 1) // step)
    return b"".join(hashlib.sha256(seed + number.to_bytes(4, "big")).digest() for number in rounds)[:size]
