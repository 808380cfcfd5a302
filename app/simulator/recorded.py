"""A market that plays recorded candles, with the wire contracts of the real providers.

Only what has closed by the clock's time is told, so whoever trades here cannot see what comes.
Nothing is known of the inside of a candle: the one that is open is missing, like an interval in
which nobody has traded yet. Every coin is signalled now and then, and the crowd likes them all.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse, StreamingResponse

from app.ports import Clock
from app.simulator.gecko import (
    DEFAULT_ROWS,
    MOST_ROWS,
    GeckoProblem,
    problem_response,
    step_seconds,
    whole_number,
)
from app.simulator.keys import address
from app.simulator.recordings import QUOTES, Pair, Playback, RecordedConfig, load
from app.simulator.signals import SimSignal

SIGNAL_MS = 1_000
"""How long after a candle's close a coin is signalled, or a quarter of a shorter candle."""
LATEST_TIMESTAMP = 2**53
WALLETS = 5
OPINION = {
    "found": True,
    "confidence": 0.8,
    "evidence": 40,
    "twitter_details": {"total": 57, "pos_pct": 80.0},
    "raw": {"twitter_total": 57, "twitter_texts": ["chart looks strong"]},
    "sample_texts": ["chart looks strong"],
}
NO_OPINION = {
    "found": False,
    "confidence": 0.0,
    "evidence": 0,
    "twitter_details": {"total": 0, "pos_pct": 0.0},
    "raw": {"twitter_total": 0, "twitter_texts": []},
    "sample_texts": [],
}


