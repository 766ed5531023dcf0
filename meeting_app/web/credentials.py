"""Keys, certificates and trust anchors: PINs and small files pass through and never touch a page's memory."""

import base64
import binascii
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meeting_app.domain.signature import KeyUnreadable
from meeting_app.domain.trust_anchor import AnchorKind
from meeting_app.domain.wording import typed
from meeting_app.running import ports
from meeting_app.services import certificate_request, credential_life, hand_over, trust_anchor
from meeting_app.web import body, rows  # noqa: F401 — the "row" of the addresses
from meeting_app.web.answers import HASHING, SIGNING, in_thread, in_turn
from meeting_app.web.body import RequestUnreadable
from meeting_app.web.gate import actor_of

_LARGEST_FILE = 64 * 1024  # bytes: a certificate with its issuers, or a key file
_LARGEST_KEY_FILE_MESSAGE = 100_000  # the same as base64 in JSON, with a PIN
_DONE = 204


async def _change_pin(request: Request) -> Response:
    """{old, new} of a key the reader holds."""
    content = await body.json_object(request, _LARGEST_FILE)
    old, new = (typed(body.text(content, name)) for name in ("old", "new"))
    credential_id = request.path_params["credential_id"]
    await in_turn(HASHING, credential_life.change_pin, ports(), actor_of(request), credential_id, old, new)
    return Response(status_code=_DONE)


async def _make_key(request: Request) -> Response:
    """{pin}, chosen by whoever the certificate is for."""
    content = await body.json_object(request, _LARGEST_FILE)
    pin = typed(body.text(content, "pin"))
    request_id = request.path_params["request_id"]
    await in_turn(HASHING, certificate_request.make_key, ports(), actor_of(request), request_id, pin)
    return Response(status_code=_DONE)


async def _request_file(request: Request) -> Response:
    """What the authority gets (PKCS#10, PEM)."""
    name, content = await in_thread(
        certificate_request.request_file, ports(), actor_of(request), request.path_params["request_id"]
    )
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="application/pkcs10", headers=headers)


async def _enter_certificate(request: Request) -> Response:
    """The body is what the authority sent: PEM, DER or PKCS#7."""
    upload = await body.whole(request, _LARGEST_FILE)
    request_id = request.path_params["request_id"]
    entered = await in_turn(
        SIGNING, certificate_request.enter_certificate, ports(), actor_of(request), request_id, upload
    )
    return JSONResponse({"id": entered}, 201)


async def _enter_key_file(request: Request) -> Response:
    """{key_file, pin}: a whole PKCS#12 in base64."""
    content = await body.json_object(request, _LARGEST_KEY_FILE_MESSAGE)
    pin = typed(body.text(content, "pin"))
    try:
        key_file = base64.b64decode(body.text(content, "key_file"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyUnreadable from error
    request_id = request.path_params["request_id"]
    entered = await in_turn(
        SIGNING, certificate_request.enter_key_file, ports(), actor_of(request), request_id, key_file, pin
    )
    return JSONResponse({"id": entered}, 201)


async def _look_at_anchor(request: Request) -> Response:
    """What a root says of itself, its fingerprint first of all; nothing is kept."""
    upload = await body.whole(request, _LARGEST_FILE)
    seen = await in_thread(trust_anchor.look_at, ports(), actor_of(request), upload)
    return JSONResponse(
        {
            "name": seen.name,
            "sha256": seen.sha256,
            "not_before": f"{seen.not_before:%d/%m/%Y}",
            "not_after": f"{seen.not_after:%d/%m/%Y}",
        }
    )


async def _add_anchor(request: Request) -> Response:
    """The body is the root again; kind and the compared sha256 stand in the query."""
    upload = await body.whole(request, _LARGEST_FILE)
    query = request.query_params
    try:
        kind = AnchorKind(query.get("kind", ""))
    except ValueError as error:
        raise RequestUnreadable from error
    added = await in_thread(trust_anchor.add, ports(), actor_of(request), upload, kind, sha256=query.get("sha256", ""))
    return JSONResponse({"id": added}, 201)


async def _hand_over(request: Request) -> Response:
    """The printable record of a hand-over."""
    name, content = await in_thread(hand_over.paper, ports(), actor_of(request), request.path_params["record_id"])
    headers = {
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="application/pdf", headers=headers)


ROUTES = [
    Route("/credentials/{credential_id:row}/pin", _change_pin, methods=["POST"]),
    Route("/credentials/request/{request_id:row}/key", _make_key, methods=["POST"]),
    Route("/credentials/request/{request_id:row}/csr", _request_file),
    Route("/credentials/request/{request_id:row}/certificate", _enter_certificate, methods=["POST"]),
    Route("/credentials/request/{request_id:row}/key-file", _enter_key_file, methods=["POST"]),
    Route("/credentials/hand-over/{record_id:row}", _hand_over),
    Route("/trust-anchors/look", _look_at_anchor, methods=["POST"]),
    Route("/trust-anchors", _add_anchor, methods=["POST"]),
]
