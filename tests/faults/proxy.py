"""A proxy of HTTP on loopback that does to an answer what networks and broken services do.

    async with proxied(url) as proxy:
        proxy.fault = drip(0.001)

A fault is a function of the answer's bytes as they come: what it yields is what the client gets.
A fault that is set while an answer is under way holds for the rest of it.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from urllib.parse import urlsplit

Fault = Callable[[bytes], AsyncGenerator[bytes]]
BLANK = b"\n\n"
CHUNK = 65_536


class Cut(Exception):
    """The connection ends here."""


async def clean(chunk: bytes) -> AsyncGenerator[bytes]:
    """Pass everything on as it is."""
    yield chunk


async def black_hole(_: bytes) -> AsyncGenerator[bytes]:
    """Take everything and pass nothing on; the connection stays open."""
    nothing: tuple[bytes, ...] = ()
    for piece in nothing:
        yield piece


def latency(seconds: float) -> Fault:
    """Pass everything on late."""

    async def fault(chunk: bytes) -> AsyncGenerator[bytes]:
        await asyncio.sleep(seconds)
        yield chunk

    return fault


def drip(seconds: float, size: int = 1) -> Fault:
    """Pass everything on in small pieces."""

    async def fault(chunk: bytes) -> AsyncGenerator[bytes]:
        for start in range(0, len(chunk), size):
            yield chunk[start : start + size]
            await asyncio.sleep(seconds)

    return fault


def cut_after(size: int) -> Fault:
    """End the connection after so many bytes, in the middle of whatever that is."""
    left = size

    async def fault(chunk: bytes) -> AsyncGenerator[bytes]:
        nonlocal left
        yield chunk[:left]
        left -= len(chunk)
        if left <= 0:
            left = size
            raise Cut

    return fault


def garbage(chance: random.Random) -> Fault:
    """Put lines of noise between events, NUL and broken UTF-8 among them."""

    async def fault(chunk: bytes) -> AsyncGenerator[bytes]:
        *whole, rest = chunk.split(BLANK)
        for event in whole:
            noise = chance.randbytes(chance.randint(1, 60)).replace(b"\n", b"").replace(b"\r", b"")
            yield event + BLANK + b"data: " + noise + b"\x00\xff" + BLANK
        yield rest

    return fault


def mixed_up(chance: random.Random) -> Fault:
    """Send each run of whole events twice, the second time in another order."""

    async def fault(chunk: bytes) -> AsyncGenerator[bytes]:
        *whole, rest = chunk.split(BLANK)
        again = chance.sample(whole, len(whole))
        for event in (*whole, *again, *whole[-1:]):
            yield event + BLANK
        yield rest

    return fault


class Proxy:
    """Stands between a client and a service; `down` refuses every connection and ends open ones."""

    def __init__(self, upstream: str) -> None:
        self._upstream = urlsplit(upstream)
        self._open: set[asyncio.Task[None]] = set()
        self.fault: Fault = clean
        self.connections = 0
        self.url = ""
        self._down = False

    @property
    def down(self) -> bool:
        """Tell whether the service cannot be reached."""
        return self._down

    @down.setter
    def down(self, down: bool) -> None:
        self._down = down
        if down:
            self.drop()

    def drop(self) -> None:
        """End every connection."""
        for task in list(self._open):
            task.cancel()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one request of a client."""
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self.connections += 1
        try:
            if not self._down:
                await self._pass(reader, writer)
        except (OSError, Cut, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.transport.abort() if self._down else writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        there, to = await asyncio.open_connection(self._upstream.hostname, self._upstream.port)
        try:
            to.write(_one_answer(head) + await _body_of(head, reader))
            answer = await there.readuntil(b"\r\n\r\n")
            chunked = b"transfer-encoding: chunked" in answer.lower()
            writer.write(_plain(answer))
            async for chunk in _chunks(there) if chunked else _rest(there):
                async for piece in self.fault(chunk):
                    writer.write(piece)
                    await writer.drain()
        finally:
            to.close()


def _one_answer(head: bytes) -> bytes:
    """Ask for an answer whose end is the end of the connection."""
    return head[:-2] + b"connection: close\r\n\r\n"


def _plain(head: bytes) -> bytes:
    """Say that an answer ends with its connection, however it came."""
    lines = head[:-4].split(b"\r\n")
    gone = (b"transfer-encoding", b"content-length", b"connection")
    kept = [line for line in lines if not line.lower().startswith(gone)]
    return b"\r\n".join([*kept, b"connection: close", b"", b""])


async def _body_of(head: bytes, reader: asyncio.StreamReader) -> bytes:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return await reader.readexactly(int(line.partition(b":")[2]))
    return b""


async def _rest(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while chunk := await reader.read(CHUNK):
        yield chunk


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int(await reader.readline(), 16):
        yield await reader.readexactly(size)
        await reader.readline()


@contextlib.asynccontextmanager
async def proxied(upstream: str) -> AsyncIterator[Proxy]:
    """Stand before a service."""
    proxy = Proxy(upstream)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        proxy.drop()
        await asyncio.sleep(0)
