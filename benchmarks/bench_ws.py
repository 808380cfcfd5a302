"""One token's update to 1,000 watchers, against a bare uvicorn application of the same settings.

Ours is the whole platform: sockets are signed in, the update is written as a frame, watchers are
looked up and served in chunks that leave room for others. The bare application keeps every `send`
in a list and awaits each. Compared is the CPU time of the server per frame.
"""

import asyncio
import base64
import json
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

import httpx
import msgspec
from starlette.types import Receive, Scope, Send

from app.api import charts, watching
from app.config import Settings
from app.engine.feed import MarketUpdate
from app.main import create_app
from app.trading.market import Candle
from benchmarks.result import Result
from benchmarks.servers import Server, serving

SIZES = (100, 500, 1_000)
PER_WALLET = 10
TICKS = 60
ROUNDS = 5
WANTED = 1 / 0.7
NOWHERE = "http://127.0.0.1:9"
START = 1_795_255_200_000
encode = msgspec.json.Encoder().encode


def candle(number: int) -> Candle:
    """Make the candle of a tick."""
    price = 150.0 + number / 1_000
    return Candle(START + 1_000 * number, price, price + 0.5, price - 0.5, price, 1234.5)


async def _done(send: Send, text: bytes = b"{}") -> None:
    headers = [(b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text})


class Bare:
    """The least that one can do."""

    def __init__(self) -> None:
        self._sends: list[Send] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take sockets in; on a request, send ticks to all of them."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            self._sends.append(send)
            while (await receive())["type"] == "websocket.receive":
                pass
        elif scope["type"] == "http":
            if scope["path"] == "/tick":
                for number in range(TICKS):
                    await self._tick(number)
            await _done(send)

    async def _tick(self, number: int) -> None:
        one = candle(number)
        data = {"token": "x" * 44, "candle": charts.candle(one), "volume": charts.volume(one)}
        text = encode({"type": "UPDATE", "data": data}).decode()
        for send in self._sends:
            await send({"type": "websocket.send", "text": text})
        await asyncio.sleep(0)


class Ours:
    """The platform, with a request that makes the market tick."""

    def __init__(self, folder: str) -> None:
        self._number = 0
        self._app = create_app(
            Settings(
                _env_file=None,
                database_url=f"sqlite+aiosqlite:///{folder}/ws.db",
                data_dir=Path(folder),
                simulator=False,
                signals_url=NOWHERE,
                sentiment_url=NOWHERE,
                candles_url=NOWHERE,
                log_level="CRITICAL",
                sockets_per_address=max(SIZES),
            )
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but the tick."""
        if scope["type"] == "http" and scope["path"] == "/tick":
            for _ in range(TICKS):
                self._number += 1
                await self._tick(self._number)
            await _done(send)
        elif scope["type"] == "http" and scope["path"] == "/count":
            await _done(send, str(self._app.state.hub.count).encode())
        else:
            await self._app(scope, receive, send)

    async def _tick(self, number: int) -> None:
        state = self._app.state
        update = MarketUpdate(mint=state.live.feed.index, forming=candle(number))
        for text in watching.frames(update):
            await state.hub.spread(update.mint, text)


class Watcher(asyncio.Protocol):
    """A client that counts what it is sent."""

    def __init__(self, first: bytes) -> None:
        self._first = first
        self._upgraded = False
        self.transport: Any = None
        self.received = 0
        self.ready = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        self.transport.write(
            f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Count bytes; after the upgrade say who we are."""
        self.received += len(data)
        if not self._upgraded:
            assert data.startswith(b"HTTP/1.1 101"), data
            self._upgraded = True
            if self._first:
                self.transport.write(masked(self._first))
            self.ready.set_result(None)


def masked(text: bytes) -> bytes:
    """Write a client's frame; its mask is zero, so the text stands as it is."""
    head = bytes((0x81, 0x80 | 126)) + len(text).to_bytes(2, "big")
    return head + b"\0\0\0\0" + text


async def connect(port: int, first: list[bytes]) -> list[Watcher]:
    """Open a socket for each first frame."""
    loop = asyncio.get_running_loop()
    watchers = []
    for text in first:
        _, watcher = await loop.create_connection(lambda t=text: Watcher(t), "127.0.0.1", port)  # type: ignore[misc]
        await watcher.ready
        watchers.append(watcher)
    return watchers


async def sign_in(client: httpx.AsyncClient, watchers: int) -> list[bytes]:
    """Register wallets and write their sockets' AUTH frames."""
    frames = []
    for _ in range(watchers // PER_WALLET):
        made = (await client.post("/api/register")).raise_for_status().json()
        data = {"token": made["token"], "wallet_address": made["wallet_address"]}
        frames += [json.dumps({"type": "AUTH", "data": data}).encode()] * PER_WALLET
    return frames


async def settled(watchers: list[Watcher]) -> None:
    """Wait until nothing more comes."""
    before = -1
    while (now := sum(one.received for one in watchers)) != before:
        before = now
        await asyncio.sleep(0.3)


async def per_frame(server: Server, watchers: list[Watcher], client: httpx.AsyncClient) -> float:
    """Return the CPU seconds of the server per frame."""
    before, had = server.cpu_seconds(), [one.received for one in watchers]
    (await client.get("/tick")).raise_for_status()
    await settled(watchers)
    got = {one.received - old for one, old in zip(watchers, had, strict=True)}
    assert min(got) > 200 * TICKS, "every watcher gets every frame"
    return (server.cpu_seconds() - before) / (TICKS * len(watchers))


async def measure(peer: Server, platform: Server, watchers: int) -> tuple[list[float], list[float]]:
    """Measure both in turns."""
    limits = httpx.Limits(max_keepalive_connections=1)
    bare = httpx.AsyncClient(base_url=f"http://127.0.0.1:{peer.port}", limits=limits, timeout=60)
    own = httpx.AsyncClient(base_url=f"http://127.0.0.1:{platform.port}", limits=limits, timeout=60)
    async with bare, own:
        theirs = await connect(peer.port, [b""] * watchers)
        mine = await connect(platform.port, await sign_in(own, watchers))
        await settled(mine)
        assert (await own.get("/count")).text == str(watchers)
        peers, ours = [], []
        for _ in range(ROUNDS):
            peers.append(await per_frame(peer, theirs, bare))
            ours.append(await per_frame(platform, mine, own))
        return peers, ours


def run() -> list[Result]:
    """Measure both servers at three sizes."""
    return [measured(watchers) for watchers in SIZES]


def measured(watchers: int) -> Result:
    """Measure both servers with so many watchers."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Bare) as peer,
        serving(Ours, folder) as platform,
    ):
        peers, ours = asyncio.run(measure(peer, platform, watchers))
    return Result(
        "an update to all watchers, per frame (server CPU)",
        watchers,
        statistics.median(ours),
        statistics.median(peers),
        WANTED,
        "bare uvicorn of the same settings",
    )
