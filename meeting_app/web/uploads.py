"""Files that people bring: streamed to the disk, judged, then kept or forgotten."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meeting_app.errors import NotAllowed
from meeting_app.running import ports
from meeting_app.services import document, verification
from meeting_app.services import meeting as meetings
from meeting_app.web import body, rows
from meeting_app.web.answers import JUDGING, in_thread, in_turn
from meeting_app.web.facts import facts
from meeting_app.web.gate import actor_of


async def _upload(request: Request) -> Response:
    """The body is the file; name, title, item and for_guests stand in the query."""
    meeting_id: int = request.path_params["meeting_id"]
    query = request.query_params
    item = query.get("item", "")
    # Who may not upload here learns it before sending 100 MB, and cannot fill our disk.
    found = await in_thread(meetings.view, ports(), actor_of(request), meeting_id)
    if not found.runs_desk:
        raise NotAllowed
    async with body.file(request, ports().upload_limit_mb) as path:
        document_id = await in_turn(
            JUDGING,
            document.upload,
            ports(),
            actor_of(request),
            meeting_id,
            path,
            file_name=query.get("name", "")[:200],
            title=query.get("title", "")[:200],
            item_id=rows.row_id(item) if item else None,
            for_guests=query.get("for_guests") == "1",
        )
    return JSONResponse({"id": document_id}, 201)


async def _verify(request: Request) -> Response:
    """The verdict on a PDF anyone signed in brings along; the file is not kept."""
    async with body.file(request, ports().upload_limit_mb) as path:
        verdict = await in_turn(
            JUDGING, verification.verify, ports(), actor_of(request), path, request.query_params.get("name", "")
        )
    return JSONResponse(facts(verdict))


ROUTES = [
    Route("/upload/{meeting_id:row}", _upload, methods=["POST"]),
    Route("/verify", _verify, methods=["POST"]),
]
