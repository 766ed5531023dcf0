"""The hall's screen: a page that needs no sign-in, and what it asks for until it shows a meeting."""

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from meeting_app.i18n import _, current_language, use_language
from meeting_app.running import ports
from meeting_app.services import hall_screen
from meeting_app.settings import SCREEN_COOKIE, Settings
from meeting_app.web.answers import in_thread
from meeting_app.web.gate import address_of, screen_token_of
from meeting_app.web.modules import Modules
from meeting_app.web.screen_texts import SCREEN_TEXTS
from meeting_app.web.shell import font

_KEPT_SECONDS = 400 * 86400  # as long as browsers keep a cookie at most; every look begins it anew
_PAGE = Template((Path(__file__).parent / "screen.html").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class ScreenPages:
    settings: Settings
    modules: Modules

    async def page(self, request: Request) -> Response:
        """The same for every screen: it holds nothing of any meeting."""
        use_language(request.query_params.get("lang", ""))
        texts = {name: _(message) for name, message in SCREEN_TEXTS.items()}
        screen = {
            "texts": texts,
            "language": current_language(),
            "port": self.settings.room_port,
            "address": self.settings.room_address,
            "version": self.modules.version,
        }
        values = {
            "language": current_language(),
            "title": texts["title"],
            "needs_script": texts["needs_script"],
            "screen": json.dumps(screen),
            "font": font(),
            "page_css": self.modules.address("components/screen/screen.css"),
            "page_js": self.modules.address("components/screen/screen.js"),
        }
        html = _PAGE.substitute({name: escape(value, quote=True) for name, value in values.items()})
        return HTMLResponse(html, headers={"Cache-Control": "no-cache"})

    async def look(self, request: Request) -> Response:
        """→ {meeting, code, seconds, new, version, now}: the meeting to show, or the code for the desk, or both."""
        token = screen_token_of(request)
        shown = await in_thread(hall_screen.look, ports(), token, address_of(request))
        content = {
            "meeting": shown.meeting_id,
            "code": shown.code,
            "seconds": shown.seconds,
            "new": bool(shown.token),
            "version": self.modules.version,
            "now": ports().clock.now().isoformat(timespec="milliseconds"),
        }
        answer = JSONResponse(content)
        answer.set_cookie(
            SCREEN_COOKIE,
            shown.token or token or "",
            max_age=_KEPT_SECONDS,
            path="/",
            httponly=True,
            samesite="lax",
            secure=self.settings.https,
        )
        return answer


def routes(settings: Settings, modules: Modules) -> list[Route]:
    pages = ScreenPages(settings, modules)
    return [Route("/screen", pages.page, methods=["GET"]), Route("/screen", pages.look, methods=["POST"])]
