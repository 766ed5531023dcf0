"""Sending somebody in one's place: chosen, changed, withdrawn, and every step on paper."""

from datetime import timedelta

import pytest
from sqlmodel import select

from meeting_app.domain import attendance_delegation as rules
from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.attendee import LONGEST_REASON, Attendee, ReasonMissing, ReasonTooLong, Reply, Represented, Role
from meeting_app.domain.audit import AuditEntry
from meeting_app.domain.invitation import Delivery
from meeting_app.domain.meeting import NotInState
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import attendance_delegation as delegations
from meeting_app.services import attendee as attendees
from meeting_app.services import ballot as ballots
from meeting_app.services import document as documents
from meeting_app.services import invitation as invitations
from meeting_app.services import meeting as meetings
from meeting_app.services import snapshot, waiting
from meeting_app.services.attendee import AttendeeView
from tests.cast import MORNING, Cast, SettableClock
from tests.conftest import hand_out
from tests.services.papers import STROKES
from tests.voting import come, opened

WHY = "Đi công tác theo Giấy triệu tập số 12/GTT-UBND"


def people(ports: Ports, cast: Cast, meeting_id: int) -> dict[str, AttendeeView]:
    names = {actor.account_id: name for name, actor in cast.actors.items()}
    everybody = attendees.attendees(ports, cast.actors["lan"], meeting_id)
    return {names[each.account_id]: each for each in everybody}


def send(ports: Ports, who: Actor, meeting_id: int, whom: Actor, **more) -> int:
    return delegations.choose(ports, who, meeting_id, whom.account_id, **({"reason": WHY} | more))


def test_the_delegate_becomes_an_attendee_who_reads_what_members_read(
    ports: Ports, cast: Cast, minh: Actor, thu: Actor, lan: Actor, convened_meeting: int
):
    hand_out(ports, lan, convened_meeting, for_guests=False, title="Dự toán")
    with pytest.raises(NotFound):
        documents.documents(ports, thu, convened_meeting + 1000)
    send(ports, minh, convened_meeting, thu, with_vote=True)
    seen = people(ports, cast, convened_meeting)
    assert (seen["minh"].delegate_id, seen["minh"].delegate_votes) == (seen["thu"].id, True)
    assert (seen["thu"].stands_for_id, seen["thu"].role, seen["thu"].votes) == (seen["minh"].id, Role.MEMBER, False)
    assert [each.title for each in documents.documents(ports, thu, convened_meeting)] == ["Dự toán"]
    assert [each.meeting_id for each in waiting.for_actor(ports, thu)] == [convened_meeting]


def test_who_sends_somebody_has_answered_the_invitation(
    ports: Ports, cast: Cast, minh: Actor, thu: Actor, convened_meeting: int
):
    send(ports, minh, convened_meeting, thu)
    seen = people(ports, cast, convened_meeting)["minh"]
    assert (seen.reply, seen.why_absent) == (Reply.DECLINED, WHY)
    delegations.withdraw(ports, minh, convened_meeting)
    assert people(ports, cast, convened_meeting)["minh"].reply is Reply.NONE


def test_withdrawn_before_they_did_anything_the_delegate_is_gone(
    ports: Ports, cast: Cast, minh: Actor, thu: Actor, convened_meeting: int
):
    send(ports, minh, convened_meeting, thu)
    delegations.withdraw(ports, minh, convened_meeting)
    seen = people(ports, cast, convened_meeting)
    assert "thu" not in seen
    assert seen["minh"].delegate_id is None
    with pytest.raises(NotFound):
        snapshot.take(ports, thu, convened_meeting)


