"""Replies, presence, and why somebody is absent."""

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import (
    LONGEST_REASON,
    AlreadyClosed,
    NotYetOpen,
    ReasonMissing,
    ReasonTooLong,
    Reply,
)
from meeting_app.domain.meeting import NotInState
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services import snapshot
from meeting_app.services.attendee import AttendeeView
from tests.cast import MORNING, Cast, SettableClock


def seen_by(ports: Ports, reader: Actor, meeting_id: int, whom: Actor) -> AttendeeView:
    everybody = attendees.attendees(ports, reader, meeting_id)
    return next(each for each in everybody if each.account_id == whom.account_id)


def test_a_reply_is_for_the_desk_and_oneself_only(
    ports: Ports, lan: Actor, minh: Actor, hoa: Actor, quang: Actor, convened_meeting: int
):
    attendees.decline(ports, minh, convened_meeting, "  Đi công tác Hà Nội ")
    for reader in (lan, minh):
        view = seen_by(ports, reader, convened_meeting, minh)
        assert (view.reply, view.reply_reason, view.why_absent, view.replied_at) == (
            Reply.DECLINED,
            "Đi công tác Hà Nội",
            "Đi công tác Hà Nội",
            MORNING,
        )
    for reader in (hoa, quang):
        view = seen_by(ports, reader, convened_meeting, minh)
        assert (view.reply, view.reply_reason, view.why_absent, view.replied_at) == (Reply.NONE, "", "", None)


def test_a_mind_may_be_changed(ports: Ports, minh: Actor, convened_meeting: int):
    attendees.decline(ports, minh, convened_meeting, "Bận")
    attendees.accept(ports, minh, convened_meeting)
    view = seen_by(ports, minh, convened_meeting, minh)
    assert (view.reply, view.reply_reason, view.why_absent) == (Reply.ACCEPTED, "", "")


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [("", ReasonMissing), (" \x00\n", ReasonMissing), ("x" * (LONGEST_REASON + 1), ReasonTooLong)],
)
def test_who_declines_says_why(
    ports: Ports, minh: Actor, convened_meeting: int, reason: str, refusal: type[MeetingError]
):
    with pytest.raises(refusal):
        attendees.decline(ports, minh, convened_meeting, reason)
    assert seen_by(ports, minh, convened_meeting, minh).reply is Reply.NONE


def test_nobody_replies_before_the_invitation_or_after_the_end(
    ports: Ports, lan: Actor, minh: Actor, draft_meeting: int
):
    with pytest.raises(NotFound):
        attendees.accept(ports, minh, draft_meeting)
    with pytest.raises(NotInState):
        attendees.accept(ports, lan, draft_meeting)


def test_who_is_not_invited_cannot_reply(ports: Ports, vinh: Actor, thu: Actor, nam: Actor, convened_meeting: int):
    for actor in (vinh, thu, nam):
        with pytest.raises(NotFound):
            attendees.accept(ports, actor, convened_meeting)


def test_checking_in_is_seen_by_all(ports: Ports, minh: Actor, quang: Actor, convened_meeting: int):
    attendees.check_in(ports, minh, convened_meeting)
    assert seen_by(ports, quang, convened_meeting, minh).checked_in_at == MORNING


def test_checking_in_twice_is_once(ports: Ports, minh: Actor, running_meeting: int, clock: SettableClock):
    attendees.check_in(ports, minh, running_meeting)
    clock.advance(minutes=10)
    attendees.check_in(ports, minh, running_meeting)
    assert seen_by(ports, minh, running_meeting, minh).checked_in_at == MORNING


def test_the_doors_open_half_an_hour_before_and_close_with_the_meeting(
    ports: Ports, lan: Actor, minh: Actor, convened_meeting: int, clock: SettableClock
):
    clock.advance(minutes=-1)
    with pytest.raises(NotYetOpen, match="30"):
        attendees.check_in(ports, minh, convened_meeting)
    clock.advance(minutes=1)
    attendees.check_in(ports, minh, convened_meeting)
    meetings.open_session(ports, lan, convened_meeting)
    meetings.close(ports, lan, convened_meeting)
    with pytest.raises(AlreadyClosed):
        attendees.check_in(ports, minh, convened_meeting)


def test_the_desk_checks_others_in_and_out(ports: Ports, lan: Actor, quang: Actor, running_meeting: int):
    guest = seen_by(ports, lan, running_meeting, quang).id
    attendees.check_in(ports, lan, running_meeting, guest)
    assert seen_by(ports, lan, running_meeting, quang).checked_in_at is not None
    attendees.check_out(ports, lan, running_meeting, guest)
    assert seen_by(ports, lan, running_meeting, quang).checked_in_at is None


def test_nobody_else_checks_others_in(ports: Ports, minh: Actor, hoa: Actor, quang: Actor, running_meeting: int):
    hers = seen_by(ports, minh, running_meeting, hoa).id
    for actor in (minh, quang):
        for act in (attendees.check_in, attendees.check_out):
            with pytest.raises(NotAllowed):
                act(ports, actor, running_meeting, hers)
    assert seen_by(ports, minh, running_meeting, hoa).checked_in_at is None


def test_a_person_of_another_meeting_is_not_found(ports: Ports, lan: Actor, running_meeting: int):
    with pytest.raises(NotFound):
        attendees.check_in(ports, lan, running_meeting, 10_000)


def test_the_desk_notes_why_somebody_is_absent(ports: Ports, lan: Actor, minh: Actor, hoa: Actor, running_meeting: int):
    attendees.decline(ports, minh, running_meeting, "Bận")
    his = seen_by(ports, lan, running_meeting, minh).id
    attendees.explain_absence(ports, lan, running_meeting, his, "Đi công tác, đã báo cáo chủ trì")
    assert seen_by(ports, lan, running_meeting, minh).why_absent == "Đi công tác, đã báo cáo chủ trì"
    assert seen_by(ports, hoa, running_meeting, minh).why_absent == ""
    attendees.explain_absence(ports, lan, running_meeting, his, "  ")
    assert seen_by(ports, lan, running_meeting, minh).why_absent == "Bận"


def test_who_comes_after_all_is_no_longer_excused(ports: Ports, lan: Actor, minh: Actor, running_meeting: int):
    his = seen_by(ports, lan, running_meeting, minh).id
    attendees.explain_absence(ports, lan, running_meeting, his, "Đi công tác")
    attendees.check_in(ports, minh, running_meeting)
    assert seen_by(ports, lan, running_meeting, minh).why_absent == ""


def test_only_the_desk_notes_absence(ports: Ports, cast: Cast, running_meeting: int):
    hers = seen_by(ports, cast.actors["lan"], running_meeting, cast.actors["hoa"]).id
    for person, refusal in (("minh", NotAllowed), ("hoa", NotAllowed), ("quang", NotAllowed), ("nam", NotFound)):
        with pytest.raises(refusal):
            attendees.explain_absence(ports, cast.actors[person], running_meeting, hers, "Vắng")


def test_what_concerns_the_desk_stays_on_its_channel(ports: Ports, lan: Actor, minh: Actor, running_meeting: int):
    before = events.version_of(ports, running_meeting)
    attendees.decline(ports, minh, running_meeting, "Bí mật riêng")
    attendees.explain_absence(
        ports, lan, running_meeting, seen_by(ports, lan, running_meeting, minh).id, "Bí mật riêng khác"
    )
    told = events.after(ports, running_meeting, before)
    assert [each.channel.value for each in told] == ["desk", "desk"]
    state = str(snapshot.take(ports, minh, running_meeting)[1])
    assert "Bí mật riêng" not in state
