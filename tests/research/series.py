"""Candles for the tests of history, from a start on."""

import numpy as np
import polars as pl

from app.trading.entry import CANDLE_SCHEMA
from app.trading.market import TIMEFRAMES
from tests.candles import walk

DAY = 86_400_000
START = 20_000 * DAY
"""A UTC midnight in October 2024."""


def candles(rows: int, timeframe: str = "1m", *, start: int = START, seed: int = 1) -> pl.DataFrame:
    """Make candles in a row; volumes are whole, so that sums of them do not depend on the order."""
    made = walk(seed, rows).with_columns(pl.col("volume").floor())
    times = start + np.arange(rows, dtype=np.int64) * TIMEFRAMES[timeframe]
    return made.with_columns(time=pl.Series(times)).select(list(CANDLE_SCHEMA))
