"""What the market says: tokens, candles and their lengths."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from app.trading.ids import TokenId

TIMEFRAMES = {
    "1s": 1_000,
    "1m": 60_000,
    "5m": 300_000,
    "15m": 900_000,
    "1h": 3_600_000,
    "4h": 14_400_000,
    "1d": 86_400_000,
}
"""Milliseconds of each timeframe a candle may have."""


@dataclass(frozen=True, slots=True)
class Token:
    """A tradable token as its directory knows it."""

    id: TokenId
    mint: str
    symbol: str
    decimals: int
    pool: str | None = None
    logo_url: str | None = None


class Candle(NamedTuple):
    """One candle: its opening time in Unix milliseconds, prices in SOL per token, volume in
    tokens.
    """

    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float


def is_price(value: float) -> bool:
    """Tell whether a number can be a price: finite and positive."""
    return math.isfinite(value) and value > 0.0


def is_candle(candle: Candle) -> bool:
    """Tell whether a candle can be real: positive finite prices, high and low around the rest,
    volume not negative.
    """
    _, opened, high, low, close, volume = candle
    prices = is_price(opened) and is_price(high) and is_price(low) and is_price(close)
    return (
        prices
        and low <= min(opened, close)
        and high >= max(opened, close)
        and math.isfinite(volume)
        and volume >= 0
    )
