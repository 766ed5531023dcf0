"""Commands that wait together share a commit, and nothing else."""

from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlmodel import func, select

from meeting_app.domain.event import CommandReceipt, MeetingEvent
from meeting_app.domain.meeting import Meeting
from meeting_app.room.door import Ticket
from meeting_app.room.performing import TOGETHER, Asked, perform_together
from meeting_app.room.protocol import Do
from meeting_app.room.refusals import Refusals
from meeting_app.services import agenda as agendas
from meeting_app.services import audit

pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)


@pytest.fixture
def asked(ports, running_meeting, cookie):
    """`asked(hung, "item.start", item_id=1)`: a command in its Vietnamese speaker's envelope."""
    tickets: dict[int, Ticket] = {}

    def make(actor, act: str, command_id: str = "", **arguments) -> Asked:
        if actor.account_id not in tickets:
            tickets[actor.account_id] = Ticket(cookie(actor), address="127.0.0.1")
        do = Do(command_id or str(uuid4()), act, arguments)
        return Asked(tickets[actor.account_id], "vi", running_meeting, do, ports.clock.now())

    return make


@pytest.fixture
def perform(ports):
    return lambda *group: [frame.decode("utf-8", "replace") for frame in perform_together(ports, Refusals(), group)]


def counted(database, rows) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(rows)).one()


def minutes(ports, actor, meeting_id) -> int:
    return agendas.items(ports, actor, meeting_id)[0].minutes


def test_a_refused_one_undoes_only_itself(
    ports, database, perform, asked, running_meeting, agenda, hung, minh, wake_ups
):
    before, rung = counted(database, MeetingEvent), len(wake_ups.rung)
    answers = perform(
        asked(hung, "item.extend", item_id=agenda[0], minutes=5),
        asked(minh, "item.start", item_id=agenda[0]),
        asked(hung, "item.extend", item_id=agenda[0], minutes=7),
    )
    assert ["done" in answer for answer in answers] == [True, False, True]
    assert "không có quyền" in answers[1]
    assert minutes(ports, hung, running_meeting) == 32
    assert counted(database, MeetingEvent) == before + 2
    assert wake_ups.rung[rung:] == [running_meeting]
    assert audit.check(ports)[1] is None


def test_the_same_id_twice_in_one_group_is_done_once(ports, perform, asked, running_meeting, agenda, hung):
    twice = [asked(hung, "item.extend", "the-same-id", item_id=agenda[0], minutes=5) for _ in range(2)]
    answers = perform(*twice, asked(hung, "item.start", item_id=agenda[0]))
    assert answers[0] == answers[1]
    assert "done" in answers[0]
    assert minutes(ports, hung, running_meeting) == 25


def test_each_sees_what_those_before_it_did(perform, asked, agenda, hung):
    answers = perform(
        asked(hung, "item.start", item_id=agenda[0]),
        asked(hung, "item.start", item_id=agenda[1]),
        asked(hung, "item.finish", item_id=agenda[0]),
        asked(hung, "item.start", item_id=agenda[1]),
    )
    assert ["done" in answer for answer in answers] == [True, False, True, True]
    assert "Đang thảo luận" in answers[1]


def test_on_a_full_disk_everything_is_refused_and_nothing_half_done(
    ports, database, perform, asked, running_meeting, agenda, hung
):
    perform(asked(hung, "item.extend", item_id=agenda[0], minutes=1))

    def as_good_as_full(connection, _record) -> None:
        used = connection.execute("pragma page_count").fetchone()[0]
        connection.execute(f"pragma max_page_count = {used}")

    before = [counted(database, rows) for rows in (MeetingEvent, CommandReceipt)]
    database.close()
    event.listen(database.engine, "connect", as_good_as_full)
    long = "Dài " * 900
    group = [asked(hung, "conclusion.record", text=long, item_id=agenda[0]) for _ in range(TOGETHER)]
    try:
        answers = perform(*group)
    finally:
        event.remove(database.engine, "connect", as_good_as_full)
        database.close()
    done = sum("done" in answer for answer in answers)
    assert done < TOGETHER
    assert all("Không còn chỗ trống" in answer for answer in answers if "done" not in answer)
    with database.reading() as session:
        meeting = session.get_one(Meeting, running_meeting)
        assert counted(database, MeetingEvent) == before[0] + done == meeting.version
        assert counted(database, CommandReceipt) == before[1] + done
    assert audit.check(ports)[1] is None
    again = perform(*group)  # there is room again: each is done, those done before are answered as before
    assert all("done" in answer for answer in again)
    assert counted(database, MeetingEvent) == before[0] + TOGETHER
