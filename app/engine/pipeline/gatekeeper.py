"""Stands at the gate of one token: what the gate lets through reaches the engine at once, what it
doubts is settled in time, whether or not a next price comes.

A second source, where one is configured, is asked when a price is doubted and when none came for
too long. Its answer passes the same gate.
"""

import asyncio
from collections import Counter
from typing import NoReturn

import structlog

from app.engine.live import Live
from app.ports import Clock, PriceSource, ProviderError
from app.providers.bursts import Bursts
from app.providers.limits import Priority, prioritised
from app.trading.gate import GateLimits, PriceGate, PriceVerdict
from app.trading.inputs import CandleClosed, History, Input, PriceSeen
from app.trading.market import Candle, Token

log = structlog.get_logger(__name__)

QUIET_LOOKS = 3
"""How often a silent token's second source is asked in the time after which it is silent."""

SHORTEST_LOOK = 1.0


class Gatekeeper:
    """Lets one token's prices through; `counts` has what it held back and what was settled how."""

    def __init__(
        self,
        token: Token,
        live: Live,
        clock: Clock,
        *,
        limits: GateLimits,
        second: PriceSource | None = None,
        counts: Counter[str] | None = None,
    ) -> None:
        self.gate = PriceGate(limits, witnessed=second is not None)
        self.held = False
        self.counts = Counter[str]() if counts is None else counts
        self._token = token
        self._live = live
        self._clock = clock
        self._second = second
        self._held_back: Candle | None = None
        self._doubted = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None
        self._bursts = Bursts(log, clock)

    async def run(self) -> None:
        """Settle doubts and notice silence for ever."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._settle())
                if self._second is not None:
                    group.create_task(self._notice_silence())
        finally:
            if self._asking is not None:
                self._asking.cancel()

    async def candle(self, candle: Candle, now: int) -> None:
        """Pass a closed candle on once its price is let through."""
        if self._held_back is not None:
            back, self._held_back = self._held_back, None
            await self._post(History(at=now, token=self._token.id, candles=[back]))
        if self._judge(candle.close, now) == PriceVerdict.SUSPECT:
            self._held_back = candle
            return
        await self._post(CandleClosed(at=now, token=self._token.id, candle=candle))

    async def price(self, price: float, now: int) -> None:
        """Pass a price inside a candle on when it is let through."""
        if self._judge(price, now) != PriceVerdict.SUSPECT:
            await self._post(PriceSeen(at=now, token=self._token.id, price=price))

    def past(self, candle: Candle, closed_at: int) -> None:
        """Learn from a candle that decides nothing any more."""
        self.gate.check(candle.close, closed_at)

    def _judge(self, price: float, now: int) -> PriceVerdict:
        """Ask the gate. An invalid price is handed on: the engine refuses it and tells of it."""
        verdict = self.gate.check(price, now)
        self.counts[verdict] += 1
        if self.gate.waiting is not None:
            self._doubted.set()
        return verdict

    async def _settle(self) -> NoReturn:
        """Wait for a doubt and then for its end; it needs no next price."""
        while True:
            await self._doubted.wait()
            self._doubted.clear()
            self._ask()
            while self.gate.waiting is not None and (left := self._left()) > 0:
                await self._clock.sleep(left / 1000)
            now = self._clock.now()
            price = self.gate.overdue(now)
            if price is not None:
                self.counts["timed_out"] += 1
                await self._pass(price, now)

    def _left(self) -> int:
        return self.gate.waiting_since + self.gate.limits.confirm_ms - self._clock.now()

    async def _notice_silence(self) -> NoReturn:
        """Ask the second source for the price of a held token of which none came for long."""
        look = max(SHORTEST_LOOK, self.gate.limits.quiet_ms / 1000 / QUIET_LOOKS)
        while True:
            await self._clock.sleep(look)
            if self.held and self.gate.standing(self._clock.now()) == PriceVerdict.STALE:
                self._ask()

    def _ask(self) -> None:
        """Ask the second source, one question at a time; nothing waits for the answer."""
        if self._second is None or (self._asking is not None and not self._asking.done()):
            return
        name = f"second source {self._token.symbol}"
        self._asking = asyncio.create_task(self._hear(self._second), name=name)

    async def _hear(self, second: PriceSource) -> None:
        try:
            with prioritised(Priority.HELD if self.held else Priority.ENTRY):
                price = await second.price(self._token.mint)
        except ProviderError as error:
            self._bursts.warn(
                "second source not answered", symbol=self._token.symbol, error=str(error)
            )
            return
        now = self._clock.now()
        self.counts["asked"] += 1
        passes = None if price is None else self.gate.testify(price, now)
        if passes is not None:
            self.counts["testified"] += 1
            await self._pass(passes, now)
        elif self.gate.waiting is not None:
            self._doubted.set()

    async def _pass(self, price: float, now: int) -> None:
        """Let a price go on, with its candle when that was held back for it."""
        candle, token = self._held_back, self._token.id
        if candle is not None and candle.close == price:
            self._held_back = None
            await self._post(CandleClosed(at=now, token=token, candle=candle))
        elif self.held:
            await self._post(PriceSeen(at=now, token=token, price=price))

    async def _post(self, wish: Input) -> None:
        await self._live.post(wish)
