"""An outside world on loopback that speaks the contracts, and a platform that trades in it.

Every coin rises all the time, so a healthy signal leads to a trade within two candles. What a
service says of a coin can be spoiled, one coin at a time.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app import main, strategies
from app.config import Settings
from app.engine.audit import audit
from app.engine.clock import ScaledClock
from app.engine.platform import Wiring
from app.providers.gecko import SOL
from app.providers.sentiment.rag import RagSentiment
from app.trading.ids import WalletId
from app.trading.inputs import ChangeSettings, Register
from app.trading.ledger import Changes, FillRow, SignalUpdate
from app.trading.plans import Entry, ExitPlan, Profile, Sizing
from tests.engine.faults import until
from tests.engine.script import address
from tests.servers import serve_app

SPEED = 6.0
"""Seconds of the market in a second of the machine."""

CUT = b""
GROWTH = 1.002
PROFILE = Profile(
    entries=(Entry(strategy="breakout"),),
    exit=ExitPlan(max_holding_candles=12),
    sizing=Sizing(risk_per_trade=0.001, min_spend_sol=0),
    limits=None,
)

Row = Any
Reply = Callable[[], Awaitable[Response]]


def answer(body: object, status: int = 200) -> Response:
    """Answer with JSON, or with bytes as they are."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(raw, status, media_type="application/json")


@dataclass
class Coin:
    """A coin, and what the services say of it."""

    number: int
    began: int
    rows: Callable[[list[Row]], list[Row]] = lambda rows: rows
    crowd: Callable[[], Response] | None = None
    silent: bool = False
    decimals: object = 6

    @property
    def mint(self) -> str:
        """Return its mint."""
        return address("coin", self.number)

    @property
    def pool(self) -> str:
        """Return its pool."""
        return address("pool", self.number)

    @property
    def symbol(self) -> str:
        """Return its name."""
        return f"C{self.number}"


@dataclass
class World:
    """The services, as one ASGI app."""

    clock: ScaledClock
    coins: list[Coin] = field(default_factory=list)
    streams: list[asyncio.Queue[bytes]] = field(default_factory=list)

    def coin(self, **said: Any) -> Coin:
        """Make a coin that nobody knows yet."""
        made = Coin(len(self.coins), self.clock.now(), **said)
        self.coins.append(made)
        return made

    def send(self, raw: bytes) -> None:
        """Send bytes down every stream; CUT ends them in the middle of whatever there was."""
        for stream in self.streams:
            stream.put_nowait(raw)

    def signal(self, coin: Coin) -> bytes:
        """Write a signal as an event."""
        at = datetime.fromtimestamp(self.clock.now() / 1000, UTC).isoformat()
        body = {"tokenAddress": coin.mint, "uniqueWalletCount": 3, "triggeredAt": at}
        return f"data: {json.dumps(body)}\n\n".encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        first, *rest = request.url.path.strip("/").split("/")
        if first == "stream":
            await self._stream(send)
            return
        reply = Response(status_code=404)
        if first == "token":
            reply = self._token(self._by(mint=rest[0]))
        elif first == "rag":
            reply = await self._crowd(request.query_params["coin"].lstrip("$"))
        elif rest[-2:-1] == ["ohlcv"]:
            limit = int(request.query_params["limit"])
            reply = self._candles(self._by(pool=rest[2]), limit)
        elif rest[-1] in {"trades", "pools"}:
            reply = answer({"data": []})
        await reply(scope, receive, send)

    def _by(self, **wanted: str) -> Coin:
        ((name, value),) = wanted.items()
        return next(coin for coin in self.coins if getattr(coin, name) == value)

    async def _stream(self, send: Any) -> None:
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self.streams.append(queue)
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            while raw := await self._next(queue):
                await send({"type": "http.response.body", "body": raw, "more_body": True})
        finally:
            self.streams.remove(queue)
        raise ConnectionAbortedError

    async def _next(self, queue: asyncio.Queue[bytes]) -> bytes:
        """Wait for something to send; a comment keeps the stream alive."""
        try:
            async with asyncio.timeout(2):
                return await queue.get()
        except TimeoutError:
            return b": still here\n\n"

    def _token(self, coin: Coin) -> Response:
        fields = {"symbol": coin.symbol, "decimals": coin.decimals, "pair_address": coin.pool}
        return answer(fields)

    async def _crowd(self, symbol: str) -> Response:
        coin = self._by(symbol=symbol)
        if coin.silent:
            await asyncio.sleep(3)
        if coin.crowd is not None:
            return coin.crowd()
        return answer(crowd(90))

    def _candles(self, coin: Coin, limit: int) -> Response:
        now = self.clock.now() // 1_000
        rows = [candle(coin, second) for second in range(now, now - limit, -1)]
        body = {"data": {"attributes": {"ohlcv_list": coin.rows(rows)}}}
        meta = {"base": {"address": coin.mint}, "quote": {"address": SOL}}
        return answer({**body, "meta": meta})


