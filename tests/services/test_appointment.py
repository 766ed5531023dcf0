"""Posts change hands by the unit's administrator alone, to the second, and keys stop with them."""

from datetime import timedelta

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.authority import DelegationLapsed, NoAppointment, NoAuthority
from meeting_app.domain.credential import NoCredential
from meeting_app.domain.delegation import DelegationKind
from meeting_app.domain.organisation import Appointment, HeadTaken, LastDayWrong, NoLongerHeld, PostHeldAlready
from meeting_app.domain.paper import PaperKind
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import appointment as appointments
from meeting_app.services import audit, authority, people, staff
from meeting_app.services import credential as credentials
from meeting_app.services import invitation as invitations
from tests.cast import Cast, SettableClock
from tests.services.posts import TODAY, appoint, give, held_by, move, signs


def post_of(ports: Ports, actor: Actor) -> str:
    return next(each.post for each in people.everybody(ports) if each.account_id == actor.account_id)


def ensure_key(ports: Ports, actor: Actor) -> None:
    with ports.database.reading() as session:
        credentials.of_person(session, session.get_one(Account, actor.account_id), ports.clock.now())


def test_who_moves_leaves_and_begins_in_the_same_second_and_the_key_stops(
    ports: Ports, cast: Cast, minh: Actor, lan: Actor, enrolled: str, clock: SettableClock
):
    old = held_by(ports, minh)
    moved_at = clock.advance(minutes=7)
    new = move(ports, cast, "minh", "Phó Chủ tịch")
    with ports.database.reading() as session:
        left, begun = session.get_one(Appointment, old), session.get_one(Appointment, new)
    assert (left.ended_at, left.until) == (moved_at, TODAY)
    assert (begun.begun_at, begun.since, begun.until) == (moved_at, TODAY, None)
    just_before = moved_at - timedelta(microseconds=1)
    assert (left.held_at(just_before), begun.held_at(just_before)) == (True, False)
    assert (left.held_at(moved_at), begun.held_at(moved_at)) == (False, True)
    assert post_of(ports, minh) == "Phó Chủ tịch"
    with pytest.raises(NoCredential):
        ensure_key(ports, minh)
    ensure_key(ports, lan)
    entry = list(audit.export(ports))[-1]
    assert (entry["act"], entry["actor_name"]) == ("appointment.move", "Bùi Thế Vinh")
    assert entry["detail"] == {
        "appointment": new,
        "name": "Lê Quang Minh",
        "left": "Trưởng phòng",
        "post": "Phó Chủ tịch",
        "stopped_keys": 1,
    }


def test_authority_bound_to_the_old_post_ends_with_the_move(ports: Ports, cast: Cast, minh: Actor):
    give(ports, cast, "minh")
    assert signs(ports, minh) == ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG")
    move(ports, cast, "minh", "Chánh Văn phòng")
    with pytest.raises(DelegationLapsed):
        signs(ports, minh)


def test_a_moved_head_no_longer_signs_and_what_was_given_in_person_ends(ports: Ports, cast: Cast, minh: Actor):
    give(ports, cast, "minh")
    appoint(ports, cast, "lan", "Phó Chủ tịch")
    give(ports, cast, "lan", DelegationKind.DEPUTY)
    assert signs(ports, cast.actors["hung"]) == ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH")
    move(ports, cast, "hung", "Chuyên viên")
    for name in ("hung", "minh"):
        with pytest.raises((DelegationLapsed, NoAuthority)):
            signs(ports, cast.actors[name])
    assert signs(ports, cast.actors["lan"]) == ("TM. UỶ BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")


def test_a_post_takes_the_key_that_is_bound_to_it_and_no_other(
    ports: Ports, cast: Cast, vinh: Actor, minh: Actor, enrolled: str
):
    more = appoint(ports, cast, "minh", "Văn thư")
    first = next(each for each in staff.members(ports, vinh) if each.account_id == minh.account_id).held[0]
    appointments.end(ports, vinh, more)
    ensure_key(ports, minh)
    appointments.end(ports, vinh, first.appointment_id)
    with pytest.raises(NoCredential):
        ensure_key(ports, minh)
    with pytest.raises(NoAppointment):
        signs(ports, minh)
    assert post_of(ports, minh) == ""


