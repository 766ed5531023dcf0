"""The list of attendance as a file, for the desk."""

from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meeting_app.domain.access import Actor
from meeting_app.ports import Ports
from meeting_app.running import ports
from meeting_app.services import attendance
from meeting_app.web import rows  # noqa: F401 — the "row" of the address
from meeting_app.web.answers import JUDGING, in_turn
from meeting_app.web.gate import actor_of

_MADE: dict[str, tuple[str, Callable[[Ports, Actor, int], tuple[str, bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", attendance.table),
    "pdf": ("application/pdf", attendance.paper),
}


async def _file(request: Request) -> Response:
    media_type, make = _MADE[request.url.path.rpartition(".")[2]]
    name, content = await in_turn(JUDGING, make, ports(), actor_of(request), request.path_params["meeting_id"])
    headers = {
        "Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}",
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=media_type, headers=headers)


ROUTES = [Route(f"/attendance/{{meeting_id:row}}.{kind}", _file) for kind in _MADE]
