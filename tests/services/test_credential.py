"""Keys: enrolled with a proof that they open, used with their holder's PIN, locked by guessing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.credential import (
    PIN_TRIES,
    Credential,
    CredentialKind,
    CredentialKnown,
    NoCredential,
    PinLocked,
)
from meeting_app.domain.key import KeyNotFound, KeyPlace, Secret
from meeting_app.domain.organisation import Unit
from meeting_app.domain.signature import KeyUnreadable, WrongPin
from meeting_app.errors import MeetingError
from meeting_app.ports import Ports
from meeting_app.services import audit
from meeting_app.services import credential as credentials
from tests.cast import MORNING, Cast, SettableClock
from tests.keys import PIN, Office


def of_person(ports: Ports, actor: Actor) -> Credential:
    with ports.database.reading() as session:
        return credentials.of_person(session, session.get_one(Account, actor.account_id), ports.clock.now())


def tries_spent(ports: Ports, actor: Actor) -> int:
    return of_person(ports, actor).wrong_pins


def alter(ports: Ports, actor: Actor, change: Callable[[Credential], object]) -> None:
    with ports.database.writing() as session:
        change(session.exec(select(Credential).where(Credential.account_id == actor.account_id)).one())


def test_what_is_enrolled_is_what_the_certificate_says(ports: Ports, hung: Actor, cast: Cast, enrolled: str):
    credential = of_person(ports, hung)
    assert (credential.kind, credential.common_name) == (CredentialKind.PERSON, "Nguyễn Văn Hùng")
    assert credential.not_before <= MORNING < credential.not_after
    with ports.database.reading() as session:
        unit = session.get_one(Unit, cast.units["an_hai"])
        seal = credentials.of_seal(session, unit, MORNING)
    assert (seal.kind, seal.common_name, seal.account_id) == (CredentialKind.SEAL, unit.name, None)
    acts = [(entry["act"], entry["detail"]["holder"]) for entry in audit.export(ports)]
    assert ("credential.enrol", "Nguyễn Văn Hùng") in acts
    assert PIN not in str(list(audit.export(ports)))


def test_a_key_that_does_not_open_is_not_enrolled(ports: Ports, hung: Actor, office: Office):
    with pytest.raises(WrongPin):
        credentials.enrol(ports, office.pki.pkcs12("hung"), "000000", account_id=hung.account_id)
    with pytest.raises(KeyUnreadable):
        credentials.enrol(ports, b"not a key", PIN, account_id=hung.account_id)
    with pytest.raises(NoCredential, match="Nguyễn Văn Hùng"):
        of_person(ports, hung)


def test_a_certificate_is_enrolled_once(ports: Ports, lan: Actor, office: Office, enrolled: str):
    with pytest.raises(CredentialKnown, match="Nguyễn Văn Hùng"):
        credentials.enrol(ports, office.pki.pkcs12("hung"), PIN, account_id=lan.account_id)


def test_who_has_no_key_cannot_sign(ports: Ports, hoa: Actor, cast: Cast, enrolled: str):
    with pytest.raises(NoCredential, match="Phạm Thị Hoa"):
        of_person(ports, hoa)
    with ports.database.reading() as session, pytest.raises(NoCredential, match="Lê Chân"):
        credentials.of_seal(session, session.get_one(Unit, cast.units["le_chan"]), MORNING)


def test_a_stopped_or_expired_credential_is_not_used(
    ports: Ports, hung: Actor, lan: Actor, enrolled: str, clock: SettableClock
):
    alter(ports, hung, lambda row: setattr(row, "stopped_at", clock.now()))
    with pytest.raises(NoCredential):
        of_person(ports, hung)
    clock.set(of_person(ports, lan).not_after - timedelta(seconds=1))
    assert of_person(ports, lan)
    clock.advance(seconds=1)
    with pytest.raises(NoCredential):
        of_person(ports, lan)


def test_a_wrong_pin_counts_and_the_right_one_begins_anew(ports: Ports, hung: Actor, enrolled: str):
    for spent in (1, 2):
        with pytest.raises(WrongPin):
            credentials.sign(ports, of_person(ports, hung), Secret("000000"), [b"x"])
        assert tries_spent(ports, hung) == spent
    assert len(credentials.sign(ports, of_person(ports, hung), Secret(PIN), [b"x"])) == 1
    assert tries_spent(ports, hung) == 0


def test_another_failure_than_the_pin_costs_no_try(ports: Ports, hung: Actor, enrolled: str):
    alter(ports, hung, lambda row: setattr(row, "place", KeyPlace.TOKEN))  # a place that is not set up here
    with pytest.raises(KeyNotFound):
        credentials.sign(ports, of_person(ports, hung), Secret(PIN), [b"x"])
    assert tries_spent(ports, hung) == 0


def test_guessing_the_pin_locks_the_key_even_for_its_holder(ports: Ports, hung: Actor, enrolled: str):
    start = Barrier(8)

    def guess(number: int) -> type[MeetingError]:
        start.wait()
        with pytest.raises(MeetingError) as refused:
            credentials.sign(ports, of_person(ports, hung), Secret(f"00000{number}"), [b"x"])
        return refused.type

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(8)))
    assert answers.count(WrongPin) == PIN_TRIES
    assert answers.count(PinLocked) == 8 - PIN_TRIES
    with pytest.raises(PinLocked, match=str(PIN_TRIES)):
        credentials.sign(ports, of_person(ports, hung), Secret(PIN), [b"x"])
