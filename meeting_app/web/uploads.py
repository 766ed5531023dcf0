"""Files that people bring: streamed to the disk, judged, then kept or forgotten."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meeting_app.errors import NotAllowed
from meeting_app.running import ports
from meeting_app.services import approval, document, folder, verification, version
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


async def _replace(request: Request) -> Response:
    """The body is the next version of a document; name and the number that was seen stand in the query."""
    document_id: int = request.path_params["document_id"]
    query = request.query_params
    seen = query.get("instead_of", "")
    await in_thread(version.ensure_replaces, ports(), actor_of(request), document_id)
    async with body.file(request, ports().upload_limit_mb) as path:
        version_id = await in_turn(
            JUDGING,
            version.replace,
            ports(),
            actor_of(request),
            document_id,
            path,
            file_name=query.get("name", "")[:200],
            instead_of=rows.row_id(seen) if seen else None,
        )
    return JSONResponse({"id": version_id}, 201)


async def _submit(request: Request) -> Response:
    """The body is a document for an item that the sender's unit prepares; or the next version of one they brought."""
    item_id: int = request.path_params["item_id"]
    query = request.query_params
    known = query.get("document", "")
    await in_thread(approval.ensure_submits, ports(), actor_of(request), item_id)
    async with body.file(request, ports().upload_limit_mb) as path:
        version_id = await in_turn(
            JUDGING,
            approval.submit,
            ports(),
            actor_of(request),
            item_id,
            path,
            file_name=query.get("name", "")[:200],
            title=query.get("title", "")[:200],
            document_id=rows.row_id(known) if known else None,
        )
    return JSONResponse({"id": version_id}, 201)


async def _keep(request: Request) -> Response:
    """The body is a file for one of the sender's own folders."""
    folder_id: int = request.path_params["folder_id"]
    await in_thread(folder.documents, ports(), actor_of(request), folder_id)
    async with body.file(request, ports().upload_limit_mb) as path:
        document_id = await in_turn(
            JUDGING,
            folder.upload,
            ports(),
            actor_of(request),
            folder_id,
            path,
            file_name=request.query_params.get("name", "")[:200],
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
    Route("/upload/version/{document_id:row}", _replace, methods=["POST"]),
    Route("/upload/item/{item_id:row}", _submit, methods=["POST"]),
    Route("/upload/folder/{folder_id:row}", _keep, methods=["POST"]),
    Route("/verify", _verify, methods=["POST"]),
]
