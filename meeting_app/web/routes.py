"""All routes of our own, in the order they are asked."""

from collections.abc import Mapping, Sequence

from starlette.routing import BaseRoute

from meeting_app.settings import Settings
from meeting_app.web import (
    annotations,
    answers,
    attendance,
    ballots,
    check_in,
    credentials,
    files,
    offline,
    screen,
    sealing,
    sections,
    shell,
    sign_in,
    signing,
    take_home,
    uploads,
)
from meeting_app.web.modules import Modules


def all_routes(settings: Settings, modules: Modules, reading_texts: Mapping[str, str]) -> Sequence[BaseRoute]:
    """The shell's last route takes every page address, so it stands at the end."""
    return [
        *answers.ROUTES,
        *modules.routes(),
        *sign_in.routes(settings, modules),
        *screen.routes(settings, modules),
        *check_in.routes(settings, modules),
        *files.ROUTES,
        *annotations.ROUTES,
        *offline.routes(modules, reading_texts),
        *take_home.ROUTES,
        *attendance.ROUTES,
        *ballots.ROUTES,
        *signing.ROUTES,
        *sealing.ROUTES,
        *uploads.ROUTES,
        *sections.ROUTES,
        *credentials.ROUTES,
        *shell.routes(modules),
    ]
