"""A secret ballot is nobody's, and yet everybody finds their own."""

import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from meeting_app.domain import ballot as rules
from meeting_app.domain.access import Actor
from meeting_app.domain.audit import AuditEntry
from meeting_app.domain.ballot import SecretBallot
from meeting_app.domain.event import CommandReceipt, MeetingEvent
from meeting_app.domain.voting import Choice
from meeting_app.ports import Ports
from meeting_app.services import ballot as ballots
from meeting_app.services import command, vote
from meeting_app.services import motion_rows as rows
from meeting_app.storage.tables import METADATA
from tests.voting import come, elector, motion_row, opened, receipt

RECEIPTS = {"hung": "Zq" + "7" * 24, "minh": "Aa" + "8" * 24, "hoa": "Mm" + "9" * 24}


@pytest.fixture
def secret(ports: Ports, cast, lan: Actor, running_meeting: int) -> int:
    come(ports, running_meeting, *(cast.actors[name] for name in RECEIPTS))
    motion_id = opened(ports, lan, running_meeting, secret=True)
    for name, choice in zip(RECEIPTS, ("agree", "disagree", "other"), strict=True):
        who = cast.actors[name]
        said = {"choice": choice, "receipt": RECEIPTS[name], "comment": "Xin cân nhắc" if choice == "other" else ""}
        arguments = {"motion_id": motion_id, "elector_id": elector(ports, motion_id, who), **said}
        command.perform(ports, who, running_meeting, f"ballot-{name}", "ballot.cast", arguments)
    return motion_id


def everything_but_ballots(ports: Ports) -> str:
    with ports.database.reading() as session:
        names = [table.name for table in METADATA.sorted_tables if table.name != "secret_ballot"]
        return "".join(str(session.execute(text(f"select * from {name}")).all()) for name in names)  # noqa: S608


def test_no_other_row_knows_a_receipt_or_a_choice_while_votes_are_cast(ports, secret):
    stored = everything_but_ballots(ports)
    assert not any(each in stored for each in RECEIPTS.values())
    assert not re.search(r"'(agree|disagree)'|Xin cân nhắc", stored)


def test_what_is_published_names_nobody_and_lies_in_the_order_of_receipts(ports, lan, secret, running_meeting):
    vote.close(ports, lan, running_meeting, secret)
    with ports.database.reading() as session:
        published = rows.ballot_bodies(session, motion_row(ports, secret))
    assert [each["receipt"] for each in published] == sorted(RECEIPTS.values())
    assert all(set(each) == {"receipt", "choice", "options", "comment"} for each in published)
    assert {each["receipt"]: each["choice"] for each in published}[RECEIPTS["minh"]] == "disagree"


def test_the_rows_themselves_lie_in_the_order_of_receipts_after_the_closing(ports, lan, secret, running_meeting):
    vote.close(ports, lan, running_meeting, secret)
    with ports.database.reading() as session:
        lying = session.execute(text("select receipt from secret_ballot")).scalars().all()
        assert lying == sorted(RECEIPTS.values())
        if session.get_bind().dialect.name == "postgresql":
            writers = session.execute(text("select distinct xmin::text from secret_ballot")).all()
            assert len(writers) == 1


def test_events_and_audit_say_who_voted_and_when_they_did(ports, cast, secret):
    with ports.database.reading() as session:
        acts = [each for each in session.exec(select(AuditEntry)).all() if each.act == "ballot.cast"]
        receipts = session.exec(select(CommandReceipt)).all()
        told = [each.body for each in session.exec(select(MeetingEvent)).all() if each.kind == "electors"]
    assert {each.actor_id for each in acts} == {cast.actors[name].account_id for name in RECEIPTS}
    assert all(set(each.detail) == {"motion", "elector"} for each in acts)
    assert len([each for each in receipts if each.command_id.startswith("ballot-")]) == 3
    keys = {name for body in told for row in body["electors"] for name in row}
    assert keys == {"id", "motion_id", "attendee_id", "holder_id", "voted"}


