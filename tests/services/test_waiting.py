"""What waits for me: only mine, only while it waits, soonest meeting first."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Right
from meeting_app.domain.invitation import Invitation, InvitationState
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.minutes import Minutes, MinutesState
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import meeting as meetings
from meeting_app.services import register, waiting
from meeting_app.services.meeting import Registration
from meeting_app.services.unit_of_work import changing, key
from meeting_app.services.waiting import Errand
from tests.cast import Cast, SettableClock
from tests.conftest import convene
from tests.services.papers import errands


def test_an_invitation_asks_for_a_reply_until_it_is_given(
    ports: Ports, lan: Actor, minh: Actor, hung: Actor, quang: Actor, convened_meeting: int
):
    assert errands(ports, minh) == errands(ports, quang) == [Errand.REPLY]
    assert errands(ports, hung) == errands(ports, lan) == []
    attendees.decline(ports, minh, convened_meeting, "Bận")
    assert errands(ports, minh) == []
    meetings.open_session(ports, lan, convened_meeting)
    assert errands(ports, quang) == []


def test_a_draft_waits_for_its_secretary(ports: Ports, lan: Actor, hung: Actor, minh: Actor, draft_meeting: int):
    [task] = waiting.for_actor(ports, lan)
    assert (task.errand, task.meeting_id, task.title) == (Errand.PREPARE, draft_meeting, "Họp giao ban công tác tuần")
    assert errands(ports, hung) == errands(ports, minh) == []


def test_the_soonest_meeting_comes_first(ports: Ports, lan: Actor, minh: Actor, registration: Registration):
    for days in (3, 1, 2):
        later = timedelta(days=days)
        moved = replace(registration, starts_at=registration.starts_at + later, ends_at=registration.ends_at + later)
        convene(ports, lan, meetings.register(ports, lan, replace(moved, title=f"Họp {days}")))
    assert [task.title for task in waiting.for_actor(ports, minh)] == ["Họp 1", "Họp 2", "Họp 3"]


def test_a_cancelled_meeting_asks_nothing(ports: Ports, lan: Actor, minh: Actor, draft_meeting: int):
    with ports.database.writing() as session:
        session.get_one(Meeting, draft_meeting).state = MeetingState.CANCELLED
    assert errands(ports, lan) == errands(ports, minh) == []


def test_papers_wait_for_the_clerk_of_their_own_unit(
    ports: Ports, cast: Cast, closed_meeting: int, clock: SettableClock
):
    with changing(ports, cast.actors["lan"]) as work:
        number = register.reserve(work, work.session.get_one(Meeting, closed_meeting), "GM", "Họp")
        work.session.add(
            Invitation(
                meeting_id=closed_meeting,
                number_id=key(number.id),
                leader_id=cast.actors["hung"].account_id,
                state=InvitationState.AWAITING_SEAL,
                sha256="0" * 64,
                places="{}",
                drafted_at=clock.now(),
            )
        )
        work.session.add(Minutes(meeting_id=closed_meeting, state=MinutesState.AWAITING_SEAL, drafted_at=clock.now()))
    thu, nam = cast.actors["thu"], replace(cast.actors["nam"], rights=frozenset({Right.SEAL}))
    assert set(errands(ports, thu)) == {Errand.SEAL_INVITATION, Errand.SEAL_MINUTES}
    assert errands(ports, nam) == []
    assert errands(ports, replace(thu, rights=frozenset())) == []


def test_minutes_given_back_say_why(ports: Ports, lan: Actor, closed_meeting: int, clock: SettableClock):
    with ports.database.writing() as session:
        session.add(Minutes(meeting_id=closed_meeting, drafted_at=clock.now(), refusal_reason="Ghi thiếu"))
    [task] = waiting.for_actor(ports, lan)
    assert (task.errand, task.reason) == (Errand.WRITE_MINUTES, "Ghi thiếu")
    with ports.database.writing() as session:
        session.exec(select(Minutes)).one().state = MinutesState.ISSUED
    assert errands(ports, lan) == []