def create_recorded_market(config: RecordedConfig, clock: Clock) -> FastAPI:
    """Build a market of the recordings in a folder, in the clock's time. Raises NotARecording.

    `app.state.stopping` is an asyncio.Event that ends open signal streams, `app.state.signals`
    the stream, which tells what it sent.
    """
    playback = load(config, clock)
    stopping = asyncio.Event()
    signals = RecordedSignals(config, playback, clock, stopping)
    app = FastAPI(title="A recorded market", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.stopping = stopping
    app.state.playback = playback
    app.state.signals = signals
    app.include_router(_provider(playback, signals))
    app.include_router(_gecko(playback, clock))
    app.add_exception_handler(GeckoProblem, problem_response)
    return app


class RecordedSignals:
    """The signal stream: the same moments for every listener, until `stopping` is set."""

    def __init__(
        self, config: RecordedConfig, playback: Playback, clock: Clock, stopping: asyncio.Event
    ) -> None:
        self._config = config
        self._playback = playback
        self._clock = clock
        self._stopping = stopping
        self.sent = 0

    def schedule(self, after: int) -> Iterator[tuple[int, Pair]]:
        """Yield the signals later than a moment (Unix ms), until the recording ends."""
        playback, every = self._playback, self._config.signals_every
        coins = playback.coins
        places = [number * every // len(coins) for number in range(len(coins))]
        delay = min(SIGNAL_MS, playback.length // 4)
        number = max(0, (after - playback.begins) // playback.length)
        while (at := playback.begins + number * playback.length + delay) < playback.ends:
            if at > after:
                yield from (
                    (at, coin)
                    for coin, place in zip(coins, places, strict=True)
                    if number % every == place
                )
            number += 1

    async def frames(self) -> AsyncIterator[bytes]:
        """Yield frames for one listener: connected, then signals with keepalives between them."""
        coming = self.schedule(self._clock.now())
        yield b"event: connected\ndata: Connected to the signal stream\n\n"
        for at, coin in coming:
            async for alive in self._until(at):
                yield alive
            if self._stopping.is_set():
                return
            self.sent += 1
            yield _frame(at, coin)
        async for alive in self._until(None):
            yield alive

    async def _until(self, at: int | None) -> AsyncIterator[bytes]:
        """Yield keepalives until a moment, or for ever; ends early when the market stops."""
        tasks: list[asyncio.Task[object]] = [asyncio.create_task(self._stopping.wait())]
        if at is not None:
            wait = (at - self._clock.now()) / 1_000
            tasks.append(asyncio.create_task(_sleep(self._clock, wait), name="signals"))
        try:
            while not any(task.done() for task in tasks):
                done, _ = await asyncio.wait(
                    tasks,
                    timeout=self._config.keepalive_every,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if not done:
                    yield b": keepalive\n\n"
        finally:
            for task in tasks:
                task.cancel()


async def _sleep(clock: Clock, seconds: float) -> None:
    await clock.sleep(seconds)


def _frame(at: int, coin: Pair) -> bytes:
    wallets = tuple(address(0, "wallet", number) for number in range(WALLETS))
    signal = SimSignal(coin.mint, wallets, at // 5_000 * 5.0, at / 1_000)
    body = json.dumps(signal.payload(), separators=(",", ":"))
    return f"event: data\ndata: {body}\n\n".encode()


def _provider(playback: Playback, signals: RecordedSignals) -> APIRouter:
    """Return /stream, /token and /rag/explain."""
    router = APIRouter()
    by_mint = {pair.mint: pair for pair in playback.pairs}
    names = {pair.symbol for pair in playback.coins}

    @router.get("/stream")
    async def stream() -> Response:
        headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
        return StreamingResponse(signals.frames(), 200, headers, "text/event-stream")

    @router.get("/token/{mint}")
    async def token(mint: str) -> Response:
        pair = by_mint.get(mint)
        if pair is None:
            return JSONResponse({"error": "unknown token"}, 404)
        body = {"symbol": pair.symbol, "pair_address": pair.pool, "decimals": pair.decimals}
        return JSONResponse(body)

    @router.get("/rag/explain")
    async def sentiment(coin: str) -> Response:
        return JSONResponse(OPINION if coin.lstrip("$").upper() in names else NO_OPINION)

    return router


def _gecko(playback: Playback, clock: Clock) -> APIRouter:
    """Return pools, candles and trades under /networks/solana."""
    router = APIRouter(prefix="/networks/solana")
    by_mint = {pair.mint: pair for pair in playback.pairs}
    by_pool = {pair.pool: pair for pair in playback.pairs}

    @router.get("/tokens/{mint}/pools")
    async def pools(mint: str) -> Response:
        return JSONResponse({"data": [_pool(_known(by_mint.get(mint)))]})

    @router.get("/pools/{pool}/trades")
    async def trades(pool: str) -> Response:
        _known(by_pool.get(pool))
        return JSONResponse({"data": []})

    @router.get("/pools/{pool}/ohlcv/{unit}")
    async def ohlcv(
        pool: str,
        unit: str,
        *,
        aggregate: str = "1",
        before_timestamp: str = "",
        limit: str = str(DEFAULT_ROWS),
        currency: str = "usd",
        token: str = "base",  # noqa: S107 - a token is a coin here, not a secret
    ) -> Response:
        pair = _known(by_pool.get(pool))
        if step_seconds(unit, aggregate) * 1_000 != playback.length:
            raise GeckoProblem(400, f"Only candles of {playback.length // 1_000} s were recorded")
        if currency != ("token" if pair.quote == "SOL" else "usd"):
            raise GeckoProblem(400, "Prices were recorded in the other currency")
        if token not in {"base", pair.mint}:
            raise GeckoProblem(400, "Invalid token. Allowed values: base, or the token's mint")
        before = None
        if before_timestamp:
            before = 1_000 * whole_number("before_timestamp", before_timestamp, 0, LATEST_TIMESTAMP)
        count = whole_number("limit", limit, 1, MOST_ROWS)
        seen = pair.closed(clock.now(), playback.length, before, count)
        rows = [[pair.times[row] // 1_000, *pair.rows[row]] for row in reversed(seen)]
        return JSONResponse(_listed(pair, rows))

    return router


def _known(pair: Pair | None) -> Pair:
    if pair is None:
        raise GeckoProblem(404, "Not Found")
    return pair


def _pool(pair: Pair) -> dict[str, object]:
    attributes = {
        "address": pair.pool,
        "name": f"{pair.symbol} / {pair.quote}",
        "reserve_in_usd": "1000000.0",
    }
    sides = {
        "base_token": {"data": {"id": f"solana_{pair.mint}", "type": "token"}},
        "quote_token": {"data": {"id": f"solana_{QUOTES[pair.quote]}", "type": "token"}},
    }
    return {
        "id": f"solana_{pair.pool}",
        "type": "pool",
        "attributes": attributes,
        "relationships": sides,
    }


def _listed(pair: Pair, rows: list[list[float]]) -> dict[str, object]:
    data = {
        "id": pair.pool,
        "type": "ohlcv_request_response",
        "attributes": {"ohlcv_list": rows},
    }
    base = {"address": pair.mint, "symbol": pair.symbol}
    quote = {"address": QUOTES[pair.quote], "symbol": pair.quote}
    return {"data": data, "meta": {"base": base, "quote": quote}}
