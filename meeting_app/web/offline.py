"""What opens papers taken along when the server is away: a worker of the browser, and the page it keeps.

Neither shows anything of anybody: they are the same for all and need no sign-in, so that a browser may
renew them whoever reads.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from meeting_app.domain.document import PAGE_WIDTHS
from meeting_app.i18n import _, current_language, use_language
from meeting_app.web.modules import Modules
from meeting_app.web.shell import font

_HERE = Path(__file__).parent
_PAGE = Template((_HERE / "offline.html").read_text(encoding="utf-8"))
_WORKER = Template((_HERE / "offline_worker.js").read_text(encoding="utf-8"))
_READING = "components/reading"
_NEEDED = ("components/dom.js", "components/signs.js", "components/base.css", "theme/tokens.css")


@dataclass(frozen=True)
class OfflinePage:
    modules: Modules
    texts: Mapping[str, str]  # messages by the names the reader's scripts know them under

    async def page(self, request: Request) -> Response:
        use_language(request.query_params.get("lang", ""))
        texts = {name: _(message) for name, message in self.texts.items()}
        reading = {"texts": texts, "language": current_language(), "widths": PAGE_WIDTHS}
        values = {
            "language": current_language(),
            "title": texts["reader_offline"],
            "again": texts["offline_again"],
            "reading": json.dumps(reading),
            "font": font(),
            "tokens_css": self.modules.address("theme/tokens.css"),
            "base_css": self.modules.address("components/base.css"),
            "reading_css": self.modules.address(f"{_READING}/reading.css"),
            "page_css": self.modules.address(f"{_READING}/offline.css"),
            "page_js": self.modules.address(f"{_READING}/offline.js"),
        }
        html = _PAGE.substitute({name: escape(value, quote=True) for name, value in values.items()})
        return HTMLResponse(html, headers={"Cache-Control": "no-cache"})

    async def worker(self, request: Request) -> Response:
        use_language(request.query_params.get("lang", ""))
        assets = [*(self.modules.address(path) for path in self._paths()), font()]
        values = {"version": self.modules.version, "language": current_language(), "assets": json.dumps(assets)}
        script = _WORKER.substitute(values)
        return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    def _paths(self) -> list[str]:
        """The scripts and styles that reading needs."""
        found = sorted(path.name for path in (self.modules.folder / _READING).iterdir() if path.is_file())
        return [*_NEEDED, *(f"{_READING}/{name}" for name in found)]


def routes(modules: Modules, texts: Mapping[str, str]) -> list[Route]:
    offline = OfflinePage(modules, texts)
    return [Route("/offline", offline.page), Route("/offline.js", offline.worker)]
