"""Real servers on loopback for tests: any ASGI app, or bytes written by hand.

    async with serve_app(app) as url: ...
    async with serve_bytes(handler) as url: ...

Streams are not tested through in-process transports, because those buffer them.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import uvicorn

from app.simulator.embed import listen

Handler = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
"""Takes the head of a request and writes the answer; the connection closes when it returns."""


@contextlib.asynccontextmanager
async def serve_app(app: Any) -> AsyncIterator[str]:
    """Serve an ASGI app with uvicorn; yields its address."""
    listening = listen()
    config = uvicorn.Config(
        app, lifespan="off", ws="none", log_level="critical", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        listening.close()


@contextlib.asynccontextmanager
async def serve_bytes(handler: Handler) -> AsyncIterator[str]:
    """Serve what a handler writes; yields the address."""
    connections: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await handler(await reader.readuntil(b"\r\n\r\n"), writer)
                await writer.drain()
        except asyncio.CancelledError:
            pass
        finally:
            connections.discard(task)
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in list(connections):
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


def head(status: int, content_type: str, extra: str = "") -> bytes:
    """Write the head of an answer whose end is the end of the connection."""
    lines = f"HTTP/1.1 {status} Told\r\ncontent-type: {content_type}\r\nconnection: close\r\n"
    return f"{lines}{extra}\r\n".encode()
