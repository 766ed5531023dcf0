"""Processes die at the worst moment: whatever was acknowledged is in the result, and nothing is there twice."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import select

from meeting_app.bench.assembly import Seated, assemble_members
from meeting_app.bench.server_process import free_port
from meeting_app.bench.stage import Stage, stage
from meeting_app.bench.vote import open_motion
from meeting_app.domain.ballot import OpenBallot
from meeting_app.domain.event import CommandReceipt, Kind, MeetingEvent
from meeting_app.services import audit, vote
from meeting_app.services.recount import recount
from tests.commands.house import ROOT, answers, command, wait_until
from tests.room.voters import Voter, all_answered

TABLETS, ROUNDS = 200, 20
SPREAD_SECONDS = 0.8
VICTIMS = ("room", "web", "worker")
SUPERVISE = (
    "import os; from meeting_app.supervisor import Child, Supervisor; "
    f"Supervisor([Child(each) for each in {VICTIMS}], dict(os.environ)).run()"
)


@contextmanager
def supervised(made: Stage) -> Iterator[subprocess.Popen]:
    """Web, room and worker over the stage's rows, started again when they die."""
    settings = made.settings
    environment = {
        **os.environ,
        "MEETING_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": "",
        "MEETING_DEMO": "true",
        "MEETING_WEB_PORT": str(free_port()),
        "MEETING_ROOM_PORT": str(settings.room_port),
        "MEETING_TIMESTAMP_URLS": " ".join(settings.timestamp_urls),
        "MEETING_TRUST_FILE": str(settings.trust_file),
    }
    with (settings.data_dir / "house.log").open("wb") as log:
        house = subprocess.Popen([sys.executable, "-c", SUPERVISE], cwd=ROOT, env=environment, stderr=log)
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{settings.room_port}/health"), house, 60)
        yield house
    finally:
        house.terminate()
        house.wait(30)


def pid_of(house: subprocess.Popen, name: str) -> int | None:
    listed = subprocess.run(
        ["ps", "--ppid", str(house.pid), "-o", "pid=,args="], capture_output=True, text=True, check=False
    ).stdout
    rows = [line.split(None, 1) for line in listed.splitlines()]
    return next((int(pid) for pid, arguments in rows if arguments.endswith(f"-m meeting_app {name}")), None)


def kill_at(house: subprocess.Popen, name: str, seconds: float) -> threading.Timer:
    def kill() -> None:
        if (pid := pid_of(house, name)) is not None:
            os.kill(pid, signal.SIGKILL)

    timer = threading.Timer(seconds, kill)
    timer.start()
    return timer


def one_vote(made: Stage, house: subprocess.Popen, seated: list[Seated], chance: random.Random) -> list[Voter]:
    """Everybody votes within a second while something is killed; each in the end has an answer."""
    motion_id, electors = open_motion(made)
    voters = []
    for each in seated:
        choice = chance.choice(["agree", "disagree", "other"])
        arguments = {"motion_id": motion_id, "elector_id": electors[each.attendee_id], "choice": choice}
        when = chance.uniform(0, SPREAD_SECONDS)
        voters.append(Voter(made.settings.room_port, each.token, made.meeting_id, arguments, when))
    killer = kill_at(house, chance.choice(VICTIMS), chance.uniform(0, SPREAD_SECONDS))
    for voter in voters:
        voter.start()
    all_answered(voters)
    killer.join()
    vote.close(made.ports, made.secretary, made.meeting_id, motion_id)
    return voters


def ensure_all_is_there_once(made: Stage, voters: list[Voter]) -> None:
    with made.ports.database.reading() as session:
        stored = {row.elector_id: row.choice.value for row in session.exec(select(OpenBallot)).all()}
        query = select(MeetingEvent).where(MeetingEvent.kind == Kind.ELECTORS).order_by(MeetingEvent.version)
        events = session.exec(query).all()
        versions = [row.version for row in session.exec(select(MeetingEvent).order_by(MeetingEvent.version)).all()]
        receipts = Counter(row.command_id for row in session.exec(select(CommandReceipt)).all())
    voted = {event.version: row["id"] for event in events for row in event.body.get("electors", []) if row["voted"]}
    assert versions == list(range(1, len(versions) + 1))
    assert {voter.version: voter.arguments["elector_id"] for voter in voters} == voted
    assert {voter.arguments["elector_id"]: voter.arguments["choice"] for voter in voters} == stored
    assert receipts == {voter.command_id: 1 for voter in voters}
    assert audit.check(made.ports)[1] is None


@pytest.mark.timeout(400)
def test_twenty_votes_while_processes_are_killed():
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # shown when it fails
    chance = random.Random(seed)
    with stage() as made:
        seated = assemble_members(made, TABLETS)
        with supervised(made) as house:
            rounds = [one_vote(made, house, seated, chance) for _ in range(ROUNDS)]
        ensure_all_is_there_once(made, [voter for each in rounds for voter in each])
        counted = recount(made.ports, made.meeting_id)
        told = command("recount", str(made.meeting_id), data_dir=made.settings.data_dir)
    assert [each.result["cast"] for each in counted] == [TABLETS] * ROUNDS
    assert all(each.agrees for each in counted)
    for each, voters in zip(counted, rounds, strict=True):
        choices = Counter(voter.arguments["choice"] for voter in voters)
        assert (each.result["agree"], each.result["disagree"]) == (choices["agree"], choices["disagree"])
    assert told.returncode == 0, told.stderr
    print("tries", Counter(voter.tries for each in rounds for voter in each))
