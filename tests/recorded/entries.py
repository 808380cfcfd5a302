"""The two entry strategies as DESIGN.md words them, by plain loops over lists of candles."""

from dataclasses import dataclass
from typing import NamedTuple


class Candle(NamedTuple):
    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float


@dataclass(frozen=True)
class Crossover:
    fast: int = 10
    slow: int = 30
    name: str = "sma_crossover"

    def confirms(self, candles: list[Candle]) -> bool:
        if len(candles) < self.slow + 1:
            return False
        return self._above(candles) and not self._above(candles[:-1])

    def _above(self, candles: list[Candle]) -> bool:
        fast = mean([candle.close for candle in candles[-self.fast :]])
        slow = mean([candle.close for candle in candles[-self.slow :]])
        return fast > slow * (1 + 1e-12)


@dataclass(frozen=True)
class Breakout:
    window: int = 20
    momentum: int = 5
    min_momentum: float = 0.0
    atr: int = 14
    max_atr: float = 0.25
    name: str = "breakout"

    def confirms(self, candles: list[Candle]) -> bool:
        if len(candles) < max(self.window, self.momentum, self.atr) + 1:
            return False
        last = candles[-1]
        top = max(candle.high for candle in candles[-1 - self.window : -1])
        rise = last.close / candles[-1 - self.momentum].close - 1
        ranges = [
            max(
                candle.high - candle.low,
                abs(candle.high - before.close),
                abs(candle.low - before.close),
            )
            for before, candle in zip(
                candles[-1 - self.atr : -1], candles[-self.atr :], strict=True
            )
        ]
        wild = mean(ranges) / last.close
        return last.close > top and rise > self.min_momentum and wild <= self.max_atr


def mean(values: list[float]) -> float:
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


Strategy = Crossover | Breakout
