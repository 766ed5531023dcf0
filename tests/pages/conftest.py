"""Pages played in process: who reads is replaced at the one seam, everything else is real."""

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from meeting_app import running
from meeting_app.domain.access import Actor
from meeting_app.i18n import use_language
from meeting_app.ports import Ports
from meeting_app.ui import session

FRAME = Path(__file__).parents[2] / "pages" / "main.py"


class Browse:
    """Open a page as somebody: `browse(lan, "meeting", meeting=7)`."""

    def __init__(self, become: Callable[[Actor], None]) -> None:
        self._become = become

    def __call__(self, actor: Actor, page: str, **asked: object) -> AppTest:
        self._become(actor)
        tablet = AppTest.from_file(FRAME, default_timeout=30)
        tablet.run()
        if page != "today":
            tablet.switch_page(f"{page}.py")
            for name, value in asked.items():
                tablet.query_params[name] = str(value)
            tablet.run()
        assert not tablet.exception, tablet.exception
        return tablet


@pytest.fixture
def browse(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> Browse:
    running.start(ports)
    st.cache_resource.clear()

    def become(actor: Actor) -> None:
        def reading() -> Actor:
            use_language(actor.language)
            return actor

        monkeypatch.setattr(session, "actor", reading)

    return Browse(become)


def said(tablet: AppTest) -> str:
    """Everything the page says, in no particular order."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "error", "warning", "success", "info", "toast")
    parts = [element.value for kind in kinds for element in getattr(tablet, kind)]
    parts += [button.label for button in tablet.button]
    parts += [link.value for link in tablet.page_link]
    parts += [table.value.to_string() for table in tablet.table]
    return "\n".join(part for part in parts if part).replace("\u2060", "").replace("\\", "")


def errors(tablet: AppTest) -> list[str]:
    """The sentences of what went wrong, as a person reads them."""
    return [error.value.replace("\u2060", "").replace("\\", "") for error in tablet.error]


def primaries(tablet: AppTest) -> list[str]:
    """The labels of the buttons that stand out: never more than one."""
    return [button.label for button in tablet.button if button.proto.type == "primary"]
