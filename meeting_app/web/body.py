"""Request bodies, never longer than allowed: small ones in memory, files on the disk."""

import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import anyio
from anyio import to_thread
from starlette.requests import Request

from meeting_app.domain.upload import MEGABYTE, FileTooLarge
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

SMALL = 400_000  # bytes: the longest section of the minutes and the longest stroke fit


class RequestTooLarge(MeetingError):
    message = N_("What was sent is too large. Nothing was changed.")


class RequestUnreadable(MeetingError):
    message = N_("What was sent could not be read. Please reload the page and try again.")


async def form(request: Request, limit: int = 20_000) -> dict[str, str]:
    """The fields of an HTML form (the first value of each)."""
    try:
        fields = parse_qs((await _bytes(request, limit)).decode(), keep_blank_values=True, max_num_fields=50)
    except ValueError as error:
        raise RequestUnreadable from error
    return {name: values[0] for name, values in fields.items()}


async def whole(request: Request, limit: int) -> bytes:
    """A small file as it is."""
    return await _bytes(request, limit)


async def json_object(request: Request, limit: int = SMALL) -> dict[str, Any]:
    try:
        content = json.loads(await _bytes(request, limit))
    except (ValueError, RecursionError) as error:
        raise RequestUnreadable from error
    if not isinstance(content, dict):
        raise RequestUnreadable
    return content


def text(content: dict[str, Any], name: str) -> str:
    value = content.get(name, "")
    if not isinstance(value, str):
        raise RequestUnreadable
    return value


def number(content: dict[str, Any], name: str) -> int:
    value = content.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**31:
        raise RequestUnreadable
    return value


@asynccontextmanager
async def file(request: Request, limit_mb: int) -> AsyncIterator[Path]:
    """The body as a temporary file, gone at the end; raises FileTooLarge as soon as it is known."""
    limit = limit_mb * MEGABYTE
    if _declared(request) > limit:
        raise FileTooLarge(limit=limit_mb)
    folder = await to_thread.run_sync(tempfile.TemporaryDirectory)
    try:
        path = Path(folder.name) / "upload.pdf"
        size = 0
        async with await anyio.open_file(path, "wb") as target:
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise FileTooLarge(limit=limit_mb)
                await target.write(chunk)
        yield path
    finally:
        await to_thread.run_sync(folder.cleanup)


async def _bytes(request: Request, limit: int) -> bytes:
    if _declared(request) > limit:
        raise RequestTooLarge
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise RequestTooLarge
    return bytes(content)


def _declared(request: Request) -> int:
    length = request.headers.get("content-length", "0")
    return int(length) if length.isdecimal() else 0
