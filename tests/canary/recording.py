"""Passes connections on and keeps every byte that came from the caller."""

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Recording:
    """Where it listens, and what was said to it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.said = bytearray()
        self.away = False
        """Whether whoever comes is sent away at once."""

    @property
    def url(self) -> str:
        """Return its base URL."""
        return f"http://127.0.0.1:{self.port}"


@contextlib.asynccontextmanager
async def recording(target: int | None) -> AsyncIterator[Recording]:
    """Listen on a free port; what comes goes on to a port, or is answered with an empty 200."""
    tasks: set[asyncio.Task[None]] = set()
    made: list[Recording] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            if made[0].away:
                pass
            elif target is None:
                await _answer(reader, writer, made[0])
            else:
                await _pass_on(reader, writer, target, made[0])
        writer.close()
        tasks.discard(task)

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    made.append(Recording(server.sockets[0].getsockname()[1]))
    try:
        yield made[0]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: int, kept: Recording
) -> None:
    there, onward = await asyncio.open_connection("127.0.0.1", target)

    async def back() -> None:
        while data := await there.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()

    answering = asyncio.create_task(back())
    try:
        while data := await reader.read(65_536):
            kept.said += data
            onward.write(data)
            await onward.drain()
    finally:
        answering.cancel()
        onward.close()


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: Recording
) -> None:
    while data := await reader.read(65_536):
        kept.said += data
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        if b"\r\n\r\n" in kept.said:
            await asyncio.sleep(0.2)
            return
