"""The yardstick in Python: python-socketio under uvicorn, as its readers use it; run as a file with the port."""

import sys
from typing import Any

import socketio
import uvicorn

server = socketio.AsyncServer(async_mode="asgi", transports=["websocket"], ping_interval=3600, cors_allowed_origins="*")


async def pass_on(_sender: str, text: Any) -> None:
    await server.emit("news", text)


server.on("say", pass_on)

if __name__ == "__main__":
    uvicorn.run(
        socketio.ASGIApp(server),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        backlog=4096,
        ws_per_message_deflate=False,
        log_level="info",
        access_log=False,
    )
