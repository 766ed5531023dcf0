"""`recount`: whoever runs the house counts a meeting's votes again, and a lie ends with 1."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import select

from meeting_app.domain.motion import Motion
from meeting_app.services import ballot as ballots
from meeting_app.services import vote
from tests.commands.house import ROOT, environment
from tests.voting import come, elector, opened


@pytest.fixture
def count_again(database_address: str, tmp_path: Path):
    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "meeting_app", "recount", *arguments],
            cwd=ROOT, env={**environment(tmp_path), "DATABASE_URL": database_address},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_meeting_is_counted_again(ports, database, lan, hung, minh, hoa, running_meeting, count_again):
    come(ports, running_meeting, hung, minh, hoa)
    motion_id = opened(ports, lan, running_meeting)
    for who in (hung, minh):
        ballots.cast(ports, who, running_meeting, motion_id, elector(ports, motion_id, who), choice="agree")
    vote.close(ports, lan, running_meeting, motion_id)
    assert count_again(str(running_meeting)) == (0, "“Thông qua dự toán”, lần 1: khớp\n")
    with database.writing() as session:
        motion = session.exec(select(Motion)).one()
        motion.result = {**(motion.result or {}), "agree": 3}
    code, said = count_again(str(running_meeting), "--json")
    assert code == 1
    assert json.loads(said)["complaints"] == ["Kết quả lưu trữ không khớp với các phiếu."]


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_no_such_meeting(ports, count_again):
    code, said = count_again("999")
    assert (code, said) == (2, "Không có cuộc họp 999.\n")
