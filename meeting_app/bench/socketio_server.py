"""The yardstick in Python: python-socketio under uvicorn, as its readers use it; run as a file with the port."""

import sys
from typing import Any

import uvicorn


def serve(port: int) -> None:
    import socketio  # noqa: PLC0415 — lies beside the bench alone

    server = socketio.AsyncServer(
        async_mode="asgi", transports=["websocket"], ping_interval=3600, cors_allowed_origins="*"
    )

    async def pass_on(_sender: str, text: Any) -> None:
        await server.emit("news", text)

    server.on("say", pass_on)
    uvicorn.run(
        socketio.ASGIApp(server),
        host="127.0.0.1",
        port=port,
        backlog=4096,
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # the tablets of the bench answer nothing
        log_level="info",
        access_log=False,
    )


if __name__ == "__main__":
    serve(int(sys.argv[1]))
