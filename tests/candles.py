"""Made-up candles for tests, the same ones for the same seed."""

import numpy as np
import polars as pl

from app.trading.entry import CANDLE_SCHEMA


def walk(seed: int, rows: int, *, grid: int = 0, volume: float = 2e6) -> pl.DataFrame:
    """Make a random walk of candles; with a grid, prices are few, so that many are equal."""
    rng = np.random.default_rng(seed)
    close = 1e-7 * np.exp(np.cumsum(rng.normal(0, 0.03, rows)))
    if grid:
        close = 0.1 + rng.integers(0, grid, rows) / 10
    opened = np.append(close[:1], close[:-1])
    reach = 1 + (rng.integers(0, 3, rows) if grid else rng.exponential(0.01, rows))
    high, low = np.maximum(opened, close) * reach, np.minimum(opened, close) / reach
    return frame(close, high=high, low=low, opened=opened, volume=rng.exponential(volume, rows))


def flat(price: float, rows: int, *, volume: float = 1.0) -> pl.DataFrame:
    """Make candles that all stand at one price."""
    return frame(np.full(rows, price), volume=np.full(rows, volume))


def closes(*prices: float) -> pl.DataFrame:
    """Make candles without wicks from closes."""
    return frame(np.array(prices, np.float64))


def frame(
    close: np.ndarray,
    *,
    high: np.ndarray | None = None,
    low: np.ndarray | None = None,
    opened: np.ndarray | None = None,
    volume: np.ndarray | None = None,
) -> pl.DataFrame:
    """Lay columns out as candles of a minute; what is not given equals the close, volume is 1."""
    columns = {
        "time": np.arange(len(close)) * 60_000,
        "open": close if opened is None else opened,
        "high": close if high is None else high,
        "low": close if low is None else low,
        "close": close,
        "volume": np.ones(len(close)) if volume is None else volume,
    }
    return pl.DataFrame(columns, schema=CANDLE_SCHEMA)
