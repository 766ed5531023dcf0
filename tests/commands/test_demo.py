"""`demo` as a newcomer starts it: ready, once per data folder, alive after kills, gone after Ctrl-C."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from meeting_app import demo
from meeting_app.settings import Settings
from tests.commands.house import ROOT, House, answers, command, environment, free_port, running_demo, wait_until


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory):
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


def test_it_prints_the_address_the_cast_the_password_and_the_pin(house: House):
    said = house.log.read_text(encoding="utf-8")
    assert house.address in said
    assert "Nguyễn Văn Hùng" in said
    assert re.search(r"Mật khẩu chung:\s+\S+", said)
    assert re.search(r"Mã PIN ký số:\s+\d{6}", said)


def test_rows_papers_and_keys_are_closed_to_other_users_of_the_machine(house: House):
    made = [path for path in house.data_dir.rglob("*") if path != house.log and not path.is_socket()]
    within = [path for path in made if path.parent == house.data_dir]
    assert {"meeting.db", "files", "pki", "demo.json"} <= {path.name for path in within}
    assert [path for path in within if path.stat().st_mode & 0o077] == []


def test_a_second_start_on_the_same_data_says_where_the_first_answers_and_touches_nothing(house: House):
    second = command("demo", data_dir=house.data_dir, MEETING_WEB_PORT=str(free_port()))
    assert second.returncode == 3
    assert "đang chạy" in second.stderr
    assert house.address in second.stderr
    assert answers(f"{house.address}/health")


@pytest.mark.parametrize("which", ["WEB", "ROOM"])
def test_a_port_that_another_program_uses_is_named(house: House, tmp_path: Path, which: str):
    ports = {"WEB": str(house.web_port), "ROOM": str(house.room_port)}
    settings = {"MEETING_WEB_PORT": str(free_port()), "MEETING_ROOM_PORT": str(free_port())}
    told = command("demo", data_dir=tmp_path, **settings | {f"MEETING_{which}_PORT": ports[which]})
    assert told.returncode == 3
    assert f"MEETING_{which}_PORT" in told.stderr
    assert ports[which] in told.stderr
    assert not (tmp_path / "meeting.db").exists()


def test_production_refuses_the_rows_and_keys_of_the_demo(house: House):
    pki_port_url = "http://127.0.0.1:1/tsa"
    told = command(
        "serve",
        data_dir=house.data_dir / "elsewhere",
        MEETING_TIMESTAMP_URLS=pki_port_url,
        MEETING_TRUST_FILE=str(house.data_dir / "pki" / "root.pem"),
    )
    assert told.returncode == 2
    assert "MEETING_TRUST_FILE" in told.stderr


@pytest.mark.parametrize("process", ["room", "worker", "web"])
def test_a_killed_process_is_started_again(house: House, process: str):
    (old,) = house.pids(process)
    os.kill(old, signal.SIGKILL)
    wait_until(lambda: house.pids(process) not in ([], [old]), house.process, seconds=30)
    port = {"room": house.room_port, "web": house.web_port}.get(process)
    if port:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), house.process, seconds=60)


def test_the_audit_trail_is_whole(house: House):
    told = command("audit", data_dir=house.data_dir)
    assert told.returncode == 0, told.stdout


def test_the_finished_meetings_vote_is_counted_again_and_agrees(house: House):
    told = command("recount", "1", data_dir=house.data_dir)
    assert (told.returncode, told.stdout) == (0, "“Thông qua Báo cáo kinh tế - xã hội 11 tháng”, lần 1: khớp\n")


def test_there_is_no_trail_where_there_are_no_rows(tmp_path: Path):
    told = command("audit", data_dir=tmp_path)
    assert (told.returncode, told.stderr) == (1, "")
    assert str(tmp_path) in told.stdout
    assert list(tmp_path.iterdir()) == []


def test_it_stops_cleanly_and_the_second_start_has_nothing_to_prepare(tmp_path):
    with running_demo(tmp_path / "rows") as first:
        children = [pid for name in ("web", "room", "worker", "pki") for pid in first.pids(name)]
        assert len(children) == 4
        assert first.stop() == 0
    assert not any(_alive(pid) for pid in children)
    with running_demo(tmp_path / "rows") as second:
        # What takes long is playing the meetings: a later start does not (seconds depend on the machine's other work).
        assert second.log.read_text(encoding="utf-8").count("Đang chuẩn bị") == 1


def test_its_children_end_when_the_supervisor_is_killed(tmp_path):
    with running_demo(tmp_path / "rows") as house:
        children = [pid for name in ("web", "room", "worker", "pki") for pid in house.pids(name)]
        house.process.kill()
        house.process.wait()
        wait_until(lambda: not any(_alive(pid) for pid in children), seconds=20)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_first_start_that_was_killed_is_made_anew_and_leaves_nothing_running(tmp_path: Path):
    rows = tmp_path / "rows"
    with (tmp_path / "log").open("wb") as log:
        cut = subprocess.Popen(
            [sys.executable, "-m", "meeting_app", "demo"],
            cwd=ROOT,
            env=environment(rows, MEETING_WEB_PORT=str(free_port()), MEETING_ROOM_PORT=str(free_port())),
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
    wait_until(lambda: _titles(rows) == ["Họp giao ban tuần"], cut, seconds=120)
    (authorities,) = House(cut, rows, 0, 0, tmp_path / "log").pids("pki")
    cut.kill()
    cut.wait()
    wait_until(lambda: not _alive(authorities), seconds=20)
    with running_demo(rows):
        assert len(_titles(rows)) == 3
    told = command("audit", data_dir=rows)
    assert told.returncode == 0, told.stdout


def test_rows_elsewhere_are_not_those_of_the_play_that_was_cut_short(tmp_path: Path):
    ours = Settings(data_dir=tmp_path, database_url="sqlite:////tmp/ours.db")
    with suppress(KeyboardInterrupt), demo.playing(ours):
        raise KeyboardInterrupt
    assert demo.was_cut_short(ours)
    assert not demo.was_cut_short(ours.model_copy(update={"database_url": "postgresql://elsewhere/real"}))
    with demo.playing(ours):
        pass
    assert not demo.was_cut_short(ours)


def _titles(rows: Path) -> list[str]:
    """Of the meetings that are in the rows by now."""
    try:
        with closing(sqlite3.connect(f"file:{rows / 'meeting.db'}?mode=ro", uri=True)) as connection:
            return [title for (title,) in connection.execute("select title from meeting order by id")]
    except sqlite3.OperationalError:  # not made yet
        return []
