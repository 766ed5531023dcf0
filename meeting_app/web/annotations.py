"""What is written on documents: kept change by change, read by whom it concerns, listed with its pages."""

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meeting_app.running import ports
from meeting_app.services import annotation, annotation_rows
from meeting_app.services.annotation import Act, Change
from meeting_app.services.annotation_rows import AnnotationView, Mention
from meeting_app.web import body, rows
from meeting_app.web.answers import in_thread
from meeting_app.web.body import RequestUnreadable
from meeting_app.web.gate import actor_of

MOST_CHANGES = 200  # in one request


async def _read(request: Request) -> Response:
    """?version=&after= → {changes, own, shared}: of one's own what came after, of others' all that is shared."""
    query = request.query_params
    version, after = query.get("version"), query.get("after", "0")
    found = await in_thread(
        annotation_rows.notebook,
        ports(),
        actor_of(request),
        request.path_params["document_id"],
        rows.row_id(version) if version else None,
        rows.row_id(after),
    )
    return JSONResponse(
        {
            "changes": found.changes,
            "own": [_own(each) for each in found.own],
            "shared": [_shared(each) for each in found.shared],
        }
    )


async def _keep(request: Request) -> Response:
    """{version_id, changes: [{act, id, …}]} → {outcomes: [{id, sentence?}]}; what is refused says why."""
    content = await body.json_object(request)
    outcomes = await in_thread(
        annotation.keep,
        ports(),
        actor_of(request),
        request.path_params["document_id"],
        body.number(content, "version_id"),
        _changes(content),
    )
    return JSONResponse(
        {
            "outcomes": [
                {"id": each.client_id} | ({"sentence": each.refused} if each.refused else {}) for each in outcomes
            ]
        }
    )


async def _mentions(request: Request) -> Response:
    """What one wrote in a meeting, page by page."""
    found = await in_thread(annotation_rows.mentions, ports(), actor_of(request), request.path_params["meeting_id"])
    return JSONResponse({"mentions": [_mention(each) for each in found]})


async def _readers(request: Request) -> Response:
    """With whom something on this document can be shared: {readers: [{id, name, post, role}]}."""
    found = await in_thread(annotation_rows.readers, ports(), actor_of(request), request.path_params["document_id"])
    return JSONResponse({"readers": found})


def _changes(content: dict[str, Any]) -> list[Change]:
    raw = content.get("changes")
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_CHANGES:
        raise RequestUnreadable
    return [_one_change(each) for each in raw]


def _one_change(raw: Any) -> Change:
    if not isinstance(raw, dict):
        raise RequestUnreadable
    try:
        act = Act(body.text(raw, "act"))
    except ValueError as error:
        raise RequestUnreadable from error
    return Change(act, body.text(raw, "id"), {name: raw[name] for name in raw if name not in ("act", "id")})


def _own(view: AnnotationView) -> dict[str, Any]:
    if view.removed:
        return {"id": view.id, "page": view.page, "removed": True}
    return _drawn(view) | {"everyone": view.everyone, "people": list(view.people)}


def _shared(view: AnnotationView) -> dict[str, Any]:
    return _drawn(view) | {"maker": view.maker}


def _drawn(view: AnnotationView) -> dict[str, Any]:
    return {
        "id": view.id,
        "page": view.page,
        "kind": view.kind.value,
        "colour": view.colour.value,
        "body": view.body,
        "at": view.changed_at.isoformat(timespec="seconds"),
    }


def _mention(line: Mention) -> dict[str, Any]:
    return asdict(line) | {"kind": line.kind.value, "changed_at": line.changed_at.isoformat(timespec="seconds")}


ROUTES = [
    Route("/annotations/{document_id:row}", _read, methods=["GET"]),
    Route("/annotations/{document_id:row}", _keep, methods=["POST"]),
    Route("/annotations/of-meeting/{meeting_id:row}", _mentions, methods=["GET"]),
    Route("/annotations/{document_id:row}/readers", _readers, methods=["GET"]),
]
