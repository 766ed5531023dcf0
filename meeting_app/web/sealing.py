"""Sealing the documents of a meeting: begun by a request, done by a thread, watched and stopped by others.

The PIN is in the memory of that thread alone; when its process ends, so does the act.
"""

import threading

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meeting_app.running import ports
from meeting_app.services import sealing, sealing_progress
from meeting_app.services.sealing_progress import body_of
from meeting_app.web import body, rows  # noqa: F401 — the "row" of the addresses
from meeting_app.web.answers import SIGNING, in_thread, in_turn
from meeting_app.web.gate import actor_of
from meeting_app.web.signing import secret


async def _start(request: Request) -> Response:
    content = await body.json_object(request)
    begun = await in_turn(
        SIGNING,
        sealing.start,
        ports(),
        actor_of(request),
        request.path_params["meeting_id"],
        again=content.get("again") is True,
        **secret(content),
    )
    # A daemon: a process that is told to end need not wait, the rows are whole at any moment.
    threading.Thread(target=sealing.finish, args=(begun,), daemon=True, name="sealing").start()
    return await _progress(request)


async def _cancel(request: Request) -> Response:
    await in_thread(sealing.cancel, ports(), actor_of(request), request.path_params["meeting_id"])
    return await _progress(request)


async def _progress(request: Request) -> Response:
    view = await in_thread(sealing_progress.view, ports(), actor_of(request), request.path_params["meeting_id"])
    return JSONResponse(body_of(view))


ROUTES = [
    Route("/sealing/{meeting_id:row}", _start, methods=["POST"]),
    Route("/sealing/{meeting_id:row}", _progress, methods=["GET"]),
    Route("/sealing/{meeting_id:row}/cancel", _cancel, methods=["POST"]),
]
