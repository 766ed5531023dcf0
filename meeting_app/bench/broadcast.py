"""The yardstick of the push: a plain `websockets.broadcast()` server without rows, rooms or rights.

`python -m meeting_app.bench.broadcast PORT`: greets everyone with a text of 2 kB, and sends what anybody
says to all.
"""

import asyncio
import sys

from websockets.asyncio.server import ServerConnection, broadcast, serve

GREETING = "x" * 2000
READY = "ready"


async def _serve(port: int) -> None:
    everybody: set[ServerConnection] = set()

    async def greet(connection: ServerConnection) -> None:
        await connection.send(GREETING)
        everybody.add(connection)
        try:
            async for message in connection:
                broadcast(everybody, message)
        finally:
            everybody.discard(connection)

    async with serve(greet, "127.0.0.1", port, compression=None, ping_interval=None, backlog=1024):
        sys.stderr.write(f"{READY}\n")
        sys.stderr.flush()
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
