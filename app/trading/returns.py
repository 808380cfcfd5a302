"""What equity did: daily time-weighted returns, and the figures that stand on them.

Equity is taken at each UTC day's end, starting from the true start value. Money that was paid in or
out is not profit: a deposit counts from the start of its step, a withdrawal until its end, so that
neither makes a return. Every formula works along the last axis, on one history or on many
resampled ones, and answers NaN where the figure does not exist.
"""

from typing import NamedTuple

import numpy as np

from app.trading.amounts import Floats, Ints
from app.trading.indicators import silent

DAY_MS = 86_400_000
YEAR_DAYS = 365
FEWEST_DAYS = 2
"""A spread needs two returns."""

RELIABLE_DAYS = 30
"""Annualised figures say little about a shorter history."""

DUST = 1e-12
"""Differences below this fraction are rounding."""


class Marks(NamedTuple):
    """Equity over time, oldest first: times in Unix ms, values in lamports.

    `deposited` is what was paid in so far less what was taken out; only its changes matter.
    """

    time: Ints
    value: Ints
    deposited: Ints | None = None

    def part(self, first: int, end: int) -> "Marks":
        """Take the marks from one place up to another."""
        part = slice(first, end)
        paid = None if self.deposited is None else self.deposited[part]
        return Marks(self.time[part], self.value[part], paid)


class Daily(NamedTuple):
    """Days: a return each, and with one row more the times and the growth since the start (1.0)."""

    time: Ints
    growth: Floats
    returns: Floats


class Drawdown(NamedTuple):
    """The deepest fall from a peak, as a fraction of it, with its times in Unix ms.

    `recovery` is None while the peak has not been reached again, all three are without a fall.
    """

    fraction: float
    start: int | None
    trough: int | None
    recovery: int | None


def daily(marks: Marks) -> Daily:
    """Turn marks into days: the start, then each day's last mark; one without stands still."""
    if len(marks.time) == 0:
        return Daily(time=np.empty(0, np.int64), growth=np.empty(0), returns=np.empty(0))
    steps, day = _steps(marks), marks.time // DAY_MS
    first = day[0] if len(day) > 1 and day[1] == day[0] else day[0] + 1
    days = np.arange(first, day[-1] + 1)
    returns = np.ones(len(days))
    np.multiply.at(returns, day[1:] - first, steps)
    ends = np.searchsorted(marks.time, (days + 1) * DAY_MS) - 1
    return Daily(
        time=np.concatenate((marks.time[:1], marks.time[ends])),
        growth=np.concatenate((np.ones(1), np.cumprod(returns))),
        returns=returns - 1.0,
    )


def growth(marks: Marks) -> Floats:
    """Turn marks into growth since the first (1.0), without what was paid in or out."""
    return np.concatenate((np.ones(min(len(marks.time), 1)), np.cumprod(_steps(marks))))


def deepest_drawdown(time: Ints, growth: Floats) -> Drawdown | None:
    """Find the deepest fall of growth, the first one of equals; None for an empty history.

    It starts where the peak was last held and recovers where the peak is reached again.
    """
    if len(growth) == 0:
        return None
    peaks = np.maximum.accumulate(growth)
    falls = 1.0 - growth / peaks
    trough = int(np.argmax(falls))
    if falls[trough] <= DUST:
        return Drawdown(fraction=0.0, start=None, trough=None, recovery=None)
    peak = peaks[trough] * (1.0 - DUST)
    start = int(np.flatnonzero(growth[:trough] >= peak)[-1])
    again = np.flatnonzero(growth[trough:] >= peak)
    return Drawdown(
        fraction=float(falls[trough]),
        start=int(time[start]),
        trough=int(time[trough]),
        recovery=int(time[trough + again[0]]) if len(again) else None,
    )


def max_drawdown(returns: Floats) -> Floats:
    """Measure the largest fall from a peak, (peak - value) / peak, the start included."""
    start = np.ones((*returns.shape[:-1], 1))
    growth = np.concatenate((start, np.cumprod(1.0 + returns, axis=-1)), axis=-1)
    deepest: Floats = np.max(1.0 - growth / np.maximum.accumulate(growth, axis=-1), axis=-1)
    return deepest


def sharpe(returns: Floats) -> Floats:
    """Annualise mean / standard deviation (ddof 1); needs two days and a spread."""
    if returns.shape[-1] < FEWEST_DAYS:
        return _nothing(returns)
    spread = np.std(returns, axis=-1, ddof=1)
    return _annualised(returns, spread)


def sortino(returns: Floats) -> Floats:
    """Annualise mean / downside deviation over all days; needs two days and a losing one."""
    if returns.shape[-1] < FEWEST_DAYS:
        return _nothing(returns)
    downside = np.sqrt(np.mean(np.minimum(returns, 0.0) ** 2, axis=-1))
    return _annualised(returns, downside)


@silent
def cagr(returns: Floats) -> Floats:
    """Compound the whole growth to a year: growth ^ (365 / days) - 1."""
    days = returns.shape[-1]
    if days == 0:
        return _nothing(returns)
    rate: Floats = np.prod(1.0 + returns, axis=-1) ** (YEAR_DAYS / days) - 1.0
    return rate


@silent
def calmar(returns: Floats) -> Floats:
    """Hold CAGR against the largest drawdown; needs one."""
    fall = max_drawdown(returns)
    return cagr(returns) / np.where(fall > DUST, fall, np.nan)


def _steps(marks: Marks) -> Floats:
    """Growth factor of each step between marks, without what was paid in or out during it."""
    value = marks.value.astype(np.float64)
    paid = np.zeros(max(len(value) - 1, 0))
    if marks.deposited is not None:
        paid = np.diff(marks.deposited).astype(np.float64)
    invested = value[:-1] + np.maximum(paid, 0.0)
    gained = value[1:] + np.maximum(-paid, 0.0)
    return np.divide(gained, invested, out=np.ones_like(gained), where=invested > 0)


def _annualised(returns: Floats, spread: Floats) -> Floats:
    mean, scale = np.mean(returns, axis=-1), np.max(np.abs(returns), axis=-1)
    ratio: Floats = mean / np.where(spread > DUST * scale, spread, np.nan) * np.sqrt(YEAR_DAYS)
    return ratio


def _nothing(returns: Floats) -> Floats:
    return np.full(returns.shape[:-1], np.nan)
