"""A trading floor for prices: the real watcher, gate and engine, a market that a test spoils, and a
clock that only moves when told. Nothing is kept: what the engine wrote stays in a list.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

from app.engine.feed import MarketFeed
from app.engine.live import Live
from app.engine.pipeline.watch import Watcher, Watching
from app.engine.views import PositionView, Views
from app.ports import CandlePage, UnavailableError
from app.trading.engine import Engine
from app.trading.gate import LIMITS, GateLimits
from app.trading.ids import SignalId, TokenId, WalletId
from app.trading.inputs import (
    Answer,
    Beat,
    CandleClosed,
    ChangeSettings,
    Input,
    Register,
    SignalArrived,
    SignalScreened,
)
from app.trading.ledger import EventRow, FillRow, Row
from app.trading.market import TIMEFRAMES, Candle
from app.trading.plans import ExitPlan
from app.trading.signals import Screened
from app.trading.state import Rules
from tests.engine.outside import COIN, Market
from tests.engine.script import address
from tests.providers.clocks import NOW, StillClock
from tests.trading.world import LIKED, SOL, STRATEGIES, signal, wish

R = TypeVar("R", bound=Row)
LOUD = 1_000.0


class Second:
    """A second source that says what a test says: a price, nothing, or that it is down."""

    def __init__(self) -> None:
        self.word: float | None = 1.0
        self.down = False
        self.asked = 0

    async def price(self, mint: str) -> float | None:
        """Answer."""
        del mint
        self.asked += 1
        if self.down:
            raise UnavailableError("down")
        return self.word


class Spoiled(Market):
    """Candles of one token, spoiled as a test says."""

    def __init__(self, clock: StillClock, timeframe: str) -> None:
        super().__init__(clock, timeframe)
        self.hangs: asyncio.Event | None = None
        self.spoil: Callable[[CandlePage], CandlePage] = lambda page: page
        self.looked = 0
        self.asked_pools: list[str] = []

    async def pool(self, mint: str) -> str | None:
        """Name a pool, and count that somebody asked."""
        self.looked += 1
        return await super().pool(mint)

    async def candles(
        self, mint: str, pool: str, timeframe: str, limit: int, before: int | None = None
    ) -> CandlePage:
        """Show candles, or hang."""
        if self.hangs is not None:
            await self.hangs.wait()
        self.asked_pools.append(pool)
        return self.spoil(await super().candles(mint, pool, timeframe, limit, before))


class Floor:
    """One wallet that bought one token at 1, and everything that goes on around it."""

    def __init__(
        self,
        timeframe: str = "1s",
        *,
        plan: ExitPlan | None = None,
        second: Second | None = None,
        limits: GateLimits = LIMITS,
    ) -> None:
        self.clock = StillClock(NOW + 100)
        self.market = Spoiled(self.clock, timeframe)
        self.engine = Engine(_rules(timeframe), STRATEGIES)
        self.rows: list[Row] = []
        self.feed = MarketFeed("")
        self._plan = plan or ExitPlan()
        asked = Watching(
            candles=self.market,
            timeframe=timeframe,
            timeframe_ms=TIMEFRAMES[timeframe],
            trades_every=600.0,
            second=second,
            limits=limits,
        )
        self.watcher = Watcher(asked, cast("Live", self), self.clock, self.feed)

    async def settled(self) -> Views:
        """Pass for the live engine's views."""
        return Views(self.engine.state)

    async def post(self, wish: Input) -> None:
        """Pass for the live engine's inbox."""
        self.do(wish)

    def do(self, wish: Input) -> Answer:
        """Hand an input to the engine."""
        handled = self.engine.handle([wish])
        self.rows += list(handled.changes)
        return handled.answers[0]

    def buy(self) -> None:
        """Let a wallet buy at 1, on a candle that closes now."""
        width = self.engine.state.rules.timeframe_ms
        opened = self.clock.now() // width * width - width
        before = opened - 1
        wallet = address("trader")
        self.do(Register(at=before, wallet_address=wallet, kind="paper", lamports=10 * SOL))
        profile = wish("loud", exit_plan=self._plan)
        self.do(
            ChangeSettings(at=before, wallet=WalletId(1), symbol="*", body="{}", profile=profile)
        )
        number = self.do(SignalArrived(at=before, signal=signal(COIN.mint, before)))
        assert isinstance(number, int)
        screened = Screened(signal=SignalId(number), token=COIN, sentiment=LIKED)
        token = self.do(SignalScreened(at=before, screened=screened))
        assert isinstance(token, int)
        shape = Candle(opened, 1.0, 1.0, 1.0, 1.0, LOUD)
        self.do(CandleClosed(at=self.clock.now(), token=TokenId(token), candle=shape))
        assert len(self.positions()) == 1

    @asynccontextmanager
    async def open(self, beat: float = 1.0) -> AsyncIterator["Floor"]:
        """Let a wallet buy, then let prices and the beat come."""
        self.buy()
        tasks = [
            asyncio.create_task(self.watcher.run()),
            asyncio.create_task(self._beats(beat)),
        ]
        try:
            yield self
            assert not any(task.done() for task in tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _beats(self, every: float) -> None:
        while True:
            self.do(Beat(at=self.clock.now()))
            await self.clock.sleep(every)

    def positions(self) -> list[PositionView]:
        """Show what the wallet holds."""
        return Views(self.engine.state).positions(1)

    def of(self, kind: type[R]) -> list[R]:
        """Return the rows of a kind so far."""
        return [row for row in self.rows if isinstance(row, kind)]

    def sales(self) -> list[FillRow]:
        """Return the sales so far."""
        return [row for row in self.of(FillRow) if row.side == "SELL"]

    def told(self, *kinds: str) -> list[tuple[int, dict[str, Any]]]:
        """List when events of these kinds were told, and what they say."""
        return [(row.at, json.loads(row.data)) for row in self.of(EventRow) if row.kind in kinds]

    def closes(self, since: float, price: float, until: float = 3_600) -> None:
        """Let the candles of these seconds close at a price."""
        width = self.engine.state.rules.timeframe_ms
        for time in range(self.market.at(since), self.market.at(until), width):
            self.market.closes[time] = price


def _rules(timeframe: str) -> Rules:
    return Rules(
        timeframe=timeframe,
        timeframe_ms=TIMEFRAMES[timeframe],
        confirmation_window=1_000_000,
        default_profile=wish("loud"),
    )
