"""Buy a new high with momentum, when the market is not too wild.

    close[t] > max(high[t-window .. t-1])
    close[t] / close[t-momentum] - 1 > min_momentum
    ATR[t] / close[t] <= max_atr

The average true range is a plain mean, so that the answer does not depend on where history starts.
"""

from collections.abc import Mapping
from typing import ClassVar

import polars as pl
from pydantic import Field

from app.trading.entry import EntryStrategy, Evaluated, column
from app.trading.indicators import atr, highest, momentum, silent


class Breakout(EntryStrategy):
    """Buy a close above the highest price of the candles before, with momentum and in bounds."""

    summary: ClassVar = "Buys a close above the highest price of the candles before it."
    templates: ClassVar = {
        "conservative": {
            "window": 50,
            "momentum": 10,
            "min_momentum": 0.02,
            "atr": 14,
            "max_atr": 0.1,
        },
        "aggressive": {
            "window": 10,
            "momentum": 3,
            "min_momentum": 0.0,
            "atr": 7,
            "max_atr": 0.5,
        },
    }

    window: int = Field(
        20, ge=2, le=500, description="Candles before this one whose highest price must be passed."
    )
    momentum: int = Field(5, ge=1, le=500, description="Candles over which the rise is measured.")
    min_momentum: float = Field(
        0.0, ge=-1, le=100, description="The rise must be above this, as a fraction: 0.05 is 5 %."
    )
    atr: int = Field(14, ge=1, le=500, description="Candles in the average true range.")
    max_atr: float = Field(
        0.25, gt=0, le=100, description="Largest average true range, as a fraction of the close."
    )

    @property
    def lookback(self) -> int:
        """The longest of the three windows, and the candle that it is held against."""
        return max(self.window, self.momentum, self.atr) + 1

    @property
    def lines(self) -> Mapping[str, str]:
        """The price that a close must pass."""
        return {"highest": f"High of {self.window}"}

    @silent
    def evaluate(self, candles: pl.DataFrame) -> Evaluated:
        """Answer for every row of `candles`."""
        high, low, close = (column(candles, name) for name in ("high", "low", "close"))
        top = highest(high, self.window)
        rise = momentum(close, self.momentum)
        spread = atr(high, low, close, self.atr) / close
        return Evaluated(
            conditions={
                "close > highest": close > top,
                f"momentum > {self.min_momentum:g}": rise > self.min_momentum,
                f"atr <= {self.max_atr:g}": spread <= self.max_atr,
            },
            numbers={"close": close, "highest": top, "momentum": rise, "atr": spread},
        )
