"""`demo` as a newcomer starts it: ready, once per data folder, alive after kills, gone after Ctrl-C."""

import os
import re
import signal
import time

import pytest

from tests.commands.house import House, answers, command, running_demo, wait_until


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


def test_a_second_start_on_the_same_data_says_so_and_touches_nothing(house: House):
    second = command("demo", data_dir=house.data_dir)
    assert second.returncode == 3
    assert "đang chạy" in second.stderr
    assert answers(f"{house.address}/health")


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


def test_it_stops_cleanly_and_the_second_start_is_quick(tmp_path):
    with running_demo(tmp_path / "rows") as first:
        children = [pid for name in ("web", "room", "worker", "pki") for pid in first.pids(name)]
        assert len(children) == 4
        assert first.stop() == 0
    assert not any(_alive(pid) for pid in children)
    began = time.monotonic()
    with running_demo(tmp_path / "rows"):
        took = time.monotonic() - began
    assert took < 15  # the house promises 5 seconds; a busy test machine is given more


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
