"""Buys that did not happen, followed down the prices that were recorded: many of them at once.

A token's prices are read once, stretch by stretch, however many buys of it are followed. What can
not change any more is remembered. The work is done in threads, in short pieces.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from app.research.paths import Recorded, Stretch, path_of
from app.research.would_have import Buy, Follow, Follower, Terms, WouldHave
from app.store.archive import Idle
from app.trading import exits, follow, kernels
from app.trading.fills import Costs
from app.trading.plans import ExitPlan

REMEMBERED = 20_000
AT_ONCE = 2
SILENCE_MS = 900_000
SILENT_CANDLES = 3
LATE_CANDLES = 300
"""Candles that history may still bring for a time gone by."""

COMPILE_AFTER = 1_000_000
"""Prices shown from which on compiling the machine takes less time than it saves."""

Key = tuple[int, ...]


class Wanted(NamedTuple):
    """A buy to follow: of a token, under a plan, from a time (Unix ms) on.

    `key` is what it is remembered by; `price` None stands for the first price that comes; `spend`
    is in lamports.
    """

    key: Key
    token: Idle
    plan: ExitPlan
    price: float | None
    at: int
    spend: int
    decimals: int


@dataclass(frozen=True, slots=True)
class Market:
    """What is the same for every buy: recorded prices, and what trading costs."""

    where: Recorded
    costs: Costs

    @property
    def patience_ms(self) -> int:
        """Return how long a path of prices may be silent: 15 minutes, or three candles."""
        return max(SILENCE_MS, SILENT_CANDLES * self.where.width_ms)


class Followed:
    """Follows buys, and remembers what they came to."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self._known: OrderedDict[Key, WouldHave] = OrderedDict()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._machine: Follow = follow.follow
        self._shown = 0

    async def of(self, wanted: Sequence[Wanted], now: int) -> dict[Key, WouldHave]:
        """Tell what each buy would have come to, by its key; `now` is in Unix ms."""
        async with self._turns:
            found = {one.key: self._known[one.key] for one in wanted if one.key in self._known}
            new = sorted(
                (one for one in wanted if one.key not in found),
                key=lambda one: (one.token, one.key),
            )
            for token, buys in groupby(new, key=lambda one: one.token):
                found |= await self._of_token(token, list(buys), now)
        return found

    async def _of_token(self, token: Idle, buys: list[Wanted], now: int) -> dict[Key, WouldHave]:
        market = self.market
        plans = {plan: row for row, plan in enumerate(dict.fromkeys(one.plan for one in buys))}
        terms = Terms(exits.plans(list(plans)), market.costs, market.patience_ms)
        width = market.where.width_ms
        followers = [Follower(_buy(one, plans[one.plan], width), terms) for one in buys]
        since = min(one.at for one in buys)
        async with aclosing(path_of(market.where, token, since)) as path:
            async for stretch in path:
                waiting = [one for one in followers if not one.done]
                if not waiting:
                    break
                self._shown += await asyncio.to_thread(_show, waiting, stretch, self._machine)
                if self._shown > COMPILE_AFTER and self._machine is follow.follow:
                    self._machine = await asyncio.to_thread(_compiled)
        results = {one.key: seen.result() for one, seen in zip(buys, followers, strict=True)}
        self._remember(buys, results, now)
        return results

    def _remember(self, buys: list[Wanted], results: dict[Key, WouldHave], now: int) -> None:
        patience = self.market.patience_ms + LATE_CANDLES * self.market.where.width_ms
        for one in buys:
            result = results[one.key]
            if result.status == "closed" or now - (result.last_at or one.at) > patience:
                self._known[one.key] = result
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _buy(one: Wanted, plan: int, width: int) -> Buy:
    held = one.plan.max_holding_candles
    holding = None if held is None else held * width
    return Buy(one.price, one.at, one.spend, one.decimals, plan, holding)


def _show(followers: Sequence[Follower], stretch: Stretch, machine: Follow) -> int:
    return sum(one.see(stretch, machine) for one in followers)


def _compiled() -> Follow:
    machine: Follow = kernels.compiled(follow).follow
    return machine