def test_two_voters_never_share_a_receipt(ports, lan, dung, secret, running_meeting):
    vote.close(ports, lan, running_meeting, secret)
    come(ports, running_meeting, dung)
    again = opened(ports, lan, running_meeting, secret=True)
    mine = elector(ports, again, dung)
    ballots.cast(ports, dung, running_meeting, again, mine, choice="agree", receipt=RECEIPTS["hung"])
    with ports.database.reading() as session:
        assert len(session.exec(select(SecretBallot)).all()) == 4


def test_a_ballot_that_came_in_time_counts_though_its_turn_comes_later(
    ports, clock, lan, hung, minh, hoa, running_meeting
):
    come(ports, running_meeting, hung, minh, hoa)
    motion_id = opened(ports, lan, running_meeting, seconds=60)
    in_time = clock.advance(seconds=59.9)
    clock.advance(seconds=2)
    vote.close_due(ports, motion_id)  # not yet
    early, late = replace(minh, arrived_at=in_time), replace(hoa, arrived_at=clock.now())
    ballots.cast(ports, early, running_meeting, motion_id, elector(ports, motion_id, minh), choice="agree")
    with pytest.raises(rules.TimeIsUp):
        ballots.cast(ports, late, running_meeting, motion_id, elector(ports, motion_id, hoa), choice="agree")
    clock.advance(seconds=2)
    vote.close_due(ports, motion_id)
    with pytest.raises(rules.VotingClosed):
        ballots.cast(ports, replace(hoa, arrived_at=in_time), running_meeting, motion_id, 1, choice="agree")
    assert motion_row(ports, motion_id).result["cast"] == 1


def test_a_receipt_that_is_there_already_is_refused_and_another_one_taken(ports, lan, minh, hoa, running_meeting, hung):
    come(ports, running_meeting, hung, minh, hoa)
    motion_id = opened(ports, lan, running_meeting, secret=True)
    ballots.cast(
        ports, minh, running_meeting, motion_id, elector(ports, motion_id, minh), choice="agree", receipt=receipt(1)
    )
    his = elector(ports, motion_id, hoa)
    with pytest.raises(rules.ReceiptUnusable):
        ballots.cast(ports, hoa, running_meeting, motion_id, his, choice="agree", receipt=receipt(1))
    ballots.cast(ports, hoa, running_meeting, motion_id, his, choice="agree", receipt=receipt(2))


@pytest.mark.parametrize("wrong", ["", "a" * 25, "a" * 27, "ơ" * 26, "<script>alert(1)</script>"])
def test_a_receipt_is_26_letters_and_digits(ports, lan, minh, hoa, hung, running_meeting, wrong):
    come(ports, running_meeting, hung, minh, hoa)
    motion_id = opened(ports, lan, running_meeting, secret=True)
    mine = elector(ports, motion_id, minh)
    with pytest.raises(rules.ReceiptUnusable):
        ballots.cast(ports, minh, running_meeting, motion_id, mine, choice="agree", receipt=wrong)


def test_an_error_of_the_database_tells_no_choice(ports, secret, caplog):
    caplog.set_level(logging.DEBUG)
    ballot = SecretBallot(motion_id=secret, receipt=RECEIPTS["hung"], choice=Choice.AGREE, options=[])
    with pytest.raises(IntegrityError) as failure, ports.database.writing() as session:
        session.add(ballot)
    assert "agree" not in str(failure.value)
    assert RECEIPTS["hung"] not in caplog.text


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_the_file_itself_keeps_the_order_of_receipts_alone(ports, database_address, lan, secret, running_meeting):
    vote.close(ports, lan, running_meeting, secret)
    with ports.database.writing() as session:
        session.connection()
    with ports.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    content = Path(database_address.removeprefix("sqlite:///")).read_bytes()
    # The log's closing holds them once more, sorted as well; nothing is left of where they lay while votes came.
    places = {each: content.count(each.encode()) for each in RECEIPTS.values()}
    assert set(places.values()) == {2}
    cells = [content.rindex(each.encode()) for each in sorted(RECEIPTS.values())]
    assert cells in (sorted(cells), sorted(cells, reverse=True))