def test_a_last_day_is_put_down_and_taken_back(ports: Ports, vinh: Actor, minh: Actor, clock: SettableClock):
    post = held_by(ports, minh)
    appointments.end_on(ports, vinh, post, TODAY + timedelta(days=2))
    appointments.end_on(ports, vinh, post, None)
    appointments.end_on(ports, vinh, post, TODAY + timedelta(days=1))
    clock.advance(days=1)
    assert held_by(ports, minh) == post
    clock.advance(days=1)
    with pytest.raises(NoLongerHeld, match="Lê Quang Minh"):
        appointments.end_on(ports, vinh, post, None)
    acts = [(entry["act"], entry["detail"]["last_day"]) for entry in audit.export(ports)]
    assert [day for _act, day in acts] == [str(TODAY + timedelta(days=2)), None, str(TODAY + timedelta(days=1))]


@pytest.mark.parametrize(("since", "until"), [(1, 0), (-5, -1)])
def test_a_last_day_is_not_before_the_first_and_not_past(
    ports: Ports, cast: Cast, vinh: Actor, minh: Actor, since: int, until: int
):
    days = {"since": TODAY + timedelta(days=since), "until": TODAY + timedelta(days=until)}
    with pytest.raises(LastDayWrong):
        appointments.appoint(ports, vinh, minh.account_id, cast.posts["Văn thư"], **days)
    with pytest.raises(LastDayWrong):
        appointments.end_on(ports, vinh, held_by(ports, minh), TODAY - timedelta(days=1))


def test_a_unit_has_one_head_at_a_time(ports: Ports, cast: Cast, vinh: Actor, hung: Actor):
    with pytest.raises(HeadTaken, match="Nguyễn Văn Hùng"):
        move(ports, cast, "lan", "Chủ tịch")
    with pytest.raises(HeadTaken):
        appoint(ports, cast, "lan", "Chủ tịch", since=TODAY + timedelta(days=30))
    appointments.end_on(ports, vinh, held_by(ports, hung), TODAY + timedelta(days=29))
    appoint(ports, cast, "lan", "Chủ tịch", since=TODAY + timedelta(days=30))
    with pytest.raises(HeadTaken, match="Trần Thị Lan"):
        appointments.end_on(ports, vinh, held_by(ports, hung), None)


def test_when_the_head_goes_the_next_one_comes_the_same_day(
    ports: Ports, cast: Cast, vinh: Actor, hung: Actor, lan: Actor
):
    appointments.end(ports, vinh, held_by(ports, hung))
    move(ports, cast, "lan", "Chủ tịch")
    assert signs(ports, lan) == ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH")


def test_nobody_holds_a_post_twice(ports: Ports, cast: Cast, vinh: Actor, minh: Actor):
    for act in (appoint, move):
        with pytest.raises(PostHeldAlready, match="Trưởng phòng"):
            act(ports, cast, "minh", "Trưởng phòng")


@pytest.mark.parametrize("name", ["hung", "lan", "minh", "thu", "quang", "nam"])
def test_to_everybody_else_the_unit_has_no_posts_to_change(ports: Ports, cast: Cast, minh: Actor, name: str):
    actor, post = cast.actors[name], held_by(ports, minh)
    for act in (
        lambda: appointments.appoint(ports, actor, minh.account_id, cast.posts["Văn thư"], since=TODAY),
        lambda: appointments.move(ports, actor, post, cast.posts["Văn thư"]),
        lambda: appointments.end(ports, actor, post),
        lambda: appointments.end_on(ports, actor, post, TODAY),
        lambda: staff.members(ports, actor),
        lambda: staff.posts(ports, actor),
        lambda: staff.consequences(ports, actor, post),
        lambda: authority.office(ports, actor),
        lambda: authority.settle(ports, actor, cast.posts["Chủ tịch"], ""),
    ):
        with pytest.raises(NotFound):
            act()
    assert audit.check(ports) == (0, None)


