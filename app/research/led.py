"""What is asked of a trade and other exit plans, and what is answered.

Amounts are lamports and base units, times Unix ms, prices SOL per token.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.research.results import SoldPart
from app.research.seen_prices import HORIZON, Seen
from app.store.replays import PlayedTrade
from app.trading import exits
from app.trading.amounts import Floats, Ints
from app.trading.exits import Plans
from app.trading.fills import Costs
from app.trading.judging import max_price_age_ms
from app.trading.ledger import FillRow
from app.trading.plans import ExitPlan
from app.trading.replay import Change


@dataclass(frozen=True, slots=True)
class Asked:
    """Plans as they were asked for, and as columns; `candles` each holds at most, 0 for ever."""

    plans: Sequence[ExitPlan]
    columns: Plans
    candles: Ints

    @classmethod
    def of(cls, plans: Sequence[ExitPlan]) -> "Asked":
        """Lay plans out."""
        candles = [plan.max_holding_candles or 0 for plan in plans]
        return cls(plans, exits.plans(plans), np.array(candles, np.int64))


@dataclass(frozen=True, slots=True)
class Terms:
    """What the platform charges, the width of its candles, and the time now."""

    costs: Costs
    timeframe_ms: int
    now: int

    @property
    def patience_ms(self) -> int:
        """How long after its end a position waits for a price."""
        return max_price_age_ms(self.timeframe_ms)


class Trade(NamedTuple):
    """A trade as it is recorded, with its last plan and how that was changed before."""

    line: PlayedTrade
    plan: ExitPlan
    fills: Sequence[FillRow]
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What plans made of a trade: columns with a row a plan.

    While units are `left` the P&L holds their value at the last price, and there is no exit: time
    0, reason None. `sold` is empty unless asked for; `last` is the place of the last price that
    anybody saw.
    """

    pnl: Ints
    percent: Floats
    left: Ints
    exit_time: Ints
    reason: list[str | None]
    sold: list[list[SoldPart]]
    last: int


class Window(NamedTuple):
    """The prices that a trade's plans see: the place of its entry's, those of [first, last), and
    when the clock stands after them.
    """

    entry: int
    first: int
    last: int
    until: int


def window_of(trade: Trade, seen: Seen, now: int) -> Window:
    """Find the prices after a trade's entry. Raises UnplayableError where they are not there."""
    entry = seen.place(trade.fills[0].tick_seq)
    end = int(np.searchsorted(seen.prices.seq, trade.fills[-1].tick_seq, side="right"))
    many = len(seen.prices.seq)
    last = min(max(entry + 1 + HORIZON, end), many)
    whole = seen.whole and last == many
    return Window(entry, entry + 1, last, now if whole else int(seen.path.latest[last - 1]))
