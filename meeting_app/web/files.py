"""Documents, papers and their page images, for whoever may read them; to others they do not exist."""

import hashlib
from typing import Protocol

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from meeting_app.domain.access import Actor
from meeting_app.domain.calendar import moment_in_words
from meeting_app.domain.document import PAGE_WIDTHS
from meeting_app.errors import NotFound
from meeting_app.pdf.watermark import watermarked
from meeting_app.ports import Ports
from meeting_app.running import ports
from meeting_app.services import document, invitation, minutes, reading
from meeting_app.services.document import Made
from meeting_app.services.paper import StoredFile
from meeting_app.web import rows
from meeting_app.web.answers import in_thread
from meeting_app.web.gate import actor_of

_PDF = "application/pdf"
_ANY = "application/octet-stream"
_JSON = "application/json"
_FOR_GOOD = {"Cache-Control": "private, max-age=31536000, immutable"}
_ASK_AGAIN = {"Cache-Control": "private, no-cache"}


class PaperService(Protocol):
    """What invitation and minutes have in common for readers."""

    def file(self, ports: Ports, actor: Actor, meeting_id: int) -> StoredFile: ...

    def page(self, ports: Ports, actor: Actor, meeting_id: int, number: int, width: int) -> bytes: ...


PAPERS: dict[str, PaperService] = {"invitation": invitation, "minutes": minutes}


def _paper(request: Request) -> PaperService:
    found = PAPERS.get(request.path_params["kind"])
    if found is None:
        raise NotFound
    return found


async def _document(request: Request) -> Response:
    """The file of the version shown now, or of the one in ?version=; with ?source=1 the office file it was made of."""
    number = request.query_params.get("version")
    brought = request.query_params.get("source") == "1"
    stored = await in_thread(
        document.source if brought else document.file,
        ports(),
        actor_of(request),
        request.path_params["document_id"],
        number=rows.row_id(number) if number else None,
    )
    return _handed_out(request, stored, office=brought)


async def _paper_file(request: Request) -> Response:
    stored = await in_thread(_paper(request).file, ports(), actor_of(request), request.path_params["meeting_id"])
    return _handed_out(request, stored)


def _handed_out(request: Request, stored: StoredFile, *, office: bool = False) -> Response:
    """The file itself, or a part of it (RFC 9110, 14.2); its hash is its validator."""
    tag = f'"{stored.sha256}"'
    headers = {**_ASK_AGAIN, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    download = office or request.query_params.get("download") == "1"
    return FileResponse(
        stored.path,
        media_type=_ANY if office else _PDF,
        filename=stored.file_name,
        content_disposition_type="attachment" if download else "inline",
        headers=headers,
    )


async def _document_page(request: Request) -> Response:
    asked = request.path_params
    made = await in_thread(
        document.page,
        ports(),
        actor_of(request),
        asked["document_id"],
        asked["page"],
        asked["width"],
        sha=asked["sha"],
    )
    return await _made_of(request, made, "image/jpeg")


async def _words(request: Request) -> Response:
    """The words of a page and their places."""
    asked = request.path_params
    made = await in_thread(
        document.words, ports(), actor_of(request), asked["document_id"], asked["page"], sha=asked["sha"]
    )
    return await _made_of(request, made, _JSON)


async def _outline(request: Request) -> Response:
    asked = request.path_params
    made = await in_thread(document.outline, ports(), actor_of(request), asked["document_id"], sha=asked["sha"])
    return await _made_of(request, made, _JSON)


async def _made_of(request: Request, made: Made, media_type: str) -> Response:
    """The address names the content: browsers may keep it for good, unless the right to it may be lost."""
    if made.stays:
        return FileResponse(made.path, media_type=media_type, headers=_FOR_GOOD)
    reader = hashlib.sha256(made.reader.encode()).hexdigest()[:16]
    headers = {**_ASK_AGAIN, "ETag": f'"{made.sha256[:16]}-{made.path.name}-{reader}"', "Vary": "Cookie"}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if made.reader and media_type == "image/jpeg":
        words = f"{made.reader} · {moment_in_words(ports().clock.now())}"
        return Response(await in_thread(watermarked, made.path, words), media_type=media_type, headers=headers)
    return FileResponse(made.path, media_type=media_type, headers=headers)


async def _papers(request: Request) -> Response:
    """What one of the meeting's readers can take along: the documents they may read, with their pages."""
    content = await in_thread(reading.papers, ports(), actor_of(request), request.path_params["meeting_id"])
    return JSONResponse(content)


async def _paper_page(request: Request) -> Response:
    """A page of a paper; with its hash as ?v= in the address it may be kept: another signature, another hash."""
    asked, service = request.path_params, _paper(request)
    if asked["width"] not in PAGE_WIDTHS:
        raise NotFound
    stored = await in_thread(service.file, ports(), actor_of(request), asked["meeting_id"])
    image = await in_thread(
        service.page, ports(), actor_of(request), asked["meeting_id"], asked["page"], asked["width"]
    )
    headers = _FOR_GOOD if request.query_params.get("v") == stored.sha256[:16] else _ASK_AGAIN
    return Response(image, media_type="image/jpeg", headers=headers)


ROUTES = [
    Route("/files/document/{document_id:row}", _document),
    Route("/files/{kind}/{meeting_id:row}", _paper_file),
    Route("/pages/{document_id:row}/{sha}/{page:row}/{width:row}.jpg", _document_page),
    Route("/prepared/{document_id:row}/{sha}/outline.json", _outline),
    Route("/prepared/{document_id:row}/{sha}/text-{page:row}.json", _words),
    Route("/prepared/meeting/{meeting_id:row}.json", _papers),
    Route("/papers/{kind}/{meeting_id:row}/{page:row}/{width:row}.jpg", _paper_page),
]
