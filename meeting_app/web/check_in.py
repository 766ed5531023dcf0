"""Checking in by the code on the wall: what a phone's camera opens, and the code as a picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import Whereabouts
from meeting_app.domain.calendar import hour
from meeting_app.errors import MeetingError, NotFound
from meeting_app.i18n import N_, _, current_language, use_language
from meeting_app.running import ports
from meeting_app.services import account, check_in_code
from meeting_app.services.check_in_code import Recorded
from meeting_app.settings import SCAN_COOKIE, Settings
from meeting_app.web.answers import in_thread, status_of
from meeting_app.web.gate import actor_of, address_of, screen_of, token_of
from meeting_app.web.modules import Modules
from meeting_app.web.shell import font

_FOLDER = "/check-in/"
_PAGE = Template((Path(__file__).parent / "check_in.html").read_text(encoding="utf-8"))
_NO_STORE = {"Cache-Control": "no-store"}
_NOT_YOURS = N_("This code is not valid, or you are not invited to this meeting.")
_RECORDED = {
    Whereabouts.ROOM: N_("Recorded: present in the meeting room, {hour}"),
    Whereabouts.ONLINE: N_("Recorded: attending online, {hour}"),
}


@dataclass(frozen=True)
class CheckInPages:
    settings: Settings
    modules: Modules

    async def scanned(self, request: Request) -> Response:
        """What the camera opens. It changes nothing: the page it shows asks for that at once."""
        meeting_id, token = request.path_params["meeting"], request.path_params["token"]
        actor = await _whoever(request)
        if actor is None:
            mark = await in_thread(check_in_code.mark, ports(), meeting_id, token)
            return self._signing_in_first(request, mark)
        try:
            recorded = await in_thread(check_in_code.own, ports(), actor, meeting_id)
        except MeetingError as error:
            return self._problem(error)
        return self._page("ask", {"meeting": recorded.title, "said": _("Marking you present…"), "who": recorded.name})

    async def check_in(self, request: Request) -> Response:
        meeting_id, token = request.path_params["meeting"], request.path_params["token"]
        actor = await _whoever(request)
        if actor is None:
            return self._signing_in_first(request, "")
        mark = request.cookies.get(SCAN_COOKIE, "")
        try:
            await in_thread(check_in_code.check_in, ports(), actor, meeting_id, token, mark)
        except MeetingError as error:
            return self._problem(error)
        return RedirectResponse(f"{_FOLDER}{meeting_id}", 303, _NO_STORE)

    async def recorded(self, request: Request) -> Response:
        """What is recorded of the asker."""
        meeting_id = request.path_params["meeting"]
        actor = await _whoever(request)
        if actor is None:
            return self._signing_in_first(request, "")
        try:
            recorded = await in_thread(check_in_code.own, ports(), actor, meeting_id)
        except MeetingError as error:
            return self._problem(error)
        values = {"meeting": recorded.title, "who": _who(recorded)}
        values |= {"way": f"/room?meeting={meeting_id}", "way_label": _("Enter the meeting room")}
        if not recorded.present or recorded.checked_in_at is None or recorded.place is None:
            return self._page("problem", values | {"said": _("You are not marked present. Please scan the code.")})
        said = _(_RECORDED[recorded.place], hour=hour(recorded.checked_in_at))
        return self._page("done", values | {"said": said})

    async def picture(self, request: Request) -> Response:
        """The code of this moment, for the desk and for walls that show this meeting."""
        who = (getattr(request.state, "actor", None) and actor_of(request)) or await screen_of(request)
        if who is None:
            raise NotFound
        drawn = await in_thread(
            check_in_code.picture, ports(), who, request.path_params["meeting"], self._origin(request)
        )
        return Response(drawn, media_type="image/svg+xml", headers=_NO_STORE)

    def _origin(self, request: Request) -> str:
        """By which name phones reach us: the public one, or the one the asker used."""
        if self.settings.public_origins:
            return self.settings.public_origins[0].rstrip("/")
        return f"{'https' if self.settings.https else 'http'}://{request.headers.get('host', '')}"

    def _signing_in_first(self, request: Request, mark: str) -> Response:
        """And back again; the mark lets a slow typist in although the code has changed meanwhile."""
        response = RedirectResponse(f"/sign-in?next={quote(request.url.path, safe='')}", 303, _NO_STORE)
        if mark:
            response.set_cookie(
                SCAN_COOKIE,
                mark,
                max_age=600,
                path=_FOLDER,
                httponly=True,
                samesite="lax",
                secure=self.settings.https,
            )
        return response

    def _problem(self, error: MeetingError) -> Response:
        sentence = _(_NOT_YOURS) if isinstance(error, NotFound) else str(error)
        said = {"said": sentence, "way": "/", "way_label": _("Today")}
        return self._page("problem", said, status_of(error))

    def _page(self, state: str, given: Mapping[str, str], status: int = 200) -> Response:
        values = {
            "language": current_language(),
            "title": _("Check in"),
            "tokens_css": self.modules.address("theme/tokens.css"),
            "page_css": self.modules.address("theme/check_in.css"),
            "page_js": self.modules.address("theme/check_in.js"),
            "font": font(),
            "state": state,
            "sign": {"done": "✓", "problem": "!"}.get(state, ""),
            "urgency": "alert" if state == "problem" else "status",
            "submit": _("I am present in the room"),
            "wait": _("Marking you present…"),
            "no_form": "" if state == "ask" else "hidden",
            "no_way": "" if "way" in given else "hidden",
            **dict.fromkeys(("meeting", "said", "who", "way", "way_label"), ""),
            **given,
        }
        html = _PAGE.substitute({name: escape(value, quote=True) for name, value in values.items()})
        return HTMLResponse(html, status, _NO_STORE)


def routes(settings: Settings, modules: Modules) -> list[Route]:
    pages = CheckInPages(settings, modules)
    return [
        Route("/check-in/{meeting:row}", pages.recorded, methods=["GET"]),
        Route("/check-in/{meeting:row}/{token}", pages.scanned, methods=["GET"]),
        Route("/check-in/{meeting:row}/{token}", pages.check_in, methods=["POST"]),
        Route("/check-in-code/{meeting:row}.svg", pages.picture, methods=["GET"]),
    ]


async def _whoever(request: Request) -> Actor | None:
    """The gate leaves these pages open: cameras do not say that they navigate, and a mark is to be given."""
    actor = await in_thread(account.actor_for, ports(), token_of(request), address_of(request))
    if actor is not None:
        use_language(actor.language)
    return actor


def _who(recorded: Recorded) -> str:
    return f"{recorded.name} · {_('seat {seat}', seat=recorded.seat)}" if recorded.seat else recorded.name
