"""Scripts and styles of our own, under an address that changes with their content; and the icon."""

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from meeting_app.errors import NotFound
from meeting_app.i18n import N_, _

_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
NAME = N_("Paperless meeting room")


@dataclass(frozen=True, slots=True)
class Modules:
    """What `ui.component` offers to browsers: the folders below `folder`, under one version."""

    folder: Path
    version: str
    served: tuple[str, ...]
    types: dict[str, str]

    def address(self, path: str) -> str:
        return f"/ui/{self.version}/{path}"

    def routes(self) -> list[Route]:
        return [
            Route("/ui/{version}/{path:path}", self._module),
            Route("/favicon.png", self._icon),
            Route("/manifest.json", self._manifest),
        ]

    async def _module(self, request: Request) -> Response:
        path = self._found(request.path_params["path"])
        if path is None or request.path_params["version"] != self.version or path.suffix not in self.types:
            raise NotFound
        return FileResponse(path, media_type=self.types[path.suffix], headers=_FOR_GOOD)

    def _found(self, asked: str) -> Path | None:
        """The file, if there is one below the served folders."""
        try:
            path = (self.folder / asked).resolve()
            inside = any(path.is_relative_to(self.folder / name) for name in self.served)
            return path if inside and path.is_file() else None
        except (OSError, ValueError):  # no name that this disk could hold
            return None

    async def _icon(self, _request: Request) -> Response:
        headers = {"Cache-Control": "public, max-age=86400"}
        return FileResponse(self.folder / "theme/icon.png", media_type="image/png", headers=headers)

    async def _manifest(self, _request: Request) -> Response:
        """Lets tablets put the application on their home screen."""
        icon = {"src": self.address("theme/icon.png"), "sizes": "512x512", "type": "image/png"}
        content = {"name": _(NAME), "short_name": _(NAME), "start_url": "/", "display": "standalone", "icons": [icon]}
        return JSONResponse(content, media_type="application/manifest+json")
