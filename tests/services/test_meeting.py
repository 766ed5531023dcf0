"""A meeting from its registration to its end: what is refused leaves nothing behind."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import func, select

from meeting_app.domain.access import Actor
from meeting_app.domain.agenda import ItemState
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.audit import AuditEntry
from meeting_app.domain.event import MeetingEvent
from meeting_app.domain.meeting import (
    LONGEST_TITLE,
    ChairIsSecretary,
    ChairMissing,
    EndsBeforeStart,
    LastsTooLong,
    Meeting,
    MeetingState,
    NobodyInvited,
    NotInState,
    SecretaryMissing,
    TitleMissing,
    TitleTooLong,
    VenueTaken,
)
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import attendee as attendees
from meeting_app.services import meeting as meetings
from meeting_app.services import snapshot
from meeting_app.services.meeting import Registration
from tests.cast import MORNING, Cast, RecordedWakeUps, SettableClock

Change = Callable[[Registration], dict[str, Any]]

REFUSED: dict[str, tuple[type[MeetingError], Change]] = {
    "without title": (TitleMissing, lambda _: {"title": " \x00 "}),
    "title too long": (TitleTooLong, lambda _: {"title": "x" * (LONGEST_TITLE + 1)}),
    "ends before it starts": (EndsBeforeStart, lambda form: {"ends_at": form.starts_at - timedelta(minutes=1)}),
    "ends as it starts": (EndsBeforeStart, lambda form: {"ends_at": form.starts_at}),
    "lasts for weeks": (LastsTooLong, lambda form: {"ends_at": form.starts_at + timedelta(days=20)}),
    "without chair": (ChairMissing, lambda _: {"chair_id": None}),
    "without secretary": (SecretaryMissing, lambda _: {"secretary_id": None}),
    "one person for both": (ChairIsSecretary, lambda form: {"chair_id": form.secretary_id}),
    "nobody invited": (NobodyInvited, lambda _: {"member_ids": ()}),
    "only the chair invited": (NobodyInvited, lambda form: {"member_ids": (form.chair_id,)}),
    "no such room": (NotFound, lambda _: {"venue_id": 10_000}),
    "no such person": (NotFound, lambda form: {"member_ids": (*form.member_ids, 10_000)}),
    "no such guest": (NotFound, lambda _: {"guest_ids": (10_000,)}),
    "no such chair": (NotFound, lambda _: {"chair_id": 10_000}),
}


def row_counts(ports: Ports) -> list[int]:
    with ports.database.reading() as session:
        return [
            session.exec(select(func.count()).select_from(table)).one()
            for table in (Meeting, Attendee, MeetingEvent, AuditEntry)
        ]


@pytest.mark.parametrize("case", REFUSED)
def test_a_form_that_is_wrong_says_so_and_stores_nothing(
    ports: Ports, lan: Actor, registration: Registration, wake_ups: RecordedWakeUps, case: str
):
    refusal, change = REFUSED[case]
    before = row_counts(ports)
    with pytest.raises(refusal):
        meetings.register(ports, lan, replace(registration, **change(registration)))
    assert row_counts(ports) == before
    assert wake_ups.rung == []


@pytest.mark.parametrize("case", ["without title", "nobody invited", "no such person"])
def test_a_change_that_is_wrong_leaves_the_draft_as_it_was(
    ports: Ports, lan: Actor, registration: Registration, draft_meeting: int, case: str
):
    refusal, change = REFUSED[case]
    before = meetings.view(ports, lan, draft_meeting), row_counts(ports)
    with pytest.raises(refusal):
        meetings.change(ports, lan, draft_meeting, replace(registration, note="khác", **change(registration)))
    assert (meetings.view(ports, lan, draft_meeting), row_counts(ports)) == before


def test_a_room_of_another_unit_is_not_ours_to_book(ports: Ports, lan: Actor, cast: Cast, registration: Registration):
    with pytest.raises(NotFound):
        meetings.register(ports, lan, replace(registration, venue_id=cast.venues["phong_le_chan"]))


def test_only_who_may_register_registers(ports: Ports, minh: Actor, thu: Actor, registration: Registration):
    for actor in (minh, thu):
        with pytest.raises(NotAllowed):
            meetings.register(ports, actor, registration)


def test_a_registered_meeting_is_a_draft_with_its_people(ports: Ports, lan: Actor, registration: Registration):
    meeting_id = meetings.register(ports, lan, registration)
    view = meetings.view(ports, lan, meeting_id)
    assert view.state is MeetingState.DRAFT
    assert (view.title, view.note, view.role) == (registration.title, registration.note, Role.SECRETARY)
    assert (view.starts_at, view.ends_at) == (registration.starts_at, registration.ends_at)
    people = [(each.role, each.name) for each in attendees.attendees(ports, lan, meeting_id)]
    assert people == [
        (Role.CHAIR, "Nguyễn Văn Hùng"),
        (Role.SECRETARY, "Trần Thị Lan"),
        (Role.MEMBER, "Lê Quang Minh"),
        (Role.MEMBER, "Phạm Thị Hoa"),
        (Role.MEMBER, "Đỗ Tiến Dũng"),
        (Role.GUEST, "Vũ Đình Quang"),
    ]


def test_chair_and_members_vote_unless_the_desk_says_otherwise(
    ports: Ports, lan: Actor, minh: Actor, registration: Registration
):
    meeting_id = meetings.register(ports, lan, registration)

    def voters() -> list[str]:
        state = snapshot.take(ports, lan, meeting_id)[1]
        return [each["role"] for each in state["attendees"] if each["votes"]]

    assert voters() == ["chair", "member", "member", "member"]
    as_guest = replace(
        registration,
        member_ids=tuple(each for each in registration.member_ids if each != minh.account_id),
        guest_ids=(*registration.guest_ids, minh.account_id),
    )
    meetings.change(ports, lan, meeting_id, as_guest)
    assert voters() == ["chair", "member", "member"]


def test_text_from_the_form_is_kept_as_text(ports: Ports, lan: Actor, registration: Registration):
    title = "<b>Họp</b> '; drop table meeting; -- {0} %s"
    meeting_id = meetings.register(ports, lan, replace(registration, title=title, note="\x00a\r\nb\ud800"))
    view = meetings.view(ports, lan, meeting_id)
    assert (view.title, view.note) == (title, "a\nb")


@pytest.mark.parametrize("person", ["hung", "minh", "quang", "nam", "vinh"])
def test_a_draft_is_seen_by_the_desk_and_nobody_else(ports: Ports, cast: Cast, draft_meeting: int, person: str):
    actor = cast.actors[person]
    if person == "hung":
        assert meetings.view(ports, actor, draft_meeting).runs_desk
        return
    with pytest.raises(NotFound):
        meetings.view(ports, actor, draft_meeting)
    with pytest.raises(NotFound):
        attendees.attendees(ports, actor, draft_meeting)
    with pytest.raises(NotFound):
        agendas.items(ports, actor, draft_meeting)


def test_a_list_shows_what_touches_the_days_and_is_open_to_the_asker(
    ports: Ports, cast: Cast, registration: Registration, convened_meeting: int
):
    lan, minh, nam = (cast.actors[name] for name in ("lan", "minh", "nam"))
    tomorrow = replace(
        registration,
        starts_at=registration.starts_at + timedelta(days=1),
        ends_at=registration.ends_at + timedelta(days=1),
    )
    draft = meetings.register(ports, lan, tomorrow)
    day, week = timedelta(days=1), timedelta(days=7)

    def seen(actor: Actor, since: timedelta, until: timedelta) -> list[int]:
        return [each.id for each in meetings.visible(ports, actor, MORNING + since, MORNING + until)]

    assert seen(lan, -day, week) == [convened_meeting, draft]
    assert seen(minh, -day, week) == [convened_meeting]
    assert seen(nam, -day, week) == []
    assert seen(lan, timedelta(hours=2), timedelta(hours=3)) == [convened_meeting]
    assert seen(lan, timedelta(hours=5), day) == []
    assert seen(lan, -week, -day) == []


def test_a_room_that_is_taken_names_when(ports: Ports, lan: Actor, registration: Registration, draft_meeting: int):
    overlapping = replace(registration, title="Họp khác", ends_at=registration.ends_at + timedelta(hours=2))
    with pytest.raises(VenueTaken, match=r"Hội trường tầng 2.*8 giờ 30.*11 giờ 00"):
        meetings.register(ports, lan, overlapping)


@pytest.mark.parametrize(
    ("start", "end", "taken"),
    [(0, 30, False), (0, 31, True), (60, 90, True), (179, 240, True), (180, 240, False), (0, 600, True)],
)
def test_a_room_is_taken_from_the_first_minute_to_the_last(
    ports: Ports, lan: Actor, registration: Registration, draft_meeting: int, start: int, end: int, taken: bool
):
    other = replace(
        registration, starts_at=MORNING + timedelta(minutes=start), ends_at=MORNING + timedelta(minutes=end)
    )
    if taken:
        with pytest.raises(VenueTaken):
            meetings.register(ports, lan, other)
    else:
        assert meetings.register(ports, lan, other) != draft_meeting


def test_a_meeting_does_not_stand_in_its_own_way(
    ports: Ports, lan: Actor, registration: Registration, draft_meeting: int
):
    longer = replace(registration, ends_at=registration.ends_at + timedelta(hours=1))
    meetings.change(ports, lan, draft_meeting, longer)
    assert meetings.view(ports, lan, draft_meeting).ends_at == longer.ends_at


def test_another_room_is_free_at_the_same_time(
    ports: Ports, lan: Actor, cast: Cast, registration: Registration, draft_meeting: int
):
    assert meetings.register(ports, lan, replace(registration, venue_id=cast.venues["phong_giao_ban"]))


def test_a_closed_meeting_leaves_its_room(ports: Ports, lan: Actor, registration: Registration, running_meeting: int):
    meetings.close(ports, lan, running_meeting)
    assert meetings.register(ports, lan, registration) != running_meeting


def test_who_sits_elsewhere_at_that_time_is_named(
    ports: Ports, cast: Cast, registration: Registration, convened_meeting: int
):
    minh, vinh = cast.actors["minh"], cast.actors["vinh"]
    ids = [minh.account_id, vinh.account_id]
    found = meetings.conflicts(ports, ids, registration.starts_at, registration.ends_at)
    assert [(each.account_id, each.when) for each in found] == [(minh.account_id, "8 giờ 30")]

    assert meetings.conflicts(ports, ids, registration.ends_at, registration.ends_at + timedelta(hours=1)) == []
    assert meetings.conflicts(ports, ids, registration.starts_at, registration.ends_at, convened_meeting) == []


def test_people_are_exchanged_while_it_is_a_draft(
    ports: Ports, lan: Actor, cast: Cast, registration: Registration, draft_meeting: int
):
    vinh, quang = cast.actors["vinh"].account_id, cast.actors["quang"].account_id
    meetings.change(ports, lan, draft_meeting, replace(registration, member_ids=(vinh, quang), guest_ids=()))
    found = {each.account_id: each.role for each in attendees.attendees(ports, lan, draft_meeting)}
    assert found == {
        registration.chair_id: Role.CHAIR,
        registration.secretary_id: Role.SECRETARY,
        vinh: Role.MEMBER,
        quang: Role.MEMBER,
    }


def test_after_the_invitation_the_paper_binds(
    ports: Ports, lan: Actor, registration: Registration, convened_meeting: int
):
    with pytest.raises(NotInState):
        meetings.change(ports, lan, convened_meeting, registration)


def test_a_meeting_is_opened_paused_resumed_and_closed(
    ports: Ports, hung: Actor, lan: Actor, minh: Actor, convened_meeting: int, clock: SettableClock
):
    opened_at = clock.advance(minutes=31)
    meetings.open_session(ports, hung, convened_meeting)
    clock.advance(minutes=5)
    meetings.pause(ports, lan, convened_meeting)
    assert meetings.view(ports, minh, convened_meeting).state is MeetingState.PAUSED
    clock.advance(minutes=10)
    meetings.resume(ports, lan, convened_meeting)
    closed_at = clock.advance(minutes=60)
    meetings.close(ports, hung, convened_meeting)
    view = meetings.view(ports, minh, convened_meeting)
    assert (view.state, view.opened_at, view.closed_at) == (MeetingState.CLOSED, opened_at, closed_at)


STEPS = {
    "open": (meetings.open_session, {MeetingState.CONVENED}),
    "pause": (meetings.pause, {MeetingState.RUNNING}),
    "resume": (meetings.resume, {MeetingState.PAUSED}),
    "close": (meetings.close, {MeetingState.RUNNING, MeetingState.PAUSED}),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_out_of_order_is_refused(ports: Ports, lan: Actor, draft_meeting: int, step: str):
    act, allowed = STEPS[step]
    for state in MeetingState:
        with ports.database.writing() as session:
            session.get_one(Meeting, draft_meeting).state = state
        if state in allowed:
            act(ports, lan, draft_meeting)
        else:
            with pytest.raises(NotInState):
                act(ports, lan, draft_meeting)


@pytest.mark.parametrize(("person", "refusal"), [("minh", NotAllowed), ("quang", NotAllowed), ("nam", NotFound)])
def test_only_the_desk_takes_the_steps(
    ports: Ports, cast: Cast, convened_meeting: int, person: str, refusal: type[MeetingError]
):
    for act, _ in STEPS.values():
        with pytest.raises(refusal):
            act(ports, cast.actors[person], convened_meeting)
    assert meetings.view(ports, cast.actors["lan"], convened_meeting).state is MeetingState.CONVENED


def test_a_pause_does_not_use_up_the_items_time(
    ports: Ports, lan: Actor, running_meeting: int, agenda: list[int], clock: SettableClock
):
    started_at = clock.now()
    agendas.start(ports, lan, running_meeting, agenda[0])
    clock.advance(minutes=4)
    meetings.pause(ports, lan, running_meeting)
    clock.advance(minutes=15)
    meetings.resume(ports, lan, running_meeting)
    assert agendas.items(ports, lan, running_meeting)[0].started_at == started_at  # as the minutes will say it
    _, state = snapshot.take(ports, lan, running_meeting)
    assert state["items"][0]["paused_seconds"] == timedelta(minutes=15).total_seconds()


def test_closing_ends_the_current_item(
    ports: Ports, lan: Actor, running_meeting: int, agenda: list[int], clock: SettableClock
):
    agendas.start(ports, lan, running_meeting, agenda[0])
    clock.advance(minutes=4)
    meetings.close(ports, lan, running_meeting)
    first, second, _ = agendas.items(ports, lan, running_meeting)
    assert (first.state, first.finished_at) == (ItemState.FINISHED, clock.now())
    assert second.state is ItemState.WAITING


def test_the_rooms_are_woken_after_each_step(
    ports: Ports, lan: Actor, convened_meeting: int, wake_ups: RecordedWakeUps
):
    wake_ups.rung.clear()
    meetings.open_session(ports, lan, convened_meeting)
    with pytest.raises(NotInState):
        meetings.open_session(ports, lan, convened_meeting)
    assert wake_ups.rung == [convened_meeting]


def test_the_door_opens_half_an_hour_before(ports: Ports, minh: Actor, convened_meeting: int):
    view = meetings.view(ports, minh, convened_meeting)
    assert not meetings.may_enter_now(view, view.starts_at - timedelta(minutes=31))
    assert meetings.may_enter_now(view, view.starts_at - timedelta(minutes=30))
    assert meetings.may_enter_now(replace(view, state=MeetingState.PAUSED), view.ends_at + timedelta(hours=3))
    assert not meetings.may_enter_now(replace(view, state=MeetingState.CLOSED), view.ends_at)


def test_the_units_rooms_are_listed_for_its_people(ports: Ports, lan: Actor, nam: Actor):
    assert [venue.name for venue in meetings.venues(ports, lan)] == ["Hội trường tầng 2", "Phòng giao ban"]
    assert [venue.name for venue in meetings.venues(ports, nam)] == ["Phòng họp số 1"]


def test_a_meeting_that_does_not_exist_is_not_found(ports: Ports, lan: Actor, registration: Registration):
    with pytest.raises(NotFound):
        meetings.view(ports, lan, 10_000)
    with pytest.raises(NotFound):
        meetings.change(ports, lan, 10_000, registration)
