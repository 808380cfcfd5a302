"""The outside of a simulated run, behind the platform's ports: prices, tokens, the crowd, signals.

Every price is a function of seed, token and time. What goes wrong is drawn by `Faults`: services
stall, fail and answer nonsense; streams break, repeat themselves and change the order.
"""

import asyncio
import math
import random
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from app.ports import (
    BadPayloadError,
    CandlePage,
    Clock,
    MarketTrade,
    ProviderError,
    RateLimitedError,
    RejectedError,
    TokenInfo,
    UnavailableError,
)
from app.trading.market import Candle
from app.trading.signals import Sentiment, Signal
from tests.engine.script import address

STEP_MS = 10_000
HISTORY_STEPS = 2_000
KEPT_CANDLES = 5_000
SERVICES = ("signals", "tokens", "sentiment", "candles")
REPEATED = 12
"""How many signals a stream says again when somebody connects again."""


@dataclass(slots=True)
class Faults:
    """Which services are clogged, and how likely each kind of fault is."""

    chance: random.Random
    clogged: set[str] = field(default_factory=set)
    fail: float = 0.0
    wick: float = 0.0
    garbage: float = 0.0
    repeat: float = 0.0
    reorder: float = 0.0
    seen: dict[str, int] = field(default_factory=dict)

    def heal(self) -> None:
        """Let everything go well from now on."""
        self.clogged.clear()
        self.fail = self.wick = self.garbage = self.repeat = self.reorder = 0.0

    def happens(self, what: str, likely: float) -> bool:
        """Draw whether something goes wrong, and count it."""
        if likely <= 0.0 or self.chance.random() >= likely:
            return False
        self.seen[what] = self.seen.get(what, 0) + 1
        return True

    async def pass_through(self, service: str, clock: Clock) -> None:
        """Take as long as an answer takes; a clogged service does not answer in time.

        Raises ProviderError.
        """
        await clock.sleep(0.005 + 0.2 * self.chance.random())
        if service in self.clogged:
            await clock.sleep(10.0)
            raise UnavailableError(f"{service} took too long")
        if self.happens("failed", self.fail):
            raise self.chance.choice(_failures(service))


def _failures(service: str) -> list[ProviderError]:
    return [
        UnavailableError(f"{service} is down"),
        RateLimitedError(f"{service} says too many", 1.0),
        RejectedError(f"{service} says no"),
        BadPayloadError(f"{service} answers nonsense"),
    ]


