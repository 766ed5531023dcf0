"""Administrators at the same instant: one result, a clear refusal for the others."""

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account, Right
from meeting_app.domain.authority import DelegationState
from meeting_app.domain.delegation import AlreadyWithdrawn, DelegationStands
from meeting_app.domain.organisation import Appointment, HeadTaken, NoLongerHeld
from meeting_app.ports import Ports
from meeting_app.services import appointment as appointments
from meeting_app.services import audit
from meeting_app.services import delegation as delegations
from meeting_app.services.unit_of_work import key
from tests.cast import Cast
from tests.races.test_meeting import at_once
from tests.services.posts import TODAY, give, held_by, signs, terms


@pytest.fixture
def administrators(ports: Ports, vinh: Actor) -> list[Actor]:
    """Vinh and a second one."""
    with ports.database.writing() as session:
        second = Account(
            username="phuc",
            full_name="Đào Hồng Phúc",
            password_hash="",
            unit_id=vinh.unit_id,
            rights=Right.ADMINISTER,
        )
        session.add(second)
        session.flush()
        return [vinh, Actor(key(second.id), second.full_name, second.unit_id, second.right_set)]


def now_held(ports: Ports, actor: Actor) -> list[int]:
    with ports.database.reading() as session:
        rows = session.exec(select(Appointment).where(Appointment.account_id == actor.account_id)).all()
    return [row.post_id for row in rows if row.held_at(ports.clock.now())]


def test_two_administrators_move_somebody_and_one_does(
    ports: Ports, cast: Cast, minh: Actor, administrators: list[Actor], enrolled: str
):
    wanted = [cast.posts["Chuyên viên"], cast.posts["Văn thư"]]
    for _ in range(10):
        held = held_by(ports, minh)
        targets = [post for post in (*wanted, cast.posts["Phó Chủ tịch"]) if [post] != now_held(ports, minh)][:2]
        answers = at_once(
            [
                lambda who=who, post=post, held=held: appointments.move(ports, who, held, post)
                for who, post in zip(administrators, targets, strict=True)
            ]
        )
        assert answers.count(NoLongerHeld) == 1
        [new] = [each for each in answers if each is not NoLongerHeld]
        assert held_by(ports, minh) == new
    moves = [entry["detail"]["stopped_keys"] for entry in audit.export(ports) if entry["act"] == "appointment.move"]
    assert moves == [1, *[0] * 9]
    assert audit.check(ports)[1] is None


def test_moving_and_ending_at_once_leave_one_result(ports: Ports, cast: Cast, minh: Actor, administrators: list[Actor]):
    first, second = administrators
    held = held_by(ports, minh)
    answers = at_once(
        [
            lambda: appointments.move(ports, first, held, cast.posts["Văn thư"]),
            lambda: appointments.end(ports, second, held),
        ]
    )
    assert answers.count(NoLongerHeld) == 1
    assert now_held(ports, minh) == ([] if answers[0] is NoLongerHeld else [cast.posts["Văn thư"]])


def test_two_heads_are_not_appointed_at_once(ports: Ports, cast: Cast, hung: Actor, administrators: list[Actor]):
    appointments.end(ports, administrators[0], held_by(ports, hung))
    for_post = cast.posts["Chủ tịch"]
    answers = at_once(
        [
            lambda who=who, name=name: appointments.appoint(
                ports, who, cast.actors[name].account_id, for_post, since=TODAY
            )
            for who, name in zip(administrators * 2, ("lan", "minh", "hoa", "dung"), strict=True)
        ]
    )
    assert answers.count(HeadTaken) == 3


def test_the_same_authority_is_given_once_and_withdrawn_once(
    ports: Ports, cast: Cast, minh: Actor, administrators: list[Actor]
):
    for _ in range(5):
        answers = at_once(
            [lambda who=who: delegations.delegate(ports, who, minh.account_id, terms()) for who in administrators * 2]
        )
        assert answers.count(DelegationStands) == 3
        [given] = [each for each in answers if each is not DelegationStands]
        answers = at_once(
            [lambda who=who, row=given: delegations.withdraw(ports, who, row) for who in administrators * 2]
        )
        assert answers.count(AlreadyWithdrawn) == 3
    assert {each.state for each in delegations.of_unit(ports, administrators[0])} == {DelegationState.WITHDRAWN}
    assert audit.check(ports)[1] is None


def test_authority_given_while_its_receiver_moves_never_outlives_the_post(
    ports: Ports, cast: Cast, minh: Actor, administrators: list[Actor]
):
    """Whichever comes first: bound to the post that was left, or refused for the post that came."""
    first, second = administrators
    for post in ("Chuyên viên", "Trưởng phòng") * 3:
        held = held_by(ports, minh)
        at_once(
            [
                lambda held=held, post=post: appointments.move(ports, first, held, cast.posts[post]),
                lambda: give(ports, cast, "minh"),
            ]
        )
        open_ones = [each for each in delegations.of_unit(ports, second) if each.open]
        if post == "Chuyên viên":
            assert open_ones == []
        elif open_ones:
            assert signs(ports, minh) == ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG")
