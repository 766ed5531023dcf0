"""The web process running for the whole session: over SQLite, and over PostgreSQL as behind a proxy with TLS."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from meeting_app.storage.clock import Argon2Passwords
from meeting_app.storage.database import SqlDatabase
from meeting_app.storage.migrate import migrate
from tests.cast import Cast, seat
from tests.keys import Office
from tests.postgres import PostgresServer
from tests.web.stages import STAGES, Shared, enrol
from tests.web.web_house import PUBLIC_ORIGIN, WebHouse, running_web


@pytest.fixture(scope="session")
def sqlite_house(
    quick_folder: Path, sqlite_template: tuple[Path, Cast], office: Office, passwords: Argon2Passwords
) -> Iterator[WebHouse]:
    template, cast = sqlite_template
    folder = quick_folder / "web"
    folder.mkdir()
    shutil.copyfile(template, folder / "meeting.db")
    with running_web(folder, f"sqlite:///{folder / 'meeting.db'}", cast, office, passwords) as house:
        enrol(house)
        yield house


@pytest.fixture(scope="session")
def postgres_house(
    quick_folder: Path, postgres: PostgresServer, office: Office, passwords: Argon2Passwords
) -> Iterator[WebHouse]:
    """Told that browsers reach it by https under one public name."""
    address = postgres.create("web")
    database = SqlDatabase(address)
    migrate(database.engine)
    cast = seat(database, passwords)
    database.close()
    folder = quick_folder / "web-postgres"
    folder.mkdir()
    proxied = {"MEETING_HTTPS": "true", "MEETING_PUBLIC_ORIGINS": PUBLIC_ORIGIN}
    with running_web(folder, address, cast, office, passwords, **proxied) as house:
        enrol(house)
        yield house


@pytest.fixture
def house(request: pytest.FixtureRequest) -> WebHouse:
    """Over SQLite unless the test asks for both."""
    running: WebHouse = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_house")
    return running


@pytest.fixture(scope="session")
def _kept() -> dict[tuple[int, str], int]:
    return {}


@pytest.fixture
def shared(house: WebHouse, _kept: dict[tuple[int, str], int]) -> Shared:
    """A meeting at a stage of its life, made once for all tests that only look at it."""

    def at(stage: str) -> int:
        place = (house.port, stage)
        if place not in _kept:
            _kept[place] = STAGES[stage](house)
        return _kept[place]

    return at