class Market:
    """What tokens cost, and everything that services tell of them."""

    def __init__(
        self, seed: str, clock: Clock, faults: Faults, *, seconds: float, coins: int
    ) -> None:
        self.clock = clock
        self.faults = faults
        self.began = clock.now()
        self._origin = (self.began // 60_000) * 60_000 - HISTORY_STEPS * STEP_MS
        self.mints = [address(seed, "mint", coin) for coin in range(coins)]
        steps = HISTORY_STEPS + math.ceil(seconds * 1_000 / STEP_MS) + 12
        moves = np.random.default_rng(list(seed.encode())).normal(0, 0.012, (coins, steps))
        walk = np.zeros_like(moves)
        for column in range(1, steps):
            walk[:, column] = 0.995 * walk[:, column - 1] + moves[:, column]
        first = 10.0 ** -np.arange(1, coins + 1)[:, None] * 0.3
        self._prices: list[list[float]] = (first * np.exp(walk)).tolist()
        self._last = steps - 1
        self._candles: dict[tuple[int, int, int], Candle] = {}

    def price(self, coin: int, at: int) -> float:
        """Return what a token costs at a time."""
        return self._prices[coin][min(max((at - self._origin) // STEP_MS, 0), self._last)]

    def candle(self, coin: int, opened: int, width: int) -> Candle:
        """Return the closed candle of a token that opened at a time."""
        key = (coin, opened, width)
        found = self._candles.get(key)
        if found is None:
            found = self._candles[key] = self._made(coin, opened, opened + width)
            while len(self._candles) > KEPT_CANDLES:
                del self._candles[next(iter(self._candles))]
        return found

    def _made(self, coin: int, opened: int, until: int) -> Candle:
        prices = [self.price(coin, at) for at in range(opened, until, STEP_MS)]
        return Candle(opened, prices[0], max(prices), min(prices), prices[-1], 1_000.0)

    def info(self, mint: str) -> TokenInfo | None:
        """Return what directories know of a mint; some tokens lack what they need."""
        if mint not in self.mints:
            return None
        coin = self.mints.index(mint)
        pool = None if coin % 7 == 5 else f"pool{coin}"
        return TokenInfo(mint=mint, symbol=f"COIN{coin}", decimals=(coin * 3) % 10, pool=pool)


@dataclass(slots=True)
class Services:
    """Tokens, symbols, sentiment and candles, as one process asks them."""

    market: Market

    async def token(self, mint: str) -> TokenInfo | None:
        """Look a mint up."""
        await self.market.faults.pass_through("tokens", self.market.clock)
        return self.market.info(mint)

    async def named(self, symbol: str) -> TokenInfo | None:
        """Find a token by its symbol."""
        await self.market.faults.pass_through("tokens", self.market.clock)
        found = [self.market.info(mint) for mint in self.market.mints]
        return next((info for info in found if info and info.symbol == symbol), None)

    async def sentiment(self, symbol: str, mint: str) -> Sentiment:
        """Ask the crowd."""
        del mint
        faults = self.market.faults
        await faults.pass_through("sentiment", self.market.clock)
        if faults.happens("no sentiment", faults.garbage):
            return Sentiment(score=None, mentions=0)
        # Five in six pass, by name and hour, whoever asks how often.
        hour = self.market.clock.now() // 3_600_000
        drawn = random.Random(f"{symbol} {hour}")
        return Sentiment(score=drawn.uniform(52.0, 100.0), mentions=drawn.randrange(1, 9))

    async def pool(self, mint: str) -> str | None:
        """Find a pool."""
        await self.market.faults.pass_through("candles", self.market.clock)
        info = self.market.info(mint)
        return info.pool if info else None

    async def candles(
        self, mint: str, pool: str, timeframe: str, limit: int, before: int | None = None
    ) -> CandlePage:
        """Show the newest candles; sometimes those of a while ago, sometimes a wrong price."""
        del pool, timeframe, before
        market, faults, width = self.market, self.market.faults, 60_000
        await faults.pass_through("candles", market.clock)
        coin, now = market.mints.index(mint), market.clock.now()
        if faults.happens("old page", faults.garbage):
            now -= 90_000
        newest = now // width * width
        closed = [
            market.candle(coin, at, width) for at in range(newest - limit * width, newest, width)
        ]
        price = market.price(coin, now)
        if faults.happens("wick", faults.wick):
            price *= faults.chance.choice((0.02, 0.3, 2.5, 40.0))
        if faults.happens("garbage", faults.garbage):
            price = faults.chance.choice((math.nan, math.inf, 0.0, -1.0))
        return CandlePage(closed=closed, forming=Candle(newest, price, price, price, price, 1.0))

    async def trades(self, mint: str, pool: str) -> Sequence[MarketTrade]:
        """Tell no trades of others: nothing is decided by them."""
        del mint, pool
        await self.market.faults.pass_through("candles", self.market.clock)
        return []


class Stream:
    """The signal feed: what it has said so far, and what a listener hears of it.

    A listener that connects hears the last ones again. Between, the feed may break, repeat and
    change the order; it never says nothing for ever once it is healed.
    """

    def __init__(self, market: Market, source: str = "feed") -> None:
        self._market = market
        self._source = source
        self._news = asyncio.Event()
        self.said: list[Signal] = []
        self.heard: set[tuple[str, int]] = set()
        self.connections = 0

    def say(self, mint: str, triggered_at: int) -> None:
        """Say something new."""
        self.said.append(
            Signal(
                mint=mint,
                triggered_at=triggered_at,
                received_at=triggered_at,
                unique_wallets=3,
                wallets=(),
                window_start=None,
                window_end=None,
                source=self._source,
                payload="{}",
            )
        )
        self._news.set()

    async def signals(self) -> AsyncGenerator[Signal, None]:
        """Yield what is said, from a few before the end on. Raises when the feed breaks."""
        faults, clock = self._market.faults, self._market.clock
        self.connections += 1
        place = max(0, len(self.said) - REPEATED)
        held: list[Signal] = []
        while True:
            while place >= len(self.said) and not held:
                self._news.clear()
                await self._news.wait()
            while "signals" in faults.clogged:
                await clock.sleep(1.0)
            if faults.happens("feed broke", faults.fail / 4):
                raise UnavailableError("the feed broke")
            if place < len(self.said):
                held.append(self.said[place])
                place += 1
            if len(held) < 4 and place < len(self.said) and faults.happens("late", faults.reorder):
                continue
            signal = held.pop(faults.chance.randrange(len(held)))
            if faults.happens("said twice", faults.repeat):
                held.append(signal)
            self.heard.add((signal.mint, signal.triggered_at))
            yield replace(signal, received_at=clock.now())


@dataclass(frozen=True, slots=True)
class Truth:
    """The time as it is, whatever the machine believes: the loop's, from a moment on."""

    epoch: int
    time: Callable[[], float]

    def now(self) -> int:
        """Return the time in Unix milliseconds."""
        return self.epoch + round(self.time() * 1_000)

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return self.time()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Wall:
    """The clock on a machine's wall, which somebody sets by so many milliseconds now and then."""

    truth: Truth
    sets: Sequence[tuple[float, int]] = ()

    def now(self) -> int:
        """Return what it shows, in Unix milliseconds."""
        passed = self.truth.monotonic()
        return self.truth.now() + sum(by for at, by in self.sets if at <= passed)
