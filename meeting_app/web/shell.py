"""Streamlit's index.html in our language and with our shell: patched in memory, each change asserted."""

from pathlib import Path

import streamlit
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from meeting_app.errors import NotFound
from meeting_app.i18n import _, current_language
from meeting_app.web.modules import NAME, Modules

STATIC = Path(streamlit.__file__).parent / "static"
# Our pages have one word each; the first dot or slash makes it a file of Streamlit's.
_PAGE = "[a-z_]*"
# What Streamlit serves itself. Everything else would be answered with its unpatched index.html.
_STREAMLITS = "(?!static/|_stcore/|media/|component/).*"


class ShellDoesNotFit(RuntimeError):
    """Streamlit's index.html is not the one this shell was made for."""


class _Page(Convertor[str]):
    regex = _PAGE

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class _Elsewhere(_Page):
    regex = _STREAMLITS


register_url_convertor("page", _Page())
register_url_convertor("elsewhere", _Elsewhere())


def font() -> str:
    """The address of Streamlit's own typeface, which carries Vietnamese well; it changes with its content."""
    name = next(path.name for path in (STATIC / "static" / "media").glob("SourceSansVF-Upright*.woff2"))
    return f"/static/media/{name}"


def patched(html: str, modules: Modules, language: str, title: str) -> str:
    """The page that loads Streamlit; raises ShellDoesNotFit when a place to change is missing."""
    needs = f'<link rel="stylesheet" href="{modules.address("theme/tokens.css")}">'
    needs += f'<link rel="stylesheet" href="{modules.address("theme/shell.css")}">'
    needs += f'<script type="module" src="{modules.address("theme/shell.js")}"></script>'
    needs += '<link rel="manifest" href="/manifest.json"><meta name="theme-color" content="#0b3d7a">'
    for old, new in (
        ('<html lang="en">', f'<html lang="{language}" translate="no">'),
        ("<title>Streamlit</title>", f"<title>{title}</title>"),
        ("initial-scale=1, shrink-to-fit=no", "initial-scale=1, viewport-fit=cover"),
        ("</head>", f"{needs}</head>"),
        # The one script inside the page; without it no inline script need be permitted.
        (_between(html, "<script>", "</script>"), ""),
        (_between(html, "<noscript>", "</noscript>"), ""),
        (_between(html, '<link rel="service-desc"', "/>"), ""),
    ):
        if html.count(old) != 1:
            raise ShellDoesNotFit(f"found {html.count(old)} times: {old[:60]}")
        html = html.replace(old, new)
    return html


def _between(html: str, start: str, end: str) -> str:
    begin = html.find(start)
    if begin < 0:
        raise ShellDoesNotFit(f"not found: {start}")
    return html[begin : html.index(end, begin) + len(end)]


def routes(modules: Modules) -> list[Route]:
    html = (STATIC / "index.html").read_text(encoding="utf-8")
    patched(html, modules, "vi", "")  # fails at the start rather than at the first visit

    async def page(_request: Request) -> Response:
        content = patched(html, modules, current_language(), _(NAME))
        return HTMLResponse(content, headers={"Cache-Control": "no-cache"})

    async def elsewhere(request: Request) -> Response:
        """An address that leads nowhere leads people home; Streamlit's script, which tries some, must be told."""
        if request.headers.get("sec-fetch-mode") != "navigate":
            raise NotFound
        return RedirectResponse("/", 303)

    return [Route("/{page:page}", page), Route("/{path:elsewhere}", elsewhere)]
