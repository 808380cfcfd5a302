"""The outside world as a test says: candles by the clock, and an engine that only listens."""

import asyncio
from collections.abc import Callable, Sequence
from typing import cast

from app.engine.feed import MarketFeed
from app.engine.live import Live
from app.engine.pipeline.watch import Watcher, Watching
from app.ports import CandlePage, MarketTrade, UnavailableError
from app.trading.ids import SignalId, TokenId
from app.trading.inputs import Answer, CandleClosed, History, Input, PriceSeen
from app.trading.market import TIMEFRAMES, Candle, Token
from app.trading.signals import Signal
from tests.engine.script import address
from tests.providers.clocks import NOW, StillClock

COIN = Token(TokenId(7), address("coin"), "COIN", 6, address("pool"))


class Ear:
    """Takes the engine's place: hears every input and answers what it is told to."""

    def __init__(self) -> None:
        self.heard: list[Input] = []
        self.held = False
        self.tokens: list[Token] = [COIN]
        self.waiting_signals: list[tuple[SignalId, Signal]] = []
        self.answer: Callable[[Input], Answer] = lambda _: None

    def live(self) -> Live:
        """Pass for an engine."""
        return cast("Live", self)

    async def settled(self) -> "Ear":
        """Pass for its views, too."""
        return self

    def is_held(self, token: TokenId) -> bool:
        """Tell whether anybody holds a token."""
        return self.held and token == COIN.id

    def live_tokens(self) -> list[Token]:
        """List the tokens whose prices must keep coming."""
        return self.tokens

    def screening(self) -> list[tuple[SignalId, Signal]]:
        """List the signals that are not screened yet."""
        return self.waiting_signals

    async def post(self, wish: Input) -> None:
        """Hear an input."""
        self.heard.append(wish)

    async def submit(self, wish: Input) -> Answer:
        """Hear an input and answer."""
        self.heard.append(wish)
        return self.answer(wish)

    def closed(self) -> list[Candle]:
        """List the candles that were given to decide on."""
        return [wish.candle for wish in self.heard if isinstance(wish, CandleClosed)]

    def history(self) -> list[Candle]:
        """List the candles that were given as history."""
        return [
            candle for wish in self.heard if isinstance(wish, History) for candle in wish.candles
        ]

    def seen(self) -> list[float]:
        """List the prices inside candles."""
        return [wish.price for wish in self.heard if isinstance(wish, PriceSeen)]


class Market:
    """Candles of one token that follow the clock; prices are 1 except where a test says."""

    def __init__(self, clock: StillClock, timeframe: str = "1s") -> None:
        self.clock = clock
        self.timeframe_ms = TIMEFRAMES[timeframe]
        self.closes: dict[int, float] = {}
        self.forming: float | None = None
        self.broken: Exception | None = None
        self.trades_wait: Callable[[], object] = lambda: None
        self.asked: list[int] = []
        self.pools: dict[str, str] = {COIN.mint: COIN.pool or ""}

    def at(self, seconds: float) -> int:
        """Return when the candle opens that is being made so many seconds from the start."""
        return (NOW + round(seconds * 1_000)) // self.timeframe_ms * self.timeframe_ms

    async def pool(self, mint: str) -> str | None:
        """Name a pool."""
        return self.pools.get(mint)

    async def candles(
        self, mint: str, pool: str, timeframe: str, limit: int, before: int | None = None
    ) -> CandlePage:
        """Show the newest closed candles."""
        del mint, pool, timeframe, before
        self.asked.append(limit)
        if self.broken is not None:
            raise self.broken
        last = self.clock.now() // self.timeframe_ms * self.timeframe_ms
        times = range(last - limit * self.timeframe_ms, last, self.timeframe_ms)
        forming = None if self.forming is None else flat(last, self.forming)
        return CandlePage(
            closed=[flat(time, self.closes.get(time, 1.0)) for time in times], forming=forming
        )

    async def trades(self, mint: str, pool: str) -> Sequence[MarketTrade]:
        """Show what others trade, some time."""
        del mint, pool
        answer = self.trades_wait()
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, asyncio.Event):
            await answer.wait()
        trade = MarketTrade(
            id=str(self.clock.now()),
            time=self.clock.now(),
            side="buy",
            price=1.0,
            sol_amount=1.0,
            token_amount=1.0,
            wallet=None,
        )
        return [trade]


def flat(time: int, price: float) -> Candle:
    """Make a candle that stands at a price."""
    return Candle(time, price, price, price, price, 1.0)


class Watch:
    """A watcher on such a market."""

    def __init__(self, timeframe: str = "1s") -> None:
        self.clock = StillClock(NOW + 100)
        self.ear = Ear()
        self.market = Market(self.clock, timeframe)
        self.feed = MarketFeed("")
        asked = Watching(
            candles=self.market, timeframe=timeframe, timeframe_ms=TIMEFRAMES[timeframe]
        )
        self.watcher = Watcher(asked, self.ear.live(), self.clock, self.feed)

    def breaks(self, text: str = "down") -> None:
        """Let the service fail from now on."""
        self.market.broken = UnavailableError(text)