def test_an_administrator_changes_nothing_in_another_unit(ports: Ports, cast: Cast, vinh: Actor, nam: Actor):
    post = held_by(ports, nam)
    for act in (
        lambda: appointments.appoint(ports, vinh, nam.account_id, cast.posts["Văn thư"], since=TODAY),
        lambda: appointments.move(ports, vinh, post, cast.posts["Văn thư"]),
        lambda: appointments.end(ports, vinh, post),
        lambda: staff.consequences(ports, vinh, post),
        lambda: appointments.move(ports, vinh, held_by(ports, vinh), 999),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_list_shows_posts_and_as_much_of_the_key_as_is_needed(
    ports: Ports, cast: Cast, vinh: Actor, enrolled: str, clock: SettableClock
):
    move(ports, cast, "minh", "Văn thư")
    appoint(ports, cast, "hoa", "Văn thư", since=TODAY + timedelta(days=3))
    listed = {each.name: each for each in staff.members(ports, vinh)}
    assert list(listed)[:2] == ["Nguyễn Văn Hùng", "Trần Thị Lan"]
    assert "Ngô Hải Nam" not in listed
    hung, minh, hoa, dung = (listed[f] for f in ("Nguyễn Văn Hùng", "Lê Quang Minh", "Phạm Thị Hoa", "Đỗ Tiến Dũng"))
    assert hung.key_until is not None
    assert hung.key_until > clock.now()
    assert (minh.has_key, minh.key_until, [each.post for each in minh.held]) == (True, None, ["Văn thư"])
    assert [(each.post, each.since) for each in hoa.held][1] == ("Văn thư", TODAY + timedelta(days=3))
    assert (dung.has_key, dung.key_until) == (False, None)
    clock.set(hung.key_until)
    assert staff.members(ports, vinh)[0].key_until is None


def test_what_a_move_stops_is_counted_beforehand(
    ports: Ports, cast: Cast, vinh: Actor, lan: Actor, draft_meeting: int, enrolled: str
):
    give(ports, cast, "minh")
    give(ports, cast, "dung", papers=frozenset({PaperKind.OTHER}))
    invitations.draft(ports, lan, draft_meeting, cast.actors["minh"].account_id)

    def stops(name: str) -> tuple[int, int, int]:
        found = staff.consequences(ports, vinh, held_by(ports, cast.actors[name]))
        return found.keys, found.delegations, found.waiting

    assert stops("minh") == (1, 1, 1)
    assert stops("hung") == (1, 2, 0)  # TUQ. goes with whoever gave it
    assert stops("dung") == (0, 1, 0)
    assert stops("hoa") == (0, 0, 0)


def test_who_heads_the_unit_and_how_it_signs_is_put_down(
    ports: Ports, cast: Cast, vinh: Actor, hung: Actor, lan: Actor
):
    before = authority.office(ports, vinh)
    assert (before.head, before.lines) == ("Nguyễn Văn Hùng", ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH"))
    authority.settle(ports, vinh, cast.posts["Chánh Văn phòng"], "  ")
    after = authority.office(ports, vinh)
    assert (after.head, after.lines) == ("Trần Thị Lan", ("CHÁNH VĂN PHÒNG",))
    assert signs(ports, lan) == ("CHÁNH VĂN PHÒNG",)
    with pytest.raises(NoAuthority):
        signs(ports, hung)
    with pytest.raises(authority.CollectiveTooLong):
        authority.settle(ports, vinh, cast.posts["Chủ tịch"], "x" * 101)
    for post_id in (cast.posts["Văn thư"], 999):
        with pytest.raises(NotFound):
            authority.settle(ports, vinh, post_id, "")
