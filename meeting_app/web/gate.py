"""The door of the web process: who comes in, from which page, and what browsers may do with answers.

Pure ASGI, so that the live socket and streamed uploads pass through it too. Everything is closed but
PUBLIC; what changes something must come from a page of our own.
"""

import re
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, urlsplit

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meeting_app.domain.access import Actor, Wall
from meeting_app.i18n import N_, _, use_language
from meeting_app.running import ports
from meeting_app.services import account, hall_screen
from meeting_app.settings import COOKIE, SCREEN_COOKIE, Settings

PUBLIC = (
    "/sign-in",
    "/health",
    "/session",
    "/screen",
    "/favicon.png",
    "/manifest.json",
    "/offline",
    "/offline.js",
    "/_stcore/health",
)
# Scripts, styles and fonts; and what a camera opens, which asks for the sign-in itself (`check_in`).
PUBLIC_FOLDERS = ("/static/", "/ui/", "/check-in/")
SCREEN_FOLDERS = ("/check-in-code/",)  # for whoever is signed in, and for hall screens (`screen_of`)
_CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
_SIGNED_OUT = N_("You are not signed in. Please sign in again.")
_WRONG_ORIGIN = N_("This request did not come from a page of this application.")
_HOST_NAME = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")


def token_of(connection: HTTPConnection) -> str | None:
    return connection.cookies.get(COOKIE)


def address_of(connection: HTTPConnection) -> str:
    """Of the socket's other end; forwarded headers could be made up by anybody."""
    return connection.client.host if connection.client else ""


def actor_of(connection: HTTPConnection) -> Actor:
    """Whom the gate let in."""
    actor = connection.state.actor
    assert isinstance(actor, Actor)  # noqa: S101 — the gate put it there
    return actor


def screen_token_of(connection: HTTPConnection) -> str | None:
    return connection.cookies.get(SCREEN_COOKIE)


async def screen_of(connection: HTTPConnection) -> Wall | None:
    """The hall screen that asks, and the one meeting it shows; below SCREEN_FOLDERS it may come without any actor."""
    return await to_thread.run_sync(partial(hall_screen.paired, ports(), screen_token_of(connection)))


def from_our_page(origin: str | None, host: str | None, public_origins: tuple[str, ...]) -> bool:
    """Whether a request with this Origin was sent by a page of ours (browsers always send it when changing)."""
    if not origin:
        return False
    ours = public_origins or ((f"http://{host}", f"https://{host}") if host else ())
    return origin.rstrip("/").casefold() in {each.rstrip("/").casefold() for each in ours}


@dataclass(frozen=True)
class Gate:
    """Middleware: the origin of changes and sockets, then the sign-in."""

    app: ASGIApp
    settings: Settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        refusal = await self._refusal(connection)
        if refusal is None:
            await self.app(_unpacked(scope), receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: HTTP 403
        else:
            await refusal(scope, receive, send)

    async def _refusal(self, connection: HTTPConnection) -> Response | None:
        scope = connection.scope
        if scope["type"] == "websocket" or scope["method"] in _CHANGING:
            headers = connection.headers
            ours = from_our_page(headers.get("origin"), headers.get("host"), self.settings.public_origins)
            # Newer browsers say it outright, also where http and https pages share a host. Not of sockets.
            site = headers.get("sec-fetch-site", "same-origin") if scope["type"] == "http" else "same-origin"
            if not ours or site not in ("same-origin", "none"):
                return JSONResponse({"sentence": _(_WRONG_ORIGIN)}, 403)
        path: str = scope["path"]
        if path in PUBLIC or path.startswith(PUBLIC_FOLDERS):
            return None
        actor = await to_thread.run_sync(
            partial(account.actor_for, ports(), token_of(connection), address_of(connection))
        )
        if actor is None:
            shown = path.startswith(SCREEN_FOLDERS) and await screen_of(connection) is not None
            return None if shown else _to_sign_in(connection)
        use_language(actor.language)
        connection.state.actor = actor
        return None


def _unpacked(scope: Scope) -> Scope:
    """PDFs are compressed already: packing them again costs seconds, and the length that browsers show."""
    if scope["type"] != "http" or not scope["path"].startswith("/files/"):
        return scope
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}


def _to_sign_in(connection: HTTPConnection) -> Response:
    """People are led to the sign-in page and back again; scripts get an answer they can read."""
    path: str = connection.url.path
    mode = connection.headers.get("sec-fetch-mode")  # old browsers do not say
    page = path.count("/") == 1 and mode is None
    if connection.scope.get("method") == "GET" and (mode == "navigate" or page):
        query = f"?{connection.url.query}" if connection.url.query else ""
        return RedirectResponse(f"/sign-in?next={quote(path + query, safe='')}", 303, {"Cache-Control": "no-store"})
    return JSONResponse({"sentence": _(_SIGNED_OUT)}, 401, {"Cache-Control": "no-store"})


def content_security_policy(settings: Settings, host: str) -> str:
    """As strict as Streamlit permits: its components are blob modules, its styles are made by scripts."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' {_room(settings, host)}".rstrip(),
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
        )
    )


def _room(settings: Settings, host: str) -> str:
    """The origin of the live socket: the named one, or the room's port of the host name that was called."""
    if settings.room_address:
        parts = urlsplit(settings.room_address)
        return f"{parts.scheme}://{parts.netloc}"
    name = _HOST_NAME.match(host)
    return f"{'wss' if settings.https else 'ws'}://{name[0]}:{settings.room_port}" if name else ""


@dataclass(frozen=True)
class SecurityHeaders:
    """Middleware: what browsers must not do with our answers."""

    app: ASGIApp
    settings: Settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers(Headers(scope=scope), Headers(raw=message["headers"])):
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_guarded)

    def _headers(self, asked: Headers, sent: Headers) -> list[tuple[str, str]]:
        headers = [
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"),
            ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
            ("Content-Security-Policy", content_security_policy(self.settings, asked.get("host", ""))),
        ]
        if self.settings.https:
            headers.append(("Strict-Transport-Security", "max-age=31536000"))
        if sent.get("content-type", "").startswith("application/json"):
            headers.append(("Cache-Control", "no-store"))
        return headers
