"""Signing in: slow for guessers, quick for a whole room behind one address, over at once when locked."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from unicodedata import normalize

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import (
    GUESS_WINDOW,
    GUESSES_PER_ACCOUNT,
    GUESSES_PER_ACCOUNT_AND_ADDRESS,
    Account,
    PasswordIsUserName,
    PasswordTooShort,
    PresentPasswordWrong,
    SignIn,
    SignInAttempt,
    TooManyGuesses,
    WrongPassword,
)
from meeting_app.errors import MeetingError
from meeting_app.ports import Ports
from meeting_app.services import account as accounts
from meeting_app.services import audit
from meeting_app.storage.clock import Argon2Passwords
from tests.cast import PASSWORD, SettableClock

HALL = "203.0.113.7"  # everybody in the hall comes from here
NEW = "một mật khẩu khác hẳn"


class CountedPasswords:
    """The real hash, its uses counted."""

    def __init__(self, passwords: Argon2Passwords) -> None:
        self.passwords = passwords
        self.hashed = self.verified = 0

    def hash(self, password: str) -> str:
        self.hashed += 1
        return self.passwords.hash(password)

    def verify(self, password_hash: str, password: str) -> bool:
        self.verified += 1
        return self.passwords.verify(password_hash, password)


def sign_in(ports: Ports, username: str, password: str = PASSWORD, address: str = HALL) -> str:
    return accounts.sign_in(ports, username, password, address=address, agent="tablet").token


def guess_wrong(ports: Ports, username: str, times: int, address: str = HALL) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            sign_in(ports, username, "không phải mật khẩu", address)


def test_who_signs_in_is_known_by_the_token(ports: Ports, lan: Actor):
    actor = accounts.actor_for(ports, sign_in(ports, "lan"), HALL)
    assert actor == Actor(lan.account_id, lan.full_name, lan.unit_id, lan.rights, address=HALL)


def test_the_user_name_is_read_kindly(ports: Ports, lan: Actor):
    actor = accounts.actor_for(ports, sign_in(ports, "  LAN "))
    assert actor is not None
    assert actor.account_id == lan.account_id


def test_the_password_is_the_same_on_every_keyboard(ports: Ports):
    assert normalize("NFD", PASSWORD) != PASSWORD
    assert sign_in(ports, "lan", normalize("NFD", PASSWORD))


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(ports: Ports, clock: SettableClock):
    for username in ("lan", "ai đó", "", "x" * 500, "la\x00n", "\ud800"):
        clock.advance(hours=1)
        for password in ("sai", "", "\x00", "\ud800"):
            with pytest.raises(WrongPassword):
                accounts.sign_in(ports, username, password, address="x" * 200, agent="y" * 900)


def test_no_name_is_quicker_to_refuse_than_another(ports: Ports, passwords: Argon2Passwords):
    """The same work is done for a name nobody has: one verification, no more, no less."""
    counted = CountedPasswords(passwords)
    ports = replace(ports, passwords=counted)
    for username in ("lan", "ai đó", "lan", "ai khác"):
        counted.verified = 0
        guess_wrong(ports, username, 1)
        assert counted.verified == 1
    assert counted.hashed <= 1


def test_only_a_hash_of_the_token_is_kept(ports: Ports):
    token = sign_in(ports, "lan")
    with ports.database.reading() as session:
        row = session.exec(select(SignIn)).one()
    assert token not in row.model_dump_json()


def test_an_unknown_token_is_nobody(ports: Ports):
    for token in (None, "", "ai đó đoán", "\ud800", "x" * 10_000):
        assert accounts.actor_for(ports, token) is None


def test_signing_out_ends_this_session_and_no_other(ports: Ports, lan: Actor):
    tablet, desk = sign_in(ports, "lan"), sign_in(ports, "lan")
    accounts.sign_out(ports, tablet, lan)
    assert accounts.actor_for(ports, tablet) is None
    assert accounts.actor_for(ports, desk) is not None


def test_a_sign_in_ends_by_itself(ports: Ports, clock: SettableClock):
    opened = accounts.sign_in(ports, "lan", PASSWORD, address=HALL)
    clock.advance(seconds=opened.lifetime_seconds - 1)
    assert accounts.actor_for(ports, opened.token) is not None
    clock.advance(seconds=1)
    assert accounts.actor_for(ports, opened.token) is None


def test_signing_in_again_ends_the_old_cookie(ports: Ports):
    old = sign_in(ports, "lan")
    new = accounts.sign_in(ports, "lan", PASSWORD, address=HALL, replacing=old).token
    assert new != old
    assert accounts.actor_for(ports, old) is None
    assert accounts.actor_for(ports, new) is not None


def test_a_locked_account_is_out_at_once(ports: Ports, lan: Actor, clock: SettableClock):
    token = sign_in(ports, "lan")
    with ports.database.writing() as session:
        session.get_one(Account, lan.account_id).locked_at = clock.now()
    assert accounts.actor_for(ports, token) is None
    with pytest.raises(WrongPassword):
        sign_in(ports, "lan")


def test_many_cookies_are_asked_for_at_once_and_judged_as_one_is(
    ports: Ports, lan: Actor, hung: Actor, clock: SettableClock
):
    old = accounts.sign_in(ports, "lan", PASSWORD, address=HALL)
    clock.advance(seconds=old.lifetime_seconds)
    here, left, locked = sign_in(ports, "lan"), sign_in(ports, "lan"), sign_in(ports, "hung")
    accounts.sign_out(ports, left, lan)
    with ports.database.writing() as session:
        session.get_one(Account, hung.account_id).locked_at = clock.now()
    everybody = {here, left, locked, old.token, "ai đó đoán", "\ud800"}
    assert accounts.signed_in(ports, everybody) == {here}
    assert all((accounts.actor_for(ports, each) is not None) == (each == here) for each in everybody)
    assert accounts.signed_in(ports, ()) == frozenset()


def test_a_guesser_waits_and_the_next_seat_does_not(ports: Ports, clock: SettableClock):
    guess_wrong(ports, "lan", GUESSES_PER_ACCOUNT_AND_ADDRESS)
    with pytest.raises(TooManyGuesses):
        sign_in(ports, "lan")
    assert sign_in(ports, "minh")  # the same address: the hall is not locked out
    assert sign_in(ports, "lan", address="198.51.100.1")  # the same account from elsewhere
    clock.advance(seconds=GUESS_WINDOW.total_seconds())
    assert sign_in(ports, "lan")


def test_guessers_at_many_addresses_wait_too(ports: Ports):
    for number in range(GUESSES_PER_ACCOUNT // GUESSES_PER_ACCOUNT_AND_ADDRESS):
        guess_wrong(ports, "lan", GUESSES_PER_ACCOUNT_AND_ADDRESS, address=f"198.51.100.{number}")
    with pytest.raises(TooManyGuesses):
        sign_in(ports, "lan", address="192.0.2.1")


def test_whoever_is_signed_in_guesses_no_longer_than_others(ports: Ports, lan: Actor, clock: SettableClock):
    for _ in range(GUESSES_PER_ACCOUNT_AND_ADDRESS):
        with pytest.raises(PresentPasswordWrong):
            accounts.change_password(ports, lan, "không phải mật khẩu", NEW)
    with pytest.raises(TooManyGuesses):
        accounts.change_password(ports, lan, PASSWORD, NEW)
    with pytest.raises(TooManyGuesses):
        sign_in(ports, "lan", address=lan.address)
    clock.advance(seconds=GUESS_WINDOW.total_seconds())
    accounts.change_password(ports, lan, PASSWORD, NEW)
    sign_in(ports, "lan", NEW, lan.address)


def test_changing_the_password_is_no_sign_in(ports: Ports, lan: Actor):
    for _ in range(GUESSES_PER_ACCOUNT_AND_ADDRESS + 1):
        accounts.change_password(ports, lan, PASSWORD, PASSWORD)
    with ports.database.reading() as session:
        assert session.exec(select(SignInAttempt)).all() == []


def test_guesses_made_at_once_are_counted_each(ports: Ports):
    start = Barrier(12)

    def guess(_: int) -> type[MeetingError]:
        start.wait()
        with pytest.raises(MeetingError) as refused:
            sign_in(ports, "lan", "không phải mật khẩu")
        return refused.type

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(12)))
    assert answers.count(WrongPassword) == GUESSES_PER_ACCOUNT_AND_ADDRESS
    assert answers.count(TooManyGuesses) == 12 - GUESSES_PER_ACCOUNT_AND_ADDRESS


def test_every_try_stands_in_the_log(ports: Ports, clock: SettableClock):
    guess_wrong(ports, "lan", 2)
    clock.advance(minutes=1)
    sign_in(ports, "lan")
    with ports.database.reading() as session:
        tries = session.exec(select(SignInAttempt).order_by(SignInAttempt.at)).all()
    assert [each.succeeded for each in tries] == [False, False, True]
    assert tries[2].at - tries[0].at == timedelta(minutes=1)
    assert {(each.username, each.address) for each in tries} == {("lan", HALL)}


def test_a_new_password_ends_every_session(ports: Ports, lan: Actor):
    tokens = [sign_in(ports, "lan") for _ in range(3)]
    accounts.change_password(ports, lan, PASSWORD, NEW)
    assert [accounts.actor_for(ports, token) for token in tokens] == [None, None, None]
    with pytest.raises(WrongPassword):
        sign_in(ports, "lan")
    assert sign_in(ports, "lan", NEW)


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [("sai rồi", NEW, WrongPassword), (PASSWORD, "ngắn", PasswordTooShort)],
)
def test_a_refused_new_password_changes_nothing(ports: Ports, lan: Actor, old: str, new: str, refusal: type):
    token = sign_in(ports, "lan")
    with pytest.raises(refusal):
        accounts.change_password(ports, lan, old, new)
    assert accounts.actor_for(ports, token) is not None
    assert sign_in(ports, "lan")


def test_the_user_name_is_no_password(ports: Ports, lan: Actor):
    with ports.database.writing() as session:
        session.get_one(Account, lan.account_id).username = "tran.thi.lan"
    with pytest.raises(PasswordIsUserName):
        accounts.change_password(ports, lan, PASSWORD, "Tran.Thi.Lan")


def test_the_chosen_language_comes_with_the_next_page(ports: Ports, lan: Actor):
    token = sign_in(ports, "lan")
    accounts.choose_language(ports, lan, "en")
    actor = accounts.actor_for(ports, token)
    assert actor is not None
    assert actor.language == "en"
    assert list(audit.export(ports))[-1]["act"] == "account.choose_language"
