"""The head's signature is given in writing, withdrawn to the second, and passed on by nobody."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from meeting_app.domain import delegation as rules
from meeting_app.domain.access import Actor
from meeting_app.domain.authority import (
    DelegationState,
    DelegationWithdrawn,
    HeadInOffice,
    HeadUnknown,
    NoAppointment,
    PassedOn,
)
from meeting_app.domain.delegation import DelegationKind
from meeting_app.domain.organisation import Unit
from meeting_app.domain.paper import PaperKind
from meeting_app.errors import MeetingError, NotFound
from meeting_app.ports import Ports
from meeting_app.services import appointment as appointments
from meeting_app.services import audit
from meeting_app.services import delegation as delegations
from tests.cast import Cast, SettableClock
from tests.services.posts import BASIS, TODAY, appoint, give, held_by, move, signs, terms

Q, KT, TL, TUQ = DelegationKind


def states(ports: Ports, actor: Actor) -> list[tuple[str, DelegationState]]:
    return [(each.name, each.state) for each in delegations.of_unit(ports, actor)]


def test_the_head_gives_and_the_administrator_puts_down_what_the_head_gave(ports: Ports, cast: Cast):
    hung, vinh, minh = (cast.actors[name] for name in ("hung", "vinh", "minh"))
    delegations.delegate(ports, hung, minh.account_id, terms())
    give(ports, cast, "dung", TL)
    found = delegations.of_unit(ports, vinh)
    assert [(each.name, each.lines, each.giver, each.open) for each in found] == [
        ("Đỗ Tiến Dũng", ("TL. CHỦ TỊCH", "TRƯỞNG PHÒNG"), "Nguyễn Văn Hùng", True),
        ("Lê Quang Minh", ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG"), "Nguyễn Văn Hùng", True),
    ]
    assert found[1].terms == terms()
    assert delegations.of_unit(ports, hung) == found
    entries = list(audit.export(ports))
    assert [(entry["act"], entry["actor_name"]) for entry in entries] == [
        ("delegation.give", "Nguyễn Văn Hùng"),
        ("delegation.give", "Bùi Thế Vinh"),
    ]
    assert (entries[0]["detail"]["to"], entries[0]["detail"]["basis"]) == ("Lê Quang Minh", BASIS)


def test_what_was_given_is_not_passed_on(ports: Ports, cast: Cast, minh: Actor):
    for kind, name in ((TUQ, "minh"), (TL, "dung")):
        give(ports, cast, name, kind)
        with pytest.raises(PassedOn, match=kind.mark):
            delegations.delegate(ports, cast.actors[name], cast.actors["hoa"].account_id, terms())
    assert len(states(ports, cast.actors["vinh"])) == 2


@pytest.mark.parametrize("name", ["lan", "hoa", "thu", "nam"])
def test_everybody_else_neither_gives_nor_knows_what_was_given(ports: Ports, cast: Cast, name: str):
    actor, given = cast.actors[name], give(ports, cast, "minh")
    for act in (
        lambda: delegations.delegate(ports, actor, cast.actors["dung"].account_id, terms()),
        lambda: delegations.withdraw(ports, actor, given),
        lambda: delegations.of_unit(ports, actor),
        lambda: delegations.receivers(ports, actor),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_head_of_another_unit_gives_only_there(ports: Ports, cast: Cast, quang: Actor, minh: Actor):
    given = give(ports, cast, "minh")
    for act in (
        lambda: delegations.delegate(ports, quang, minh.account_id, terms()),
        lambda: delegations.withdraw(ports, quang, given),
    ):
        with pytest.raises(NotFound):
            act()
    assert delegations.of_unit(ports, quang) == []


def test_a_receiver_knows_nothing_of_the_others(ports: Ports, cast: Cast, minh: Actor):
    give(ports, cast, "minh")
    with pytest.raises(NotFound):
        delegations.of_unit(ports, minh)


def test_withdrawing_holds_from_that_second(ports: Ports, cast: Cast, hung: Actor, minh: Actor, clock: SettableClock):
    given = give(ports, cast, "minh")
    clock.advance(minutes=5)
    assert signs(ports, minh)
    delegations.withdraw(ports, hung, given)
    with pytest.raises(DelegationWithdrawn):
        signs(ports, minh)
    with pytest.raises(rules.AlreadyWithdrawn):
        delegations.withdraw(ports, hung, given)
    assert states(ports, hung) == [("Lê Quang Minh", DelegationState.WITHDRAWN)]
    give(ports, cast, "minh")  # and may be given anew
    assert signs(ports, minh)
    acts = [entry["act"] for entry in audit.export(ports)]
    assert acts == ["delegation.give", "delegation.withdraw", "delegation.give"]


def test_each_stands_as_what_it_is_on_the_day(ports: Ports, cast: Cast, vinh: Actor, clock: SettableClock):
    give(ports, cast, "minh", since=TODAY + timedelta(days=2))
    give(ports, cast, "dung", until=TODAY + timedelta(days=1))
    give(ports, cast, "hoa")
    move(ports, cast, "hoa", "Chuyên viên")
    assert states(ports, vinh) == [
        ("Phạm Thị Hoa", DelegationState.LAPSED),
        ("Đỗ Tiến Dũng", DelegationState.IN_FORCE),
        ("Lê Quang Minh", DelegationState.COMING),
    ]
    clock.advance(days=2)
    assert [state for _name, state in states(ports, vinh)][1:] == [DelegationState.OVER, DelegationState.IN_FORCE]


@pytest.mark.parametrize(
    ("name", "kind", "values", "refusal"),
    [
        ("minh", KT, {}, rules.OnlyDeputies),
        ("thu", TUQ, {}, rules.OnlyHeadsOfParts),
        ("vinh", TL, {}, rules.OnlyHeadsOfParts),
        ("hung", TUQ, {}, rules.HeadNeedsNone),
        ("minh", Q, {}, HeadInOffice),
        ("minh", TUQ, {"until": None}, rules.LimitsMissing),
        ("minh", TL, {"basis": ""}, rules.BasisMissing),
        ("minh", TL, {"papers": frozenset()}, rules.PapersMissing),
        ("nam", TL, {}, NotFound),
    ],
)
def test_what_cannot_be_given_is_refused_and_nothing_is_written(
    ports: Ports, cast: Cast, name: str, kind: DelegationKind, values: dict[str, object], refusal: type[MeetingError]
):
    with pytest.raises(refusal):
        give(ports, cast, name, kind, **values)
    assert states(ports, cast.actors["vinh"]) == []
    assert audit.check(ports) == (0, None)


def test_the_same_authority_is_not_given_twice_for_the_same_time(ports: Ports, cast: Cast):
    give(ports, cast, "minh", until=TODAY + timedelta(days=5))
    with pytest.raises(rules.DelegationStands, match="Lê Quang Minh"):
        give(ports, cast, "minh", since=TODAY + timedelta(days=5))
    give(ports, cast, "minh", since=TODAY + timedelta(days=6))
    give(ports, cast, "minh", papers=frozenset({PaperKind.OTHER}))
    give(ports, cast, "minh", TL)


def test_while_the_head_is_away_for_good_somebody_acts_and_gives(
    ports: Ports, cast: Cast, vinh: Actor, hung: Actor, lan: Actor, minh: Actor
):
    appointments.end(ports, vinh, held_by(ports, hung))
    give(ports, cast, "lan", Q, until=None)
    assert signs(ports, lan) == ("TM. UỶ BAN NHÂN DÂN", "Q. CHỦ TỊCH")
    delegations.delegate(ports, lan, minh.account_id, terms())
    assert signs(ports, minh) == ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG")
    with pytest.raises(rules.ActingFromAbove):
        delegations.delegate(ports, lan, minh.account_id, terms(Q))
    move(ports, cast, "dung", "Chủ tịch")
    with pytest.raises(HeadInOffice, match="Đỗ Tiến Dũng"):
        signs(ports, lan)


def test_a_deputy_by_a_second_post_signs_by_that_one(ports: Ports, cast: Cast, lan: Actor):
    appoint(ports, cast, "lan", "Phó Chủ tịch")
    give(ports, cast, "lan", KT, until=None)
    give(ports, cast, "lan", TL)
    assert signs(ports, lan) == ("TM. UỶ BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")


def test_without_a_post_or_without_a_known_head_nothing_is_given(ports: Ports, cast: Cast, vinh: Actor, minh: Actor):
    appointments.end(ports, vinh, held_by(ports, minh))
    with pytest.raises(NoAppointment):
        give(ports, cast, "minh")
    with ports.database.writing() as session:
        session.get_one(Unit, vinh.unit_id).head_post_id = None
    with pytest.raises(HeadUnknown):
        give(ports, cast, "dung")


def test_each_kind_is_offered_to_whom_it_fits(ports: Ports, cast: Cast, vinh: Actor):
    move(ports, cast, "hoa", "Phó Chủ tịch")
    offered = delegations.receivers(ports, vinh)
    names: Callable[[DelegationKind], list[str]] = lambda kind: [each.name for each in offered[kind]]  # noqa: E731
    assert names(KT) == ["Phạm Thị Hoa"]
    assert names(TL) == names(TUQ) == ["Trần Thị Lan", "Lê Quang Minh", "Đỗ Tiến Dũng"]
    assert "Nguyễn Văn Hùng" not in names(Q)
    assert offered[TUQ][0].lines == ("TUQ. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")
