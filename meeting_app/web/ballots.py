"""The published ballots of a closed motion: how voters find that theirs was counted as it was cast."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meeting_app.running import ports
from meeting_app.services import motion
from meeting_app.web import rows  # noqa: F401 — the "row" of the address
from meeting_app.web.answers import in_thread
from meeting_app.web.gate import actor_of


async def _ballots(request: Request) -> Response:
    published = await in_thread(motion.published, ports(), actor_of(request), request.path_params["motion_id"])
    return JSONResponse(published, headers={"Cache-Control": "private, no-store"})


ROUTES = [Route("/motions/{motion_id:row}/ballots", _ballots)]
