"""The providers and the built-in market speak the same contracts."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.providers.candles.gecko import GeckoCandles
from app.providers.http import Http
from app.providers.sentiment.rag import RagSentiment
from app.providers.signals.sse import SseSignals
from app.providers.tokens.cached import CachedDirectory
from app.providers.tokens.directory import Directory
from app.providers.tokens.jupiter import JupiterTokens
from app.simulator.app import create_simulator
from app.simulator.config import SimulatorConfig
from app.trading.market import TIMEFRAMES, is_candle
from tests.providers.clocks import RealClock
from tests.servers import serve_app


@pytest.fixture
async def market() -> AsyncIterator[str]:
    app = create_simulator(SimulatorConfig(sentiment_latency=(0.0, 0.0), sentiment_failures=0.0))
    async with serve_app(app) as url:
        yield url
        app.state.stopping.set()


async def test_a_signal_becomes_candles(http: Http, clock: RealClock, market: str) -> None:
    signals = SseSignals(http, clock, market).signals()
    signal = await asyncio.wait_for(anext(signals), 5)
    await signals.aclose()
    assert signal.unique_wallets == len(signal.wallets) > 0

    directory = CachedDirectory([Directory(http, market), JupiterTokens(http, market)], clock)
    token = await directory.token(signal.mint)
    assert token is not None
    assert token.symbol
    assert token.decimals is not None

    felt = await RagSentiment(http, market).sentiment(token.symbol, signal.mint)
    assert felt.score is None or 0 <= felt.score <= 100

    source = GeckoCandles(http, clock, market)
    pool = await source.pool(signal.mint)
    assert pool is not None
    assert pool == token.pool
    for timeframe in TIMEFRAMES:
        told = await source.candles(signal.mint, pool, timeframe, 5)
        assert len(told.closed) == 5 or timeframe in {"1h", "4h", "1d"}
        assert all(map(is_candle, told.closed))
        assert told.refused == 0
    trades = await source.trades(signal.mint, pool)
    assert trades
    assert source.snapshot()["refused"] == 0
    assert [one.time for one in trades] == sorted(one.time for one in trades)
