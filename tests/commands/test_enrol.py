"""`enrol`: a key on a token is registered by command, by whoever runs the house, and signs papers from then on."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import select

from meeting_app.domain.credential import Credential
from meeting_app.domain.key import KeyPlace
from meeting_app.storage.database import SqlDatabase
from tests import softhsm
from tests.commands.house import ROOT, environment
from tests.keys import SEAL, Office
from tests.softhsm import AUTHORITIES, Entry, Reader

TOKEN = "Thẻ phường"


@dataclass
class Desk:
    """The administrator's command line, beside the rows with the cast and a token that is plugged in."""

    database: SqlDatabase
    environment: dict[str, str]

    def enrol(self, pin: str, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "meeting_app", "enrol", *arguments],
            input=f"{pin}\n", cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
            start_new_session=True,  # without a terminal the PIN comes from standard input
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    @property
    def keys(self) -> list[tuple[str, KeyPlace, str]]:
        with self.database.reading() as session:
            rows = session.exec(select(Credential)).all()
        return [(row.common_name, row.place, row.reference) for row in rows]


@pytest.fixture
def desk(database: SqlDatabase, database_address: str, office: Office, tmp_path: Path) -> Desk:
    """On the token are Hùng's key and the seal."""
    reader = Reader(tmp_path / "reader")
    reader.plug_in(TOKEN, office.pki, [Entry("hung", "01"), Entry(SEAL, "02"), *AUTHORITIES])
    return Desk(
        database,
        environment(
            tmp_path / "data",
            DATABASE_URL=database_address,
            MEETING_TOKEN_MODULE=str(softhsm.MODULE),
            **reader.environment,
        ),
    )


def test_a_key_on_a_token_is_registered_for_its_holder(desk: Desk):
    code, said = desk.enrol(softhsm.PIN, "hung", "--place", "token", "--reference", f"{TOKEN}/hung")
    assert (code, softhsm.PIN in said) == (0, False)
    assert desk.keys == [("Nguyễn Văn Hùng", KeyPlace.TOKEN, f"{TOKEN}/hung")]


def test_the_seal_of_the_unit_is_registered_too(desk: Desk):
    assert desk.enrol(softhsm.PIN, "thu", "--seal", "--place", "token", "--reference", f"{TOKEN}/{SEAL}")[0] == 0
    assert [place for _name, place, _reference in desk.keys] == [KeyPlace.TOKEN]


@pytest.mark.parametrize(
    ("pin", "arguments"),
    [
        ("999999", ["hung", "--place", "token", "--reference", f"{TOKEN}/hung"]),
        (softhsm.PIN, ["hung", "--place", "token", "--reference", f"{TOKEN}/khong-co"]),
        (softhsm.PIN, ["hung", "--place", "remote", "--reference", "dich-vu/khoa"]),
        (softhsm.PIN, ["hung", "--place", "túi", "--reference", "x"]),
        (softhsm.PIN, ["nguoi-la", "--place", "token", "--reference", f"{TOKEN}/hung"]),
    ],
    ids=["wrong PIN", "no such key", "no such service", "no such place", "nobody"],
)
def test_what_cannot_be_registered_is_said_and_nothing_is_kept(desk: Desk, pin: str, arguments: list[str]):
    code, said = desk.enrol(pin, *arguments)
    assert (code, desk.keys) == (1, [])
    assert "Traceback" not in said
