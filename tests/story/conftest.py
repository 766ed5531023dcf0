"""One real house for all stories, and one browser program."""

from collections.abc import Iterator

import pytest

from tests.commands.house import House, running_demo
from tests.story.stage import Stage, chromium


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_demo(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture
def stage(house: House) -> Iterator[Stage]:
    with chromium() as browser:
        yield Stage(house, browser)
