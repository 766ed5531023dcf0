"""A command is done once, however often its message arrives."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import func, select

from meeting_app.domain.access import Actor
from meeting_app.domain.agenda import ItemState
from meeting_app.domain.audit import AuditEntry
from meeting_app.domain.event import CommandIdTaken
from meeting_app.errors import MeetingError
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import command as commands
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services.acts.given import UnknownCommand
from meeting_app.services.meeting import Registration
from tests.cast import RecordedWakeUps


def perform(ports: Ports, actor: Actor, meeting_id: int, command_id: str, act: str, **arguments: Any) -> int:
    return commands.perform(ports, actor, meeting_id, command_id, act, arguments)


def entries(ports: Ports) -> int:
    with ports.database.reading() as session:
        return session.exec(select(func.count()).select_from(AuditEntry)).one()


def test_a_command_answers_with_the_version_at_which_it_took_effect(
    ports: Ports, lan: Actor, running_meeting: int, agenda: list[int]
):
    version = perform(ports, lan, running_meeting, "c1", "item.start", item_id=agenda[0])
    assert version == events.version_of(ports, running_meeting)
    assert agendas.items(ports, lan, running_meeting)[0].state is ItemState.CURRENT


def test_the_same_command_again_is_answered_again_and_done_once(
    ports: Ports, lan: Actor, running_meeting: int, agenda: list[int], wake_ups: RecordedWakeUps
):
    first = perform(ports, lan, running_meeting, "c1", "item.insert", title="Mới", minutes=5, position=1)
    perform(ports, lan, running_meeting, "c2", "item.start", item_id=agenda[0])
    before = events.version_of(ports, running_meeting), entries(ports), len(wake_ups.rung)
    assert perform(ports, lan, running_meeting, "c1", "item.insert", title="Mới", minutes=5, position=1) == first
    assert (events.version_of(ports, running_meeting), entries(ports), len(wake_ups.rung)) == before
    assert len(agendas.items(ports, lan, running_meeting)) == 4


def test_an_id_that_was_used_for_something_else_is_not_answered_as_done(
    ports: Ports, lan: Actor, running_meeting: int, agenda: list[int], registration: Registration
):
    perform(ports, lan, running_meeting, "c1", "item.start", item_id=agenda[0])
    with pytest.raises(CommandIdTaken):
        perform(ports, lan, running_meeting, "c1", "item.finish", item_id=agenda[0])
    assert agendas.items(ports, lan, running_meeting)[0].state is ItemState.CURRENT
    day = timedelta(days=1)
    tomorrow = replace(registration, starts_at=registration.starts_at + day, ends_at=registration.ends_at + day)
    other = meetings.register(ports, lan, tomorrow)
    with pytest.raises(CommandIdTaken):
        perform(ports, lan, other, "c1", "item.start", item_id=agenda[0])


def test_two_people_may_use_the_same_id(ports: Ports, hung: Actor, lan: Actor, running_meeting: int, agenda: list[int]):
    perform(ports, hung, running_meeting, "c1", "item.start", item_id=agenda[0])
    perform(ports, lan, running_meeting, "c1", "item.finish", item_id=agenda[0])
    assert agendas.items(ports, lan, running_meeting)[0].state is ItemState.FINISHED


def test_a_refused_command_may_be_tried_again_under_its_id(
    ports: Ports, lan: Actor, running_meeting: int, agenda: list[int]
):
    with pytest.raises(MeetingError):
        perform(ports, lan, running_meeting, "c1", "item.finish", item_id=agenda[0])
    perform(ports, lan, running_meeting, "c2", "item.start", item_id=agenda[0])
    perform(ports, lan, running_meeting, "c1", "item.finish", item_id=agenda[0])
    assert agendas.items(ports, lan, running_meeting)[0].state is ItemState.FINISHED


def test_one_command_sent_ten_times_at_once_is_done_once(ports: Ports, lan: Actor, running_meeting: int):
    start = Barrier(10)

    def send(_: int) -> int:
        start.wait()
        return perform(ports, lan, running_meeting, "c1", "item.insert", title="Mới", minutes=5, position=1)

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(send, range(10)))
    assert answers == {events.version_of(ports, running_meeting)}
    assert [item.title for item in agendas.items(ports, lan, running_meeting)].count("Mới") == 1


WRONG: list[tuple[str, str, dict[str, Any]]] = [
    ("c1", "item.explode", {}),
    ("c1", "", {}),
    ("", "meeting.pause", {}),
    ("x" * 65, "meeting.pause", {}),
    ("\x00", "meeting.pause", {}),
    ("\ud800", "meeting.pause", {}),
    ("một", "meeting.pause", {}),
    ("c1", "item.start", {}),
    ("c1", "item.start", {"item_id": None}),
    ("c1", "item.start", {"item_id": "1"}),
    ("c1", "item.start", {"item_id": 1.0}),
    ("c1", "item.start", {"item_id": True}),
    ("c1", "item.start", {"item_id": 2**31}),
    ("c1", "item.start", {"item_id": [1]}),
    ("c1", "item.insert", {"title": 7, "minutes": 5, "position": 1}),
    ("c1", "item.insert", {"title": "Mới", "minutes": "5", "position": 1}),
    ("c1", "attendee.check_in", {"attendee_id": "1"}),
    ("c1", "attendee.check_in", {"place": "moon"}),
    ("c1", "attendee.check_in", {"at": "yesterday"}),
    ("c1", "attendee.check_in", {"at": "2026-11-25T08:00:00"}),
    ("c1", "attendee.place", {}),
    ("c1", "attendee.seat", {"seat_id": 1}),
    ("c1", "attendee.delegate", {"account_id": 1}),
    ("c1", "conclusion.record", {"text": None}),
]


def test_what_is_no_command_is_refused_and_changes_nothing(ports: Ports, lan: Actor, running_meeting: int):
    before = events.version_of(ports, running_meeting), entries(ports)
    for command_id, act, arguments in WRONG:
        with pytest.raises(UnknownCommand):
            commands.perform(ports, lan, running_meeting, command_id, act, arguments)
    assert (events.version_of(ports, running_meeting), entries(ports)) == before


def test_a_member_checks_in_from_the_tablet(ports: Ports, minh: Actor, running_meeting: int):
    version = perform(ports, minh, running_meeting, "c1", "attendee.check_in")
    assert perform(ports, minh, running_meeting, "c1", "attendee.check_in", attendee_id=None) == version
