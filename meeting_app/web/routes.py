"""All routes of our own, in the order they are asked."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from meeting_app.settings import Settings
from meeting_app.web import (
    annotations,
    answers,
    credentials,
    files,
    sealing,
    sections,
    shell,
    sign_in,
    signing,
    uploads,
)
from meeting_app.web.modules import Modules


def all_routes(settings: Settings, modules: Modules) -> Sequence[BaseRoute]:
    """The shell's last route takes every page address, so it stands at the end."""
    return [
        *answers.ROUTES,
        *modules.routes(),
        *sign_in.routes(settings, modules),
        *files.ROUTES,
        *annotations.ROUTES,
        *signing.ROUTES,
        *sealing.ROUTES,
        *uploads.ROUTES,
        *sections.ROUTES,
        *credentials.ROUTES,
        *shell.routes(modules),
    ]
