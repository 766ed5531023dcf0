"""A credential's life after its issue: suspended, resumed, revoked, unlocked, handed over, its PIN changed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.calendar import local
from meeting_app.domain.credential import PIN_TRIES, Credential, CredentialNotInUse, CredentialState, NoCredential
from meeting_app.domain.credential_life import (
    AlreadySuspended,
    CredentialAct,
    CredentialOver,
    IdentityUnchecked,
    KeyElsewhere,
    NotLocked,
    NotSuspended,
    NotTheReceiver,
    ReasonMissing,
)
from meeting_app.domain.key import KeyPlace, PinNotOfUse, PinTooSimple, Secret
from meeting_app.domain.organisation import Appointment
from meeting_app.domain.signature import WrongPin
from meeting_app.errors import MeetingError, NotFound
from meeting_app.ports import Ports
from meeting_app.services import audit, credential_attention, credential_overview
from meeting_app.services import credential as credentials
from meeting_app.services import credential_life as life
from meeting_app.services.credential_life import HandOverForm
from meeting_app.services.unit_of_work import changing, key
from tests.cast import Cast, SettableClock
from tests.keys import PIN

NEW_PIN = "mùa lúa 73"


def row(ports: Ports, actor: Actor) -> Credential:
    with ports.database.reading() as session:
        return session.exec(select(Credential).where(Credential.account_id == actor.account_id)).one()


@pytest.fixture
def hungs(ports: Ports, hung: Actor, enrolled: str) -> int:
    return key(row(ports, hung).id)


@pytest.fixture
def seal(ports: Ports, cast: Cast, enrolled: str) -> int:
    with ports.database.reading() as session:
        return key(session.exec(select(Credential).where(Credential.unit_id == cast.units["an_hai"])).one().id)


def ensure_usable(ports: Ports, actor: Actor) -> None:
    with ports.database.reading() as session:
        credentials.of_person(session, session.get_one(Account, actor.account_id), ports.clock.now())


def acts(ports: Ports, actor: Actor, credential_id: int) -> list[tuple[CredentialAct, str, str]]:
    history = credential_overview.card(ports, actor, credential_id).history
    return [(each.act, each.by, each.reason) for each in reversed(history)]


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each answered, or the rule it broke, all begun together."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        start.wait()
        try:
            return call()
        except MeetingError as error:
            return type(error)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_a_suspended_key_signs_nothing_until_it_is_resumed(ports: Ports, hung: Actor, vinh: Actor, hungs: int):
    before = row(ports, hung)
    life.suspend(ports, vinh, hungs, "Mất máy tính bảng")
    with pytest.raises(NoCredential):
        ensure_usable(ports, hung)
    with pytest.raises(CredentialNotInUse):  # also for whoever looked a moment earlier
        credentials.sign(ports, before, Secret(PIN), [b"x"])
    with pytest.raises(AlreadySuspended):
        life.suspend(ports, vinh, hungs, "Lần nữa")
    life.resume(ports, vinh, hungs, "Đã tìm thấy")
    ensure_usable(ports, hung)
    assert credentials.sign(ports, row(ports, hung), Secret(PIN), [b"x"])
    with pytest.raises(NotSuspended):
        life.resume(ports, vinh, hungs, "Lần nữa")
    assert acts(ports, vinh, hungs) == [
        (CredentialAct.ISSUED, "", ""),
        (CredentialAct.SUSPENDED, "Bùi Thế Vinh", "Mất máy tính bảng"),
        (CredentialAct.RESUMED, "Bùi Thế Vinh", "Đã tìm thấy"),
    ]
    recorded = [entry["act"] for entry in audit.export(ports)]
    assert recorded[-2:] == ["credential.suspended", "credential.resumed"]


def test_what_is_revoked_is_so_for_good(ports: Ports, hung: Actor, vinh: Actor, hungs: int):
    life.revoke(ports, vinh, hungs, "Lộ khoá")
    assert row(ports, hung).state(ports.clock.now()) is CredentialState.REVOKED
    for act in (life.suspend, life.resume, life.revoke, life.unlock):
        with pytest.raises(CredentialOver, match="Nguyễn Văn Hùng"):
            act(ports, vinh, hungs, "Vì lý do khác")
    with pytest.raises(CredentialOver):
        life.change_pin(ports, hung, hungs, PIN, NEW_PIN)
    with pytest.raises(NoCredential):
        ensure_usable(ports, hung)


@pytest.mark.parametrize("act", [life.suspend, life.revoke])
def test_every_act_needs_a_reason(ports: Ports, vinh: Actor, hungs: int, act: Callable[..., None]):
    with pytest.raises(ReasonMissing):
        act(ports, vinh, hungs, "  \n")


@pytest.mark.parametrize("name", ["hung", "lan", "thu", "nam", "quang"])
def test_only_the_units_administrator_administers(ports: Ports, cast: Cast, hungs: int, seal: int, name: str):
    stranger = cast.actors[name]
    form = HandOverForm(cast.actors["hung"].account_id)
    for credential_id in (hungs, seal, 999_999):
        for act in (life.suspend, life.resume, life.revoke, life.unlock):
            with pytest.raises(NotFound):
                act(ports, stranger, credential_id, "Vì tôi muốn")
        with pytest.raises(NotFound):
            life.hand_over(ports, stranger, credential_id, form)
    for listed in (credential_overview.credentials, credential_overview.requests, credential_attention.attention):
        with pytest.raises(NotFound):
            listed(ports, stranger)


def test_two_administrators_at_once_suspend_once(ports: Ports, vinh: Actor, hungs: int):
    for _ in range(3):
        answers = at_once(*(lambda: life.suspend(ports, vinh, hungs, "Mất thẻ"),) * 2)
        assert sorted(map(str, answers)) == sorted(map(str, [None, AlreadySuspended]))
        answers = at_once(*(lambda: life.resume(ports, vinh, hungs, "Đã thấy"),) * 2)
        assert sorted(map(str, answers)) == sorted(map(str, [None, NotSuspended]))


def test_revoking_and_resuming_at_once_never_leaves_a_key_that_signs(
    ports: Ports, hung: Actor, vinh: Actor, hungs: int
):
    life.suspend(ports, vinh, hungs, "Nghi lộ khoá")
    answers = at_once(
        lambda: life.revoke(ports, vinh, hungs, "Lộ khoá"), lambda: life.resume(ports, vinh, hungs, "Không sao")
    )
    assert answers[0] is None
    assert answers[1] in (None, CredentialOver)
    assert row(ports, hung).state(ports.clock.now()) is CredentialState.REVOKED
    told = [act for act, _by, _reason in acts(ports, vinh, hungs)]
    assert told.count(CredentialAct.RESUMED) == (answers[1] is None)
    assert audit.check(ports)[1] is None


def test_a_locked_key_is_unlocked_after_the_identity_was_checked(ports: Ports, hung: Actor, vinh: Actor, hungs: int):
    with pytest.raises(NotLocked):
        life.unlock(ports, vinh, hungs, "Gặp trực tiếp")
    for _ in range(PIN_TRIES):
        with pytest.raises(WrongPin):
            credentials.sign(ports, row(ports, hung), Secret("000000"), [b"x"])
    assert row(ports, hung).state(ports.clock.now()) is CredentialState.LOCKED
    with pytest.raises(IdentityUnchecked, match="Nguyễn Văn Hùng"):
        life.unlock(ports, vinh, hungs, " ")
    life.unlock(ports, vinh, hungs, "Gặp trực tiếp, đối chiếu CCCD")
    assert credentials.sign(ports, row(ports, hung), Secret(PIN), [b"x"])
    assert acts(ports, vinh, hungs)[-1] == (
        CredentialAct.UNLOCKED,
        "Bùi Thế Vinh",
        "Gặp trực tiếp, đối chiếu CCCD",
    )


def test_the_holder_stops_the_own_key_at_once_and_cannot_resume_it(ports: Ports, hung: Actor, hungs: int, lan: Actor):
    with pytest.raises(NotFound):
        life.suspend_own(ports, lan, hungs, "")
    life.suspend_own(ports, hung, hungs, "")
    with pytest.raises(NoCredential):
        ensure_usable(ports, hung)
    with pytest.raises(NotFound):
        life.resume(ports, hung, hungs, "Thôi")
    assert acts(ports, hung, hungs)[-1] == (CredentialAct.SUSPENDED, "Nguyễn Văn Hùng", "")


def test_the_clerk_holds_the_seal(ports: Ports, thu: Actor, hung: Actor, seal: int):
    assert [view.id for view in credential_overview.own(ports, thu)] == [seal]
    with pytest.raises(NotFound):
        life.suspend_own(ports, hung, seal, "")
    life.suspend_own(ports, thu, seal, "Mất điện thoại")
    assert credential_overview.own(ports, thu)[0].state is CredentialState.SUSPENDED


def test_the_pin_is_changed_by_whoever_knows_it(ports: Ports, hung: Actor, lan: Actor, hungs: int):
    old_file = row(ports, hung).pkcs12
    with pytest.raises(NotFound):
        life.change_pin(ports, lan, hungs, PIN, NEW_PIN)
    with pytest.raises(WrongPin):
        life.change_pin(ports, hung, hungs, "000000", NEW_PIN)
    assert row(ports, hung).wrong_pins == 1
    life.change_pin(ports, hung, hungs, PIN, NEW_PIN)
    assert row(ports, hung).wrong_pins == 0
    assert row(ports, hung).pkcs12 != old_file
    with pytest.raises(WrongPin):
        credentials.sign(ports, row(ports, hung), Secret(PIN), [b"x"])
    assert credentials.sign(ports, row(ports, hung), Secret(NEW_PIN), [b"x"])
    told = str(list(audit.export(ports)))
    assert PIN not in told
    assert NEW_PIN not in told


@pytest.mark.parametrize(
    ("pin", "refusal"),
    [
        ("", PinNotOfUse),
        ("24681", PinNotOfUse),
        ("9" * 65, PinNotOfUse),
        ("111111", PinTooSimple),
        ("121212", PinTooSimple),
        ("246246", PinTooSimple),
        ("123456", PinTooSimple),
        ("654321", PinTooSimple),
        ("1234567", PinTooSimple),
        ("abcdef", PinTooSimple),
    ],
)
def test_a_pin_that_everybody_tries_first_is_refused(
    ports: Ports, hung: Actor, hungs: int, pin: str, refusal: type[MeetingError]
):
    with pytest.raises(refusal):
        life.change_pin(ports, hung, hungs, PIN, pin)
    assert row(ports, hung).wrong_pins == 0


def test_guessing_by_changing_the_pin_locks_the_key(ports: Ports, hung: Actor, hungs: int):
    answers = at_once(*(lambda: life.change_pin(ports, hung, hungs, "000000", NEW_PIN),) * 8)
    assert answers.count(WrongPin) == PIN_TRIES
    assert row(ports, hung).state(ports.clock.now()) is CredentialState.LOCKED


def test_two_windows_change_the_pin_once(ports: Ports, hung: Actor, hungs: int):
    pins = ("mùa lúa 73", "gió biển 48")
    answers = at_once(*(lambda pin=pin: life.change_pin(ports, hung, hungs, PIN, pin) for pin in pins))
    assert answers.count(None) == 1
    chosen = pins[answers.index(None)]
    assert credentials.sign(ports, row(ports, hung), Secret(chosen), [b"x"])


def test_the_pin_of_a_token_is_changed_on_the_token(ports: Ports, hung: Actor, hungs: int):
    with ports.database.writing() as session:
        session.get_one(Credential, hungs).place = KeyPlace.TOKEN
    with pytest.raises(KeyElsewhere):
        life.change_pin(ports, hung, hungs, PIN, NEW_PIN)


def test_a_hand_over_is_recorded_with_its_receiver(ports: Ports, vinh: Actor, cast: Cast, hungs: int, seal: int):
    form = HandOverForm(cast.actors["hung"].account_id, device="TK-0042", note="Bàn giao tại phòng 3")
    record = life.hand_over(ports, vinh, hungs, form)
    card = credential_overview.card(ports, vinh, hungs)
    assert card.hand_overs == (record,)
    assert (card.history[0].act, card.history[0].reason) == (CredentialAct.HANDED_OVER, "Nguyễn Văn Hùng")
    for credential_id, receiver in ((hungs, "lan"), (seal, "hung"), (seal, "nam")):
        with pytest.raises(NotTheReceiver):
            life.hand_over(ports, vinh, credential_id, HandOverForm(cast.actors[receiver].account_id))
    assert life.hand_over(ports, vinh, seal, HandOverForm(cast.actors["thu"].account_id))


def test_a_key_is_bound_to_the_post_and_ends_with_it(
    ports: Ports, hung: Actor, vinh: Actor, hungs: int, clock: SettableClock
):
    view = credential_overview.card(ports, vinh, hungs).credential
    assert (view.holder, view.post) == ("Nguyễn Văn Hùng", "Chủ tịch")
    ensure_usable(ports, hung)
    with ports.database.writing() as session:
        session.get_one(Appointment, row(ports, hung).appointment_id).until = local(clock.now()).date()
    ensure_usable(ports, hung)  # on the last day
    clock.advance(days=1)
    with pytest.raises(NoCredential):
        ensure_usable(ports, hung)


def test_moving_stops_what_is_bound_to_the_old_post_in_the_same_transaction(
    ports: Ports, hung: Actor, lan: Actor, vinh: Actor, hungs: int, clock: SettableClock
):
    def move(*, breaks: bool) -> int:
        with changing(ports, vinh) as work:
            held = work.session.get_one(Appointment, row(ports, hung).appointment_id)
            held.until, held.ended_at = local(work.now).date(), work.now
            stopped = credentials.stop_for_move(work, hung.account_id)
            if breaks:
                raise NotFound
            return stopped

    with pytest.raises(NotFound):
        move(breaks=True)
    ensure_usable(ports, hung)
    assert move(breaks=False) == 1
    with pytest.raises(NoCredential):
        ensure_usable(ports, hung)
    ensure_usable(ports, lan)
    assert acts(ports, vinh, hungs)[-1] == (CredentialAct.STOPPED, "Bùi Thế Vinh", "")
    assert move(breaks=False) == 0


def test_moving_leaves_the_key_of_a_post_that_is_still_held(ports: Ports, hung: Actor, vinh: Actor, hungs: int):
    with changing(ports, vinh) as work:
        assert credentials.stop_for_move(work, hung.account_id) == 0
    with ports.database.writing() as session:
        session.get_one(Credential, hungs).appointment_id = None
    with changing(ports, vinh) as work:
        assert credentials.stop_for_move(work, hung.account_id) == 1


def test_the_overview_says_what_needs_attention_first(
    ports: Ports, vinh: Actor, hung: Actor, lan: Actor, hungs: int, seal: int, clock: SettableClock, draft_meeting: int
):
    needs = credential_attention.attention(ports, vinh)
    assert needs == []
    life.suspend(ports, vinh, seal, "Đổi dấu")
    life.revoke(ports, vinh, hungs, "Lộ khoá")
    for _ in range(PIN_TRIES):
        with pytest.raises(WrongPin):
            credentials.sign(ports, row(ports, lan), Secret("000000"), [b"x"])
    needs = [(each.need.value, each.holder) for each in credential_attention.attention(ports, vinh)]
    assert needs == [
        ("missing", "Nguyễn Văn Hùng"),
        ("locked", "Trần Thị Lan"),
        ("suspended", "Uỷ ban nhân dân phường An Hải"),
    ]


def test_what_ends_within_ninety_days_is_told(
    ports: Ports, vinh: Actor, lan: Actor, enrolled: str, clock: SettableClock
):
    ends = row(ports, lan).not_after
    clock.set(ends - timedelta(days=91))
    assert "ending" not in {each.need.value for each in credential_attention.attention(ports, vinh)}
    clock.set(ends - timedelta(days=89))
    ending = [each for each in credential_attention.attention(ports, vinh) if each.need.value == "ending"]
    assert {each.holder for each in ending} >= {"Trần Thị Lan", "Lê Quang Minh"}
    assert all(each.ends_at is not None for each in ending)
    clock.set(ends + timedelta(seconds=1))
    needs = {(each.need.value, each.holder) for each in credential_attention.attention(ports, vinh)}
    assert ("missing", "Nguyễn Văn Hùng") in needs
    assert all(view.state is CredentialState.ENDED for view in credential_overview.credentials(ports, vinh))
