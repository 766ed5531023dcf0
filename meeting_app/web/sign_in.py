"""Signing in and out and changing the password: plain HTML forms that work without any script."""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from meeting_app.errors import MeetingError
from meeting_app.i18n import LANGUAGES, N_, _, current_language, use_language
from meeting_app.running import ports
from meeting_app.services import account
from meeting_app.services.account import Opened
from meeting_app.settings import COOKIE, Settings
from meeting_app.web import body
from meeting_app.web.answers import HASHING, in_thread, in_turn, status_of
from meeting_app.web.gate import actor_of, address_of, token_of
from meeting_app.web.modules import NAME, Modules
from meeting_app.web.shell import font

_LONGEST_WAY = 1000
_NEWS = {
    "out": N_("You have signed out."),
    "changed": N_("The password was changed. Please sign in with the new one."),
}
_WORDS = {
    "name": NAME,
    "motto": N_("Invitations, agenda, documents and minutes: signed, live, without a sheet of paper."),
    "heading": N_("Sign in"),
    "user_name": N_("User name"),
    "password": N_("Password"),
    "show": N_("Show password"),
    "submit": N_("Sign in"),
    "wait": N_("Signing in…"),
    "forgotten": N_("Forgotten your password? Please ask the administrator of your unit."),
    "secrets": N_("State secrets must never be entered into this system."),
}
_TEMPLATE = Template((Path(__file__).parent / "sign_in.html").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Shown:
    """What one showing of the page differs in."""

    way: str = "/"
    username: str = ""
    problem: str = ""
    news: str = ""
    status: int = 200


@dataclass(frozen=True)
class SignInPages:
    settings: Settings
    modules: Modules

    async def show(self, request: Request) -> Response:
        way = local_path(request.query_params.get("next", ""))
        if await in_thread(account.actor_for, ports(), token_of(request), address_of(request)):
            return _to(way)
        use_language(request.query_params.get("lang", ""))
        news = next((_(_NEWS[name]) for name in _NEWS if name in request.query_params), "")
        return self._page(Shown(way, news=news))

    async def sign_in(self, request: Request) -> Response:
        fields = await body.form(request)
        use_language(fields.get("lang", ""))
        username, way = fields.get("username", "")[:200], local_path(fields.get("next", ""))
        try:
            opened = await in_turn(
                HASHING,
                account.sign_in,
                ports(),
                username,
                fields.get("password", ""),
                address=address_of(request),
                agent=request.headers.get("user-agent", ""),
                replacing=token_of(request),
            )
        except MeetingError as error:
            return self._page(Shown(way, username, problem=str(error), status=status_of(error)))
        return self._with_cookie(_to(way), opened)

    async def sign_out(self, request: Request) -> Response:
        await in_thread(account.sign_out, ports(), token_of(request) or "", actor_of(request))
        response = self._without_cookie(_to("/sign-in?out"))
        response.headers["Clear-Site-Data"] = '"cache"'  # pages that were read; what was taken along goes by script
        return response

    async def change_password(self, request: Request) -> Response:
        """{old, new}; every session of the account ends, this one too."""
        content = await body.json_object(request)
        old, new = body.text(content, "old"), body.text(content, "new")
        await in_turn(HASHING, account.change_password, ports(), actor_of(request), old, new)
        return self._without_cookie(JSONResponse({"go": "/sign-in?changed"}))

    async def choose_language(self, request: Request) -> Response:
        """{language}: one of those there are; shown from the next page on."""
        language = body.text(await body.json_object(request), "language")
        if language not in LANGUAGES:
            raise body.RequestUnreadable
        await in_thread(account.choose_language, ports(), actor_of(request), language)
        return Response(status_code=204)

    def _page(self, shown: Shown) -> Response:
        texts = {name: _(message) for name, message in _WORDS.items()}
        other = next(language for language in LANGUAGES if language != current_language())
        values = texts | {
            "language": current_language(),
            "other_language": other,
            "other_language_name": LANGUAGES[other],
            "here": f"/sign-in?lang={other}&next={quote(shown.way, safe='')}",
            "tokens_css": self.modules.address("theme/tokens.css"),
            "page_css": self.modules.address("theme/sign_in.css"),
            "page_js": self.modules.address("theme/sign_in.js"),
            "font": font(),
            "next": shown.way,
            "username": shown.username,
            "problem": shown.problem,
            "news": shown.news,
            "first": "autofocus" if not shown.username else "",
            "second": "autofocus" if shown.username else "",
        }
        html = _TEMPLATE.substitute({name: escape(value, quote=True) for name, value in values.items()})
        return HTMLResponse(html, shown.status, {"Cache-Control": "no-store"})

    def _with_cookie(self, response: Response, opened: Opened) -> Response:
        response.set_cookie(
            COOKIE,
            opened.token,
            max_age=opened.lifetime_seconds,
            path="/",
            httponly=True,
            samesite="lax",
            secure=self.settings.https,
        )
        return response

    def _without_cookie(self, response: Response) -> Response:
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=self.settings.https)
        return response


def routes(settings: Settings, modules: Modules) -> list[Route]:
    pages = SignInPages(settings, modules)
    return [
        Route("/sign-in", pages.show, methods=["GET"]),
        Route("/sign-in", pages.sign_in, methods=["POST"]),
        Route("/sign-out", pages.sign_out, methods=["POST"]),
        Route("/password", pages.change_password, methods=["POST"]),
        Route("/language", pages.choose_language, methods=["POST"]),
    ]


def local_path(asked: str) -> str:
    """Where to go after signing in: a path of ours, never another site's address."""
    plain = asked.startswith("/") and not asked.startswith(("//", "/\\", "/sign-in")) and asked.isprintable()
    if not plain or "\\" in asked or len(asked) > _LONGEST_WAY:
        return "/"
    parts = urlsplit(asked)
    return asked if not parts.scheme and not parts.netloc else "/"


def _to(way: str) -> Response:
    # Starlette quotes what may not stand in a header.
    return RedirectResponse(way, 303, {"Cache-Control": "no-store"})
