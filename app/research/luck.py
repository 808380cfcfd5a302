"""How likely the best of many combinations is luck.

The deflated Sharpe ratio asks with which probability the true ratio is above what the best of so
many tries without skill would show (Bailey and López de Prado, "The Deflated Sharpe Ratio", 2014).
The bootstrap asks the same without a formula (White, "A Reality Check for Data Snooping", 2000):
days are drawn again in blocks from returns whose mean was taken away, for all combinations at once,
and what counts is how often the best of such a world is as good as the best seen.
"""

import math
from statistics import NormalDist

import numpy as np

from app.research.results import Luck
from app.trading.amounts import Floats, Ints
from app.trading.returns import FEWEST_DAYS, YEAR_DAYS

EULER = 0.5772156649015329
WORLDS = 500
MEAN_BLOCK = 5
"""Days that a block has on average: what follows a day stays together with it."""

FEWEST = 10
"""Days below which nothing is said about luck."""

AT_ONCE = 2_000_000
"""Cells of returns that are drawn at once."""

_normal = NormalDist()


def luck(returns: Floats, best: int, seed: int) -> Luck:
    """Judge the best of combinations; `returns` has a row a combination and a column a day."""
    combinations, days = returns.shape
    ratios = daily_sharpe(returns)
    known = ratios[np.isfinite(ratios)]
    observed = float(ratios[best])
    if days < FEWEST or not math.isfinite(observed):
        return Luck(
            combinations=combinations,
            days=days,
            best_sharpe=None,
            expected_best_sharpe=None,
            deflated_sharpe=None,
            beaten_by_chance=None,
        )
    chance = expected_best(known)
    year = math.sqrt(YEAR_DAYS)
    return Luck(
        combinations=combinations,
        days=days,
        best_sharpe=observed * year,
        expected_best_sharpe=chance * year,
        deflated_sharpe=deflated(returns[best], observed, chance),
        beaten_by_chance=beaten(returns, observed, np.random.default_rng(seed)),
    )


def daily_sharpe(returns: Floats) -> Floats:
    """Divide mean by standard deviation (ddof 1) of days along the rows; NaN without a spread."""
    if returns.shape[-1] < FEWEST_DAYS:
        return np.full(len(returns), np.nan)
    spread = returns.std(axis=-1, ddof=1)
    ratios: Floats = returns.mean(axis=-1) / np.where(spread > 0, spread, np.nan)
    return ratios


def expected_best(ratios: Floats) -> float:
    """Say what the best of so many ratios without skill would be, by their own spread."""
    many = len(ratios)
    if many < FEWEST_DAYS:
        return 0.0
    high = _normal.inv_cdf(1 - 1 / many)
    higher = _normal.inv_cdf(1 - 1 / (many * math.e))
    return float(ratios.std(ddof=1)) * ((1 - EULER) * high + EULER * higher)


def deflated(returns: Floats, observed: float, chance: float) -> float | None:
    """Return the probability that the true daily ratio is above what chance would show."""
    days = len(returns)
    centred = returns - returns.mean()
    scale = float(np.sqrt(np.mean(centred**2)))
    skew = float(np.mean(centred**3)) / scale**3
    kurtosis = float(np.mean(centred**4)) / scale**4
    spread = 1 - skew * observed + (kurtosis - 1) / 4 * observed**2
    if spread <= 0:
        return None
    return _normal.cdf((observed - chance) * math.sqrt(days - 1) / math.sqrt(spread))


def beaten(returns: Floats, observed: float, rng: np.random.Generator) -> float:
    """Share of worlds without skill whose best daily Sharpe ratio reaches the observed one.

    How often each day is drawn is a row of weights, so that the means and squares of all
    combinations in many worlds are two products of matrices.
    """
    combinations, days = returns.shape
    centred = returns - returns.mean(axis=1, keepdims=True)
    weights = _weights(days, rng)
    best = np.full(WORLDS, -np.inf)
    step = max(AT_ONCE // days, 1)
    for first in range(0, combinations, step):
        part = centred[first : first + step].T
        means = weights @ part
        spreads = np.sqrt(np.maximum(weights @ part**2 - means**2, 0.0) * days / (days - 1))
        ratios = np.divide(means, spreads, out=np.full_like(means, -np.inf), where=spreads > 0)
        best = np.maximum(best, ratios.max(axis=1))
    return float(np.mean(best >= observed))


def _weights(days: int, rng: np.random.Generator) -> Floats:
    """Draw days in blocks of random length (Politis and Romano's stationary bootstrap)."""
    drawn = np.empty((WORLDS, days), np.int64)
    drawn[:, 0] = rng.integers(days, size=WORLDS)
    for day in range(1, days):
        jumps = rng.random(WORLDS) < 1 / MEAN_BLOCK
        drawn[:, day] = np.where(
            jumps, rng.integers(days, size=WORLDS), (drawn[:, day - 1] + 1) % days
        )
    return np.stack([_counts(row, days) for row in drawn]) / days


def _counts(drawn: Ints, days: int) -> Floats:
    return np.bincount(drawn, minlength=days).astype(np.float64)
