"""Keeping what the secretary types into the minutes, also while the page is being closed."""

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meeting_app.domain.calendar import hour
from meeting_app.running import ports
from meeting_app.services import minutes_notes, minutes_section
from meeting_app.web import body, rows  # noqa: F401 — the "row" of the address
from meeting_app.web.answers import in_thread
from meeting_app.web.gate import actor_of


async def _save(request: Request) -> Response:
    """{base_revision, text} → {revision, at}; 409 with {text, revision} when another window was first."""
    content = await body.json_object(request)
    revision = await in_thread(
        minutes_section.save,
        ports(),
        actor_of(request),
        request.path_params["section_id"],
        base_revision=body.number(content, "base_revision"),
        text=body.text(content, "text"),
    )
    return JSONResponse({"revision": revision, "at": hour(ports().clock.now())})


async def _growing(request: Request) -> Response:
    """{state, may_write, parts: [{item_id, heading, known, votes, conclusions, section}]}."""
    growing = await in_thread(minutes_notes.view, ports(), actor_of(request), request.path_params["meeting_id"])
    return _answer(asdict(growing))


async def _begin(request: Request) -> Response:
    """As `_growing`, after somewhere to write was made for each item."""
    await in_thread(minutes_notes.begin, ports(), actor_of(request), request.path_params["meeting_id"])
    return await _growing(request)


def _answer(content: dict[str, Any]) -> Response:
    return JSONResponse(content, headers={"Cache-Control": "private, no-store"})


ROUTES = [
    Route("/minutes/section/{section_id:row}", _save, methods=["POST"]),
    Route("/minutes/notes/{meeting_id:row}", _growing, methods=["GET"]),
    Route("/minutes/notes/{meeting_id:row}", _begin, methods=["POST"]),
]
