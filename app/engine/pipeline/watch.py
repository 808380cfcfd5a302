"""Watches prices: one poller per token that anybody watches or holds, and one for the index.

A closed candle reaches the engine through the price gate (`gatekeeper`); what the platform missed
(it was down, or the service was) becomes history and decides nothing, because nobody could have
traded on it. A pool that the service no longer knows is looked for again (`pools`).
"""

import asyncio
from collections import Counter
from dataclasses import dataclass

import structlog

from app.engine.feed import MarketFeed, MarketUpdate
from app.engine.live import Live
from app.engine.pipeline.gatekeeper import Gatekeeper
from app.engine.pipeline.pools import PoolSearch
from app.ports import CandlePage, CandleSource, Clock, PriceSource, ProviderError, RejectedError
from app.providers.bursts import Bursts
from app.providers.limits import Priority, prioritised
from app.trading.gate import LIMITS, GateLimits, PriceVerdict
from app.trading.inputs import History, PriceUnfit
from app.trading.market import Token

log = structlog.get_logger(__name__)

RECONCILE_SECONDS = 0.25
HISTORY_CANDLES = 300
OVERLAP_CANDLES = 3
MISSED_CANDLES = 3
MISSED_MS = 10_000
LAG_MS = 60
"""How long after a candle's end it is asked for."""
LONGEST_POLL = 20.0
FAILED_POLL = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """What pollers ask, how long a candle is, and how often trades of anybody are asked for.

    `second` is asked about prices that are doubted or do not come; `limits` are the gate's.
    """

    candles: CandleSource
    timeframe: str
    timeframe_ms: int
    trades_every: float = 2.0
    second: PriceSource | None = None
    limits: GateLimits = LIMITS


class Watcher:
    """Keeps a poller running for every live token."""

    def __init__(self, asked: Watching, live: Live, clock: Clock, feed: MarketFeed) -> None:
        self.asked = asked
        self.live = live
        self.clock = clock
        self.feed = feed
        self._pollers: dict[str, asyncio.Task[None]] = {}
        self.ages: dict[str, int] = {}
        self.bursts = Bursts(log, clock)
        self.refused = 0
        self.verdicts = Counter[str]()

    @property
    def suspect(self) -> int:
        """Count the prices that were held back."""
        return self.verdicts[PriceVerdict.SUSPECT]

    @property
    def watched(self) -> int:
        """Count the tokens whose prices are followed."""
        return len(self._pollers)

    async def run(self) -> None:
        """Start and stop pollers as tokens come and go, for ever."""
        try:
            while True:
                await self._reconcile()
                await self.clock.sleep(RECONCILE_SECONDS)
        finally:
            for task in self._pollers.values():
                task.cancel()
            await asyncio.gather(*self._pollers.values(), return_exceptions=True)
            self._pollers.clear()

    async def run_index(self, mint: str) -> None:
        """Keep the market index up to date on the feed; the engine does not see it."""
        pool = await self.asked.candles.pool(mint)
        if pool is None:
            log.warning("the market index has no pool", mint=mint)
            return
        limit = HISTORY_CANDLES
        while True:
            try:
                with prioritised(Priority.UI):
                    page = await self.asked.candles.candles(mint, pool, self.asked.timeframe, limit)
            except ProviderError as error:
                self.bursts.warn("the market index is not answered", error=str(error))
                limit = HISTORY_CANDLES
            else:
                self._show(mint, page)
                limit = OVERLAP_CANDLES
            await self.clock.sleep(max(2.0, self._wait()))

    async def _reconcile(self) -> None:
        wanted = {token.mint: token for token in (await self.live.settled()).live_tokens()}
        for mint in [mint for mint in self._pollers if mint not in wanted]:
            self._pollers.pop(mint).cancel()
            self.ages.pop(mint, None)
        for mint, token in wanted.items():
            poller = self._pollers.get(mint)
            if poller is None or _ended(poller):
                work = Poller(self, token)
                self._pollers[mint] = asyncio.create_task(work.run(), name=f"watch {token.symbol}")

    def _show(self, mint: str, page: CandlePage) -> None:
        news = MarketUpdate(mint=mint, closed=page.closed, forming=page.forming)
        self.feed.update(news, self.clock.now())

    def _wait(self) -> float:
        return next_poll(self.clock.now(), self.asked.timeframe_ms)


def _ended(poller: asyncio.Task[None]) -> bool:
    """Tell whether a poller ended, and say why in the log."""
    if not poller.done():
        return False
    if not poller.cancelled() and (error := poller.exception()) is not None:
        log.error("poller failed", task=poller.get_name(), exc_info=error)
    return True


def next_poll(now: int, timeframe_ms: int) -> float:
    """Return the seconds until the next candle should be there, at most LONGEST_POLL."""
    left = timeframe_ms - (now - LAG_MS) % timeframe_ms
    return min(left / 1000, LONGEST_POLL)


