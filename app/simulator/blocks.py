"""One episode of a token as candles of one second. Knows no clock: any episode can be made."""

import numpy as np
from numpy.typing import NDArray

from app.simulator.config import SimulatorConfig
from app.simulator.regimes import Knots, Regime, scene
from app.simulator.tokens import EPISODE_SECONDS, SimToken

Rows = NDArray[np.float64]
"""Candles, oldest first: a row is open, high, low, close, volume."""
OPEN, HIGH, LOW, CLOSE, VOLUME = range(5)

_USUAL_VOLATILITY = 0.02
_USUAL_DRIFT = 0.001
_MEMORY = 0.94
"""How much of a second's noise is left in the next: noise fades, it never wanders off."""
_EMPTY_SHARE = 0.004
_SETTLE_AFTER = 60
_TAPER_SECONDS = 6.0

_SECONDS = np.arange(EPISODE_SECONDS + 1, dtype=np.float64)
_TAPER = np.clip(np.minimum(_SECONDS, EPISODE_SECONDS - _SECONDS) / _TAPER_SECONDS, 0.0, 1.0)


def make_block(config: SimulatorConfig, token: SimToken, episode: int) -> Rows:
    """Return the EPISODE_SECONDS candles of an episode.

    Every candle opens at the close before it, across episodes too. A second in which nobody
    traded has volume 0 and one price.
    """
    plan = scene(config.seed, token, episode)
    # A negative episode cannot happen after 1970, but a seed must not be negative in any case.
    chance = np.random.Generator(np.random.PCG64([config.seed, token.number, abs(episode)]))
    wildness = config.volatility / _USUAL_VOLATILITY
    noise = chance.standard_normal(EPISODE_SECONDS + 1) * _curve(plan.noise) * wildness
    settling = (_SECONDS - plan.move - _SETTLE_AFTER) / (
        EPISODE_SECONDS - plan.move - _SETTLE_AFTER
    )
    logs = plan.start + (plan.end - plan.start) * np.clip(settling, 0.0, 1.0)
    logs += _curve(plan.path) * (config.drift / _USUAL_DRIFT) + _fading(noise) * _TAPER
    volume = _curve(plan.volume)[1:] * np.exp(0.45 * chance.standard_normal(EPISODE_SECONDS))
    logs[0], logs[-1] = plan.start, plan.end
    empty = _empty_seconds(chance, plan.move, wild=plan.regime is Regime.CHOP)
    logs[1:][empty] = logs[:-1][empty]
    volume[empty] = 0.0
    prices = np.exp(logs)
    rows = np.empty((EPISODE_SECONDS, 5))
    rows[:, OPEN], rows[:, CLOSE], rows[:, VOLUME] = prices[:-1], prices[1:], np.floor(volume)
    wicks = np.abs(chance.standard_normal((2, EPISODE_SECONDS))) * _curve(plan.noise)[1:] * 0.5
    wicks *= np.where(empty, 0.0, wildness)
    rows[:, HIGH] = np.maximum(rows[:, OPEN], rows[:, CLOSE]) * np.exp(wicks[0])
    rows[:, LOW] = np.minimum(rows[:, OPEN], rows[:, CLOSE]) * np.exp(-wicks[1])
    return rows


def _curve(knots: Knots) -> Rows:
    seconds, heights = zip(*knots, strict=True)
    heights_by_second: Rows = np.interp(_SECONDS, seconds, heights)
    return heights_by_second


def _fading(noise: Rows) -> Rows:
    """Sum noise so that what was added fades by _MEMORY each second (an AR(1) process)."""
    weights = _MEMORY**_SECONDS
    result: Rows = np.cumsum(noise / weights) * weights
    return result


def _empty_seconds(chance: np.random.Generator, move: int, *, wild: bool) -> NDArray[np.bool_]:
    """Choose single seconds without a trade; never beside each other and never in a move."""
    empty = chance.random(EPISODE_SECONDS) < _EMPTY_SHARE
    if wild:
        empty[:] = False
    empty[0] = empty[-1] = False
    empty[move - 2 : move + _SETTLE_AFTER] = False
    empty[1:] &= ~empty[:-1]
    return empty
