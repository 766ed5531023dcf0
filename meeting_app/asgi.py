"""The web process: Streamlit's pages and our own routes in one ASGI application."""

import gc
import logging
import secrets
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
import uvicorn
from anyio import to_thread
from starlette.middleware import Middleware
from streamlit.web.bootstrap import load_config_options

from meeting_app import bootstrap
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_, _
from meeting_app.settings import Settings
from meeting_app.ui import component
from meeting_app.ui.reading import READING_TEXTS
from meeting_app.web import routes
from meeting_app.web.answers import EXCEPTIONS
from meeting_app.web.gate import Gate, SecurityHeaders
from meeting_app.web.modules import Modules
from meeting_app.web.warm_up import warm_up

ROOT = Path(__file__).parent.parent
_CONFIGURATION = ROOT / ".streamlit" / "config.toml"
_STOP_SECONDS = 5  # for answers that are still on their way
_WENT_WRONG = N_(
    "This page could not be shown. What was saved is kept. Please reload the page, "
    "or tell your administrator the number {reference}."
)
_log = logging.getLogger(__name__)


def build(settings: Settings) -> st.App:
    """The application; its lifespan starts the process's Ports from the settings."""
    load_config_options(_options(settings))
    modules = Modules(component.FOLDER, component.VERSION, component.SERVED, component.TYPES)

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[None]:
        await to_thread.run_sync(bootstrap.start, settings)
        await warm_up(("meeting_app.services", "meeting_app.ui"))
        # Streamlit collects garbage after every run: what is here now to stay need not be looked at again.
        gc.collect()
        gc.freeze()
        yield

    return st.App(
        ROOT / "pages" / "main.py",
        lifespan=lifespan,
        routes=routes.all_routes(settings, modules, READING_TEXTS),
        middleware=[Middleware(SecurityHeaders, settings=settings), Middleware(Gate, settings=settings)],
        exception_handlers=EXCEPTIONS,
        on_script_error=calm,
    )


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    uvicorn.run(
        build(settings),
        host=settings.host,
        port=settings.web_port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )


def calm(error: Exception) -> bool:
    """What a reader sees when a page fails; the trace goes to the log alone."""
    if isinstance(error, MeetingError):
        st.error(str(error))
        return True
    reference = secrets.token_hex(4)
    _log.error("a page failed, reference %s", reference, exc_info=error)
    st.error(_(_WENT_WRONG, reference=reference))
    return True


def _options(settings: Settings) -> dict[str, Any]:
    """Streamlit's options from our own file, whatever folder the process was started in."""
    with _CONFIGURATION.open("rb") as file:
        options = dict(_flat(tomllib.load(file)))
    return options | {
        "server.address": settings.host,
        "server.port": settings.web_port,
        "server.corsAllowedOrigins": list(settings.public_origins),
    }


def _flat(section: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """("theme.light.primaryColor", "#0b3d7a"), …"""
    found: list[tuple[str, Any]] = []
    for name, value in section.items():
        found += _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else [(f"{prefix}{name}", value)]
    return found
