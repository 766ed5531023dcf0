"""Signing in and out, and passwords."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import (
    GUESS_WINDOW,
    Account,
    PresentPasswordWrong,
    SignIn,
    SignInAttempt,
    WrongPassword,
    ensure_good_password,
    ensure_may_guess,
    opens,
    rights_of,
)
from meeting_app.domain.wording import typed
from meeting_app.errors import NotFound
from meeting_app.ports import Passwords, Ports
from meeting_app.services.unit_of_work import Work, changing, key

_HOLDER = (
    sqlalchemy.select(
        *(col(each) for each in (SignIn.expires_at, SignIn.ended_at, Account.locked_at)),
        *(col(each) for each in (Account.id, Account.full_name, Account.unit_id, Account.rights, Account.language)),
    )
    .join(Account, col(Account.id) == SignIn.account_id)
    .where(col(SignIn.token_hash) == bindparam("token_hash"))
)
_NOBODY: dict[int, str] = {}  # by the identity of the process's one hasher


@dataclass(frozen=True, slots=True)
class Opened:
    """A new sign-in: the token for the cookie (shown once, kept nowhere) and its life in seconds."""

    token: str
    lifetime_seconds: int


def sign_in(
    ports: Ports, username: str, password: str, *, address: str, agent: str = "", replacing: str | None = None
) -> Opened:
    """Open a session; raises WrongPassword or TooManyGuesses. `replacing` is the old cookie, ended here."""
    username, address = typed(username).strip().casefold()[:60], address[:60]
    attempt_id, account = _spend_guess(ports, username, address)
    # The slow hash is computed outside any transaction: a guesser must not hold the database.
    password_hash = account.password_hash if account else _nobodys_hash(ports.passwords)
    right = ports.passwords.verify(password_hash, password[:1000])
    if account is None or account.locked_at is not None or not right:
        raise WrongPassword
    with changing(ports, actor_of(account, address)) as work:
        work.session.get_one(SignInAttempt, attempt_id).succeeded = True
        opened = _open(work, key(account.id), address, agent)
        if replacing:
            _end(work, replacing)
        work.record("account.sign_in")
    return opened


def named(ports: Ports, username: str) -> Actor:
    """Somebody by user name, for commands of the people who run the house; raises NotFound."""
    with ports.database.reading() as session:
        found = session.exec(select(Account).where(Account.username == username)).one_or_none()
    if found is None:
        raise NotFound
    return actor_of(found, "")


def actor_for(ports: Ports, token: str | None, address: str = "") -> Actor | None:
    """Who holds this cookie now; None when nobody does (unknown, ended, expired, account locked)."""
    if not token:
        return None
    for expires_at, ended_at, locked_at, *person in ports.database.rows(_HOLDER, token_hash=_hash(token)):
        if opens(ports.clock.now(), expires_at, ended_at, locked_at):
            account_id, full_name, unit_id, rights, language = person
            return Actor(account_id, full_name, unit_id, rights_of(rights), language, address[:60])
    return None


def signed_in(ports: Ports, tokens: Collection[str]) -> frozenset[str]:
    """Those of the cookies that open the house now, by one question."""
    by_hash = {_hash(token): token for token in tokens}
    with ports.database.reading() as session:
        found = session.exec(
            select(SignIn.token_hash, SignIn.expires_at, SignIn.ended_at, Account.locked_at)
            .join(Account, col(Account.id) == SignIn.account_id)
            .where(col(SignIn.token_hash).in_(by_hash))
        ).all()
    now = ports.clock.now()
    return frozenset(by_hash[token_hash] for token_hash, *when in found if opens(now, *when))


def sign_out(ports: Ports, token: str, actor: Actor | None = None) -> None:
    with changing(ports, actor) as work:
        _end(work, token)
        work.record("account.sign_out")


def change_password(ports: Ports, actor: Actor, old: str, new: str) -> None:
    """Set a new password and end every session of the account, this one too.

    Whoever found the tablet unlocked may not guess here any longer than at the door: the tries are the same.
    """
    with ports.database.reading() as session:
        account = session.get(Account, actor.account_id)
    if account is None:
        raise NotFound
    attempt_id, _account = _spend_guess(ports, account.username, actor.address)
    if not ports.passwords.verify(account.password_hash, old[:1000]):
        raise PresentPasswordWrong
    with ports.database.writing() as session:
        session.delete(session.get_one(SignInAttempt, attempt_id))  # right, and no sign-in
    ensure_good_password(new[:1000], account.username)
    hashed = ports.passwords.hash(new[:1000])
    with changing(ports, actor) as work:
        row = work.session.get_one(Account, actor.account_id)
        row.password_hash = hashed
        for sign_in_row in work.session.exec(
            select(SignIn).where(SignIn.account_id == actor.account_id, col(SignIn.ended_at).is_(None))
        ):
            sign_in_row.ended_at = work.now
        work.record("account.change_password")


def choose_language(ports: Ports, actor: Actor, language: str) -> None:
    with changing(ports, actor) as work:
        work.session.get_one(Account, actor.account_id).language = language[:5]
        work.record("account.choose_language", language=language[:5])


def actor_of(account: Account, address: str) -> Actor:
    return Actor(
        account_id=key(account.id),
        full_name=account.full_name,
        unit_id=account.unit_id,
        rights=account.right_set,
        language=account.language,
        address=address[:60],
    )


def _spend_guess(ports: Ports, username: str, address: str) -> tuple[int, Account | None]:
    """Count a guess as wrong before it is tried, so that parallel guesses cannot win."""
    with ports.database.writing() as session:
        account = session.exec(
            select(Account).where(Account.username == username).with_for_update(key_share=True)
        ).one_or_none()
        ensure_may_guess(*_failures(ports, session, username, address))
        attempt = SignInAttempt(username=username, address=address, at=ports.clock.now(), succeeded=False)
        session.add(attempt)
        session.flush()
        return key(attempt.id), account


def _open(work: Work, account_id: int, address: str, agent: str) -> Opened:
    token = work.ports.new_token()
    lifetime = timedelta(hours=work.ports.session_hours)
    work.session.add(
        SignIn(
            token_hash=_hash(token),
            account_id=account_id,
            begun_at=work.now,
            expires_at=work.now + lifetime,
            address=address,
            agent=agent[:200],
        )
    )
    return Opened(token, int(lifetime.total_seconds()))


def _end(work: Work, token: str) -> None:
    row = work.session.exec(select(SignIn).where(SignIn.token_hash == _hash(token))).one_or_none()
    if row is not None and row.ended_at is None:
        row.ended_at = work.now


def _failures(ports: Ports, session: Session, username: str, address: str) -> tuple[int, int]:
    """Wrong tries of late: from this address for this account, and for this account from anywhere."""
    query = select(func.count()).where(
        SignInAttempt.username == username,
        col(SignInAttempt.succeeded).is_(False),
        SignInAttempt.at > ports.clock.now() - GUESS_WINDOW,
    )
    here = session.exec(query.where(SignInAttempt.address == address)).one()
    return here, session.exec(query).one()


def _nobodys_hash(passwords: Passwords) -> str:
    """Verified when no such account exists, so that a wrong name takes as long as a wrong password."""
    if id(passwords) not in _NOBODY:
        _NOBODY[id(passwords)] = passwords.hash("nobody has this password")
    return _NOBODY[id(passwords)]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
