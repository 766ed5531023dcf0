"""Whatever the desk and the people do: one speaker at most, nobody lost, the order as said, no clock below zero."""

from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlmodel import select

from meeting_app.domain import turn
from meeting_app.domain.access import Actor
from meeting_app.domain.floor import FloorRequest
from meeting_app.domain.meeting import Meeting
from meeting_app.errors import MeetingError
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import meeting as meetings
from meeting_app.services.meeting import Registration
from tests.cast import Cast, SettableClock
from tests.conftest import convene
from tests.services.floor_play import Floor

pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)

PEOPLE = ("hung", "lan", "minh", "hoa", "dung", "quang")
RANKS = {"hung": 1, "lan": 3, "minh": 4, "hoa": 4, "dung": 4, "quang": 5}
people = st.sampled_from(PEOPLE)
numbers = st.integers(0, 12)


class FloorMachine(RuleBasedStateMachine):
    ports: ClassVar[Ports]
    cast: ClassVar[Cast]
    clock: ClassVar[SettableClock]
    registration: ClassVar[Registration]
    weeks: ClassVar[int] = 0

    @initialize()
    def open(self) -> None:
        type(self).weeks += 1
        later = timedelta(weeks=self.weeks)
        fields = {name: getattr(self.registration, name) for name in self.registration.__dataclass_fields__}
        moved = {name: fields[name] + later for name in ("starts_at", "ends_at")}
        lan: Actor = self.cast.actors["lan"]
        self.clock.set(moved["starts_at"])
        meeting = meetings.register(self.ports, lan, Registration(**{**fields, **moved}))
        agendas.insert(self.ports, lan, meeting, "Việc chung")
        convene(self.ports, lan, meeting)
        meetings.open_session(self.ports, lan, meeting)
        self.floor = Floor(self.ports, meeting, lan)
        self.attendees = {name: self.floor.id_of(self.cast.actors[name]) for name in PEOPLE}
        self.known: set[int] = set()

    def attempt(self, name: str, act: str, **arguments: object) -> None:
        self.clock.advance(seconds=1)
        try:
            self.floor.act(self.cast.actors[name], act, **arguments)
        except MeetingError:
            return

    def request(self, number: int) -> int:
        rows = self.floor.rows()
        return rows[number % len(rows)]["id"] if rows else 0

    @rule(name=people, kind=st.sampled_from(("speech", "speech", "order", "question")), number=numbers)
    def ask(self, name: str, kind: str, number: int) -> None:
        addressee = self.attendees[PEOPLE[number % len(PEOPLE)]]
        self.attempt(name, "raise", kind=kind, addressee_id=addressee)
        self.known |= {row["id"] for row in self.floor.rows()}

    @rule(name=people, number=numbers, act=st.sampled_from(("withdraw", "end")))
    def own(self, name: str, number: int, act: str) -> None:
        self.attempt(name, act, request_id=self.request(number))

    @rule(number=numbers, act=st.sampled_from(("grant", "grant", "pause", "resume", "end", "undo")))
    def run(self, number: int, act: str) -> None:
        self.attempt("hung", act, request_id=self.request(number))

    @rule(number=numbers)
    def restore(self, number: int) -> None:
        gone = sorted(self.known - {row["id"] for row in self.floor.rows()})
        self.attempt("lan", "restore", request_id=gone[number % len(gone)] if gone else 0)

    @rule()
    def call_next(self) -> None:
        self.attempt("lan", "next")

    @rule(number=numbers, position=numbers)
    def move(self, number: int, position: int) -> None:
        self.attempt("lan", "move", request_id=self.request(number), position=position)

    @rule(order=st.sampled_from(("time", "rank", "hand")))
    def reorder(self, order: str) -> None:
        self.attempt("lan", "rules", order=order)

    @rule(seconds=st.integers(0, 120))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    @rule(act=st.sampled_from(("meeting.pause", "meeting.resume")))
    def rest(self, act: str) -> None:
        self.attempt("hung", act)

    @invariant()
    def one_speaks_at_most(self) -> None:
        rows = self.floor.rows()
        assert sum(row["state"] == "speaking" for row in rows) <= 1
        live = [row for row in rows if row["state"] in ("speaking", "paused")]
        assert len(live) <= 2
        if len(live) == 2:
            assert sum(row["kind"] == "order" for row in live) == 1

    @invariant()
    def nobody_is_lost(self) -> None:
        with self.ports.database.reading() as session:
            stored = session.exec(select(FloorRequest).where(FloorRequest.meeting_id == self.floor.meeting_id)).all()
        shown = {row["id"] for row in self.floor.rows()}
        assert {each.id for each in stored if each.state != "withdrawn"} == shown
        assert self.known <= {each.id for each in stored}

    @invariant()
    def the_order_is_as_said(self) -> None:
        state = self.floor.state()
        waiting = [row for row in state["floor"] if row["state"] == "waiting"]
        names = {attendee: name for name, attendee in self.attendees.items()}
        keys = {
            "time": lambda row: (row["kind"] != "order", row["raised_at"]),
            "rank": lambda row: (row["kind"] != "order", RANKS[names[row["attendee_id"]]], row["raised_at"]),
            "hand": lambda row: row["kind"] != "order",
        }
        assert waiting == sorted(waiting, key=keys[state["floor_rules"]["order"]])
        assert len({(row["attendee_id"], row["kind"]) for row in waiting}) == len(waiting)

    @invariant()
    def no_clock_is_below_zero(self) -> None:
        now = self.clock.now()
        with self.ports.database.reading() as session:
            meeting = session.get_one(Meeting, self.floor.meeting_id)
            query = select(FloorRequest).where(FloorRequest.meeting_id == self.floor.meeting_id)
            for each in session.exec(query).all():
                assert each.paused_seconds >= 0
                if each.started_at is None:
                    continue
                until = each.ended_at or each.paused_at or meeting.paused_at or now
                assert (until - each.started_at).total_seconds() - each.paused_seconds >= -0.001
                assert turn.spent(each, now, meeting.paused_at) <= (now - each.started_at).total_seconds()


def test_the_floor_keeps_its_rules(ports: Ports, cast: Cast, clock: SettableClock, registration: Registration):
    machine = type("Machine", (FloorMachine,), {})
    machine.ports, machine.cast, machine.clock, machine.registration = ports, cast, clock, registration
    run_state_machine_as_test(machine, settings=settings(max_examples=12, stateful_step_count=35, deadline=None))
