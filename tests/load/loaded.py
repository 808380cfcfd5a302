"""The whole platform in a process of its own, with a few requests that make it do what a test asks.

Everything is as users have it: uvicorn's settings, limits, caps. What is added: `/load/…` starts
the market, lets the engine look at prices of a held position, and tells what was measured inside.
"""

import asyncio
import contextlib
import json
import multiprocessing
import os
import resource
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send

from app.api.sockets import Socket
from app.engine.feed import MarketUpdate
from app.main import create_app
from app.research.foreman import resident_bytes
from app.simulator.embed import listen
from app.trading.inputs import PriceSeen
from app.trading.market import Candle, Token
from tests.api.stage import Stage, settings

BULK = "So1bu1kbu1kbu1kbu1kbu1kbu1kbu1kbu1kbu1kbu1k"
START = 1_795_255_200_000
TICK_SECONDS = 1.0
PRICE_SECONDS = 0.02
LOOK_SECONDS = 0.1
PRICE = 0.00102
START_SECONDS = 120.0
FAULTS = (
    "Exception in ASGI application",
    "ASGI callable",
    "Exception in callback",
    "never retrieved",
    "Fatal error",
    "parser failed",
    "sockets failed",
    "private frames failed",
    "request failed",
    "MemoryError",
)
"""What a log says of a failure that nobody foresaw. (Feeds lead nowhere here, and say so.)"""

OPTIONS: dict[str, Any] = {
    "loop": "uvloop",
    "ws": "websockets-sansio",
    "ws_per_message_deflate": False,
    "ws_max_size": 64 * 1024,
    "log_level": "warning",
    "access_log": False,
    "timeout_graceful_shutdown": 1,
    "proxy_headers": False,
}


def raise_file_limit() -> int:
    """Allow this process as many files as the machine lets it have; answers how many."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


@dataclass(slots=True)
class Seen:
    """What was measured inside."""

    ticks: int = 0
    lags: list[float] = field(default_factory=list)
    looked_after: list[float] = field(default_factory=list)
    """From a price's coming in to the engine's taking it up."""

    busy_before: list[float] = field(default_factory=list)
    """What of that the loop's thread was computing: what is left on a machine of our own."""

    loop_lags: list[float] = field(default_factory=list)
    most_waiting: int = 0
    most_characters: int = 0
    behind_since: dict[Socket, float] = field(default_factory=dict)
    evicted_after: list[float] = field(default_factory=list)


