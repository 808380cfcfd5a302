"""Buy when a short average of closes rises above a long one.

    above[t] = SMA_fast[t] > SMA_slow[t] * (1 + 10^-12)
    yes      = above[t] and not above[t-1]

The margin keeps two averages of the same constant price, equal but for rounding, from crossing.
"""

from collections.abc import Mapping
from typing import ClassVar, Self

import polars as pl
from pydantic import Field, model_validator

from app.trading.entry import EntryStrategy, Evaluated, column
from app.trading.indicators import before, silent, sma

MARGIN = 1.0 + 1e-12


class SmaCrossover(EntryStrategy):
    """Buy when the fast average of closes crosses above the slow one."""

    summary: ClassVar = "Buys when a short moving average of closes crosses above a long one."
    templates: ClassVar = {
        "conservative": {"fast": 20, "slow": 50, "min_volume": 1_000_000},
        "aggressive": {"fast": 10, "slow": 21, "min_volume": 500_000},
    }
    aliases: ClassVar = ("ma_crossover",)
    spellings: ClassVar = {"fast_ma": "fast", "slow_ma": "slow"}

    fast: int = Field(
        10,
        ge=1,
        le=499,
        description="Candles in the fast average; fewer than in the slow one.",
    )
    slow: int = Field(
        30,
        ge=2,
        le=500,
        description="Candles in the slow average.",
    )
    min_volume: float = Field(
        0.0,
        ge=0,
        le=1e18,
        description="Least volume of the confirming candle, in tokens; 0 asks for none.",
    )

    @model_validator(mode="after")
    def _fast_is_faster(self) -> Self:
        if self.fast >= self.slow:
            message = f"fast must be below slow, got {self.fast} and {self.slow}"
            raise ValueError(message)
        return self

    @property
    def lookback(self) -> int:
        """The slow average of this candle and of the one before."""
        return self.slow + 1

    @property
    def lines(self) -> Mapping[str, str]:
        """The two averages that cross."""
        return {"fast": f"SMA {self.fast}", "slow": f"SMA {self.slow}"}

    @silent
    def evaluate(self, candles: pl.DataFrame) -> Evaluated:
        """Answer for every row of `candles`."""
        close, volume = column(candles, "close"), column(candles, "volume")
        fast, slow = sma(close, self.fast), sma(close, self.slow)
        fast_before, slow_before = before(fast), before(slow)
        conditions = {
            "fast > slow": fast > slow * MARGIN,
            "fast <= slow a candle before": fast_before <= slow_before * MARGIN,
        }
        if self.min_volume > 0:
            conditions[f"volume >= {self.min_volume:g}"] = volume >= self.min_volume
        return Evaluated(
            conditions=conditions,
            numbers={
                "fast": fast,
                "slow": slow,
                "fast_before": fast_before,
                "slow_before": slow_before,
                "volume": volume,
            },
        )
