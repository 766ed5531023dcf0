"""Whatever is dropped, doubled, delayed or restarted: in the end every tablet shows what the log says.

Real rooms over real rows, several processes' worth of them and two meetings; only sockets and threads are replaced,
so that every order of their steps can be tried, and tried again.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlmodel import select

from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.event import CommandReceipt, Kind
from meeting_app.errors import MeetingError
from meeting_app.room.protocol import Do
from meeting_app.services import agenda as agendas
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services import snapshot
from meeting_app.services.unit_of_work import changing
from tests.conftest import convene, hand_out
from tests.room.held import HeldHouse, Tablet

MEETINGS, ROOMS, MINUTES, MOST_PENDING = 2, 2, 20, 8
PEOPLE = ("hung", "lan", "minh", "quang", "hung")  # the chair has two tablets
places = st.integers(0, 5)


class World(RuleBasedStateMachine):
    """Two meetings, two rooms, five tablets in each meeting."""

    def __init__(self, ground) -> None:
        super().__init__()
        self.ground, self.ports = ground, ground.ports
        self.loop = asyncio.new_event_loop()
        self.meetings = [ground.meeting() for _ in range(MEETINGS)]
        self.items = [[item.id for item in agendas.items(self.ports, ground.lan, each)] for each in self.meetings]
        self.houses = [HeldHouse(ground.settings, self.ports) for _ in range(ROOMS)]
        self.faults: list[BaseException] = []
        self.extensions: dict[str, int] = {}  # the item by command id
        self.tablets = [
            Tablet(f"{name} in {meeting}", ground.cast.actors[name], ground.token(name), meeting)
            for meeting in self.meetings
            for name in PEOPLE
        ]

    def tablet(self, place: int) -> Tablet:
        return self.tablets[place % len(self.tablets)]

    def settle(self) -> None:
        """Let the loop do what is ready; what needs the rows waits on."""
        while True:
            self.loop.call_soon(self.loop.stop)
            self.loop.run_forever()
            if not self.loop._ready:
                return

    def inside(self, act, *arguments) -> None:
        """Do it as the loop would."""
        self.loop.call_soon(act, *arguments)
        self.settle()

    @initialize()
    def all_come(self):
        self._everybody_comes_to_rest()

    @rule(place=st.integers(0, 9), room=places)
    def connect(self, place, room):
        tablet = self.tablet(place)
        if tablet.line is None:
            self.inside(tablet.connect, self.houses[room % ROOMS])

    @rule(place=st.integers(0, 9))
    def drop(self, place):
        if (line := self.tablet(place).line) is not None:
            self.inside(line.cut)

    @rule(place=st.integers(0, 9))
    def stop_reading(self, place):
        if (line := self.tablet(place).line) is not None:
            line.stalled = True

    @rule(place=st.integers(0, 9))
    def read_again(self, place):
        if (line := self.tablet(place).line) is not None:
            self.inside(line.drain)

    @rule(place=st.integers(0, 9), item=st.integers(0, 2), what=st.sampled_from(["extend", "start", "finish", "undo"]))
    def run_the_agenda(self, place, item, what):
        tablet = self.tablet(place)
        item_id = self.items[self.meetings.index(tablet.meeting_id)][item]
        arguments = {"item_id": item_id} | ({"minutes": 1} if what == "extend" else {})
        command = self._say(tablet, f"item.{what}", arguments)
        if command is not None and what == "extend":
            self.extensions[command.command_id] = item_id

    @rule(place=st.integers(0, 9), what=st.sampled_from(["check_in", "record"]))
    def say_who_is_here_and_what_was_concluded(self, place, what):
        tablet = self.tablet(place)
        if what == "check_in":
            self._say(tablet, "attendee.check_in", {})
        else:
            self._say(tablet, "conclusion.record", {"text": "Giao phòng Kinh tế."})

    def _say(self, tablet: Tablet, act: str, arguments: dict) -> Do | None:
        if len(tablet.pending) >= MOST_PENDING:
            return None
        command = Do(str(uuid4()), act, arguments)
        self.inside(tablet.say, command)
        return command

    @rule(place=st.integers(0, 9), other=st.integers(0, 9), which=places)
    def say_it_again(self, place, other, which):
        """A command comes twice, or late, also from another tablet of the same person."""
        tablet, second = self.tablet(place), self.tablet(other)
        ids = [*tablet.pending, *tablet.done]
        if ids and second.actor == tablet.actor and second.meeting_id == tablet.meeting_id and second.line is not None:
            command_id = ids[which % len(ids)]
            command = tablet.pending.get(command_id) or Do(command_id, "attendee.check_in", {})
            if len(second.pending) < MOST_PENDING:
                self.inside(second.say, command)

    @rule(place=st.integers(0, 1), item=st.integers(0, 2))
    def change_from_the_pages(self, place, item):
        """The wake-up of it may come, be late, or be lost."""
        with suppress(MeetingError):
            agendas.start(self.ports, self.ground.hung, self.meetings[place], self.items[place][item])

    @rule(place=st.integers(0, 1), role=st.sampled_from([Role.GUEST, Role.MEMBER]))
    def make_the_guest_a_member_or_a_guest_again(self, place, role):
        """There and away, they hear and hold what that may: the members' paper, or not."""
        quang, meeting_id = self.ground.cast.actors["quang"], self.meetings[place]
        with changing(self.ports, self.ground.lan) as work:
            meeting = work.standing(meeting_id).meeting
            who = select(Attendee).where(Attendee.meeting_id == meeting_id, Attendee.account_id == quang.account_id)
            attendee = work.session.exec(who).one()
            attendee.role = role
            bodies = events.attendee_bodies(work.session, meeting, events.attendees_of(work.session, meeting))
            work.emit(meeting, Kind.ATTENDEES, {"attendees": bodies, "order": [body["id"] for body in bodies]})

    @rule(room=places, place=st.none() | st.integers(0, 1))
    def wake_up(self, room, place):
        self.inside(self.houses[room % ROOMS].look, None if place is None else self.meetings[place])

    @rule(steps=st.lists(st.tuples(st.integers(0, 20), places), min_size=1, max_size=12))
    def let_work(self, steps):
        """Writes and looks at the log have one thread and go in their order; other reads overtake one another."""
        for which, place in steps:
            waiting = [
                (held, number == 1) for house in self.houses for number, held in enumerate(house.held) if held.waiting
            ]
            if not waiting:
                return
            held, overtakes = waiting[which % len(waiting)]
            held.do(place if overtakes else 0)
            self.settle()

    @rule(room=places)
    def let_a_room_work(self, room):
        """One room does all it has to do, while the others stand still."""
        house = self.houses[room % ROOMS]
        for _ in range(40):
            if not (waiting := [held for held in house.held if held.waiting]):
                return
            waiting[-1].do(0)
            self.settle()

    @rule(room=places, last=st.booleans())
    def restart_a_room(self, room, last):
        """What its writer had begun is committed, or not; nobody hears of either."""
        house = self.houses[room % ROOMS]
        if last and house.held[0].waiting:
            house.held[0].do(0)
        for tablet in self.tablets:
            if tablet.line is not None and tablet.line.house is house:
                tablet.line.cut()
        self.inside(house.die)
        self.faults += house.faults
        self.houses[room % ROOMS] = HeldHouse(self.ground.settings, self.ports)

    def teardown(self) -> None:
        try:
            self._everybody_comes_to_rest()
            self._everybody_agrees()
        finally:
            for house in self.houses:
                house.die()
            self.settle()
            self.loop.close()

    def _everybody_comes_to_rest(self) -> None:
        for number, tablet in enumerate(self.tablets):
            if tablet.line is None:
                self.inside(tablet.connect, self.houses[number % ROOMS])
        for _ in range(2):
            for tablet in self.tablets:
                self.inside(tablet.line.drain)
            for house in self.houses:
                self.inside(house.look)
            while waiting := [held for house in self.houses for held in house.held if held.waiting]:
                waiting[0].do(0)
                self.settle()

    def _everybody_agrees(self) -> None:
        assert [*self.faults, *(fault for house in self.houses for fault in house.faults)] == []
        for tablet in self.tablets:
            assert tablet.ended == []
            assert tablet.pending == {}
            assert tablet.state == snapshot.take(self.ports, tablet.actor, tablet.meeting_id)[1], tablet.name
        done = {}
        for tablet in self.tablets:
            for command_id, version in tablet.done.items():
                assert done.setdefault((tablet.actor.account_id, command_id), version) == version
        with self.ports.database.reading() as session:
            rows = session.exec(select(CommandReceipt)).all()
        receipts = {(row.account_id, row.command_id): row.version for row in rows if row.meeting_id in self.meetings}
        assert receipts == done
        for meeting_id, items in zip(self.meetings, self.items, strict=True):
            log = events.after(self.ports, meeting_id, 0, 10_000)
            assert [event.version for event in log] == list(range(1, len(log) + 1))
            done_ids = {command_id for _, command_id in done}
            for item in agendas.items(self.ports, self.ground.lan, meeting_id):
                extended = [each for each, item_id in self.extensions.items() if item_id == item.id]
                assert item.minutes == MINUTES + len(done_ids.intersection(extended))
            assert items


