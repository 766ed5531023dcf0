"""Whoever storms the room is refused and noted, each in its own way, and whoever sits in it notices nothing.

A process sends what the room refuses, again and again for moments between which it rests. The medians of the others
with and without it are compared: whatever else the machine does, it does in both.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from meeting_app.bench.stage import Stage, TimedWakeUps
from meeting_app.bench.tablets import Crowd
from meeting_app.domain.account import SignIn
from meeting_app.room.protocol import Close
from meeting_app.room.refusals import LINES_AT_ONCE
from tests.room.room_process import RoomProcess
from tests.room.storm import FRAMES_A_SECOND, REPLAYED

pytestmark = [
    pytest.mark.alone,
    pytest.mark.parametrize("database_address", ["sqlite"], indirect=True),
    pytest.mark.parametrize("poll_seconds", [3600]),
]
TABLETS, TURNS, CHANGES = 30, 3, 25
PACE_SECONDS = 0.015  # between two changes; faster would be a storm of the desk's own
ACT_EVERY = 2  # changes
NOTICED, UNNOTICED_SECONDS = 4, 0.01  # times as long as in calm; what nobody notices however calm it was
HELD_UP_SECONDS = 0.25  # nine of ten wait less, and not much longer than nine of ten in calm


@dataclass(frozen=True)
class Attack:
    """Who does what, what comes of each try, and what the log says of it."""

    kind: str
    by: str
    outcome: str
    noted: str = ""


ATTACKS = {
    "another meeting's cookie": Attack("hello_only", "nam", str(Close.NOT_FOUND.value), "NotFound"),
    "an expired session": Attack("hello_only", "expired", str(Close.SIGNED_OUT.value), "SignedOut"),
    "a wrong origin": Attack("wrong_origin", "minh", str(Close.WRONG_ORIGIN.value), "WrongOrigin"),
    "forged commands of the chair": Attack("forged", "minh", "refused", "meeting.close: NotAllowed"),
    "a frame of a megabyte": Attack("megabyte", "minh", "1009", "what is no websocket message (PayloadTooBig)"),
    "ten thousand frames a second": Attack("flood", "minh", str(Close.FLOOD.value), "Flood"),
    "malformed JSON": Attack("malformed", "minh", str(Close.MALFORMED.value), "a malformed message"),
    "replayed ids": Attack("replayed", "lan", "done"),
    "replayed ids for another act": Attack("replayed_as_another", "lan", "refused", "attendee.leave: CommandIdTaken"),
    "half-open connections": Attack("half_open", "nobody", "left"),
}


class Stormer:
    """The process that storms when told to."""

    def __init__(self, kind: str, *target: object) -> None:
        command = [sys.executable, "-m", "tests.room.storm", kind, *map(str, target)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.told = self._say("rest")

    @contextmanager
    def storming(self) -> Iterator[None]:
        self._say("go")
        yield
        self.told = self._say("rest")

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _say(self, word: str) -> dict:
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@dataclass
class Hall:
    """Thirty tablets and a desk, and how long each of them waited, in seconds: in calm, and while it storms."""

    stage: Stage
    process: RoomProcess
    tablets: Crowd
    desk: Crowd
    pushed: dict[bool, list[float]] = field(default_factory=lambda: {False: [], True: []})
    answered: dict[bool, list[float]] = field(default_factory=lambda: {False: [], True: []})

    def goes_on(self, *, stormy: bool) -> None:
        """Changes, from the commit to the last tablet; and the desk's acts, from the touch to the answer."""
        for number in range(CHANGES):
            size = self.stage.next_frame_size()
            committed = self.stage.commit()
            self.pushed[stormy].append(self.tablets.receive(size) - committed)
            if number % ACT_EVERY == 0:
                self.answered[stormy].append(self.act())
            time.sleep(PACE_SECONDS)

    def act(self) -> float:
        """One that leaves no event, since it was done before: what the tablets get is known to the byte."""
        said = json.dumps({"t": "do", "id": REPLAYED, "act": "attendee.check_in", "args": {}}).encode()
        return self.desk.answers([(0, REPLAYED, said)])[0]


@pytest.fixture
def hall(settings, waking_ports, running_meeting, clock, cookie, hung, lan) -> Iterator[Hall]:
    clock.set(datetime.now(UTC))  # what the process goes by
    process = RoomProcess(settings)
    process.start_now()
    wake_ups = TimedWakeUps(waking_ports.wake_ups)
    ports, own = replace(waking_ports, wake_ups=wake_ups), settings.model_copy(update={"room_port": process.port})
    stage = Stage(own, ports, wake_ups, lan, cookie(lan), running_meeting)
    made = Hall(stage, process, stage.crowd(cookie(hung)), stage.crowd())
    made.desk.enter(1)
    made.act()
    stage.commit()
    made.tablets.enter(TABLETS)
    yield made
    made.tablets.leave()
    made.desk.leave()
    process.end()


@pytest.fixture
def token_of(cookie, cast, database):
    """The cookie of somebody, or one that has expired, or none."""

    def found(name: str) -> str:
        if name == "nobody":
            return "nobody's"
        if name != "expired":
            return cookie(cast.actors[name])
        token = cookie(cast.actors["minh"])
        with database.writing() as session:
            newest = session.exec(select(SignIn).order_by(col(SignIn.id).desc())).first()
            newest.expires_at = datetime.now(UTC) - timedelta(seconds=1)
        return token

    return found


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_each_storm_is_refused_and_noted_and_nobody_else_notices(hall: Hall, token_of, attack: Attack):
    token = token_of(attack.by)
    stormer = Stormer(attack.kind, hall.process.port, token, hall.stage.meeting_id)
    try:
        for _ in range(TURNS):
            hall.goes_on(stormy=False)
            with stormer.storming():
                hall.goes_on(stormy=True)
    finally:
        stormer.end()
    print(stormer.told)
    for waited in (hall.pushed, hall.answered):
        ensure_unnoticed(waited[False], waited[True])
    assert set(stormer.told["outcomes"]) == {attack.outcome}
    if attack.kind == "flood":
        assert stormer.told["frames"] > max(1, 0.9 * stormer.told["seconds"]) * FRAMES_A_SECOND
    refusals = [line.partition(" refused: ")[2] for line in hall.process.said if " refused: " in line]
    assert any(line.startswith(attack.noted) for line in refusals) == bool(attack.noted), refusals
    assert len(refusals) <= 2 * LINES_AT_ONCE
    assert token not in "".join(hall.process.said)


def ensure_unnoticed(calm: list[float], stormy: list[float]) -> None:
    usual, now = statistics.median(calm), statistics.median(stormy)
    rarely, now_rarely = (statistics.quantiles(each, n=10, method="inclusive")[-1] for each in (calm, stormy))
    print("p50, p90 in ms: " + ", ".join(f"{each * 1000:.1f}" for each in (usual, rarely, now, now_rarely)))
    assert now < max(NOTICED * usual, UNNOTICED_SECONDS)
    assert now_rarely < max(NOTICED * rarely, HELD_UP_SECONDS)