def test_withdrawn_after_they_came_they_remain_as_guests_who_stand_for_nobody(
    ports: Ports, cast: Cast, lan: Actor, minh: Actor, thu: Actor, running_meeting: int
):
    hand_out(ports, lan, running_meeting, for_guests=False)
    send(ports, minh, running_meeting, thu, with_vote=True)
    attendees.check_in(ports, thu, running_meeting)
    delegations.withdraw(ports, minh, running_meeting)
    seen = people(ports, cast, running_meeting)
    assert (seen["thu"].role, seen["thu"].stands_for_id, seen["thu"].votes) == (Role.GUEST, None, False)
    assert (seen["minh"].delegate_id, seen["minh"].delegate_votes) == (None, False)
    assert documents.documents(ports, thu, running_meeting) == []
    send(ports, minh, running_meeting, thu)  # and may be sent again
    assert people(ports, cast, running_meeting)["thu"].role is Role.MEMBER


def test_choosing_another_changes_the_delegate(
    ports: Ports, cast: Cast, minh: Actor, thu: Actor, vinh: Actor, convened_meeting: int
):
    send(ports, minh, convened_meeting, thu, with_vote=True)
    send(ports, minh, convened_meeting, vinh)
    seen = people(ports, cast, convened_meeting)
    assert "thu" not in seen
    assert (seen["minh"].delegate_id, seen["minh"].delegate_votes) == (seen["vinh"].id, False)
    send(ports, minh, convened_meeting, vinh, with_vote=True)  # the same again, with the vote
    assert people(ports, cast, convened_meeting)["minh"].delegate_votes


def test_the_trail_says_who_when_and_what_became_of_it(
    ports: Ports, lan: Actor, minh: Actor, hoa: Actor, thu: Actor, convened_meeting: int, clock: SettableClock, cast
):
    send(ports, minh, convened_meeting, thu, with_vote=True)
    later = clock.advance(minutes=5)
    his = people(ports, cast, convened_meeting)["minh"].id
    delegations.withdraw(ports, lan, convened_meeting, his)
    [row] = delegations.trail(ports, lan, convened_meeting)
    assert (row.giver, row.delegate, row.with_vote, row.reason) == (minh.full_name, thu.full_name, True, WHY)
    assert (row.given_at, row.given_by) == (MORNING, minh.full_name)
    assert (row.withdrawn_at, row.withdrawn_by) == (later, lan.full_name)
    assert delegations.trail(ports, minh, convened_meeting) == [row]
    assert delegations.trail(ports, hoa, convened_meeting) == []
    with ports.database.reading() as session:
        acts = [each.act for each in session.exec(select(AuditEntry).order_by(AuditEntry.sequence)).all()]
    assert acts[-2:] == ["attendee.delegate", "attendee.withdraw_delegate"]


def test_the_desk_does_it_for_somebody_and_may_choose_from_everywhere(
    ports: Ports, cast: Cast, lan: Actor, minh: Actor, nam: Actor, convened_meeting: int
):
    his = people(ports, cast, convened_meeting)["minh"].id
    with pytest.raises(NotFound):
        send(ports, minh, convened_meeting, nam)  # of another unit
    send(ports, lan, convened_meeting, nam, attendee_id=his)
    seen = people(ports, cast, convened_meeting)
    assert seen["minh"].delegate_id == seen["nam"].id
    assert seen["minh"].reply is Reply.NONE  # he did not say so himself
    offered = {each.name for each in delegations.candidates(ports, lan, convened_meeting, his)}
    assert nam.full_name in offered
    assert minh.full_name not in offered
    assert nam.full_name not in {each.name for each in delegations.candidates(ports, minh, convened_meeting)}


def test_nobody_else_does_it_for_others(
    ports: Ports, cast: Cast, hoa: Actor, quang: Actor, thu: Actor, nam: Actor, convened_meeting: int
):
    his = people(ports, cast, convened_meeting)["minh"].id
    for actor, refusal in ((hoa, NotAllowed), (quang, NotAllowed), (nam, NotFound)):
        for act in (
            lambda actor=actor: send(ports, actor, convened_meeting, thu, attendee_id=his),
            lambda actor=actor: delegations.withdraw(ports, actor, convened_meeting, his),
        ):
            with pytest.raises(refusal):
                act()
    with pytest.raises(NotFound):
        send(ports, nam, convened_meeting, thu)
    assert people(ports, cast, convened_meeting).keys() == {"hung", "lan", "minh", "hoa", "dung", "quang"}


