"""Moving figures over candles: numpy float64 in, as many rows out, NaN for an incomplete window.

Every row depends on its own window only, bit for bit, wherever history starts. So a sum is n vector
additions, oldest value first, which is what a plain loop over the window gives; never a running
sum, whose error depends on everything before it, and never a reduction, whose order of additions
depends on the memory layout.
"""

import numpy as np

from app.trading.amounts import Floats

silent = np.errstate(divide="ignore", over="ignore", invalid="ignore")
"""Decorates arithmetic whose overflows and gaps are answered by inf and NaN, not by warnings."""


@silent
def sma(values: Floats, n: int) -> Floats:
    """Average the last n values, the current one included."""
    rows = len(values) - n + 1
    if rows <= 0:
        return _blank(values)
    out = np.empty(len(values))
    out[: n - 1] = np.nan
    total = out[n - 1 :]
    oldest = values[:rows]
    for offset in range(1, n):
        np.add(oldest, values[offset : offset + rows], out=total)
        oldest = total
    np.divide(oldest, n, out=total)
    return out


def highest(values: Floats, n: int) -> Floats:
    """Find the largest of the n values before the current one."""
    return _extreme(np.maximum, values, n)


def lowest(values: Floats, n: int) -> Floats:
    """Find the smallest of the n values before the current one."""
    return _extreme(np.minimum, values, n)


def before(values: Floats, n: int = 1) -> Floats:
    """Look n rows back."""
    out = np.empty(len(values))
    out[:n] = np.nan
    out[n:] = values[: max(len(values) - n, 0)]
    return out


@silent
def momentum(values: Floats, n: int) -> Floats:
    """Measure the change over n rows as a fraction: values[t] / values[t-n] - 1."""
    return values / before(values, n) - 1.0


@silent
def true_range(high: Floats, low: Floats, close: Floats) -> Floats:
    """Measure how far a candle reached, the gap since the close before it included.

    The first row has no close before it and is NaN.
    """
    previous = before(close)
    return np.maximum(high - low, np.maximum(np.abs(high - previous), np.abs(low - previous)))


def atr(high: Floats, low: Floats, close: Floats, n: int) -> Floats:
    """Average the last n true ranges, each with the same weight; needs n + 1 candles.

    Wilder's smoothing would remember where history starts; a plain mean does not.
    """
    return sma(true_range(high, low, close), n)


def _blank(values: Floats) -> Floats:
    return np.full(len(values), np.nan)


def _extreme(choose: np.ufunc, values: Floats, n: int) -> Floats:
    """Choose among the n values before each row, doubling the width: extremes of extremes."""
    out = _blank(values)
    if len(values) > n:
        best, width = values[:-1], 1
        while width < n:
            step = min(width, n - width)
            best = choose(best[:-step], best[step:])
            width += step
        out[n:] = best
    return out
