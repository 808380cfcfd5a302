"""What a buy that did not happen would have made: one position shown the prices that came.

The machine is that of the live book (`follow`), the money is counted as for a paper fill. A path
that breaks off is the end of what can be known: the position stays open, valued at the last price.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from app.research.paths import Stretch
from app.trading import exits
from app.trading.amounts import (
    LAMPORTS_PER_SOL,
    AmountError,
    Floats,
    Ints,
    bought_units,
    received_lamports,
)
from app.trading.exits import NEVER_MS, Plans, State
from app.trading.fills import Costs
from app.trading.follow import MOST_SALES, follow

Follow = Callable[..., Any]
Status = Literal["closed", "open", "unpriced"]

NO_PRICES = "no prices are recorded after it"
STILL_OPEN = "still open, valued at the last recorded price"
TOO_CHEAP = "the price is too small for the books"


class Buy(NamedTuple):
    """A buy to follow: SOL per token (None: the first price that comes), from a time in Unix ms.

    `spend` is in lamports; `plan` is the row of its exit plan, `holding` its longest time in ms.
    """

    price: float | None
    at: int
    spend: int
    decimals: int
    plan: int
    holding: int | None


class WouldHave(NamedTuple):
    """What it would have come to; None where nothing is known.

    P&L is in lamports at the spend, the share is of its `cost`, which is the spend and its fee;
    `last_at` is the time of the last price that counted, `peak_after` the ms from the entry to the
    highest.
    """

    status: Status
    note: str | None
    entry_at: int | None = None
    entry_price: float | None = None
    exit_at: int | None = None
    exit_reason: str | None = None
    pnl: int | None = None
    share: float | None = None
    last_at: int | None = None
    peak_after: int | None = None
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What is the same for many: exit plans, what trading costs, how long a path may be silent."""

    plans: Plans
    costs: Costs
    patience_ms: int


class Follower:
    """One position on its way down a path; `done` once later prices cannot change it.

    Where the spend does not buy a unit, the share is that of one SOL, and the P&L 0.
    """

    def __init__(self, buy: Buy, terms: Terms) -> None:
        self.buy = buy
        self.done = False
        self._terms = terms
        self._state: State | None = None
        self._entry_at = self._last_at = self._peak_at = buy.at
        self._price = self._peak = 0.0
        self._note: str | None = None
        self._paid = self._returned = 0
        self._nominal = False
        self._reason: str | None = None
        self._prices = 0

    def see(self, path: Stretch, machine: Follow = follow) -> int:
        """Show it the next stretch; answers how many prices it looked at."""
        if self.done or not len(path.at):
            return 0
        first = self._begin(path)
        if first is None:
            return 0
        last = self._silence(path.at, first)
        seen = self._follow(path.price[first:last], path.at[first:last], machine)
        if last < len(path.at):
            self.done = True
        return seen

    def result(self) -> WouldHave:
        """Say what it came to so far."""
        if self._state is None or not self._prices:
            return WouldHave("unpriced", self._note or NO_PRICES)
        value = self._returned
        if self._state.left:
            value += self._worth(self._state.left, self._price)
        gained = value - self._paid
        return WouldHave(
            "open" if self._state.left else "closed",
            STILL_OPEN if self._state.left else None,
            self._entry_at,
            self._state.entry,
            None if self._state.left else self._last_at,
            self._reason if not self._state.left else None,
            0 if self._nominal else gained,
            gained / self._paid,
            self._last_at,
            max(self._peak_at - self._entry_at, 0),
            0 if self._nominal else self._paid,
        )

    def _begin(self, path: Stretch) -> int | None:
        """Find the first price that the position sees, opening it when it is not yet."""
        if self._prices:
            return 0
        if self._state is None and self.buy.price is None:
            return self._at_first_price(path)
        if self._state is None and self.buy.price is not None:
            self._open(self.buy.price, self.buy.at)
        return None if self.done else self._after_entry(path)

    def _at_first_price(self, path: Stretch) -> int | None:
        """Buy at the first price that comes, unless none came for too long."""
        later = path.at >= self.buy.at
        if not later.any():
            return None
        found = int(np.argmax(later))
        if path.at[found] - self.buy.at > self._terms.patience_ms:
            self.done = True
        else:
            self._open(float(path.price[found]), int(path.at[found]))
        return None if self.done else found + 1

    def _after_entry(self, path: Stretch) -> int:
        """Find the price behind the one that it was bought at, which is no price for it."""
        if self.buy.price is not None:
            own = (path.at == self.buy.at) & (path.price == self.buy.price)
            if own.any():
                return int(np.argmax(own)) + 1
        later = path.at > self._entry_at
        return int(np.argmax(later)) if later.any() else len(path.at)

    def _open(self, price: float, at: int) -> None:
        costs, buy = self._terms.costs, self.buy
        paid = costs.buy_price(price)
        self._entry_at = self._last_at = self._peak_at = at
        self._price = self._peak = price
        spend = buy.spend
        try:
            units = bought_units(spend, paid, buy.decimals)
            if units < 1:
                spend, self._nominal = LAMPORTS_PER_SOL, True
                units = bought_units(spend, paid, buy.decimals)
        except AmountError:
            units = 0
        if units < 1:
            self.done, self._note = True, TOO_CHEAP
            return
        self._paid = spend + costs.fee(spend)
        deadline = NEVER_MS if buy.holding is None else at + buy.holding
        self._state = exits.start(self._terms.plans, buy.plan, paid, units, deadline)

    def _silence(self, at: Ints, first: int) -> int:
        """Find where the path breaks off: after it, what came between is not known."""
        steps = np.diff(np.concatenate(([self._last_at], at[first:])))
        silent = steps > self._terms.patience_ms
        return first + int(np.argmax(silent)) if silent.any() else len(at)

    def _follow(self, prices: Floats, at: Ints, machine: Follow) -> int:
        if not len(prices) or self._state is None:
            return 0
        sales = np.zeros((MOST_SALES, 4), np.int64)
        state, seen, rows = machine(
            self._terms.plans, self.buy.plan, self._state, prices, at, 0, sales, 0
        )
        for index, tier, reason, units in sales[:rows].tolist():
            self._returned += self._worth_less_fee(units, float(prices[index]))
            self._reason = exits.reason_name(reason, tier)
        self._state = state
        self._prices += seen
        self._price, self._last_at = float(prices[seen - 1]), int(at[seen - 1])
        highest = int(np.argmax(prices[:seen]))
        if prices[highest] > self._peak:
            self._peak, self._peak_at = float(prices[highest]), int(at[highest])
        self.done = state.left == 0
        return int(seen)

    def _worth(self, units: int, price: float) -> int:
        return received_lamports(units, price, self.buy.decimals)

    def _worth_less_fee(self, units: int, price: float) -> int:
        costs = self._terms.costs
        lamports = self._worth(units, costs.sell_price(price))
        return lamports - min(costs.fee(lamports), lamports)