@pytest.mark.parametrize(
    ("who", "whom", "refusal"),
    [
        ("hung", "thu", rules.DeskNotDelegated),
        ("lan", "thu", rules.DeskNotDelegated),
        ("quang", "thu", rules.GuestsDelegateNobody),
        ("minh", "minh", rules.NotOneself),
        ("minh", "hung", rules.CannotStandIn),
        ("minh", "quang", rules.CannotStandIn),
    ],
)
def test_who_may_send_and_be_sent(
    ports: Ports, cast: Cast, convened_meeting: int, who: str, whom: str, refusal: type[MeetingError]
):
    with pytest.raises(refusal):
        send(ports, cast.actors[who], convened_meeting, cast.actors[whom])
    assert delegations.trail(ports, cast.actors["lan"], convened_meeting) == []


def test_a_member_may_attend_for_another_but_for_one_only_and_nothing_is_passed_on(
    ports: Ports, cast: Cast, minh: Actor, hoa: Actor, dung: Actor, thu: Actor, convened_meeting: int
):
    send(ports, minh, convened_meeting, hoa, with_vote=True)
    seen = people(ports, cast, convened_meeting)
    assert (seen["minh"].delegate_id, seen["hoa"].stands_for_id, seen["hoa"].votes) == (seen["hoa"].id, None, True)
    with pytest.raises(rules.RepresentsAlready):
        send(ports, dung, convened_meeting, hoa)
    with pytest.raises(rules.NotPassedOn):
        send(ports, hoa, convened_meeting, thu)
    with pytest.raises(rules.SentSomebody):
        send(ports, dung, convened_meeting, minh)
    delegations.withdraw(ports, minh, convened_meeting)
    assert people(ports, cast, convened_meeting)["hoa"].role is Role.MEMBER


def test_a_delegate_passes_nothing_on_and_stands_for_nobody_else(
    ports: Ports, minh: Actor, dung: Actor, thu: Actor, vinh: Actor, convened_meeting: int
):
    send(ports, minh, convened_meeting, thu)
    with pytest.raises(rules.NotPassedOn):
        send(ports, thu, convened_meeting, vinh)
    with pytest.raises(rules.RepresentsAlready):
        send(ports, dung, convened_meeting, thu)


def test_who_is_represented_does_not_check_in_before_withdrawing(
    ports: Ports, lan: Actor, minh: Actor, thu: Actor, running_meeting: int, cast: Cast
):
    send(ports, minh, running_meeting, thu)
    his = people(ports, cast, running_meeting)["minh"].id
    for act in (
        lambda: attendees.check_in(ports, minh, running_meeting),
        lambda: attendees.check_in(ports, lan, running_meeting, his),
    ):
        with pytest.raises(Represented, match=thu.full_name):
            act()
    delegations.withdraw(ports, minh, running_meeting)
    attendees.check_in(ports, minh, running_meeting)
    with pytest.raises(rules.StillPresent):
        send(ports, minh, running_meeting, thu)
    attendees.leave(ports, minh, running_meeting)
    send(ports, minh, running_meeting, thu)  # for the rest of the meeting
    with pytest.raises(Represented):
        attendees.come_back(ports, minh, running_meeting)


def test_the_vote_goes_along_only_where_there_is_one(
    ports: Ports, cast: Cast, minh: Actor, thu: Actor, convened_meeting: int, lan: Actor
):
    his = people(ports, cast, convened_meeting)["minh"].id
    with ports.database.writing() as session:
        session.get_one(Attendee, his).votes = False
    send(ports, minh, convened_meeting, thu, with_vote=True)
    assert not people(ports, cast, convened_meeting)["minh"].delegate_votes


def test_before_the_invitation_and_after_the_end_nobody_is_sent(
    ports: Ports, lan: Actor, minh: Actor, thu: Actor, draft_meeting: int, cast: Cast
):
    his = people(ports, cast, draft_meeting)["minh"].id
    with pytest.raises(NotInState):
        send(ports, lan, draft_meeting, thu, attendee_id=his)
    with pytest.raises(NotFound):
        send(ports, minh, draft_meeting, thu)


