from datetime import UTC, datetime, timedelta

import pytest

from meeting_app.domain import account
from meeting_app.domain.account import (
    GUESSES_PER_ACCOUNT,
    GUESSES_PER_ACCOUNT_AND_ADDRESS,
    SHORTEST_PASSWORD,
    Account,
    PasswordIsUserName,
    PasswordTooShort,
    Right,
    TooManyGuesses,
)

EIGHT = datetime(2026, 11, 23, 1, tzinfo=UTC)


def test_a_password_is_long_whatever_it_is_made_of():
    account.ensure_good_password("mười ký tự", "lan")
    with pytest.raises(PasswordTooShort, match=str(SHORTEST_PASSWORD)):
        account.ensure_good_password("Ab1!Ab1!x", "lan")


def test_a_password_is_not_the_user_name_in_other_letters():
    with pytest.raises(PasswordIsUserName):
        account.ensure_good_password("TRANTHILAN", "tranthilan")


def test_a_guesser_is_stopped_at_one_address():
    account.ensure_may_guess(GUESSES_PER_ACCOUNT_AND_ADDRESS - 1, GUESSES_PER_ACCOUNT - 1)
    with pytest.raises(TooManyGuesses, match="15"):
        account.ensure_may_guess(GUESSES_PER_ACCOUNT_AND_ADDRESS, 0)


def test_many_guessers_are_stopped_at_many_addresses():
    with pytest.raises(TooManyGuesses):
        account.ensure_may_guess(0, GUESSES_PER_ACCOUNT)


def test_rights_are_words_in_a_row():
    row = Account(username="x", full_name="X", password_hash="", unit_id=1, rights="register seal")
    assert row.right_set == {Right.REGISTER, Right.SEAL}
    assert Account(username="x", full_name="X", password_hash="", unit_id=1).right_set == frozenset()


def test_a_sign_in_ends_by_itself_or_by_hand_or_with_its_account():
    until = EIGHT + timedelta(hours=12)
    assert account.opens(until - timedelta(minutes=1), until, None, None)
    assert not account.opens(until, until, None, None)
    assert not account.opens(EIGHT, until, EIGHT, None)
    assert not account.opens(EIGHT, until, None, EIGHT)
