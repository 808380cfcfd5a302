"""A trade led to its end by other exit plans, on the prices that the platform saw.

Plain data in, plain data out, for a thread of its own: nothing here waits. Amounts are lamports and
base units, times Unix ms, prices SOL per token.
"""

from typing import Any, NamedTuple

import numpy as np

from app.research.as_it_was import put_own
from app.research.led import Asked, Outcomes, Terms, Trade, window_of
from app.research.machine import LeapAll
from app.research.results import SoldPart
from app.research.seen_prices import Seen
from app.trading import leap
from app.trading.amounts import Floats, Ints, worth
from app.trading.exits import HELD_LONG, NEVER_MS, REASON, TIER, UNITS, reason_name
from app.trading.exits import SLOT as PLACE
from app.trading.follow import MOST_SALES
from app.trading.replay import charged


class _Start(NamedTuple):
    """What plans begin with, and how long a candle is."""

    price: float
    units: int
    at: int
    width: int


class _Sold(NamedTuple):
    """Sales of all plans, a row a sale, and for each plan where its rows begin and end."""

    place: Ints
    time: Ints
    units: Ints
    tier: Ints
    reason: Ints
    begin: Ints
    end: Ints


def lead(
    trade: Trade, seen: Seen, asked: Asked, terms: Terms, *, machine: LeapAll, parts: bool
) -> Outcomes:
    """Lead a trade by every plan; under its own plan its sales by hand and changes of
    the plan happen as they did.

    Raises UnplayableError where the prices of its entry are not there.
    """
    window, entry = window_of(trade, seen, terms.now), trade.fills[0]
    costs = charged(entry, float(seen.prices.price[window.entry]), terms.costs)
    start = _Start(entry.price, entry.size, entry.timestamp, _width(trade, terms))
    sales, counts, deadlines = _run(
        machine, asked, start, (seen.path, *window[1:3], terms.patience_ms, window.until)
    )
    sold = _sold(sales, counts, seen, deadlines, terms.patience_ms)
    prices = seen.prices.price[sold.place] * costs.sell_price(1.0)
    lamports = _worth(sold.units, prices, trade.line.decimals)
    fees = costs.sell_fees(lamports)
    sums = np.concatenate(([0], np.cumsum(lamports - fees)))
    left = counts[:, leap.LEFT].copy()
    pnl = sums[sold.end] - sums[sold.begin] - trade.line.sol_invested
    pnl += _worth(left, float(seen.prices.price[window.last - 1]), trade.line.decimals)
    reason, exit_time = _ends(sold, left)
    outcomes = Outcomes(
        pnl=pnl,
        percent=100.0 * pnl / trade.line.sol_invested,
        left=left,
        exit_time=exit_time,
        reason=reason,
        sold=_parts(sold, (prices, lamports, fees)) if parts else [],
        last=max(int(counts[:, leap.END].max()), window.first) - 1,
    )
    for number in [number for number, plan in enumerate(asked.plans) if plan == trade.plan]:
        put_own(outcomes, number, trade, seen, terms)
    return outcomes


def _run(
    machine: LeapAll, asked: Asked, start: _Start, along: tuple[leap.Path, int, int, int, int]
) -> tuple[Ints, Ints, Ints]:
    """Run all plans; answers their sales, counts and deadlines."""
    many = len(asked.plans)
    held = start.at + asked.candles * start.width
    deadlines = np.where(asked.candles > 0, held, NEVER_MS).astype(np.int64)
    sales = np.zeros((many * MOST_SALES, 4), np.int64)
    counts, levels = np.zeros((many, 6), np.int64), np.zeros((many, 2))
    rows = machine(
        asked.columns, start.price, start.units, deadlines, *along, sales, counts, levels
    )
    return sales[:rows], counts, deadlines


def _sold(sales: Ints, counts: Ints, seen: Seen, deadlines: Ints, patience: int) -> _Sold:
    """Give the sales their times: those by the clock came when patience ended."""
    begin, end = counts[:, leap.FIRST_SALE], counts[:, leap.LAST_SALE]
    due = np.repeat(deadlines, end - begin)
    times = seen.prices.at[sales[:, PLACE]]
    by_clock = (sales[:, REASON] == HELD_LONG) & (times < due)
    times = np.where(by_clock, np.where(by_clock, due, 0) + patience, times)
    return _Sold(
        sales[:, PLACE], times, sales[:, UNITS], sales[:, TIER], sales[:, REASON], begin, end
    )


def _ends(sold: _Sold, left: Ints) -> tuple[list[str | None], Ints]:
    """Say why and when each plan ended its trade."""
    closed = np.flatnonzero(left == 0)
    rows = sold.end[closed] - 1
    times = np.zeros_like(left)
    times[closed] = sold.time[rows]
    reasons: list[str | None] = [None] * len(left)
    columns = (closed, sold.reason[rows], sold.tier[rows])
    for plan, reason, tier in zip(*(column.tolist() for column in columns), strict=True):
        reasons[plan] = reason_name(reason, tier)
    return reasons, times


def _parts(sold: _Sold, money: tuple[Floats, Ints, Ints]) -> list[list[SoldPart]]:
    """Write the sales of each plan out."""
    names = [
        reason_name(*one) for one in zip(sold.reason.tolist(), sold.tier.tolist(), strict=True)
    ]
    prices, lamports, fees = (column.tolist() for column in money)
    rows = [
        SoldPart(time=time, price=price, units=units, lamports=gained, fee=fee, reason=reason)
        for time, price, units, gained, fee, reason in zip(
            *(sold.time.tolist(), prices, sold.units.tolist(), lamports, fees, names), strict=True
        )
    ]
    return [rows[a:b] for a, b in zip(sold.begin.tolist(), sold.end.tolist(), strict=True)]


def _width(trade: Trade, terms: Terms) -> int:
    """Tell how long a candle was when the trade was opened."""
    candles, line = trade.plan.max_holding_candles, trade.line
    if candles is None or line.deadline == NEVER_MS:
        return terms.timeframe_ms
    return (line.deadline - line.entry_time) // candles


def _worth(units: Ints, price: Any, decimals: int) -> Ints:
    lamports: Ints = worth(units, price, 10.0**decimals).astype(np.int64)
    return lamports
