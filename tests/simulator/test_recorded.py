"""The recorded market, asked by the platform's own providers over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import polars as pl
import pytest

from app.ports import RejectedError, TokenInfo
from app.providers.candles.gecko import GeckoCandles
from app.providers.http import Http
from app.providers.sentiment.rag import RagSentiment
from app.providers.signals.sse import SseSignals
from app.providers.tokens.directory import Directory
from app.simulator import (
    NotARecording,
    RecordedConfig,
    create_recorded_market,
    embed,
    first_start,
)
from app.simulator.recordings import KNOWN, load
from app.trading.market import Candle

START = 1_710_590_400_000
STEP = 300_000
BONK, WIF, SOL = (KNOWN[pair][0] for pair in ("BONK-SOL", "WIF-SOL", "SOL-USDT"))
TINY = 1.0123456789012345e-7


class HandClock:
    """A clock that a test sets; who sleeps is woken when the time has come."""

    def __init__(self, time: int) -> None:
        self.time = time
        self.asleep = asyncio.Event()
        self._moved = asyncio.Event()

    def now(self) -> int:
        return self.time

    def monotonic(self) -> float:
        return self.time / 1_000

    async def sleep(self, seconds: float) -> None:
        until = self.time + seconds * 1_000
        while self.time < until:
            self.asleep.set()
            await self._moved.wait()
            self._moved.clear()

    def jump(self, time: int) -> None:
        self.time = time
        self.asleep.clear()
        self._moved.set()


def rows(count: int = 400) -> pl.DataFrame:
    """Candles of five minutes; number n opens at n + 1 tiny ones and closes half one higher."""
    times = [datetime.fromtimestamp((START + n * STEP) / 1_000, UTC) for n in range(count)]
    opens = [(n + 1) * TINY for n in range(count)]
    return pl.DataFrame(
        {
            "timestamp": times,
            "open": opens,
            "high": [one + TINY for one in opens],
            "low": [one / 2 for one in opens],
            "close": [one + TINY / 2 for one in opens],
            "volume": [10.0] * count,
        }
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for pair in ("BONK-SOL", "WIF-SOL", "SOL-USDT"):
        rows().write_parquet(tmp_path / f"{pair}_5m.parquet")
    (tmp_path / "README.md").write_text("not a recording")
    return tmp_path


@asynccontextmanager
async def served(config: RecordedConfig, clock: HandClock) -> AsyncIterator[tuple[str, Http]]:
    market = await embed(create_recorded_market(config, clock))
    http = Http(clock)
    yield market.base_url, http
    await http.aclose()
    await market.stop()


async def test_only_closed_candles_are_told_to_the_last_digit(folder: Path) -> None:
    clock = HandClock(START + 9 * STEP + 60)
    async with served(RecordedConfig(folder=folder), clock) as (url, http):
        source = GeckoCandles(http, clock, url)
        pool = await source.pool(BONK)
        assert pool is not None
        page = await source.candles(BONK, pool, "5m", 4)
        assert (len(page.closed), page.forming, page.refused) == (4, None, 0)
        last = Candle(START + 8 * STEP, 9 * TINY, 10 * TINY, 4.5 * TINY, 9 * TINY + TINY / 2, 10.0)
        assert page.closed[-1] == last._replace(high=9 * TINY + TINY, low=9 * TINY / 2)
        clock.jump(START + 10 * STEP - 1)
        assert (await source.candles(BONK, pool, "5m", 4)).closed == page.closed
        clock.jump(START + 10 * STEP)
        assert (await source.candles(BONK, pool, "5m", 1)).closed[0].time == START + 9 * STEP
        older = await source.candles(BONK, pool, "5m", 100, START + 5 * STEP)
        assert [one.time for one in older.closed] == [START + n * STEP for n in range(5)]
        assert await source.trades(BONK, pool) == []


async def test_the_index_is_in_dollars(folder: Path) -> None:
    clock = HandClock(START + 9 * STEP)
    async with served(RecordedConfig(folder=folder), clock) as (url, http):
        source = GeckoCandles(http, clock, url)
        pool = await source.pool(SOL)
        assert pool is not None
        assert len((await source.candles(SOL, pool, "5m", 3)).closed) == 3


async def test_tokens_and_opinions(folder: Path) -> None:
    clock = HandClock(START)
    async with served(RecordedConfig(folder=folder), clock) as (url, http):
        pool = await GeckoCandles(http, clock, url).pool(WIF)
        told = await Directory(http, url).token(WIF)
        assert told == TokenInfo(mint=WIF, symbol="WIF", decimals=6, pool=pool)
        assert await Directory(http, url).token(KNOWN["BOME-SOL"][0]) is None
        opinion = await RagSentiment(http, url).sentiment("WIF", WIF)
        assert (opinion.score, opinion.mentions) == (80.0, 57)
        assert (await RagSentiment(http, url).sentiment("BOME", "")).score is None


@pytest.mark.parametrize(
    "path",
    [
        "/networks/solana/pools/{pool}/ohlcv/minute?aggregate=1&currency=token",
        "/networks/solana/pools/{pool}/ohlcv/minute?aggregate=5&currency=usd",
        "/networks/solana/pools/{pool}/ohlcv/minute?aggregate=5&currency=token&token=quote",
        "/networks/solana/pools/{pool}/ohlcv/minute?aggregate=5&currency=token&limit=0",
        "/networks/solana/pools/nowhere/ohlcv/minute?aggregate=5",
        "/networks/solana/pools/nowhere/trades",
        "/networks/solana/tokens/nothing/pools",
    ],
)
async def test_what_was_not_recorded_is_refused(folder: Path, path: str) -> None:
    clock = HandClock(START + 9 * STEP)
    async with served(RecordedConfig(folder=folder), clock) as (url, http):
        pool = await GeckoCandles(http, clock, url).pool(BONK)
        with pytest.raises(RejectedError):
            await http.get(f"{url}{path.format(pool=pool)}")


async def test_each_coin_is_signalled_in_its_turn(folder: Path) -> None:
    clock = HandClock(START)
    config = RecordedConfig(folder=folder, signals_every=4, keepalive_every=0.01)
    async with served(config, clock) as (url, http):
        heard = SseSignals(http, clock, url).signals()
        async with aclosing(heard):
            expected = [(BONK, 0), (WIF, 2), (BONK, 4), (WIF, 6)]
            for mint, candle in expected:
                coming = asyncio.ensure_future(anext(heard))
                at = START + candle * STEP + 1_000
                await clock.asleep.wait()
                clock.jump(at)
                signal = await coming
                assert (signal.mint, signal.triggered_at, signal.unique_wallets) == (mint, at, 5)


async def test_a_listener_is_kept_awake_and_let_go(folder: Path) -> None:
    clock = HandClock(START + 399 * STEP)
    config = RecordedConfig(folder=folder, keepalive_every=0.01)
    market = await embed(create_recorded_market(config, clock))
    async with (
        httpx.AsyncClient(base_url=market.base_url) as client,
        client.stream("GET", "/stream") as stream,
    ):
        lines = stream.aiter_lines()
        assert [await anext(lines) for _ in range(4)] == [
            "event: connected",
            "data: Connected to the signal stream",
            "",
            ": keepalive",
        ]
        await market.stop()
        assert [line async for line in lines if line not in {"", ": keepalive"}] == []


def test_a_recording_is_moved_to_now_and_played_faster(folder: Path) -> None:
    now = 1_795_262_400_700
    start = START + 310 * STEP + 12_345
    config = RecordedConfig(folder=folder, start=start, timeframe="1s")
    playback = load(config, HandClock(now))
    assert (playback.length, playback.begins) == (1_000, 1_795_262_400_000)
    bonk = playback.coins[0]
    assert bonk.times[310] == playback.begins
    seen = bonk.closed(now + 5_000, playback.length, None, 1_000)
    assert (seen.start, seen.stop) == (0, 315)
    assert playback.ends == playback.begins + 90_000
    assert first_start(folder) == START + 300 * STEP


def test_an_index_names_further_pairs(folder: Path) -> None:
    rows(3).write_parquet(folder / "CAT-SOL_5m.parquet")
    with pytest.raises(NotARecording, match=r"CAT-SOL needs its mint and decimals in index\.json"):
        load(RecordedConfig(folder=folder), HandClock(START))
    index = {"CAT-SOL": {"mint": "JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSYbKedZNsDvCN", "decimals": 9}}
    (folder / "index.json").write_text(json.dumps(index))
    coins = load(RecordedConfig(folder=folder), HandClock(START)).coins
    assert [(coin.symbol, coin.decimals) for coin in coins] == [("BONK", 5), ("CAT", 9), ("WIF", 6)]


def _other_length(folder: Path) -> None:
    rows(5).write_parquet(folder / "WIF-SOL_1m.parquet")


def _empty(folder: Path) -> None:
    for path in folder.glob("*.parquet"):
        path.unlink()


def _text(folder: Path) -> None:
    (folder / "WIF-SOL_5m.parquet").write_text("timestamp,open")


def _backwards(folder: Path) -> None:
    rows(5).reverse().write_parquet(folder / "WIF-SOL_5m.parquet")


def _index(folder: Path) -> None:
    (folder / "index.json").write_text('{"WIF-SOL": "EKpQ"}')


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_other_length, "mixes candles of 1m, 5m"),
        (_empty, "no file like BONK-SOL_5m.parquet"),
        (_text, "WIF-SOL_5m.parquet: "),
        (_backwards, "its timestamps are not"),
        (_index, "index.json is not of the shape"),
    ],
)
def test_what_is_no_recording_is_named(
    folder: Path, spoil: Callable[[Path], None], says: str
) -> None:
    spoil(folder)
    with pytest.raises(NotARecording, match=says):
        load(RecordedConfig(folder=folder), HandClock(START))


@pytest.mark.parametrize(
    "wrong", [{"timeframe": "2m"}, {"signals_every": 0}, {"keepalive_every": 0.0}]
)
def test_settings_are_checked(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"may be played as|must be positive"):
        RecordedConfig(folder=Path(), **wrong)  # type: ignore[arg-type]
