"""A feed that numbers its events and goes on after the last one that a listener heard."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil

from tests.engine.script import address
from tests.servers import head, serve_bytes

STREAM = head(200, "text/event-stream")
LAST = re.compile(rb"last-event-id: *(\d+)", re.IGNORECASE)
FIRST_SECOND = 1_795_000_000


def mint_of(number: int) -> str:
    """Name the token of an event."""
    return address("mint", number)


def event(number: int) -> bytes:
    """Write an event of the feed."""
    told = {"tokenAddress": mint_of(number), "triggeredAt": FIRST_SECOND + number}
    return f"id: {number}\nevent: data\ndata: {json.dumps(told)}\n\n".encode()


class Numbered:
    """Tells `count` signals, a few at a time, to whoever listens; then it only lives."""

    def __init__(self, count: int, pause: float = 0.001) -> None:
        self.count = count
        self.connections = 0
        self.heard_from: list[int] = []
        self._pause = pause

    async def __call__(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        """Serve a listener from where it was."""
        self.connections += 1
        last = LAST.search(request)
        number = int(last[1]) if last else 0
        self.heard_from.append(number)
        writer.write(STREAM)
        while True:
            while number < self.count:
                number += 1
                writer.write(event(number))
                await writer.drain()
                await asyncio.sleep(self._pause)
            writer.write(b": keepalive\n\n")
            await writer.drain()
            await asyncio.sleep(0.05)


@asynccontextmanager
async def numbered(count: int, pause: float = 0.001) -> AsyncIterator[tuple[Numbered, str]]:
    """Serve such a feed."""
    feed = Numbered(count, pause)
    async with serve_bytes(feed) as url:
        yield feed, url


class Memory:
    """How much more memory this process took than at the beginning."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._before = self._now()
        self.most = 0

    def _now(self) -> int:
        size: int = self._process.memory_info().rss
        return size

    async def watch(self) -> None:
        """Look at it for ever."""
        while True:
            self.most = max(self.most, self._now() - self._before)
            await asyncio.sleep(0.01)


@asynccontextmanager
async def watched_memory() -> AsyncIterator[Memory]:
    """Watch the memory meanwhile."""
    memory = Memory()
    task = asyncio.create_task(memory.watch())
    try:
        yield memory
    finally:
        task.cancel()