class Poller:
    """Follows one token."""

    def __init__(self, watcher: Watcher, token: Token) -> None:
        self._asked = watcher.asked
        self._live = watcher.live
        self._clock = watcher.clock
        self._feed = watcher.feed
        self._watcher = watcher
        self._token = token
        self._keeper = Gatekeeper(
            token,
            watcher.live,
            watcher.clock,
            limits=watcher.asked.limits.for_candles(watcher.asked.timeframe_ms),
            second=watcher.asked.second,
            counts=watcher.verdicts,
        )
        self._pools = PoolSearch(token, watcher.asked.candles, watcher.asked.second, watcher.clock)
        self._unfit: str | None = None
        self._last = -1
        self._forming: float | None = None

    async def run(self) -> None:
        """Follow prices and what others trade, for ever; prices do not wait for the others."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keeper.run())
            group.create_task(self._follow_trades())
            await self._follow_prices()

    async def _follow_prices(self) -> None:
        """Poll for ever; a service that fails is asked again, and the token's age tells."""
        limit = HISTORY_CANDLES
        while True:
            held = (await self._live.settled()).is_held(self._token.id)
            self._keeper.held = held
            try:
                with prioritised(Priority.HELD if held else Priority.ENTRY):
                    page = await self._page(limit)
                await self._take(page, held=held)
                limit = OVERLAP_CANDLES
                wait = next_poll(self._clock.now(), self._asked.timeframe_ms)
                if page.worthless:
                    wait = max(wait, await self._look_for_pool(worthless=True))
            except RejectedError as error:
                self._failed("candles not answered", error)
                wait, limit = await self._look_for_pool(), HISTORY_CANDLES
            except ProviderError as error:
                self._failed("candles not answered", error)
                wait, limit = FAILED_POLL, HISTORY_CANDLES
            await self._clock.sleep(self._soon(wait))

    def _soon(self, wait: float) -> float:
        """Shorten a wait while a price is doubted, so that another one can come before its time."""
        gate = self._keeper.gate
        return wait if gate.waiting is None else min(wait, gate.limits.confirm_ms / 2_000)

    async def _look_for_pool(self, *, worthless: bool = False) -> float:
        """Find out what became of a held token's pool; return the seconds until the next look."""
        if not self._keeper.held:
            return FAILED_POLL
        try:
            with prioritised(Priority.HELD):
                gone = await self._pools.look(self._asked.limits.quiet_ms, worthless=worthless)
        except ProviderError as error:
            self._failed("pools not answered", error)
            return FAILED_POLL
        if gone is not None:
            await self._live.post(gone)
        return max(FAILED_POLL, self._pools.patience)

    def _failed(self, what: str, error: ProviderError) -> None:
        self._watcher.bursts.warn(what, symbol=self._token.symbol, error=str(error))

    async def _page(self, limit: int) -> CandlePage:
        missed = (
            (self._clock.now() - self._last) // self._asked.timeframe_ms if self._last > 0 else 0
        )
        many = min(max(limit, missed + OVERLAP_CANDLES), HISTORY_CANDLES)
        return await self._asked.candles.candles(
            self._token.mint, self._pools.pool, self._asked.timeframe, many
        )

    async def _take(self, page: CandlePage, *, held: bool) -> None:
        now = self._clock.now()
        await self._refuse(page, now)
        new = [candle for candle in page.closed if candle.time > self._last]
        oldest = now - max(MISSED_CANDLES * self._asked.timeframe_ms, MISSED_MS)
        missed = [c for c in new if c.time + self._asked.timeframe_ms < oldest]
        if missed:
            for candle in missed:
                self._keeper.past(candle, candle.time + self._asked.timeframe_ms)
            await self._live.post(History(at=now, token=self._token.id, candles=missed))
        for candle in new[len(missed) :]:
            await self._keeper.candle(candle, now)
        if new:
            self._last = new[-1].time
        if not page.worthless and (len(new) > len(missed) or page.forming is not None):
            self._pools.found()
        if new or page.forming is not None:
            self._watcher.ages[self._token.mint] = now
        if held and page.forming is not None:
            await self._see(page.forming.close, now)
        news = MarketUpdate(mint=self._token.mint, closed=page.closed, forming=page.forming)
        self._feed.update(news, now)

    async def _refuse(self, page: CandlePage, now: int) -> None:
        """Count the rows that could not be candles, and have one told when others came before."""
        self._watcher.refused += page.refused
        if page.sample is not None and page.sample != self._unfit:
            await self._live.post(PriceUnfit(at=now, token=self._token.id, price=page.sample))
        self._unfit = page.sample

    async def _see(self, price: float, now: int) -> None:
        """Show a held token's price inside a candle, when candles are long."""
        if price == self._forming or self._asked.timeframe_ms <= MISSED_MS:
            return
        self._forming = price
        await self._keeper.price(price, now)

    async def _follow_trades(self) -> None:
        """Ask for ever what others trade, for the transaction feed only."""
        mint = self._token.mint
        while True:
            try:
                with prioritised(Priority.UI):
                    trades = await self._asked.candles.trades(mint, self._pools.pool)
            except ProviderError as error:
                self._failed("trades not answered", error)
            else:
                self._feed.update(MarketUpdate(mint=mint, trades=trades), self._clock.now())
            await self._clock.sleep(self._asked.trades_every)