class Loaded:
    """The platform, and `/load/…` beside it."""

    def __init__(self, folder: str, port: int, changes: dict[str, Any]) -> None:
        wanted = {"rate_limit_factor": 1.0, "log_level": "WARNING", "port": port, **changes}
        self._app = create_app(settings(Path(folder), **wanted))
        self._seen = Seen()
        self._tasks: set[asyncio.Task[None]] = set()
        self._token: Token | None = None
        self._bulk = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but `/load/…`."""
        if scope["type"] != "http" or not scope["path"].startswith("/load/"):
            await self._app(scope, receive, send)
            return
        does: dict[str, Callable[[str], Awaitable[Any]]] = {
            "/load/hold": self._hold,
            "/load/prices": self._prices,
            "/load/market": self._market,
            "/load/block": self._block,
            "/load/figures": self._figures,
        }
        answer = await does[scope["path"]](scope["query_string"].decode())
        text = json.dumps(answer).encode()
        headers = [(b"content-length", str(len(text)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text})

    async def _hold(self, _: str) -> None:
        """Let every wallet that is there buy a token."""
        client: Any = None
        self._token = await Stage(self._app, 0, client).bought("HELD")

    async def _prices(self, _: str) -> None:
        """Show the engine prices of that token from now on, and measure from now on."""
        self._seen = Seen()
        if not self._tasks:
            self._start(self._see_prices)
            self._start(self._look)

    async def _market(self, bulk: str) -> None:
        """Let the market tick from now on; the bulk token's frames have so many characters."""
        self._bulk = int(bulk)
        self._start(self._tick)

    async def _block(self, seconds: str) -> None:
        """Hold the loop, as a careless piece of code would."""
        time.sleep(float(seconds))  # noqa: ASYNC251  # that is what this is about

    def _start(self, work: Callable[[], Awaitable[None]]) -> None:
        async def run() -> None:
            await work()

        self._tasks.add(asyncio.create_task(run()))

    async def _tick(self) -> None:
        state = self._app.state
        while True:
            due = time.monotonic() + TICK_SECONDS
            self._seen.ticks += 1
            now = time.monotonic()
            one = Candle(START + 1_000 * self._seen.ticks, now, now, now, now, 1.0)
            state.live.feed.update(
                MarketUpdate(mint=state.live.feed.index, forming=one), state.clock.now()
            )
            data = {"token": BULK, "filler": "x" * self._bulk}
            await state.hub.spread(BULK, json.dumps({"type": "UPDATE", "data": data}))
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _see_prices(self) -> None:
        state, number = self._app.state, 0
        assert self._token is not None
        came: list[tuple[float, float]] = []
        engine_now = state.live._engine_now

        def taken_up() -> Any:
            if came:
                began, computed = came.pop()
                self._seen.looked_after.append(time.perf_counter() - began)
                self._seen.busy_before.append(time.thread_time() - computed)
            return engine_now()

        state.live._engine_now = taken_up
        while True:
            number += 1
            price = PRICE * (1 + (number % 7) / 1_000)
            began = time.perf_counter()
            wish = PriceSeen(at=state.clock.now(), token=self._token.id, price=price)
            came.append((began, time.thread_time()))
            await state.live.submit(wish)
            self._seen.lags.append(time.perf_counter() - began)
            began = time.perf_counter()
            await asyncio.sleep(PRICE_SECONDS)
            self._seen.loop_lags.append(time.perf_counter() - began - PRICE_SECONDS)

    async def _look(self) -> None:
        hub, seen = self._app.state.hub, self._seen
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            seen, now = self._seen, time.monotonic()
            for wallet in hub.wallets():
                for one in hub.of_wallet(wallet):
                    if one.direct:
                        seen.behind_since.pop(one, None)
                    else:
                        self._note(one, now)

    def _note(self, one: Socket, now: float) -> None:
        seen = self._seen
        seen.most_waiting = max(seen.most_waiting, len(one.waiting))
        characters = sum(len(waiting.text) for waiting in one.waiting.values())
        seen.most_characters = max(seen.most_characters, characters)
        if one.closed:
            since = seen.behind_since.pop(one, None)
            if since is not None:
                seen.evicted_after.append(now - since)
        elif one.age > 0:
            since = now - one.age
            seen.behind_since[one] = max(since, seen.behind_since.get(one, 0.0))

    async def _figures(self, _: str) -> dict[str, Any]:
        state, seen = self._app.state, self._seen
        return {
            "sockets": state.hub.count,
            "connections": len(state.hub.doors),
            "evicted": _value(state.metrics.evicted),
            "rss": resident_bytes(os.getpid()),
            "ticks": seen.ticks,
            "lags": seen.lags,
            "looked_after": seen.looked_after,
            "busy_before": seen.busy_before,
            "computed": time.thread_time(),
            "loop_lags": seen.loop_lags,
            "most_waiting": seen.most_waiting,
            "most_characters": seen.most_characters,
            "evicted_after": seen.evicted_after,
        }


def _value(counter: Any) -> float:
    return float(next(iter(counter.collect())).samples[0].value)


def _serve(folder: str, listening: socket.socket, changes: dict[str, Any], log: str) -> None:
    raise_file_limit()
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 2)
    port = listening.getsockname()[1]
    app = Loaded(folder, port, changes)
    uvicorn.Server(uvicorn.Config(app, log_config=None, **OPTIONS)).run(sockets=[listening])


@dataclass(frozen=True, slots=True)
class Running:
    """A platform that runs."""

    process: BaseProcess
    port: int
    log: Path

    def faults(self) -> list[str]:
        """List the lines of the log about failures that nobody foresaw."""
        lines = self.log.read_text().splitlines()
        return [line for line in lines if any(fault in line for fault in FAULTS)]


@contextlib.contextmanager
def serving(folder: Path, **changes: Any) -> Iterator[Running]:
    """Run a platform on a free port, its log in `folder`."""
    log = folder / "server.log"
    with listen(backlog=4096) as listening:
        port = listening.getsockname()[1]
        context = multiprocessing.get_context("spawn")
        arguments = (str(folder), listening, changes, str(log))
        process = context.Process(target=_serve, args=arguments)
        process.start()
    try:
        _wait_until_up(port, process)
        yield Running(process, port, log)
    finally:
        process.terminate()
        process.join(15)
        if process.is_alive():
            process.kill()
            process.join()


def _wait_until_up(port: int, process: BaseProcess) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and process.is_alive():
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), 2) as probe,
        ):
            probe.settimeout(START_SECONDS)
            probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            if b" 200 " in probe.recv(64):
                return
        time.sleep(0.1)
    message = "the platform does not answer"
    raise TimeoutError(message)
