"""How far a figure could be chance: 95 % intervals by drawing the same history again, with a seed.

Trades are drawn from the trades and days from the days, each with replacement and as many as there
were. The figure of each resample uses the very definition of the figure itself. Two histories of
the same days are drawn day by day together, so that what moved both does not count as a difference.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from app.trading.amounts import Floats, Ints
from app.trading.indicators import silent
from app.trading.measures import RATIOS
from app.trading.returns import FEWEST_DAYS, cagr, calmar, max_drawdown, sharpe, sortino

MIN_TRADES = 10
MIN_DAYS = 10
RESAMPLES = 2_000
FEWEST_RESAMPLES = 200
DRAWS = 1_000_000
"""Draws that one step may hold in memory; a history too long for 2,000 resamples gets fewer."""

LONG = 5_000
"""Trades from which on each resample is worked out by itself: to tell their rows apart in one table
costs five times the figures.
"""

TAIL = 0.025

BY_DAY = {
    "max_drawdown": max_drawdown,
    "sharpe": sharpe,
    "sortino": sortino,
    "cagr": cagr,
    "calmar": calmar,
}


class Days(NamedTuple):
    """What each day came to and of how many parts: a return is one, trades that ended are many."""

    total: Floats
    parts: Ints


def difference(one: Days, other: Days) -> float:
    """Take the mean per part of one history less the other's; NaN when either has no part."""
    every = np.arange(len(one.total))[None, :]
    return float(_differences(one, other, every)[0])


def paired_difference(
    one: Days, other: Days, seed: int, tail: float = TAIL
) -> tuple[float, float] | None:
    """Draw the interval of `difference` over the same days, `tail` of the resamples off each end.

    None under 10 days, or when a history has no part in more than 2.5 % of the resamples. Raises
    ValueError when the histories are not of the same days.
    """
    if len(one.total) != len(other.total):
        message = f"days are paired one by one, not {len(one.total)} with {len(other.total)}"
        raise ValueError(message)
    if len(one.total) < MIN_DAYS:
        return None
    rng = np.random.default_rng(seed)
    drawn = [_differences(one, other, rows) for rows in _draws(rng, len(one.total))]
    return _interval(np.concatenate(drawn), tail)


@silent
def _differences(one: Days, other: Days, rows: Ints) -> Floats:
    """Take the difference of each resample, a row of day numbers each."""
    means = [days.total[rows].sum(axis=1) / days.parts[rows].sum(axis=1) for days in (one, other)]
    found: Floats = means[0] - means[1]
    return found


def intervals(pnl: Ints, returns: Floats, seed: int) -> dict[str, tuple[float, float]]:
    """Draw the interval of every figure of trades (`pnl`, lamports) and of days (`returns`).

    Empty under 10 trades. A figure without a value in more than 2.5 % of the resamples has none.
    """
    if len(pnl) < MIN_TRADES:
        return {}
    rng = np.random.default_rng(seed)
    samples = [_of_trades(pnl[rows]) for rows in _draws(rng, len(pnl))]
    drawn = {name: np.concatenate([sample[name] for sample in samples]) for name in RATIOS}
    if len(returns) >= FEWEST_DAYS:
        rows = [returns[rows] for rows in _draws(rng, len(returns))]
        for name, figure in BY_DAY.items():
            drawn[name] = np.concatenate([figure(one) for one in rows])
    found = {name: _interval(values) for name, values in drawn.items()}
    return {name: bounds for name, bounds in found.items() if bounds is not None}


def _draws(rng: np.random.Generator, size: int) -> Iterator[Ints]:
    """Draw row numbers, one resample a row, in steps that fit in memory."""
    left = max(FEWEST_RESAMPLES, min(RESAMPLES, DRAWS // size))
    step = max(1, DRAWS // size)
    while left > 0:
        yield rng.integers(size, size=(min(step, left), size))
        left -= step


def _of_trades(pnl: Ints) -> dict[str, Floats]:
    resamples, size = pnl.shape
    if size >= LONG:
        alone = pl.concat([pl.DataFrame({"pnl_sol": one}).select(**RATIOS) for one in pnl])
        return _columns(alone)
    frame = pl.DataFrame({"sample": np.repeat(np.arange(resamples), size), "pnl_sol": pnl.ravel()})
    return _columns(frame.group_by("sample", maintain_order=True).agg(**RATIOS))


def _columns(figures: pl.DataFrame) -> dict[str, Floats]:
    return {name: figures.get_column(name).cast(pl.Float64).to_numpy() for name in RATIOS}


def _interval(values: Floats, tail: float = TAIL) -> tuple[float, float] | None:
    known = values[np.isfinite(values)]
    if len(known) < (1.0 - TAIL) * len(values):
        return None
    low, high = np.quantile(known, [tail, 1.0 - tail])
    return float(low), float(high)
