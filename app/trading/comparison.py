"""Two wallets on the same stream over the same time: what one did better, and how sure that is.

Both begin level at the time the younger began: each with what it was worth then, and only trades
entered since count. Days are compared pair by pair, because the same market made both.
"""

from typing import Literal, NamedTuple

import msgspec
import numpy as np
import polars as pl

from app.trading.amounts import Floats, Ints
from app.trading.bootstrap import MIN_TRADES, TAIL, Days, difference, paired_difference
from app.trading.returns import DAY_MS, Marks, daily
from app.trading.statistics import Statistics, summarise

Verdict = Literal["better", "worse", "cannot tell yet"]


class Span(NamedTuple):
    """The time that two wallets have in common, Unix ms."""

    since: int
    until: int


class Side(NamedTuple):
    """A wallet: what it was worth when the common time began and ended (lamports), its trades (as
    TRADE_SCHEMA) and its marks in between, oldest first.
    """

    start: int
    end: int
    trades: pl.DataFrame
    marks: Marks


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A mean of one wallet less the other's, with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """One wallet (`mine`) beside another (`theirs`); differences are `mine` less `theirs`.

    `daily_return` is of fractions a day, `trade_pnl` of lamports a finished trade, scaled to what
    the other was worth at the start. Both are None with fewer than 10 days, `trade_pnl` with fewer
    than 10 finished trades of either, too.
    """

    days: int
    mine: Statistics
    theirs: Statistics
    daily_return: Difference | None
    trade_pnl: Difference | None
    verdict: Verdict


def compare(mine: Side, theirs: Side, span: Span, seed: int, rivals: int = 1) -> Comparison:
    """Hold one wallet against another; the same seed draws the same intervals.

    The verdict is on daily returns. Of several `rivals` that are compared at once one looks better
    by luck, so its interval is widened for as many of them (Bonferroni).
    """
    both = _common(mine, span), _common(theirs, span)
    returns = [_returns(side.marks) for side in both]
    pnl = [_ended(side.trades, span, theirs.start / max(side.start, 1)) for side in both]
    finished = min(int(days.parts.sum()) for days in pnl)
    return Comparison(
        days=len(returns[0].total),
        mine=summarise(both[0].trades, both[0].marks, seed),
        theirs=summarise(both[1].trades, both[1].marks, seed),
        daily_return=_difference(returns[0], returns[1], seed),
        trade_pnl=None if finished < MIN_TRADES else _difference(pnl[0], pnl[1], seed),
        verdict=_verdict(paired_difference(returns[0], returns[1], seed, TAIL / rivals)),
    )


def _common(side: Side, span: Span) -> Side:
    """Cut a wallet to the common time; its first mark stands twice, so that a day is never left
    out for want of a second one.
    """
    since, until = span
    times, values = side.marks.time, side.marks.value
    inside = times < until
    paid = side.marks.deposited if inside.any() else None
    marks = Marks(
        time=np.concatenate(([since, since], np.maximum(times[inside], since), [until])),
        value=np.concatenate(([side.start] * 2, values[inside], [side.end])),
        deposited=None if paid is None else np.pad(paid[inside], (2, 1), mode="edge"),
    )
    return side._replace(trades=side.trades.filter(pl.col("entry_time") >= since), marks=marks)


def _returns(marks: Marks) -> Days:
    found: Floats = daily(marks).returns
    return Days(found, np.ones(len(found), np.int64))


def _ended(trades: pl.DataFrame, span: Span, scale: float) -> Days:
    """Add up by day what trades came to."""
    finished = trades.filter(pl.col("exit_time") < span.until)
    first, last = span.since // DAY_MS, span.until // DAY_MS
    day: Ints = finished.get_column("exit_time").to_numpy() // DAY_MS - first
    pnl: Floats = finished.get_column("pnl_sol").to_numpy() * scale
    many = last - first + 1
    total: Floats = np.bincount(day, pnl, minlength=many).astype(np.float64)
    return Days(total, np.bincount(day, minlength=many).astype(np.int64))


def _difference(mine: Days, theirs: Days, seed: int) -> Difference | None:
    ends = paired_difference(mine, theirs, seed)
    if ends is None:
        return None
    return Difference(value=difference(mine, theirs), low=ends[0], high=ends[1])


def _verdict(ends: tuple[float, float] | None) -> Verdict:
    if ends is None or ends[0] <= 0 <= ends[1]:
        return "cannot tell yet"
    return "better" if ends[0] > 0 else "worse"
