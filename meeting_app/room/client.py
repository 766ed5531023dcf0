"""A tablet without a screen: for tests, benches, and other programs that follow a meeting."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_websocket
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from meeting_app.domain.event import Kind, apply
from meeting_app.settings import COOKIE, SCREEN_COOKIE

State = dict[str, Any]


class Refused(Exception):
    """The room refused a command; str() is its sentence."""


class Ended(Exception):
    """The room ended the connection: `code`, and the sentence of its farewell if it said one."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code, self.reason = code, reason


class RoomClient:
    """Follows one meeting; `state` is what a screen would show, `state["version"]` where it stands."""

    def __init__(self, socket: ClientConnection, state: State | None) -> None:
        self.state: State = state or {}
        self.live = False
        self.frames = 0  # received so far
        self.snapshots = 0
        self.place: dict[str, Any] = {}  # where the presenter reads: n, document_id, page
        self.pointer: dict[str, Any] | None = None  # page, x, y while the presenter points
        self.points = 0  # frames of the pointer
        self._socket = socket
        self._changed = asyncio.Condition()
        self._answers: dict[str, asyncio.Future[int]] = {}
        self._farewell = ""
        self._ended: Ended | None = None
        self._reading = asyncio.create_task(self._read())

    @property
    def version(self) -> int:
        version: int = self.state.get("version", -1)
        return version

    async def do(self, act: str, command_id: str | None = None, **arguments: object) -> int:
        """Do a command and return the version at which it took effect; raises Refused or Ended."""
        command_id = command_id or str(uuid4())
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._answers[command_id] = answer
        try:
            await self.say({"t": "do", "id": command_id, "act": act, "args": arguments})
        except ConnectionClosed:
            await self._reading
        return await answer

    async def entered(self) -> State:
        """The state as soon as the room has let us in."""
        return await self.until(lambda _: True)

    async def reaches(self, version: int) -> State:
        """The state once it stands at this version or later."""
        return await self.until(lambda state: state.get("version", -1) >= version)

    async def until(self, wanted: Callable[[State], bool]) -> State:
        """The state as soon as it is as wanted; raises Ended when the room closes before."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._ended is not None or (self.live and wanted(self.state)))
        if self._ended is not None and not wanted(self.state):
            raise self._ended
        return self.state

    async def reads(self, document_id: int | None, page: int = 0) -> dict[str, Any]:
        """The place as soon as the presenter reads there."""
        await self.until(lambda _: (self.place["document_id"], self.place["page"]) == (document_id, page))
        return self.place

    async def point(self, page: int | None, x: int = 0, y: int = 0) -> None:
        """Point at a place of the page, in ten-thousandths of it; None: no longer."""
        await self.say({"t": "point", "page": page, "x": x, "y": y})

    async def end(self) -> Ended:
        """Wait until the room ends this connection."""
        await self._reading
        if self._ended is None:
            raise RuntimeError("the reader stops only at the end")
        return self._ended

    async def say(self, message: dict[str, Any]) -> None:
        await self._socket.send(json.dumps(message, ensure_ascii=False))

    async def cut(self) -> None:
        """Lose the connection without a word, as Wi-Fi does."""
        self._socket.transport.abort()
        await self._reading

    async def _read(self) -> None:
        try:
            with suppress(ConnectionClosed):
                async for text in self._socket:
                    self.frames += 1
                    await self._take(json.loads(text))
        finally:
            self._ended = Ended(self._socket.close_code or 1006, self._farewell)
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(self._ended)
            async with self._changed:
                self._changed.notify_all()

    async def _take(self, message: dict[str, Any]) -> None:
        match message["t"]:
            case "snapshot":
                self.snapshots += 1
                self.live = True
                self.state, self.place = message["state"], message["place"]
            case "welcome":
                self.live = True
                self.place = message["place"]
            case "place":
                self.place = message["place"]
            case "point":
                self.points += 1
                self.pointer = None if message["page"] is None else {part: message[part] for part in ("page", "x", "y")}
            case "event" | "skip":
                await self._take_event(message)
            case "done":
                self._answer(message["id"]).set_result(message["version"])
            case "refused":
                self._answer(message["id"]).set_exception(Refused(message["reason"]))
            case "bye":
                self._farewell = message["reason"]
        async with self._changed:
            self._changed.notify_all()

    async def _take_event(self, message: dict[str, Any]) -> None:
        version = message["v"]
        if version <= self.version:
            return
        if version != self.version + 1:
            await self.say({"t": "ask", "version": self.version})
            return
        kind = Kind(message["k"]) if message["t"] == "event" else None
        self.state = apply(self.state, version, kind, message.get("b", {}))

    def _answer(self, command_id: str | None) -> "asyncio.Future[int]":
        answer = self._answers.pop(command_id or "", None)
        return answer if answer is not None and not answer.done() else asyncio.get_running_loop().create_future()


@asynccontextmanager
async def connect(
    address: str,
    cookie: str,
    meeting_id: int,
    *,
    state: State | None = None,
    language: str = "vi",
    origin: str = "",
    as_screen: bool = False,
) -> AsyncIterator[RoomClient]:
    """Enter a room at ws://host:port/ with a sign-in cookie, going on from an earlier `state` if there is one.

    `as_screen`: with the cookie of a hall screen instead.
    """
    headers = {"Cookie": f"{SCREEN_COOKIE if as_screen else COOKIE}={cookie}"} if cookie else {}
    page = Origin(origin or address.replace("ws", "http", 1).rstrip("/"))
    async with connect_websocket(
        address,
        additional_headers=headers,
        origin=page,
        compression=None,
        max_size=None,
    ) as socket:
        client = RoomClient(socket, state)
        version = client.version if state else None
        with suppress(ConnectionClosed):  # refused at the door: the reader knows why
            hello = {"t": "hello", "meeting": meeting_id, "version": version, "lang": language}
            await client.say(hello | ({"screen": True} if as_screen else {}))
        try:
            yield client
        finally:
            await socket.close()
            await client.end()