class Ground:
    """What all examples share: the rows, the cast and their cookies."""

    def __init__(self, ports, settings, cast, cookie, registration) -> None:
        self.ports, self.settings, self.cast, self._registration = ports, settings, cast, registration
        self._days = count()
        self.hung, self.lan = cast.actors["hung"], cast.actors["lan"]
        self._tokens = {name: cookie(cast.actors[name]) for name in set(PEOPLE)}

    def token(self, name: str) -> str:
        return self._tokens[name]

    def meeting(self) -> int:
        """In session, with three items of twenty minutes."""
        day = timedelta(days=next(self._days))  # the hall is taken by one meeting at a time
        registration = self._registration
        registration = replace(registration, starts_at=registration.starts_at + day, ends_at=registration.ends_at + day)
        meeting_id = meetings.register(self.ports, self.lan, registration)
        for number in range(3):
            agendas.insert(self.ports, self.lan, meeting_id, f"Nội dung {number}", presenter="", minutes=MINUTES)
        convene(self.ports, self.lan, meeting_id)
        meetings.open_session(self.ports, self.lan, meeting_id)
        hand_out(self.ports, self.lan, meeting_id, for_guests=False)
        return meeting_id


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_everybody_agrees_in_the_end(ports, settings, cast, cookie, registration):
    ground = Ground(ports, settings, cast, cookie, registration)
    run_state_machine_as_test(
        lambda: World(ground),
        settings=hypothesis_settings(
            max_examples=25,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )
