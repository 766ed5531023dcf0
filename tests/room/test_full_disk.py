"""On a disk that is really full what would write is refused with the reason, all read on, and with room all goes on."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from meeting_app.domain.ballot import LAST_BALLOTS
from meeting_app.domain.event import CommandReceipt, MeetingEvent
from meeting_app.domain.motion import MotionState
from meeting_app.errors import StorageFull
from meeting_app.room.client import Refused, connect
from meeting_app.services import agenda as agendas
from meeting_app.services import audit, conclusion
from meeting_app.services.unit_of_work import key
from meeting_app.settings import Settings
from tests.commands.house import ROOT, environment, wait_until
from tests.pdf.hostile import plain
from tests.room.room_process import RoomProcess
from tests.small_disk import SmallDisk, small_disk
from tests.voting import come, motion_row, opened
from tests.web.stages import files_in, running
from tests.web.web_house import WebHouse, running_web

pytestmark = pytest.mark.anyio
MEGABYTES = 24
WHY = {True: "Không còn chỗ trống để lưu", False: "thử lại"}  # a limit is no full disk to the database
LONG = "Dài " * 700


@dataclass
class House:
    """Web, room and worker over rows and files on one small disk."""

    disk: SmallDisk
    web: WebHouse
    room: RoomProcess
    worker: subprocess.Popen
    meeting_id: int

    def enter(self, name: str):
        return connect(self.room.address, self.web.visitor(name).token, self.meeting_id)

    @property
    def why(self) -> str:
        return WHY[self.disk.is_mounted]

    @property
    def item_id(self) -> int:
        return key(agendas.items(self.web.ports, self.web.actor("lan"), self.meeting_id)[0].id)

    def rows(self, table: type) -> list:
        with self.web.ports.database.reading() as session:
            return list(session.exec(select(table).where(table.meeting_id == self.meeting_id)))

    def is_whole(self) -> bool:
        """Versions without gaps, each command with its receipt, the audit trail and the file itself unbroken."""
        with self.web.ports.database.reading() as session:
            sound = session.exec(text("pragma integrity_check")).scalar_one() == "ok"
        versions = sorted(event.version for event in self.rows(MeetingEvent))
        return sound and versions == list(range(1, len(versions) + 1)) and audit.check(self.web.ports)[1] is None


@pytest.fixture(scope="module")
def house(tmp_path_factory, sqlite_template, office, passwords) -> Iterator[House]:
    template, cast = sqlite_template
    outside = tmp_path_factory.mktemp("disk")
    with small_disk(outside / "small", outside / "image", MEGABYTES) as disk:
        folder = disk.folder / "house"
        folder.mkdir()
        shutil.copyfile(template, folder / "meeting.db")
        address = f"sqlite:///{folder / 'meeting.db'}"
        with running_web(folder, address, cast, office, passwords) as web:
            for name in ("hung", "lan", "minh", "hoa"):
                web.visitor(name)
            room = RoomProcess(Settings(data_dir=folder, database_url=address, room_poll_seconds=0.5, _env_file=None))
            room.start_now()
            with working(folder, address, web) as worker:
                disk.pids = [web.process.pid, room.process.pid, worker.pid, os.getpid()]
                yield House(disk, web, room, worker, running(web))
            room.end()


@pytest.fixture
def full(house: House) -> Iterator[House]:
    """The disk of the house, full until the test makes room."""
    house.disk.fill()
    yield house
    house.disk.make_room()
    assert house.is_whole()


@contextmanager
def working(folder: Path, address: str, web: WebHouse) -> Iterator[subprocess.Popen]:
    trust = {
        "MEETING_TIMESTAMP_URLS": web.office.pki.timestamp_url,
        "MEETING_TRUST_FILE": str(web.office.pki.trust_file),
    }
    worker = subprocess.Popen(
        [sys.executable, "-m", "meeting_app", "worker"],
        cwd=ROOT,
        env=environment(folder, DATABASE_URL=address, **trust),
        stderr=subprocess.DEVNULL,
    )
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(20)


async def until_refused(tablet, item_id: int) -> tuple[dict[str, int], str, str]:
    """Conclusions until one is refused: the versions of the others by their id, the id of that one, and why."""
    done: dict[str, int] = {}
    while True:
        command_id = str(uuid4())
        try:
            done[command_id] = await tablet.do("conclusion.record", command_id, text=LONG, item_id=item_id)
        except Refused as error:
            return done, command_id, str(error)


async def test_commands_are_refused_with_the_reason_and_done_once_there_is_room(full: House):
    before = len(full.rows(CommandReceipt))
    async with full.enter("hung") as chair, full.enter("minh") as member:
        await member.entered()
        done, refused, why = await until_refused(chair, full.item_id)
        assert full.why in why
        state = await member.reaches(max(done.values(), default=0))  # who was there hears of each that was done
        async with full.enter("hoa") as late:
            assert (await late.entered())["version"] == state["version"]  # and who comes now sees the same
        assert len(full.rows(CommandReceipt)) == before + len(done)
        assert full.is_whole()
        full.disk.make_room()
        version = await chair.do("conclusion.record", refused, text=LONG, item_id=full.item_id)
        assert await chair.do("conclusion.record", refused, text=LONG, item_id=full.item_id) == version
        texts = [each["text"] for each in (await chair.reaches(version))["conclusions"]]
        await asyncio.wait_for(member.reaches(version), 30)
    assert len(full.rows(CommandReceipt)) == before + len(done) + 1
    assert len(texts) >= len(done) + 1


async def test_many_who_act_at_once_are_each_told_the_truth(full: House):
    """Their commands share commits: where one fails for want of room, none of it may count."""
    before = {row.command_id for row in full.rows(CommandReceipt)}
    async with full.enter("lan") as desk:
        ids = [str(uuid4()) for _ in range(30)]
        acts = [desk.do("conclusion.record", each, text=LONG, item_id=full.item_id) for each in ids]
        answers = dict(zip(ids, await asyncio.gather(*acts, return_exceptions=True), strict=True))
    refused = {each for each, answer in answers.items() if isinstance(answer, Refused)}
    assert {row.command_id for row in full.rows(CommandReceipt)} - before == set(ids) - refused
    assert all(full.why in str(answers[each]) for each in refused)


def test_pages_and_files_are_read_and_what_would_write_says_why_not(full: House):
    web = full.web
    fill_the_log(full)
    reader = web.visitor("minh")
    assert reader.get("/health").json() == {"ok": True}
    assert reader.get("/").status_code == 200
    kept = set(files_in(web.ports.files.root))
    told = web.nobody().sign_in("hoa")
    assert full.why in told.text
    if full.disk.is_mounted:
        assert (told.status_code, "hoa" in told.text) == (422, True)  # what was typed stands in the form
    told = web.visitor("lan").post(f"/upload/{full.meeting_id}", content=plain("x") + b"%" * 400_000)
    assert told.status_code >= 400
    assert full.why in told.json()["sentence"]
    if full.disk.is_mounted:
        assert set(files_in(web.ports.files.root)) == kept
    assert list(files_in(web.uploads_folder)) == []
    full.disk.make_room()
    assert web.nobody().sign_in("hoa").status_code == 303
    assert web.visitor("lan").post(f"/upload/{full.meeting_id}", content=plain("x")).status_code == 201


def test_a_vote_whose_time_ends_meanwhile_is_closed_once_there_is_room(house: House):
    ports, lan = house.web.ports, house.web.actor("lan")
    come(ports, house.meeting_id, lan, *(house.web.actor(name) for name in ("hung", "minh", "hoa")))
    motion_id = opened(ports, lan, house.meeting_id, seconds=10)
    closes_at = motion_row(ports, motion_id).closes_at
    house.disk.fill()
    fill_the_log(house)
    wait_until(lambda: ports.clock.now() > closes_at + LAST_BALLOTS + timedelta(seconds=3), house.worker)
    assert motion_row(ports, motion_id).state is MotionState.OPEN
    house.disk.make_room()
    wait_until(lambda: motion_row(ports, motion_id).state is MotionState.CLOSED, house.worker)
    assert house.is_whole()


def fill_the_log(house: House) -> None:
    """Until nothing more goes into the rows: their log may have been longer before, and has room in it."""
    for words in (LONG, "Ngắn"):
        with suppress(StorageFull, OperationalError):
            while True:
                conclusion.record(house.web.ports, house.web.actor("lan"), house.meeting_id, words, house.item_id)
