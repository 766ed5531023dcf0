from datetime import UTC, timedelta
from unicodedata import normalize

from meeting_app.storage.clock import Argon2Passwords, SystemClock, new_token


def test_the_clock_is_aware_and_does_not_go_back():
    first, second = SystemClock().now(), SystemClock().now()
    assert first.tzinfo is UTC
    assert timedelta(0) <= second - first < timedelta(seconds=10)


def test_a_password_is_kept_as_a_slow_salted_hash(passwords: Argon2Passwords):
    first, second = passwords.hash("mật khẩu"), passwords.hash("mật khẩu")
    assert first != second
    assert first.startswith("$argon2id$")
    assert passwords.verify(first, "mật khẩu")
    assert not passwords.verify(first, "mật khẩu ")


def test_without_being_told_the_hash_is_as_slow_as_the_library_advises():
    assert "m=65536,t=3,p=4" in Argon2Passwords().hash("x")


def test_composed_or_not_it_is_the_same_password(passwords: Argon2Passwords):
    hashed = passwords.hash(normalize("NFD", "mật khẩu"))
    assert passwords.verify(hashed, normalize("NFC", "mật khẩu"))


def test_rubbish_is_never_right(passwords: Argon2Passwords):
    for hashed in ("", "$argon2id$", "mật khẩu", "\x00"):
        assert not passwords.verify(hashed, "mật khẩu")
    assert not passwords.verify(passwords.hash("mật khẩu"), "\ud800")


def test_tokens_are_long_and_fit_into_an_address():
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 and token.replace("-", "").replace("_", "").isalnum() for token in tokens)
