"""Numbers of outgoing papers: from 01 in the year, in order, never twice (L4)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Barrier

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.meeting import Meeting
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import meeting as meetings
from meeting_app.services import register
from meeting_app.services.meeting import Registration
from meeting_app.services.unit_of_work import changing
from tests.cast import Cast, SettableClock


def reserve(ports: Ports, actor: Actor, meeting_id: int, kind: str = "GM") -> str:
    with changing(ports, actor) as work:
        return register.reserve(work, work.session.get_one(Meeting, meeting_id), kind, "Họp giao ban").text


def test_numbers_run_from_01_and_bear_the_units_symbol(ports: Ports, lan: Actor, draft_meeting: int):
    numbers = [reserve(ports, lan, draft_meeting) for _ in range(11)]
    assert numbers[:2] == ["01/GM-UBND", "02/GM-UBND"]
    assert numbers[8:] == ["09/GM-UBND", "10/GM-UBND", "11/GM-UBND"]


def test_each_kind_counts_for_itself(ports: Ports, lan: Actor, draft_meeting: int):
    assert reserve(ports, lan, draft_meeting, "GM") == "01/GM-UBND"
    assert reserve(ports, lan, draft_meeting, "BB") == "01/BB-UBND"


def test_each_unit_counts_for_itself(
    ports: Ports, lan: Actor, nam: Actor, cast: Cast, draft_meeting: int, registration: Registration
):
    theirs = meetings.register(ports, nam, replace(registration, venue_id=cast.venues["phong_le_chan"]))
    assert [reserve(ports, lan, draft_meeting), reserve(ports, nam, theirs)] == ["01/GM-UBND", "01/GM-UBND"]
    year = ports.clock.now().year
    assert len(register.book(ports, lan, year)) == len(register.book(ports, nam, year)) == 1


def test_the_year_turns_at_midnight_in_viet_nam(ports: Ports, lan: Actor, draft_meeting: int, clock: SettableClock):
    clock.set(datetime(2026, 12, 31, 16, 59, tzinfo=UTC))  # 23:59
    assert [reserve(ports, lan, draft_meeting) for _ in range(2)] == ["01/GM-UBND", "02/GM-UBND"]
    clock.advance(minutes=1)
    assert reserve(ports, lan, draft_meeting) == "01/GM-UBND"
    assert [(each.number, each.dated) for each in register.book(ports, lan, 2026)] == [
        ("02/GM-UBND", date(2026, 12, 31)),
        ("01/GM-UBND", date(2026, 12, 31)),
    ]
    assert [(each.number, each.dated) for each in register.book(ports, lan, 2027)] == [("01/GM-UBND", date(2027, 1, 1))]


def test_a_number_is_given_back_when_the_paper_does_not_come_about(ports: Ports, lan: Actor, draft_meeting: int):
    def fail() -> None:
        with changing(ports, lan) as work:
            register.reserve(work, work.session.get_one(Meeting, draft_meeting), "GM", "Họp")
            raise NotFound

    with pytest.raises(NotFound):
        fail()
    assert reserve(ports, lan, draft_meeting) == "01/GM-UBND"


def test_numbers_taken_at_the_same_instant_are_all_different(ports: Ports, lan: Actor, draft_meeting: int):
    start = Barrier(12)

    def take(_: int) -> str:
        start.wait()
        return reserve(ports, lan, draft_meeting)

    with ThreadPoolExecutor(12) as pool:
        numbers = sorted(pool.map(take, range(12)))
    assert numbers == [f"{number:02d}/GM-UBND" for number in range(1, 13)]


def test_the_book_is_open_to_the_clerk_and_the_registrar(ports: Ports, cast: Cast, draft_meeting: int):
    year = ports.clock.now().year
    reserve(ports, cast.actors["lan"], draft_meeting)
    for person in ("lan", "thu"):
        [entry] = register.book(ports, cast.actors[person], year)
        assert (entry.subject, entry.issued_at) == ("Họp giao ban", None)
    for person in ("hung", "minh", "vinh"):
        with pytest.raises(NotFound):
            register.book(ports, cast.actors[person], year)
