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
from meeting_app.web import body, rows  # noqa: F401 — the "row" of the addresses
from meeting_app.web.answers import SIGNING, in_turn
from meeting_app.web.facts import facts
from meeting_app.web.gate import actor_of

_Sign = Callable[..., FileVerdict]
SIGN: dict[str, _Sign] = {"invitation": invitation.sign, "minutes": minutes.sign}
SEAL: dict[str, _Sign] = {"invitation": invitation.seal, "minutes": minutes.seal}


async def _sign(request: Request) -> Response:
    content = await body.json_object(request)
    act = partial(_chosen(SIGN, request), pin=_pin(content), strokes=body.text(content, "strokes"))
    return await _done(request, act)


async def _seal(request: Request) -> Response:
    content = await body.json_object(request)
    return await _done(request, partial(_chosen(SEAL, request), pin=_pin(content)))


def _pin(content: dict[str, Any]) -> str:
    # A zero byte ends the library that opens the key with an abort of its own.
    return typed(body.text(content, "pin"))


def _chosen(acts: dict[str, _Sign], request: Request) -> _Sign:
    act = acts.get(request.path_params["kind"])
    if act is None:
        raise NotFound
    return act


async def _done(request: Request, act: Callable[[Ports, Actor, int], FileVerdict]) -> Response:
    verdict = await in_turn(SIGNING, act, ports(), actor_of(request), request.path_params["meeting_id"])
    return JSONResponse(facts(verdict))


ROUTES = [
    Route("/sign/{kind}/{meeting_id:row}", _sign, methods=["POST"]),
    Route("/seal/{kind}/{meeting_id:row}", _seal, methods=["POST"]),
]
