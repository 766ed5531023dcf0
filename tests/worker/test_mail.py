"""The real worker process and a real mail server: what a killed worker leaves, and what the next one makes of it."""

import os
import signal
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from meeting_app.bootstrap import assemble
from meeting_app.domain.access import Actor
from meeting_app.domain.mail import UNDERWAY, MailFailure, MailState
from meeting_app.ports import Ports
from meeting_app.settings import Settings
from meeting_app.storage.database import SqlDatabase
from meeting_app.worker.loop import work_once
from tests.cast import SettableClock
from tests.commands.house import ROOT, environment, wait_until
from tests.keys import MAILBOX, PIN, Office
from tests.mail.certificates import Authority
from tests.mail.house import EVERYBODY, House, authority, context
from tests.mail.letters import SENDER, opened, verified
from tests.mail.server import PASSWORD, USER, MailServer, serving

__all__ = ["authority", "context"]


@dataclass
class Workshop:
    """A house whose every process is told of it by its settings alone."""

    house: House
    settings: dict[str, str]
    data_dir: Path

    def start_worker(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "meeting_app", "worker"],
            cwd=ROOT,
            env=environment(self.data_dir, **self.settings),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def states(self) -> Counter[MailState]:
        return Counter(row.state for row in self.house.mails().values())


def secret_file(path: Path, content: str) -> str:
    path.touch(mode=0o600)
    path.write_text(content + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def workshop(
    ports: Ports,
    clock: SettableClock,
    database_address: str,
    tmp_path: Path,
    context: ssl.SSLContext,
    authority: Authority,
    office: Office,
) -> Iterator[Workshop]:
    clock.set(datetime.now(UTC))  # the worker goes by the real one
    with serving(MailServer(context, user=USER)) as server:
        settings = {
            "DATABASE_URL": database_address,
            "MEETING_TRUST_FILE": str(office.pki.trust_file),
            "MEETING_MAIL_URL": server.url,
            "MEETING_MAIL_PASSWORD_FILE": secret_file(tmp_path / "password", PASSWORD),
            "MEETING_MAIL_SERVER_TRUST_FILE": str(authority.root_file),
            "MEETING_MAIL_SENDER": SENDER,
            "MEETING_MAIL_KEY_FILE": str(office.pki.directory / f"{MAILBOX}.p12"),
            "MEETING_MAIL_KEY_PASSWORD_FILE": secret_file(tmp_path / "pin", PIN),
        }
        told = {name.removeprefix("MEETING_").lower(): value for name, value in settings.items()}
        ours = assemble(Settings(data_dir=tmp_path, **told), clock=clock)
        yield Workshop(House(ours, server, clock), settings, tmp_path)
        assert isinstance(ours.database, SqlDatabase)
        ours.database.close()


def test_a_worker_killed_after_the_server_said_yes_sends_no_second_message(
    workshop: Workshop, lan: Actor, draft_meeting: int, office: Office
):
    """SMTP cannot tell whether the dead one's mail arrived: it goes again as the same message, the others once."""
    house, server = workshop.house, workshop.house.server
    house.issue(lan, draft_meeting)
    worker = workshop.start_worker()
    server.before_answer = lambda: os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait(30) == -signal.SIGKILL
    server.before_answer = lambda: None
    (first,) = server.taken
    assert workshop.states() == {MailState.QUEUED: 6}

    worker = workshop.start_worker()
    wait_until(lambda: workshop.states()[MailState.SENT] == 5, worker)
    worker.terminate()
    assert worker.wait(30) == 0
    assert {taken.recipient for taken in server.taken[1:]} == EVERYBODY - {first.recipient}

    house.clock.set(datetime.now(UTC) + UNDERWAY)
    house.await_next()
    work_once(house.ports)
    assert workshop.states() == {MailState.SENT: 6}
    again = server.taken[-1]
    assert len(server.taken) == 7
    assert again.recipient == first.recipient
    assert opened(again.content).outer["Message-ID"] == opened(first.content).outer["Message-ID"]
    assert verified(again.content, office.pki.trust_file)[0]


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_worker_told_to_stop_finishes_its_mail_and_leaves_the_others(
    workshop: Workshop, lan: Actor, draft_meeting: int
):
    house = workshop.house
    house.issue(lan, draft_meeting)
    worker = workshop.start_worker()
    house.server.before_answer = lambda: os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait(30) == 0
    assert workshop.states() == {MailState.SENT: 1, MailState.QUEUED: 5}
    assert {row.begun_at for row in house.mails().values()} == {None}


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("setting", "content", "failure"),
    [
        ("password", "mat-khau-sai", MailFailure.NOT_LET_IN),
        ("pin", "000000", MailFailure.UNSIGNED),
    ],
)
def test_a_wrong_secret_is_told_and_stands_nowhere(
    workshop: Workshop,
    lan: Actor,
    draft_meeting: int,
    caplog: pytest.LogCaptureFixture,
    setting: str,
    content: str,
    failure: MailFailure,
):
    (workshop.data_dir / setting).write_text(content)
    workshop.house.issue(lan, draft_meeting)
    work_once(workshop.house.ports)
    assert {row.failure for row in workshop.house.mails().values()} == {failure}
    assert workshop.house.server.taken == []
    jobs = " ".join(job.failure for job in workshop.house.jobs())
    assert jobs
    assert caplog.text
    assert content not in jobs + caplog.text


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
@pytest.mark.parametrize("setting", ["password", "pin"])
def test_a_secret_that_others_may_read_is_not_used(workshop: Workshop, lan: Actor, draft_meeting: int, setting: str):
    (workshop.data_dir / setting).chmod(0o640)
    workshop.house.issue(lan, draft_meeting)
    work_once(workshop.house.ports)
    assert workshop.house.server.taken == []
    (workshop.data_dir / setting).chmod(0o600)
    workshop.house.await_next()
    work_once(workshop.house.ports)
    assert {taken.recipient for taken in workshop.house.server.taken} == EVERYBODY


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_the_demo_sends_no_mail_whatever_is_set(workshop: Workshop, tmp_path: Path, lan: Actor, draft_meeting: int):
    told = {name.removeprefix("MEETING_").lower(): value for name, value in workshop.settings.items()}
    ports = assemble(Settings(data_dir=tmp_path, demo=True, **told), clock=workshop.house.clock)
    assert ports.mail is None
    house = House(ports, workshop.house.server, workshop.house.clock)
    house.issue(lan, draft_meeting)
    assert house.mails() == {}
    assert house.jobs() == []
