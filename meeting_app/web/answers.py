"""Answers scripts can read: facts, or one sentence about what went wrong."""

import logging
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meeting_app.domain.account import TooManyGuesses, WrongPassword
from meeting_app.domain.hall_screen import TooManyWaiting
from meeting_app.domain.key import CodeRequired
from meeting_app.domain.minutes import ChangedMeanwhile
from meeting_app.domain.signature import RevocationUnknown
from meeting_app.domain.upload import FileTooLarge
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.i18n import N_, _
from meeting_app.running import ports
from meeting_app.services import account
from meeting_app.web.body import RequestTooLarge, RequestUnreadable
from meeting_app.web.gate import address_of, token_of

_STATUS: dict[type[MeetingError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    ChangedMeanwhile: 409,
    FileTooLarge: 413,
    RequestTooLarge: 413,
    RequestUnreadable: 400,
    TooManyGuesses: 429,
    TooManyWaiting: 429,
    WrongPassword: 403,
}
_REFUSED = 422  # any other rule that was broken
_UNEXPECTED = N_("Something unexpected happened. Please try again, or tell your administrator the number {reference}.")

_log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


async def in_thread(use_case: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
    """Services block (database, files, keys): the event loop goes on meanwhile."""
    return await to_thread.run_sync(partial(use_case, *arguments, **options))


# What takes long may not take every thread: the gate needs some to let all the others in.
HASHING = CapacityLimiter(4)  # passwords: 64 MB of memory and a core for each
JUDGING = CapacityLimiter(3)  # files that people bring, each read by a child process
SIGNING = CapacityLimiter(8)  # mostly waiting for the authorities


async def in_turn(turns: CapacityLimiter, use_case: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
    """As `in_thread`, but only so many at a time; the others wait without a thread."""
    return await to_thread.run_sync(partial(use_case, *arguments, **options), limiter=turns)


def status_of(error: MeetingError) -> int:
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), _REFUSED)


# What somebody may add to go on all the same.
_ASKS: dict[type[MeetingError], str] = {RevocationUnknown: "decision", CodeRequired: "code"}


async def refused(_request: Request, error: Exception) -> Response:
    """A broken rule, in its own words."""
    assert isinstance(error, MeetingError)  # noqa: S101 — registered for nothing else
    body: dict[str, Any] = {"sentence": str(error)}
    if isinstance(error, ChangedMeanwhile):
        body |= {"text": error.values["text"], "revision": error.values["revision"]}
    for kind, asked in _ASKS.items():
        if isinstance(error, kind):
            body["asks"] = asked
    status = status_of(error)
    # A refused upload is still on its way: the connection cannot be used for another request.
    return JSONResponse(body, status, {"Connection": "close"} if status == 413 else None)  # noqa: PLR2004


async def unexpected(request: Request, error: Exception) -> Response:
    """Our own mistake: the trace goes to the log under a number, never to the screen."""
    reference = secrets.token_hex(4)
    _log.error("%s %s failed, reference %s", request.method, request.url.path, reference, exc_info=error)
    # Sent by the outermost layer of all, which the gate's own headers do not reach.
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Connection": "close"}
    return JSONResponse({"sentence": _(_UNEXPECTED, reference=reference)}, 500, headers)


async def cut_off(_request: Request, _error: Exception) -> Response:
    """The connection ended before the request did: nobody hears this, and nothing went wrong here."""
    return Response(status_code=400)


async def not_served(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 — registered for nothing else
    if error.status_code == 404:  # noqa: PLR2004
        return JSONResponse({"sentence": str(NotFound())}, 404)
    return JSONResponse({"sentence": str(MeetingError())}, error.status_code, error.headers)


EXCEPTIONS: dict[Any, Any] = {
    MeetingError: refused,
    HTTPException: not_served,
    ClientDisconnect: cut_off,
    Exception: unexpected,
}


async def _health(_request: Request) -> Response:
    """Alive and able to read rows."""
    try:
        await in_thread(account.actor_for, ports(), "-")
    except Exception:  # noqa: BLE001 — whatever it is, the answer is "not well"
        _log.exception("the health check failed")
        return JSONResponse({"ok": False}, 503)
    return JSONResponse({"ok": True})


async def _session(request: Request) -> Response:
    """Whether the asking browser is still signed in: 204 or 401."""
    actor = await in_thread(account.actor_for, ports(), token_of(request), address_of(request))
    return Response(status_code=204 if actor else 401, headers={"Cache-Control": "no-store"})


ROUTES = [Route("/health", _health), Route("/session", _session)]
