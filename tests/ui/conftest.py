"""Components and the shell in a real browser, at one web process over SQLite for the whole session."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from meeting_app.storage.clock import Argon2Passwords
from tests.cast import Cast
from tests.keys import Office
from tests.story.stage import chromium
from tests.ui.browsing import Reader, window
from tests.ui.cable import Cable
from tests.web.stages import enrol
from tests.web.web_house import WebHouse, running_web

Open = Callable[..., Reader]


@pytest.fixture(scope="session")
def house(
    quick_folder: Path, sqlite_template: tuple[Path, Cast], office: Office, passwords: Argon2Passwords
) -> Iterator[WebHouse]:
    template, cast = sqlite_template
    folder = quick_folder / "ui"
    folder.mkdir()
    shutil.copyfile(template, folder / "meeting.db")
    with running_web(folder, f"sqlite:///{folder / 'meeting.db'}", cast, office, passwords) as running:
        enrol(running)
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def opened(browser: Browser, house: WebHouse) -> Iterator[Open]:
    """`opened("lan", size="phone")`: a window that closes with the test; no script in it may have failed."""
    with ExitStack() as windows:
        readers: list[Reader] = []

        def open_window(name: str = "", size: str = "tablet", **options) -> Reader:
            readers.append(windows.enter_context(window(browser, house, name, size, **options)))
            return readers[-1]

        yield open_window
        assert [complaint for reader in readers for complaint in reader.complaints] == []


@pytest.fixture
def cable(house: WebHouse) -> Iterator[Cable]:
    """The server through a cable that can be pulled out."""
    made = Cable(house.port)
    made.plug()
    yield made
    made.unplug()
