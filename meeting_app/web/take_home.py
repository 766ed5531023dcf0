"""The annotated copy of a document, made when it is asked for and kept nowhere."""

import os
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from meeting_app.domain.access import Actor
from meeting_app.running import ports
from meeting_app.services import take_home
from meeting_app.web import rows  # noqa: F401 — the "row" of the address
from meeting_app.web.answers import JUDGING, in_turn
from meeting_app.web.gate import actor_of

_PIECE = 256 * 1024  # bytes


async def _taken_home(request: Request) -> Response:
    file, name = await in_turn(JUDGING, _made, actor_of(request), request.path_params["document_id"])
    headers = {
        "Content-Length": str(os.fstat(file.fileno()).st_size),
        "Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}",
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(_pieces(file), media_type="application/pdf", headers=headers)


def _made(actor: Actor, document_id: int) -> tuple[BinaryIO, str]:
    """The copy, open and nameless: it is gone when it is closed, whatever becomes of the request."""
    with take_home.copy(ports(), actor, document_id) as taken:
        return taken.path.open("rb"), taken.file_name


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


ROUTES = [Route("/files/document/{document_id:row}/annotated", _taken_home)]
