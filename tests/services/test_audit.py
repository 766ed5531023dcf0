"""The trail holds every act, and shows where somebody laid hands on it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from meeting_app.domain.access import Actor
from meeting_app.domain.audit import AuditEntry, AuditHead
from meeting_app.errors import MeetingError
from meeting_app.ports import Ports
from meeting_app.services import account as accounts
from meeting_app.services import agenda as agendas
from meeting_app.services import attendee as attendees
from meeting_app.services import audit
from meeting_app.services import conclusion as conclusions
from meeting_app.services import meeting as meetings
from meeting_app.services.meeting import Registration
from tests.cast import PASSWORD, Cast
from tests.conftest import convene


def test_every_act_of_a_morning_is_in_the_trail(
    ports: Ports, cast: Cast, hung: Actor, lan: Actor, minh: Actor, registration: Registration
):
    accounts.sign_in(ports, "lan", PASSWORD, address="127.0.0.1")
    meeting_id = meetings.register(ports, lan, registration)
    meetings.change(ports, lan, meeting_id, registration)
    for title in ("Một", "Hai"):
        agendas.insert(ports, lan, meeting_id, title)
    first, second = (item.id for item in agendas.items(ports, lan, meeting_id))
    agendas.change(ports, lan, meeting_id, first, title="Một", presenter="Minh", minutes=3)
    agendas.move(ports, lan, meeting_id, second, 1)
    convene(ports, lan, meeting_id)
    attendees.decline(ports, minh, meeting_id, "Bận")
    attendees.check_in(ports, minh, meeting_id)
    meetings.open_session(ports, hung, meeting_id)
    agendas.start(ports, hung, meeting_id, first)
    agendas.extend(ports, hung, meeting_id, first, 5)
    agendas.finish(ports, hung, meeting_id, first)
    agendas.undo(ports, hung, meeting_id, first)
    conclusions.record(ports, lan, meeting_id, "Thống nhất")
    meetings.pause(ports, hung, meeting_id)
    meetings.resume(ports, hung, meeting_id)
    meetings.close(ports, hung, meeting_id)
    count, broken_at = audit.check(ports)
    acts = [entry["act"] for entry in audit.export(ports)]
    assert acts == [
        "account.sign_in",
        "meeting.register",
        "meeting.change",
        "item.insert",
        "item.insert",
        "item.change",
        "item.move",
        "attendee.reply",
        "attendee.check_in",
        "meeting.open",
        "item.start",
        "item.extend",
        "item.finish",
        "item.undo",
        "conclusion.record",
        "meeting.pause",
        "meeting.resume",
        "meeting.close",
    ]
    assert (count, broken_at) == (len(acts), None)


def test_an_entry_says_who_when_where_and_what(ports: Ports, hung: Actor, running_meeting: int, agenda: list[int]):
    agendas.start(ports, hung, running_meeting, agenda[0])
    entry = list(audit.export(ports))[-1]
    assert {
        name: entry[name] for name in ("actor_id", "actor_name", "address", "act", "meeting_id", "detail", "at")
    } == {
        "actor_id": hung.account_id,
        "actor_name": "Nguyễn Văn Hùng",
        "address": "127.0.0.1",
        "act": "item.start",
        "meeting_id": running_meeting,
        "detail": {"item": agenda[0], "title": "Báo cáo tình hình kinh tế – xã hội tháng 11"},
        "at": ports.clock.now().isoformat(),
    }


def test_a_refused_act_leaves_no_entry(ports: Ports, hung: Actor, running_meeting: int, agenda: list[int]):
    before = audit.check(ports)
    with pytest.raises(MeetingError):
        agendas.finish(ports, hung, running_meeting, agenda[0])
    assert audit.check(ports) == before


@pytest.mark.parametrize("harm", ["alter", "delete the middle", "delete the last", "delete all", "swap"])
def test_hands_on_the_trail_are_noticed(ports: Ports, draft_meeting: int, harm: str):
    count, whole = audit.check(ports)
    assert (count, whole) == (4, None)
    with ports.database.writing() as session:
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence))).all()
        if harm == "alter":
            entries[1].actor_name = "Người khác"
        elif harm == "swap":
            entries[1].detail, entries[2].detail = entries[2].detail, entries[1].detail
        else:
            for entry in {"delete the middle": entries[1:2], "delete the last": entries[3:], "delete all": entries}[
                harm
            ]:
                session.delete(entry)
    expected = {"alter": 2, "delete the middle": 2, "delete the last": 4, "delete all": 1, "swap": 2}
    assert audit.check(ports)[1] == expected[harm]


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)  # PostgreSQL takes nothing illegible
@pytest.mark.parametrize("harm", ["set at = 'hôm qua'", "set detail = 'xoá'"])
def test_an_entry_that_cannot_be_read_any_more_is_named(ports: Ports, draft_meeting: int, harm: str):
    with ports.database.writing() as session:
        session.execute(text(f"update audit_entry {harm} where sequence = 3"))
    assert audit.check(ports) == (4, 3)


@pytest.mark.parametrize("entries_too", [False, True])
def test_without_its_head_the_trail_is_not_whole(ports: Ports, draft_meeting: int, entries_too: bool):
    with ports.database.writing() as session:
        session.execute(text("delete from audit_head"))
        if entries_too:
            session.execute(text("delete from audit_entry"))
    assert audit.check(ports) == ((0, 1) if entries_too else (4, 5))


def test_the_last_hash_on_paper_betrays_a_trail_that_was_cut_and_mended(ports: Ports, draft_meeting: int):
    noted = audit.last_hash(ports)
    with ports.database.writing() as session:
        session.delete(session.get_one(AuditEntry, 4))
        third, head = session.get_one(AuditEntry, 3), session.get_one(AuditHead, 1)
        head.sequence, head.hash = 3, third.hash
    assert audit.check(ports) == (3, None)
    assert audit.last_hash(ports) != noted


def test_an_entry_slipped_in_is_noticed(ports: Ports, draft_meeting: int):
    with ports.database.writing() as session:
        last = session.get_one(AuditEntry, 4)
        session.add(AuditEntry(**{**last.model_dump(), "sequence": 5, "previous_hash": last.hash}))
    assert audit.check(ports)[1] == 5


def test_acts_at_the_same_time_make_one_chain(ports: Ports, cast: Cast, registration: Registration):
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda name: accounts.sign_in(ports, name, PASSWORD, address="127.0.0.1"),
                ["hung", "lan", "minh", "hoa", "dung", "quang", "thu", "nam"],
            )
        )
    assert audit.check(ports) == (8, None)


def test_a_new_installation_has_an_empty_whole_chain(ports: Ports):
    assert audit.check(ports) == (0, None)
    with ports.database.reading() as session:
        assert session.get_one(AuditHead, 1).sequence == 0