def crowd(score: object, **changes: object) -> dict[str, object]:
    """Write a sentiment."""
    details = {"twitter_details": {"pos_pct": score}, "raw": {"twitter_total": 7}}
    return {"found": True, **details, **changes}


def candle(coin: Coin, second: int) -> Row:
    """Write the candle of a second: always higher than the one before."""
    closes = [1e-6 * GROWTH ** (one - coin.began // 1_000) for one in (second - 1, second)]
    return [second, closes[0], closes[1], closes[0], closes[1], 1_000.0]


class Trader:
    """A platform in such a world."""

    def __init__(self, world: World, app: FastAPI) -> None:
        self.world = world
        self.app = app
        self.fills: list[FillRow] = []
        self.ended: dict[int, str] = {}
        app.state.live.bus.subscribe(self._hear)

    def _hear(self, changes: Changes) -> None:
        self.fills += changes.of(FillRow)
        for row in changes.of(SignalUpdate):
            if row.reason is not None:
                self.ended[row.id] = row.reason

    def status(self) -> Any:
        """Return what the platform says of itself."""
        return self.app.state.platform.status()

    def count(self, *path: str) -> int:
        """Return a counter of the status; what is not there yet is 0."""
        value = self.status()
        for name in path:
            value = value.get(name, 0) if isinstance(value, dict) else 0
        return int(value)

    def restarts(self) -> dict[str, int]:
        """Return how often each task was started again."""
        return {name: task["restarts"] for name, task in self.status()["tasks"].items()}

    async def fills_of(self, coin: Coin) -> list[FillRow]:
        """Return what was bought and sold of a coin."""
        token = (await self.app.state.live.settled()).token(coin.mint)
        return [fill for fill in self.fills if token is not None and fill.token_id == token.id]

    async def say(self, raw: bytes) -> None:
        """Send bytes down the stream, once somebody listens."""
        await until(lambda: self.world.streams, 10)
        self.world.send(raw)

    async def trade(self, coin: Coin) -> None:
        """Signal a coin, and wait until it is bought."""
        await self.say(self.world.signal(coin))
        async with asyncio.timeout(10):
            while not await self.fills_of(coin):  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.02)

    async def audit(self) -> object:
        """Return what the audit finds."""
        return (await audit(self.app.state.database))[0]


async def hurried(wire: Callable[..., Awaitable[Wiring]], *parts: Any) -> Wiring:
    """Wait less for sentiment than people would."""
    wiring, (_, _, _, http, where) = await wire(*parts), parts
    sentiment = RagSentiment(http, where.sentiment, sentiment_timeout_seconds=0.4)
    screening = replace(wiring.screening, sentiment=sentiment, waits=(0.3, 0.3, 0.3))
    shown = {**wiring.snapshots, "sentiment": sentiment.snapshot}
    return replace(wiring, screening=screening, snapshots=shown)


@asynccontextmanager
async def trading(folder: Path) -> AsyncIterator[Trader]:
    """Run the platform, all of it but the API, in a world of its own; one wallet trades."""
    clock = ScaledClock(time.time_ns() // 1_000_000, SPEED)
    world = World(clock)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serve_app(world))
        app = FastAPI()
        app.state.clock, app.state.strategies = clock, strategies.load()
        app.state.settings = Settings(
            _env_file=None,
            data_dir=folder,
            database_url=f"sqlite+aiosqlite:///{folder}/test.db",
            simulator=False,
            signals_url=url,
            tokens_url=url,
            sentiment_url=url,
            candles_url=url,
            candles_timeframe="1s",
            confirmation_window=20,
        )
        wire = partial(hurried, main.wire)
        with patch.multiple(main, wire=wire, JUPITER=url):
            await main.start(app, stack)
        trader = Trader(world, app)
        live = app.state.live
        name = address("trader")
        wallet = await live.submit(
            Register(at=0, wallet_address=name, kind="synthetic", lamports=10**12)
        )
        wish = ChangeSettings(
            at=clock.now(),
            wallet=WalletId(wallet),
            symbol="*",
            body=PROFILE.canonical(),
            profile=PROFILE,
        )
        await live.submit(wish)
        yield trader
