"""The system's clock and the process's secrets: the only doors to both."""

import secrets
from datetime import UTC, datetime
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Argon2Passwords:
    """argon2id; memory and time cost are the library's current defaults unless told (tests go cheaper)."""

    def __init__(self, *, time_cost: int = 3, memory_kib: int = 65536) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib)

    def hash(self, password: str) -> str:
        return self._hasher.hash(_bytes(password))

    def verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, _bytes(password))
        except (VerificationError, ValueError):  # ValueError: what is stored is no hash
            return False


def _bytes(password: str) -> bytes:
    """The same for every keyboard: some compose "ậ" of one sign, some of three (NFC, RFC 8265)."""
    return normalize("NFC", password).encode("utf-8", "surrogatepass")


def new_token() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)