def test_a_delegation_stands_after_the_end(ports: Ports, lan: Actor, minh: Actor, thu: Actor, running_meeting: int):
    send(ports, minh, running_meeting, thu)
    meetings.close(ports, lan, running_meeting)
    with pytest.raises(NotInState):
        delegations.withdraw(ports, minh, running_meeting)
    with pytest.raises(NotInState):
        send(ports, minh, running_meeting, thu)


def test_there_is_nothing_to_withdraw_where_nobody_was_sent(ports: Ports, minh: Actor, convened_meeting: int):
    with pytest.raises(rules.NoDelegate, match=minh.full_name):
        delegations.withdraw(ports, minh, convened_meeting)


@pytest.mark.parametrize(("reason", "refusal"), [(" \x00", ReasonMissing), ("x" * (LONGEST_REASON + 1), ReasonTooLong)])
def test_the_reason_is_written(ports, minh, thu, convened_meeting, reason: str, refusal: type[MeetingError]):
    with pytest.raises(refusal):
        send(ports, minh, convened_meeting, thu, reason=reason)


def test_an_account_that_is_locked_or_unknown_is_not_found(
    ports: Ports, minh: Actor, thu: Actor, convened_meeting: int
):
    with ports.database.writing() as session:
        session.get_one(Account, thu.account_id).locked_at = MORNING
    for account_id in (thu.account_id, 10_000_000):
        with pytest.raises(NotFound):
            delegations.choose(ports, minh, convened_meeting, account_id, reason=WHY)


def test_where_the_invitation_was_issued_the_delegate_has_it_too(
    ports: Ports, lan: Actor, hung: Actor, thu: Actor, minh: Actor, vinh: Actor, draft_meeting: int, enrolled: str
):
    invitations.draft(ports, lan, draft_meeting)
    invitations.sign(ports, hung, draft_meeting, pin=enrolled, strokes=STROKES)
    invitations.seal(ports, thu, draft_meeting, pin=enrolled)
    send(ports, minh, draft_meeting, vinh)
    assert invitations.file(ports, vinh, draft_meeting).sha256
    with ports.database.reading() as session:
        opened = [each.opened_at for each in session.exec(select(Delivery)).all()]
    assert len(opened) == 7
    assert len([each for each in opened if each]) == 1
    delegations.withdraw(ports, minh, draft_meeting)  # who has read the invitation did something
    assert snapshot.take(ports, vinh, draft_meeting)[1]["you"]["role"] == "guest"


def test_a_delegate_who_declined_remains_in_the_list(
    ports: Ports, cast: Cast, minh: Actor, thu: Actor, convened_meeting: int, clock: SettableClock
):
    send(ports, minh, convened_meeting, thu)
    clock.advance(minutes=1)
    attendees.decline(ports, thu, convened_meeting, "Cũng bận")
    delegations.withdraw(ports, minh, convened_meeting)
    assert people(ports, cast, convened_meeting)["thu"].role is Role.GUEST
    assert clock.now() == MORNING + timedelta(minutes=1)


def test_a_vote_that_is_open_keeps_its_holder_though_the_delegation_is_withdrawn(
    ports: Ports, cast: Cast, lan: Actor, minh: Actor, thu: Actor, running_meeting: int
):
    send(ports, minh, running_meeting, thu, with_vote=True)
    come(ports, running_meeting, cast.actors["hung"], cast.actors["hoa"], thu)
    motion_id = opened(ports, lan, running_meeting, proxies=True)
    delegations.withdraw(ports, minh, running_meeting)
    attendees.check_in(ports, minh, running_meeting)
    mine = people(ports, cast, running_meeting)["minh"].id
    electors = snapshot.take(ports, lan, running_meeting)[1]["electors"]
    [his] = [each for each in electors if each["attendee_id"] == mine]
    with pytest.raises(MeetingError):
        ballots.cast(ports, minh, running_meeting, motion_id, his["id"], choice="agree")
    ballots.cast(ports, thu, running_meeting, motion_id, his["id"], choice="agree")
