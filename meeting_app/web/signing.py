"""Signing and sealing from the pad: the PIN passes through and is kept nowhere."""

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meeting_app.domain.access import Actor
from meeting_app.domain.signature import FileVerdict
from meeting_app.domain.wording import typed
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.running import ports
from meeting_app.services import invitation, minutes
from meeting_app.services.pending_signature import PendingView
from meeting_app.web import body, rows  # noqa: F401 — the "row" of the addresses
from meeting_app.web.answers import SIGNING, in_turn
from meeting_app.web.facts import facts
from meeting_app.web.gate import actor_of

_Sign = Callable[..., FileVerdict | PendingView]
_LONGEST_CODE = 100
SIGN: dict[str, _Sign] = {"invitation": invitation.sign, "minutes": minutes.sign}
SEAL: dict[str, _Sign] = {"invitation": invitation.seal, "minutes": minutes.seal}


async def _sign(request: Request) -> Response:
    content = await body.json_object(request)
    act = partial(_chosen(SIGN, request), strokes=body.text(content, "strokes"), **secret(content))
    return await _done(request, act)


async def _seal(request: Request) -> Response:
    content = await body.json_object(request)
    return await _done(request, partial(_chosen(SEAL, request), **secret(content)))


def secret(content: dict[str, Any]) -> dict[str, Any]:
    # A zero byte ends the library that opens the key with an abort of its own.
    return {
        "pin": typed(body.text(content, "pin")),
        "code": typed(str(content.get("code", ""))[:_LONGEST_CODE]),
        "unchecked": content.get("unchecked") is True,
    }


def _chosen(acts: dict[str, _Sign], request: Request) -> _Sign:
    act = acts.get(request.path_params["kind"])
    if act is None:
        raise NotFound
    return act


async def _done(request: Request, act: Callable[[Ports, Actor, int], FileVerdict | PendingView]) -> Response:
    signed = await in_turn(SIGNING, act, ports(), actor_of(request), request.path_params["meeting_id"])
    if isinstance(signed, PendingView):
        return JSONResponse({"pending": True, "expires_at": signed.expires_at.isoformat()}, 202)
    return JSONResponse(facts(signed))


ROUTES = [
    Route("/sign/{kind}/{meeting_id:row}", _sign, methods=["POST"]),
    Route("/seal/{kind}/{meeting_id:row}", _seal, methods=["POST"]),
]
